"""The engine's own way of a sample, from the connector's ledger to store, values, alarms and queue of history.

10,000 numeric tags, every second one with alarms of H, HH, L and LL, the others with rules of their sensor; each round
brings a new value of every tag, within its limits. CPU microseconds a sample of this process, medians: one by one
(``objects``) and in columns, in bursts of 10,000, 1,000 and 100 samples. History keeps every sample; ``quiet``: none of
them, all are within the dead-band.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.alarms.engine import AlarmEngine
from app.engine.alarmgate import AlarmGate
from app.engine.conditioning import Conditioning
from app.engine.ingest import Ingest
from app.engine.values import Values
from app.model.alarm import AlarmDefinition, AlarmKind, Priority
from app.model.alarm_state import AlarmTransition
from app.model.clock import SystemClock
from app.model.connection import Binding
from app.model.tag import Tag
from app.model.text import LocalText
from app.trend import SlotSpec, StoreWriter
from connectors.ledger import Ledger

TAGS, ROUNDS = 10_000, 7
BURSTS = (10_000, 1_000, 100)
CLOCK = SystemClock()
LIMITS = {AlarmKind.LOW_LOW: -100.0, AlarmKind.LOW: -50.0, AlarmKind.HIGH: 50.0, AlarmKind.HIGH_HIGH: 100.0}


Bring = Callable[[Ledger, NDArray[np.float64], int], None]


class Site:
    """An engine's parts for samples, without devices, database and link."""

    def __init__(self, path: Path, deadband: float) -> None:
        tags = [Tag(f"BENCH.T{number}", connection="c", deadband=deadband) for number in range(TAGS)]
        tags[1::2] = [replace(tag, frozen_s=600.0, valid_low=-1e3, valid_high=1e3) for tag in tags[1::2]]
        alarms = [
            AlarmDefinition(f"{tag.name}.{kind}", tag.name, kind, Priority.LOW, LocalText("", ""), limit=limit)
            for tag in tags[::2]
            for kind, limit in LIMITS.items()
        ]
        self._keeps_all = deadband == 0.0
        self.store = StoreWriter(path, [SlotSpec(tag.name) for tag in tags], now_ns=CLOCK.now_ns())
        values = Values({tag.name: tag for tag in tags})
        gate = AlarmGate(AlarmEngine(alarms), tags, values.get)
        self.ingest = Ingest(tags, self.store, values, gate, self._transitions, CLOCK)
        conditioning = Conditioning(tags, self.ingest.take, values.get, CLOCK)
        self.ledger = Ledger([Binding(slot, tag) for slot, tag in enumerate(tags)], conditioning.take, CLOCK)
        self.ledger.announce()
        self._generator = np.random.default_rng(1)
        self.spend(_columns, TAGS)
        self.ingest.drain_history()

    def spend(self, bring: Bring, burst: int) -> float:
        """Take a new value of every tag; return the seconds of CPU that it took."""
        values = self._generator.uniform(-40.0, 40.0, TAGS)
        began = time.process_time()
        bring(self.ledger, values, burst)
        return time.process_time() - began

    def check(self) -> None:
        """Raise where history did not keep what it should; forget what it kept."""
        rows = len(self.ingest.drain_history())
        if rows != (TAGS if self._keeps_all else 0):
            raise RuntimeError(f"history kept {rows} samples")

    def _transitions(self, transitions: Sequence[AlarmTransition]) -> None:
        raise RuntimeError(f"no alarm was meant to change: {transitions[:1]}")


def run() -> dict[str, float]:
    """Return CPU microseconds a sample by way and size of the bursts."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        kept = {name: Site(Path(folder) / name, 0.0) for name in ("objects", "columns")}
        quiet = {name: Site(Path(folder) / f"quiet_{name}", 1e6) for name in ("objects", "columns")}
        cases = {
            f"ingest_{name}{kind}_us_per_sample_bursts_of_{burst}": (site, way, burst)
            for burst in BURSTS
            for name, way in (("objects", _objects), ("columns", _columns))
            for kind, site in (("", kept[name]), ("_quiet", quiet[name]))
        }
        spent: dict[str, list[float]] = {name: [] for name in cases}
        for _ in range(ROUNDS):
            for name, (site, way, burst) in cases.items():
                spent[name].append(site.spend(way, burst))
                site.check()
        for site in (*kept.values(), *quiet.values()):
            site.store.close()
    return {name: statistics.median(seconds) / TAGS * 1e6 for name, seconds in spent.items()}


def _objects(ledger: Ledger, values: NDArray[np.float64], burst: int) -> None:
    numbers = values.tolist()
    for begin in range(0, TAGS, burst):
        receive_ns = CLOCK.now_ns()
        for index in range(begin, begin + burst):
            ledger.put(index, numbers[index], 0, receive_ns - 1000, receive_ns)
        ledger.flush()


def _columns(ledger: Ledger, values: NDArray[np.float64], burst: int) -> None:
    indices = np.arange(TAGS, dtype=np.uint32)
    for begin in range(0, TAGS, burst):
        receive_ns = CLOCK.now_ns()
        part = slice(begin, begin + burst)
        times = np.full(burst, receive_ns - 1000, np.int64)
        ledger.put_columns(indices[part], values[part].copy(), np.zeros(burst, np.uint32), times, receive_ns)
        ledger.flush()
