"""A Modbus TCP device of coils that switch when they are told to: ``python -m benchmarks.switching_device COILS``.

Orders on stdin: ``all 0|1``, and ``one COIL 0|1``; each is answered by a line ``DONE TIME_NS`` (UTC). Prints its port;
ends with its stdin.
"""

import asyncio
import sys
import time

import numpy as np

from benchmarks.device_line import DeviceLine


async def main() -> None:
    """Serve until stdin ends."""
    coils = np.zeros(int(sys.argv[1]), np.uint8)

    def read(start: int, count: int) -> bytes:
        return np.packbits(coils[start : start + count], bitorder="little").tobytes()

    server = await asyncio.get_running_loop().create_server(lambda: DeviceLine(read), "127.0.0.1", 0)
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
