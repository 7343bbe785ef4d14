"""A small Modbus server for the contract suite, driven by JSON lines on stdin.

Listens on a TCP port; ``--rtu``: with frames of a serial line; ``--tls FILE``: encrypted, certificate and key in FILE,
with ``--clients FILE`` for clients with a certificate of that; ``--serial LINK``: on a pseudo-terminal instead, to
which LINK is made to point.

Holding registers: level 0 (int16, x0.1), count 1, setpoint 2-3 (float32), locked 10 (writes answer exception 3),
slow 11, bits 12; 13 to 29 do not exist; far 30.
"""

import asyncio
import json
import os
import pty
import ssl
import struct
import sys
import tty
from pathlib import Path
from typing import Any

from pymodbus.framer import FramerRTU

EXISTING = {0, 1, 2, 3, 10, 11, 12, 30}
WRITES = {5, 6, 15, 16, 22}


class Device:
    """Registers behind a hand-written Modbus TCP server, which can be slow, refuse, or go silent."""

    def __init__(self) -> None:
        self.registers = dict.fromkeys(EXISTING, 0)
        self.registers.update({0: 125, 1: 7, 2: 0x4220, 3: 0, 10: 1})
        self.delay_s = 0.0
        self.bad: dict[int, int] = {}
        """Exception codes of registers that answer one."""
        self.silent: set[int] = set()
        """Units that do not answer."""
        self.writes: list[dict[str, Any]] = []
        self.pending = 0
        self.clients: set[asyncio.StreamWriter] = set()
        self.serial: asyncio.Task[None] | None = None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.clients.add(writer)
        try:
            while True:
                head = await reader.readexactly(7)
                transaction, _, length, unit = struct.unpack(">HHHB", head)
                body = await reader.readexactly(length - 1)
                if unit in self.silent:
                    continue
                answer = await self.answer(body)
                writer.write(struct.pack(">HHHB", transaction, 0, len(answer) + 1, unit) + answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.clients.discard(writer)
            writer.close()

    async def serve_rtu(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.clients.add(writer)
        try:
            while True:
                frame = await reader.readexactly(8)
                if frame[1] in {15, 16, 22}:
                    frame += await reader.readexactly(2 if frame[1] == 22 else frame[6] + 1)
                assert FramerRTU.compute_CRC(frame[:-2]) == int.from_bytes(frame[-2:], "big")
                answer = frame[:1] + await self.answer(frame[1:-2])
                writer.write(answer + FramerRTU.compute_CRC(answer).to_bytes(2, "big"))
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
            if bad := self.bad.keys() & addresses:
                return bytes([function | 0x80, self.bad[min(bad)]])
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


def point(link: str, target: str) -> None:
    Path(link).unlink(missing_ok=True)
    Path(link).symlink_to(target)


async def open_pseudo_terminal(device: Device, link: str) -> None:
    """Be the far end of a serial line; the near end is kept open, or its last user would take the terminal along."""
    far, near = pty.openpty()
    tty.setraw(near)
    point(link, os.ttyname(near))
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(far, "rb", 0))
    transport, protocol = await loop.connect_write_pipe(
        asyncio.streams.FlowControlMixin, os.fdopen(os.dup(far), "wb", 0)
    )
    device.serial = asyncio.create_task(device.serve_rtu(reader, asyncio.StreamWriter(transport, protocol, None, loop)))


async def main() -> None:
    device = Device()
    names = {"level": 0, "count": 1, "locked": 10, "slow": 11, "bits": 12}
    options = dict(zip(sys.argv[2::2], sys.argv[3::2], strict=False))
    if "--serial" in options:
        await open_pseudo_terminal(device, options["--serial"])
    else:
        context = None
        if "--tls" in options:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(options["--tls"])
            if "--clients" in options:
                context.verify_mode = ssl.CERT_REQUIRED
                context.load_verify_locations(options["--clients"])
        serve = device.serve_rtu if "--rtu" in options else device.serve
        await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]), ssl=context)
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
                device.bad.pop(names[order["name"]], None)
            case "bad":
                device.bad[names[order["name"]]] = order.get("code", 4)
            case "silent":
                device.silent = set(order["units"])
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


asyncio.run(main())
