"""A Modbus TCP device whose registers count with the clock: ``-m benchmarks.counting_device REGISTERS BEGAN_NS``.

Register r holds how many times STEP_NS went by since BEGAN_NS - r / REGISTERS x STEP_NS (ns, UTC): each counts up, not
all at once, and what it held at any time is known to who knows these numbers. A step is long enough to be
read even where a busy machine holds up some polls. Prints its port; ends with its stdin.
"""

import asyncio
import sys
import time

import numpy as np

from benchmarks.device_line import DeviceLine

STEP_NS = 2_000_000_000


async def main() -> None:
    """Serve until stdin ends."""
    registers, began_ns = int(sys.argv[1]), int(sys.argv[2])
    phases = np.arange(registers) * STEP_NS // registers

    def read(start: int, count: int) -> bytes:
        held = (time.time_ns() - began_ns + phases[start : start + count]) // STEP_NS
        return (held & 0xFFFF).astype(">u2").tobytes()

    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: DeviceLine(read), "127.0.0.1", 0)
    print("READY", server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
