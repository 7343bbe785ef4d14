"""Proxies that inject faults at random: ``python -m benchmarks.fault_injector SEED FILE PORT...``, a line a PORT.

Prints ``READY`` and the proxies' ports. Orders on stdin: ``begin``, and ``end``, after which all lines are whole
(answered with ``ENDED``). Each fault is written to FILE as one line of JSON when it is over: target (number of the
line), kind, begin and end (ns, UTC). The same seed gives the same faults after the same waits.

- ``cut``: every connection is reset; new ones are taken at once.
- ``closed``: every connection is reset, and new ones are too for a while.
- ``hold``: sockets stay open, nothing is passed on (a black hole).
- ``delay``: everything comes late, nothing is lost.
"""

import asyncio
import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from benchmarks.proxy import Proxy

KINDS: Final = ("cut", "closed", "hold", "delay")
PAUSE_S: Final = (8.0, 22.0)
LASTS_S: Final = {"cut": (0.0, 0.0), "closed": (0.2, 4.0), "hold": (0.3, 9.0), "delay": (1.0, 6.0)}
DELAY_S: Final = (0.05, 1.0)


async def trouble(target: int, proxy: Proxy, chance: random.Random, tell: Callable[[str], object]) -> None:
    """Inject one fault after another until cancelled; the line is whole then."""
    while True:
        await asyncio.sleep(chance.uniform(*PAUSE_S))
        kind = chance.choice(KINDS)
        lasts_s, delay_s = chance.uniform(*LASTS_S[kind]), chance.uniform(*DELAY_S)
        began_ns = time.time_ns()
        try:
            if kind in {"cut", "closed"}:
                proxy.refuse(kind == "closed")
                proxy.cut()
            elif kind == "hold":
                proxy.hold()
            else:
                proxy.delay_s = delay_s
            await asyncio.sleep(lasts_s)
        finally:
            proxy.refuse(False)
            proxy.release()
            proxy.delay_s = 0.0
            told = {"target": target, "kind": kind, "began_ns": began_ns, "ended_ns": time.time_ns()}
            tell(json.dumps(told) + "\n")


async def main() -> None:
    """Serve until stdin ends."""
    seed, file, ports = sys.argv[1], Path(sys.argv[2]), [int(word) for word in sys.argv[3:]]
    proxies = [Proxy(port) for port in ports]
    for proxy in proxies:
        await proxy.start()
    faults = file.open("w", encoding="ascii", buffering=1)  # noqa: ASYNC230 - before anything runs
    print("READY", *(proxy.port for proxy in proxies), flush=True)
    loop = asyncio.get_running_loop()
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    troubles: list[asyncio.Task[None]] = []
    while order := (await orders.readline()).strip():
        if order == b"begin":
            troubles = [
                asyncio.create_task(trouble(target, proxy, random.Random(f"{seed}/{target}"), faults.write))
                for target, proxy in enumerate(proxies)
            ]
        else:
            for task in troubles:
                task.cancel()
            await asyncio.gather(*troubles, return_exceptions=True)
            print("ENDED", flush=True)
    for proxy in proxies:
        await proxy.close()
    faults.close()


if __name__ == "__main__":
    asyncio.run(main())
