// A Modbus server by modbus-serial, for the contract tests; says READY when it listens.
//   node server.js PORT            Modbus TCP
//   node server.js converter PORT  frames of a serial line (RTU) over TCP
//   node server.js line FD         the same on a serial line, whose far end is this file descriptor
// Coils and registers 0 to 99 exist, and are kept as they are written; input register n has the value 1000 + n.
"use strict";
const net = require("node:net");
const { ServerTCP } = require("modbus-serial");
const { serve, serveLine } = require("./rtu.js");

const SIZE = 100;
const coils = new Array(SIZE).fill(false);
const registers = new Array(SIZE).fill(0);

function existing(address) {
    if (address >= SIZE) throw { modbusErrorCode: 2 };
    return address;
}

const vector = {
    getCoil: (address) => coils[existing(address)],
    getDiscreteInput: (address) => existing(address) % 3 === 0,
    getHoldingRegister: (address) => registers[existing(address)],
    getInputRegister: (address) => 1000 + existing(address),
    setCoil: (address, value) => { coils[existing(address)] = value; },
    setRegister: (address, value) => { registers[existing(address)] = value; },
};

process.stdin.resume();
process.stdin.on("end", () => process.exit(0)); // the test that started it is gone

if (process.argv[2] === "line") {
    serveLine(vector, Number(process.argv[3]));
} else if (process.argv[2] === "converter") {
    net.createServer((socket) => {
        socket.on("error", () => {}); // a client that goes away
        serve(vector, socket);
    }).listen(Number(process.argv[3]), "127.0.0.1", () => console.log("READY"));
} else {
    const server = new ServerTCP(vector, { host: "127.0.0.1", port: Number(process.argv[2]) });
    server.on("initialized", () => console.log("READY"));
    server.on("socketError", () => {}); // a client that goes away
}
