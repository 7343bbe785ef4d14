// RTU by modbus-serial on any stream, in the place of the serial port of a native module that need not be built.
"use strict";
const fs = require("node:fs");
const Module = require("node:module");
const { Duplex } = require("node:stream");
const crc16 = require("modbus-serial/utils/crc16");
const Frames = require("modbus-serial/servers/serverserial_pipe_handler");

const load = Module._load;
function SerialPort(options) {
    process.nextTick(() => options.stream.emit("open"));
    return options.stream;
}
Module._load = (name, ...rest) => (name === "serialport" ? { SerialPort } : load(name, ...rest));
const ServerSerial = require("modbus-serial/servers/serverserial");

// It writes a check sum of its own over that of each request and then finds it right; so it is looked at here.
const emitPacket = Frames.prototype.emitPacket;
Frames.prototype.emitPacket = function () {
    const frame = this.currentPacket;
    if (frame.length < 4 || frame.readUInt16LE(frame.length - 2) !== crc16(frame.subarray(0, -2))) {
        this.currentPacket = Buffer.from([]); // silence is the answer
    }
    emitPacket.call(this);
};

function serve(vector, stream) {
    return new ServerSerial(vector, { interval: 10 }, { stream });
}

function serveLine(vector, fd) {
    const line = new Duplex({
        read() {},
        write(data, _encoding, done) { fs.write(fd, data, done); },
    });
    fs.createReadStream("", { fd, autoClose: false }).on("data", (data) => line.push(data));
    serve(vector, line).on("initialized", () => console.log("READY"));
}

module.exports = { serve, serveLine };
