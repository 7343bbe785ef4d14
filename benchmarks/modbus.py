"""The Modbus connector beside a bare client of the library, and its plan of reads beside the shortest there can be."""

import asyncio
import random
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pymodbus.client import AsyncModbusTcpClient

from app.model.address import ModbusAddress
from app.model.clock import SystemClock
from app.model.connection import Binding, Connection, Protocol_
from app.model.sample import Samples
from app.model.tag import DataType, Tag
from benchmarks.timing import quantile
from connectors.modbus import create
from connectors.modbus.plan import Item, PlanLimits, Span, plan, unreadable

TAGS = 5_000
BLOCK = 125
TURN_S = 1.0
TURNS = 10
ROUNDS = 10
SCATTERED = 2_000
PLANTS = 5


@contextmanager
def _device() -> Iterator[int]:
    """Run a device in a process of its own; yields its port."""
    words = [sys.executable, "-m", "benchmarks.modbus_device"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


async def _bare(port: int) -> list[float]:
    """Return seconds of a round of the smallest loop around the library's client, in full blocks; means of ten."""
    client = AsyncModbusTcpClient("127.0.0.1", port=port)
    await client.connect()
    rounds = []
    end = time.perf_counter() + TURN_S
    while (began := time.perf_counter()) < end:
        for _ in range(ROUNDS):
            for start in range(0, TAGS, BLOCK):
                await client.read_holding_registers(start, count=BLOCK)
        rounds.append((time.perf_counter() - began) / ROUNDS)
    client.close()
    return rounds


async def _connector(port: int) -> list[float]:
    """Return the same of the connector, with a tag for each register, at a period that no line can hold."""
    tags = [Tag(f"T{at}", address=f"hr{at}", scan_ms=1, data_type=DataType.INT) for at in range(TAGS)]
    bindings = [Binding(slot, tag) for slot, tag in enumerate(tags)]
    first = asyncio.Event()

    def sink(_samples: Samples) -> None:
        if not first.is_set() and connector.status().bad_tags == 0:
            first.set()

    connection = Connection("line", Protocol_.MODBUS_TCP, f"127.0.0.1:{port}")
    connector = create(connection, bindings, sink, lambda _status: None, SystemClock())
    running = asyncio.create_task(connector.run())
    await first.wait()
    rounds = []
    end = time.perf_counter() + TURN_S
    while time.perf_counter() < end:
        await asyncio.sleep(0.05)
        (scan,) = connector.status().scans
        assert scan.requests == TAGS // BLOCK
        if scan.achieved_ms is not None:
            rounds.append(scan.achieved_ms / 1000)
    running.cancel()
    await asyncio.wait({running})
    return rounds


async def _rates(port: int) -> tuple[float, float]:
    """Return registers per second of the bare client and of the connector.

    They take turns, and of each the faster quarter of its rounds counts, in which the machine was theirs.
    """
    bare: list[float] = []
    ours: list[float] = []
    for _ in range(TURNS):
        bare += await _bare(port)
        ours += await _connector(port)
    return TAGS / quantile(bare, 25), TAGS / quantile(ours, 25)


def _plant(seed: int) -> tuple[list[Item], PlanLimits]:
    """Return scattered tags of three units with values of all lengths, and ranges that must not be read."""
    chance = random.Random(seed)
    kinds = ("uint16", "int16", "float32", "uint32", "float64", "string8")
    items = []
    for index in range(SCATTERED):
        offset = min(60_000, int(chance.gauss(0, 1) ** 2 * 2_000))
        kind = chance.choice(kinds)
        items.append(Item(index, ModbusAddress.parse(f"{chance.randint(1, 3)}/hr{offset}:{kind}")))
    spans = []
    for _ in range(120):
        start = chance.randrange(12_000)
        spans.append(Span(chance.randint(1, 3), "hr", start, start + chance.randint(1, 12)))
    return items, PlanLimits(forbidden=tuple(spans), unit_registers={2: 40})


def _fewest(items: Sequence[Item], limits: PlanLimits) -> int:
    """Return the fewest requests there can be, by looking at every division of the items in their order.

    That a division out of order is never shorter is tested against all of them (test_fewest_requests.py).
    """
    lost = {item.index for item in unreadable(items, limits)}
    units: dict[int, list[Item]] = defaultdict(list)
    for item in items:
        if item.index not in lost:
            units[item.address.unit].append(item)
    total = 0
    for unit, of_unit in units.items():
        spans = sorted((item.span.start, item.span.stop) for item in of_unit)
        closed = [span for span in limits.forbidden if span.unit == unit]
        best = [0] + [len(spans)] * len(spans)
        for first, (start, _) in enumerate(spans):
            reached = start
            for last in range(first, len(spans)):
                if spans[last][0] - reached > limits.max_gap:
                    break
                reached = max(reached, spans[last][1])
                if reached - start > limits.largest(unit, "hr"):
                    break
                if any(Span(unit, "hr", start, reached).touches(span) for span in closed):
                    break
                best[last + 1] = min(best[last + 1], best[first] + 1)
        total += best[-1]
    return total


def run() -> dict[str, float]:
    """Return ratios of registers per second and of requests, and what they are made of."""
    with _device() as port:
        bare, ours = asyncio.run(_rates(port))
    plants = [_plant(seed) for seed in range(PLANTS)]
    planned = [len(plan(items, limits)) for items, limits in plants]
    ideal = [_fewest(items, limits) for items, limits in plants]
    return {
        "modbus_registers_vs_bare_client": ours / bare,
        "modbus_registers_per_s": ours,
        "modbus_bare_registers_per_s": bare,
        "modbus_requests_vs_ideal": sum(planned) / sum(ideal),
        "modbus_requests": statistics.median(planned),
    }
