"""An OPC UA server that changes three values by itself and keeps a record of what it wrote, with its own times.

Usage: truth_server.py PORT RECORD. ``fast`` changes ten times a second, ``rare`` once in three seconds, ``still``
when the server starts. RECORD gets a line of JSON for each: name, time (ns, UTC), value. Prints READY when it serves.
"""

import asyncio
import json
import os
import random
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from asyncua import Server, ua

URI = "urn:test:truth"
STEP_S = 0.1
RARE = 27
PEAK = 23


async def main() -> None:
    record = Path(sys.argv[2]).open("a", buffering=1)  # noqa: ASYNC230, SIM115 - open as long as the process lives
    server = Server()
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{sys.argv[1]}/truth")
    space = await server.register_namespace(URI)
    nodes = {}
    for name in ("fast", "rare", "still"):
        node = ua.NodeId(name, space)
        nodes[name] = await server.nodes.objects.add_variable(node, ua.QualifiedName(name, space), 0.0)

    async def write(name: str, value: float) -> None:
        at = datetime.fromtimestamp(time.time_ns() // 1000 / 1e6, UTC)
        at_ns = (int(at.timestamp()) * 1_000_000 + at.microsecond) * 1000
        print(json.dumps([name, at_ns, value]), file=record)
        await nodes[name].write_value(
            ua.DataValue(ua.Variant(value, ua.VariantType.Double), SourceTimestamp=at.replace(tzinfo=None))
        )

    chance = random.Random(time.time_ns())
    for name in nodes:
        await write(name, 42.0)
    async with server:
        print("READY", flush=True)
        asyncio.get_running_loop().add_reader(sys.stdin, os._exit, 0)  # whoever started it has ended
        step, due = 0, time.monotonic()
        while True:
            step += 1
            peak = chance.choice((-900.0, 900.0)) if step % PEAK == 0 else 0.0
            await write("fast", round(50 + peak + chance.uniform(-9, 9), 6))
            if step % RARE == 0:
                await write("rare", round(chance.uniform(10, 90), 6))
            due = max(due + STEP_S, time.monotonic())
            await asyncio.sleep(due - time.monotonic())


asyncio.run(main())
