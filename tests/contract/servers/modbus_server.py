"""A small Modbus TCP server for the contract suite, driven by JSON lines on stdin.

Holding registers: level 0 (int16, x0.1), count 1, setpoint 2-3 (float32), locked 10 (writes answer exception 3),
slow 11, bits 12; 13 to 29 do not exist; far 30.
"""

import asyncio
import json
import struct
import sys
from typing import Any

EXISTING = {0, 1, 2, 3, 10, 11, 12, 30}
WRITES = {5, 6, 15, 16, 22}


class Device:
    """Registers behind a hand-written Modbus TCP server, which can be slow, refuse, or go silent."""

    def __init__(self) -> None:
        self.registers = dict.fromkeys(EXISTING, 0)
        self.registers.update({0: 125, 1: 7, 2: 0x4220, 3: 0, 10: 1})
        self.delay_s = 0.0
        self.bad: set[int] = set()
        self.writes: list[dict[str, Any]] = []
        self.pending = 0
        self.clients: set[asyncio.StreamWriter] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.clients.add(writer)
        try:
            while True:
                head = await reader.readexactly(7)
                transaction, _, length, unit = struct.unpack(">HHHB", head)
                body = await reader.readexactly(length - 1)
                answer = await self.answer(body)
                writer.write(struct.pack(">HHHB", transaction, 0, len(answer) + 1, unit) + answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.clients.discard(writer)
            writer.close()

    async def answer(self, body: bytes) -> bytes:
        function = body[0]
        start, count = struct.unpack(">HH", body[1:5])
        if function == 3:
            addresses = range(start, start + count)
            if not EXISTING.issuperset(addresses):
                return bytes([function | 0x80, 2])
            if self.bad.intersection(addresses):
                return bytes([function | 0x80, 4])
            return bytes([function, count * 2]) + struct.pack(f">{count}H", *(self.registers[a] for a in addresses))
        if function in WRITES:
            if start == 10:
                return bytes([function | 0x80, 3])
            if start == 11:
                self.pending += 1
                await asyncio.sleep(self.delay_s)
                self.pending -= 1
            self.writes.append({"node": start, "function": function, "body": body.hex()})
            if function == 6:
                self.registers[start] = count
            elif function == 16:
                self.registers.update(enumerate(struct.unpack(f">{count}H", body[6:]), start))
            elif function == 22:
                keep, put = struct.unpack(">HH", body[3:7])
                self.registers[start] = self.registers[start] & keep | put & ~keep & 0xFFFF
                return body
            return body[:5]
        return bytes([function | 0x80, 1])


async def main() -> None:
    device = Device()
    names = {"level": 0, "count": 1, "locked": 10, "slow": 11, "bits": 12}
    server = await asyncio.start_server(device.serve, "127.0.0.1", int(sys.argv[1]))
    print("READY", flush=True)
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        order = json.loads(line)
        answer: object = None
        match order["do"]:
            case "set":
                number = order["value"] * 10 if order["name"] == "level" else order["value"]
                device.registers[names[order["name"]]] = round(number)
                device.bad.discard(names[order["name"]])
            case "bad":
                device.bad.add(names[order["name"]])
            case "add":
                EXISTING.add(20)
                device.registers[20] = 1
            case "delay":
                device.delay_s = order["seconds"]
            case "get":
                if order["name"] == "setpoint":
                    (answer,) = struct.unpack(">f", struct.pack(">HH", device.registers[2], device.registers[3]))
                else:
                    answer = device.registers[names[order["name"]]]
            case "writes":
                answer = [
                    {**each, "node": {2: "setpoint", **{v: k for k, v in names.items()}}[each["node"]]}
                    for each in device.writes
                ]
            case "sessions":
                answer = len(device.clients)
            case "pending":
                answer = device.pending
            case "cut":
                for client in tuple(device.clients):
                    client.transport.abort()
        print(json.dumps({"answer": answer}), flush=True)
    server.close()


asyncio.run(main())
