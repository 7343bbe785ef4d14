"""A Modbus TCP device of coils that switch when they are told to: ``python -m benchmarks.switching_device COILS``.

Orders on stdin: ``all 0|1``, and ``one COIL 0|1``; each is answered by a line ``DONE TIME_NS`` (UTC). Prints its port;
ends with its stdin.
"""

import asyncio
import struct
import sys
import time

import numpy as np
from numpy.typing import NDArray


class _Line(asyncio.Protocol):
    def __init__(self, coils: NDArray[np.uint8]) -> None:
        self._coils = coils
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while len(self._received) >= 12:
            request, self._received = self._received[:12], self._received[12:]
            transaction, _, _, unit, function, start, count = struct.unpack(">HHHBBHH", request)
            body = np.packbits(self._coils[start : start + count], bitorder="little").tobytes()
            self._transport.write(
                struct.pack(">HHHBBB", transaction, 0, len(body) + 3, unit, function, len(body)) + body
            )


async def main() -> None:
    """Serve until stdin ends."""
    coils = np.zeros(int(sys.argv[1]), np.uint8)
    server = await asyncio.get_running_loop().create_server(lambda: _Line(coils), "127.0.0.1", 0)
    print("READY", server.sockets[0].getsockname()[1], flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        what, *numbers = line.split()
        if what == "all":
            coils[:] = int(numbers[0])
        else:
            coils[int(numbers[0])] = int(numbers[1])
        print("DONE", time.time_ns(), flush=True)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
