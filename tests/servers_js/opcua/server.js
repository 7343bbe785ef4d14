// An OPC UA server whose variables count: node server.js PORT VARIABLES
// Orders on stdin, one a line: "rate N" changes N values a second, each a whole step above the last one of its
// variable; "pace N" the same without catching up: no variable changes much sooner after its last change than it should;
// "record FILE" before it writes a line "TIME CHANGES" a turn, how many changes were made by when (ms, UTC);
// "stop" changes no more and prints "STOPPED changes seconds cpu_seconds" of the time since "rate".
"use strict";
const fs = require("node:fs");
const readline = require("node:readline");
const { OPCUAServer } = require("node-opcua-server");
const { DataType } = require("node-opcua-variant");
const { StatusCodes } = require("node-opcua-status-code");

const [port, count] = process.argv.slice(2).map(Number);
const TICK_MS = 5;
const LONGEST_TURN_MS = 100; // of "pace": what a longer pause left out is not made up for

async function main() {
  const server = new OPCUAServer({
    port,
    hostname: "127.0.0.1",
    host: "127.0.0.1",
    resourcePath: "/benchmark",
    serverInfo: { applicationUri: "urn:benchmark" },
    securityModes: [1], // none
    securityPolicies: ["http://opcfoundation.org/UA/SecurityPolicy#None"],
    disableDiscovery: true,
    serverCapabilities: { minSupportedSampleRate: 0, maxMonitoredItemsQueueSize: 1000, maxMonitoredItemsPerSubscription: 200000 },
  });
  await server.initialize();
  const space = server.engine.addressSpace.getOwnNamespace();
  const folder = space.addFolder("ObjectsFolder", { browseName: "Counters" });
  const values = new Array(count).fill(0);
  const variables = values.map((value, n) =>
    space.addVariable({
      componentOf: folder,
      nodeId: `s=V${n}`,
      browseName: `V${n}`,
      dataType: DataType.Double,
      minimumSamplingInterval: 0, // every change is told, none is sampled away
      value: { dataType: DataType.Double, value },
    }));
  let changes = 0;
  let began = 0;
  let cpu = process.cpuUsage();
  let timer = null;
  let next = 0;
  let record = null;

  function change(due) {
    const now = new Date();
    if (record && changes < due) {
      record.write(`${now.getTime()} ${due}\n`);
    }
    for (; changes < due; ++changes) {
      values[next] += 1;
      variables[next].setValueFromSource({ dataType: DataType.Double, value: values[next] }, StatusCodes.Good, now);
      next = (next + 1) % count;
    }
  }

  readline.createInterface({ input: process.stdin }).on("line", (line) => {
    const [order, number] = line.split(" ");
    if (order === "record") {
      record = fs.createWriteStream(number);
    } else if (order === "rate") {
      const rate = Number(number);
      changes = 0;
      began = performance.now();
      cpu = process.cpuUsage();
      // never more than a quarter of a second at once: a server that cannot keep up says so by its count
      timer = setInterval(() => {
        const due = Math.floor(((performance.now() - began) / 1000) * rate);
        change(Math.min(due, changes + rate / 4));
      }, TICK_MS);
    } else if (order === "pace") {
      let last = performance.now();
      let due = 0;
      timer = setInterval(() => {
        const now = performance.now();
        due += (Math.min(now - last, LONGEST_TURN_MS) / 1000) * Number(number);
        last = now;
        change(Math.floor(due));
      }, TICK_MS);
    } else if (order === "stop") {
      clearInterval(timer);
      const { user, system } = process.cpuUsage(cpu);
      console.log(`STOPPED ${changes} ${(performance.now() - began) / 1000} ${(user + system) / 1e6}`);
    }
  }).on("close", () => process.exit(0));
  await server.start();
  console.log("READY");
}

main();
