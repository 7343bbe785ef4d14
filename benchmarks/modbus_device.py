"""A Modbus TCP device that answers as fast as it can, in a process of its own: ``python -m benchmarks.modbus_device``.

Prints its port. One in thirty of the registers that are read has another value than the time before: at the
speeds measured here each changes about once a second, as a plant's do.
"""

import asyncio
import struct

from benchmarks.device_line import DeviceLine

SIZE = 10_000
CHANGING = 30


class _Registers:
    def __init__(self) -> None:
        self._values = [0] * SIZE
        self._turn = 0

    def read(self, start: int, count: int) -> bytes:
        self._turn += 1
        for at in range(start + self._turn // 80 % CHANGING, start + count, CHANGING):
            self._values[at] = self._values[at] + 1 & 0xFFFF
        return struct.pack(f">{count}H", *self._values[start : start + count])


async def main() -> None:
    """Serve until the process is ended."""
    server = await asyncio.get_running_loop().create_server(lambda: DeviceLine(_Registers().read), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
