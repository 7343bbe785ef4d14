"""Clients of the benchmark ``opcua``: ``python -m benchmarks.opcua_clients engine|bare PORT VARIABLES``.

``engine``: the connector with what the engine puts behind it: store, values, alarms, queue of history. ``bare``: the
library asyncua alone, with a handler that counts. Both print READY once every variable has its first value. Orders on
stdin, one a line, answered by one line of JSON: ``mark`` begins to count and to measure, ``report`` tells since then.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from app.alarms.engine import AlarmEngine
from app.engine.alarmgate import AlarmGate
from app.engine.ingest import Ingest
from app.engine.values import Values
from app.model import status as st
from app.model.alarm import AlarmDefinition, AlarmKind, Priority
from app.model.alarm_state import AlarmTransition
from app.model.batch import SampleBatch
from app.model.clock import SystemClock
from app.model.connection import Binding, Connection, Protocol_
from app.model.sample import Samples
from app.model.tag import Tag
from app.model.text import LocalText
from app.trend import SlotSpec, StoreWriter
from connectors.opcua import create

PUBLISHING_MS = 100
QUEUE = 200
LONGEST_LAG_MS = 60_000
FAR = 1e12


class Client(Protocol):
    """What is measured."""

    async def start(self) -> None:
        """Connect, and wait for the first value of every variable."""

    def mark(self) -> None:
        """Begin to count."""

    def figures(self) -> dict[str, float]:
        """Return what was counted since the mark."""

    async def stop(self) -> None:
        """Disconnect."""


class Engine:
    """The connector and the engine's parts for samples, without database and link."""

    def __init__(self, endpoint: str, count: int, folder: Path) -> None:
        clock = SystemClock()
        tags = [Tag(f"BENCH.V{n}", connection="c", address=f"ns=1;s=V{n}", scan_ms=0) for n in range(count)]
        limits = {AlarmKind.LOW_LOW: -FAR, AlarmKind.LOW: -FAR, AlarmKind.HIGH: FAR, AlarmKind.HIGH_HIGH: FAR}
        alarms = [
            AlarmDefinition(f"{tag.name}.{kind}", tag.name, kind, Priority.LOW, LocalText("", ""), limit=limit)
            for tag in tags[::2]
            for kind, limit in limits.items()
        ]
        self._store = StoreWriter(folder / "store", [SlotSpec(tag.name) for tag in tags], now_ns=clock.now_ns())
        values = Values({tag.name: tag for tag in tags})
        gate = AlarmGate(AlarmEngine(alarms), tags, values.get)
        self._ingest = Ingest(tags, self._store, values, gate, _no_alarm, clock)
        options = {"publishing_ms": PUBLISHING_MS, "queue_size": QUEUE, "items_per_request": 1000, "timeout_s": 30}
        self._connector = create(
            Connection("c", Protocol_.OPCUA, endpoint, options=options),
            [Binding(slot, tag) for slot, tag in enumerate(tags)],
            self._take, lambda status: None, clock,
        )  # fmt: skip
        self._tasks: list[asyncio.Task[None]] = []
        self._first: NDArray[np.float64] = np.full(count, np.nan)
        self._last: NDArray[np.float64] = np.full(count, np.nan)
        self._counts = np.zeros(count, np.int64)
        self._lags = np.zeros(LONGEST_LAG_MS + 1, np.int64)
        self._cpu_s = 0.0
        self._overflows = 0
        self._all = asyncio.Event()

    async def start(self) -> None:
        """See Client."""
        self._tasks = [asyncio.create_task(self._connector.run()), asyncio.create_task(self._drain())]
        async with asyncio.timeout(120):
            await self._all.wait()

    def mark(self) -> None:
        """See Client."""
        self._first[:] = self._last
        self._counts[:] = 0
        self._lags[:] = 0
        self._overflows = self._connector.status().overflows
        self._cpu_s = time.process_time()

    def figures(self) -> dict[str, float]:
        """See Client."""
        cpu_s = time.process_time() - self._cpu_s
        received = int(self._counts.sum())
        status = self._connector.status()
        return {
            "cpu_s": cpu_s,
            "changes": received,
            "missing": float((self._last - self._first).sum()) - received,
            "reached": float(self._last.sum()),
            "overflows": status.overflows - self._overflows,
            "reconnects": status.reconnects,
            "p99_lag_ms": float(np.searchsorted(np.cumsum(self._lags), 0.99 * max(1, self._lags.sum()))),
        }

    async def stop(self) -> None:
        """See Client."""
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(self._tasks)
        self._store.close()

    async def _drain(self) -> None:
        while True:  # as the engine does for its database
            await asyncio.sleep(0.5)
            self._ingest.drain_history()

    def _take(self, samples: Samples) -> None:
        self._ingest.take(samples)
        if isinstance(samples, SampleBatch):
            self._count(samples.slots, samples.values, samples.receive_ns - samples.source_ns)
        else:
            good = [(slot, sample) for slot, sample in samples if st.is_good(sample.status)]
            self._count(
                np.array([slot for slot, _ in good], np.uint32),
                np.array([sample.number for _, sample in good], np.float64),
                np.array([sample.receive_ns - sample.source_ns for _, sample in good], np.int64),
            )

    def _count(self, slots: NDArray[np.uint32], values: NDArray[np.float64], lag_ns: NDArray[np.int64]) -> None:
        self._last[slots] = values
        self._counts += np.bincount(slots, minlength=len(self._counts))
        if not self._all.is_set() and not np.isnan(self._last).any():
            self._all.set()
        self._lags += np.bincount(np.clip(lag_ns // 1_000_000, 0, LONGEST_LAG_MS), minlength=LONGEST_LAG_MS + 1)


class Bare:
    """The library alone."""

    def __init__(self, endpoint: str, count: int) -> None:
        from asyncua import Client as AsyncuaClient

        self._client = AsyncuaClient(endpoint, timeout=30, watchdog_intervall=3600)
        self._count = count
        self._changes = 0
        self._cpu_s = 0.0
        self._all = asyncio.Event()

    def datachange_notification(self, _node: Any, _value: Any, _data: Any) -> None:
        """Count; called by the library."""
        self._changes += 1
        if self._changes == self._count:
            self._all.set()

    async def start(self) -> None:
        """See Client."""
        from asyncua import ua

        await self._client.connect()
        subscription = await self._client.create_subscription(PUBLISHING_MS, self)
        nodes = [self._client.get_node(f"ns=1;s=V{n}") for n in range(self._count)]
        for start in range(0, len(nodes), 1000):
            await subscription.subscribe_data_change(
                nodes[start : start + 1000], ua.AttributeIds.Value, QUEUE, sampling_interval=0.0
            )
        async with asyncio.timeout(120):
            await self._all.wait()

    def mark(self) -> None:
        """See Client."""
        self._changes = 0
        self._cpu_s = time.process_time()

    def figures(self) -> dict[str, float]:
        """See Client."""
        return {"cpu_s": time.process_time() - self._cpu_s, "changes": self._changes}

    async def stop(self) -> None:
        """See Client."""
        await self._client.disconnect()


def _no_alarm(transitions: Sequence[AlarmTransition]) -> None:
    raise RuntimeError(f"no alarm was meant to change: {transitions[:1]}")


async def _serve(client: Client) -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await client.start()
    print("READY", flush=True)
    while order := (await reader.readline()).strip():
        if order == b"mark":
            client.mark()
        print(json.dumps(client.figures()), flush=True)
    await client.stop()


def main() -> None:
    """Run one client until stdin ends."""
    kind, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    endpoint = f"opc.tcp://127.0.0.1:{port}/benchmark"
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        client: Client = Engine(endpoint, count, Path(folder)) if kind == "engine" else Bare(endpoint, count)
        asyncio.run(_serve(client))


if __name__ == "__main__":
    main()
