// An OPC UA server with alarms of its own (Part 9): node alarms.js PORT [TANK=LEVEL …]
// Orders on stdin, one JSON object a line, answered by {"answer": …}, as those of tests/contract/servers.
"use strict";
console.log = console.warn = console.error; // stdout is for answers
const readline = require("node:readline");
const { OPCUAServer } = require("node-opcua-server");
const { DataType, Variant } = require("node-opcua-variant");

const port = Number(process.argv[2]);

function say(answer) {
  process.stdout.write(JSON.stringify(answer) + "\n");
}

async function main() {
  const server = new OPCUAServer({
    port,
    hostname: "127.0.0.1",
    host: "127.0.0.1",
    resourcePath: "/contract",
    serverInfo: { applicationUri: "urn:test:alarms" },
    securityModes: [1], // none
    securityPolicies: ["http://opcfoundation.org/UA/SecurityPolicy#None"],
    disableDiscovery: true,
  });
  await server.initialize();
  const space = server.engine.addressSpace;
  space.installAlarmsAndConditionsService();
  const own = space.registerNamespace("urn:test:contract");
  const area = own.addObject({ organizedBy: space.rootFolder.objects, browseName: "Hall", nodeId: "s=hall", eventNotifier: 1, notifierOf: space.rootFolder.objects.server });
  const values = {};
  const alarms = {};
  for (const name of ["Tank1", "Tank2", "Tank3"]) {
    const source = own.addObject({ componentOf: area, browseName: name, nodeId: `s=${name}`, eventSourceOf: area });
    const value = own.addVariable({ componentOf: source, browseName: "level", nodeId: `s=${name}.level`, dataType: DataType.Double, eventSourceOf: source, value: { dataType: DataType.Double, value: 50 } });
    values[name] = value;
    alarms[name] = own.instantiateNonExclusiveLimitAlarm("NonExclusiveLimitAlarmType", {
      browseName: `${name}Level`,
      nodeId: `s=${name}.alarm`,
      componentOf: source,
      conditionSource: source,
      conditionName: "Level",
      inputNode: value,
      optionals: ["ConfirmedState", "Confirm", "ShelvingState", "SuppressedState", "MaxTimeShelved"],
      maxTimeShelved: 3600 * 1000,
      lowLowLimit: -10, lowLimit: 10, highLimit: 80, highHighLimit: 95,
      severity: 700,
    });
    alarms[name].setEnabledState(true);
    alarms[name].shelvingState.setState("Unshelved");
  }
  const orders = {
    set: ({ name, value }) => { values[name].setValueFromSource(new Variant({ dataType: DataType.Double, value })); return true; },
    // "the server has lost what its clients know"
    refresh_required: () => { server.engine.addressSpace.rootFolder.objects.server.raiseEvent("RefreshRequiredEventType", {}); return true; },
    retained: () => Object.keys(alarms).filter((name) => alarms[name].currentBranch().getRetain()),
    state: ({ name }) => {
      const branch = alarms[name].currentBranch();
      return { active: branch.getActiveState(), acked: branch.getAckedState(), confirmed: branch.getConfirmedState(), retain: branch.getRetain(),
        comment: branch.getComment().text, branches: alarms[name].getBranchCount(), shelving: alarms[name].shelvingState.getCurrentState() };
    },
  };
  for (const [name, value] of process.argv.slice(3).map((each) => each.split("="))) {
    orders.set({ name, value: Number(value) });
  }
  readline.createInterface({ input: process.stdin }).on("line", (line) => {
    const order = JSON.parse(line);
    try { say({ answer: orders[order.do](order) }); } catch (error) { say({ answer: String(error) }); }
  }).on("close", () => process.exit(0));
  await server.start();
  process.stdout.write("READY\n");
}

main().catch((error) => { console.error(error); process.exit(1); });
