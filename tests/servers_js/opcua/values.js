// An OPC UA server with arrays, units, ranges and texts: node values.js PORT
// Orders on stdin, one JSON object a line, answered by {"answer": …}, as those of tests/contract/servers.
"use strict";
console.log = console.warn = console.error; // stdout is for answers
const readline = require("node:readline");
const { OPCUAServer } = require("node-opcua-server");
const { DataType, VariantArrayType } = require("node-opcua-variant");
const { standardUnits } = require("node-opcua-data-access");

const port = Number(process.argv[2]);
const say = (answer) => process.stdout.write(JSON.stringify(answer) + "\n");

async function main() {
  const server = new OPCUAServer({
    port,
    hostname: "127.0.0.1",
    host: "127.0.0.1",
    resourcePath: "/contract",
    serverInfo: { applicationUri: "urn:test:values" },
    securityModes: [1], // none
    securityPolicies: ["http://opcfoundation.org/UA/SecurityPolicy#None"],
    disableDiscovery: true,
  });
  await server.initialize();
  const space = server.engine.addressSpace;
  const own = space.registerNamespace("urn:test:contract");
  const folder = own.addFolder(space.rootFolder.objects, { browseName: "Hall", nodeId: "s=hall" });
  const array = own.addVariable({
    componentOf: folder, browseName: "array", nodeId: "s=array", dataType: DataType.Int32, valueRank: 1, arrayDimensions: [3],
    value: { dataType: DataType.Int32, arrayType: VariantArrayType.Array, value: new Int32Array([10, 20, 30]) },
  });
  own.addAnalogDataItem({
    componentOf: folder, browseName: "flow", nodeId: "s=flow", dataType: DataType.Double, definition: "", valuePrecision: 0.1,
    engineeringUnitsRange: { low: 0, high: 250 }, instrumentRange: { low: -10, high: 300 }, engineeringUnits: standardUnits.degree_celsius,
    value: { dataType: DataType.Double, value: 77 },
  });
  own.addMultiStateDiscrete({ componentOf: folder, browseName: "mode", nodeId: "s=mode", enumStrings: ["Off", "Manual", "Auto"], value: 2 });
  for (let n = 0; n < 2500; ++n) {
    own.addVariable({ componentOf: folder, browseName: `V${n}`, nodeId: `s=V${n}`, dataType: DataType.Double, value: { dataType: DataType.Double, value: n } });
  }
  await server.start();
  process.stdout.write("READY\n");
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const order = JSON.parse(line);
    if (order.do === "array") {
      array.setValueFromSource({ dataType: DataType.Int32, arrayType: VariantArrayType.Array, value: new Int32Array(order.value) });
    }
    say({ answer: order.do === "held" ? [server.engine.currentSessionCount, server.engine.currentSubscriptionCount] : null });
  }
  await server.shutdown();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
