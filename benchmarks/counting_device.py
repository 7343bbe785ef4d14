"""A Modbus TCP device whose registers count with the clock: ``-m benchmarks.counting_device REGISTERS BEGAN_NS``.

Register r holds how many times STEP_NS went by since BEGAN_NS - r / REGISTERS x STEP_NS (ns, UTC): each counts up, not
all at once, and what it held at any time is known to who knows these numbers. A step is long enough to be
read even where a busy machine holds up some polls. Prints its port; ends with its stdin.
"""

import asyncio
import struct
import sys
import time

import numpy as np

STEP_NS = 2_000_000_000


class _Line(asyncio.Protocol):
    def __init__(self, registers: int, began_ns: int) -> None:
        self._began_ns = began_ns
        self._phases = np.arange(registers) * STEP_NS // registers
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while len(self._received) >= 12:
            request, self._received = self._received[:12], self._received[12:]
            transaction, _, _, unit, function, start, count = struct.unpack(">HHHBBHH", request)
            held = (time.time_ns() - self._began_ns + self._phases[start : start + count]) // STEP_NS
            body = (held & 0xFFFF).astype(">u2").tobytes()
            self._transport.write(
                struct.pack(">HHHBBB", transaction, 0, len(body) + 3, unit, function, len(body)) + body
            )


async def main() -> None:
    """Serve until stdin ends."""
    registers, began_ns = int(sys.argv[1]), int(sys.argv[2])
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Line(registers, began_ns), "127.0.0.1", 0)
    print("READY", server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
