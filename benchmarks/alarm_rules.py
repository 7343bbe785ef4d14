"""Alarm rules: CPU milliseconds to evaluate 10,000 changes by 100,000 rules, in a batch and one by one.

24,000 tags with a mix of rules: mostly absolute limits with dead-bands and delays, then bad quality, states, limits
bound to tags, deviations, rates of change and frozen values. One alarm in twenty stands, one in a hundred waits for the
end of a delay. A batch has new values of 10,000 tags, of which 20 cross a limit; both ways end with the same
transitions.
"""

import itertools
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from app.alarms.engine import AlarmEngine
from app.engine.alarmgate import AlarmGate
from app.model.alarm import AlarmDefinition, AlarmKind, Priority
from app.model.batch import SampleBatch
from app.model.clock import SECOND_NS
from app.model.columns import one_by_one
from app.model.sample import Sample
from app.model.tag import DataType, Tag
from app.model.text import LocalText

TAGS, CHANGES, CROSSING, WARM, BATCHES = 24_000, 10_000, 20, 12, 15
LIMITS = {AlarmKind.LOW_LOW: 10.0, AlarmKind.LOW: 20.0, AlarmKind.HIGH: 80.0, AlarmKind.HIGH_HIGH: 90.0}
HOUR_S = 3600.0
T0 = 1_700_000_000 * SECOND_NS


def alarm(number: int, kind: AlarmKind, **more: object) -> AlarmDefinition:
    """Return an alarm of a tag."""
    tag = name(number)
    return AlarmDefinition(f"{tag}.{kind}", tag, kind, Priority.LOW, LocalText(""), **more)  # type: ignore[arg-type]


def name(number: int) -> str:
    """Return the name of a tag."""
    return f"BENCH.T{number}"


def rules() -> list[AlarmDefinition]:
    """Return the mix."""
    found = [
        alarm(n, kind, limit=limit, deadband=2.0, on_delay_s=HOUR_S if n % 100 == 1 else 0.0, off_delay_s=n % 3 * 5.0)
        for n in range(22_000)
        for kind, limit in LIMITS.items()
    ]
    found += [alarm(n, AlarmKind.BAD_QUALITY, on_delay_s=5.0) for n in range(8_000)]
    found += [alarm(n, AlarmKind.DISCRETE, states=(4, 5)) for n in range(22_000, 23_000)]
    found += [alarm(n, AlarmKind.DEVIATION, reference=name(23_000 + n // 10), limit=60.0) for n in range(1_500)]
    found += [alarm(23_200 + n, AlarmKind.HIGH, limit_tag=name(23_900 + n % 50), deadband=1.0) for n in range(500)]
    found += [alarm(2_000 + n, AlarmKind.RATE_OF_CHANGE, limit=50.0, rate_s=2.0) for n in range(400)]
    found += [alarm(3_000 + n, AlarmKind.FROZEN, frozen_s=600.0) for n in range(600)]
    return found


@dataclass
class Side:
    """An engine, and what its tags are."""

    engine: AlarmEngine = field(init=False)
    values: dict[str, Sample] = field(default_factory=dict)
    spent_ms: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        numbers = itertools.count()
        self.engine = AlarmEngine(rules(), lambda: str(next(numbers)))


def run() -> dict[str, float]:
    """Return CPU milliseconds of a batch both ways, and how many of its samples the engine heard."""
    tags = [Tag(name(n), data_type=DataType.ENUM if 22_000 <= n < 23_000 else DataType.FLOAT) for n in range(TAGS)]
    types = [tag.data_type for tag in tags]
    plain, sifted = Side(), Side()
    gate = AlarmGate(sifted.engine, tags, sifted.values.get)
    heard: list[int] = []
    for at, batch in enumerate(batches(types)):
        now_ns = batch.receive_ns
        samples = one_by_one(batch, types)
        began = time.process_time()
        ended = sifted.engine.tick(now_ns)
        lively = gate.sift(batch, None, now_ns)
        sifted_s = time.process_time() - began
        sifted.values.update((tags[slot].name, sample) for slot, sample in samples)
        began = time.process_time()
        found = ended
        chosen = one_by_one(batch.select(np.flatnonzero(lively)), types)
        for slot, sample in chosen:
            found += gate.process(slot, sample, now_ns)
        gate.settle({slot for slot, _ in chosen})
        sifted_s += time.process_time() - began
        began = time.process_time()
        wanted = plain.engine.tick(now_ns)
        wanted += [each for slot, sample in samples for each in plain.engine.process(tags[slot].name, sample, now_ns)]
        plain_s = time.process_time() - began
        if found != wanted:
            raise RuntimeError("the batch did not end as its samples one by one")
        if at >= WARM:  # all tags were heard of then, and the windows of rates are whole
            sifted.spent_ms.append(sifted_s * 1e3)
            plain.spent_ms.append(plain_s * 1e3)
            heard.append(len(chosen))
    return {
        "rules_100k_batch_10k_ms": statistics.median(sifted.spent_ms),
        "rules_100k_batch_10k_ms_max": max(sifted.spent_ms),
        "rules_100k_one_by_one_10k_ms": statistics.median(plain.spent_ms),
        "rules_100k_batch_10k_heard": statistics.median(heard),
    }


def batches(types: list[DataType]) -> Iterator[SampleBatch]:
    """Make batches: first every tag, in parts; then changes of some, each near where it was, and a few that cross."""
    random = np.random.default_rng(1)
    discrete = np.array([each is DataType.ENUM for each in types])
    base = np.where(discrete, 1.0, 50.0)
    base[::20] = np.where(discrete[::20], 4.0, 85.0)  # these stand
    base[1::100] = np.where(discrete[1::100], 1.0, 85.0)  # these wait for an hour
    base[23_900:] = 95.0  # limits of others
    parts = [np.arange(TAGS)[part::3] for part in range(3)]
    for at in range(WARM + BATCHES):
        slots = parts[at] if at < len(parts) else random.permutation(TAGS)[:CHANGES]
        values = base[slots] + np.where(discrete[slots], 0.0, random.uniform(-2.0, 2.0, len(slots)))
        if at >= len(parts):
            crossing = np.flatnonzero((slots < 22_000) & (slots % 100 != 1))[:CROSSING]
            base[slots[crossing]] = 135.0 - base[slots[crossing]]
            values[crossing] = base[slots[crossing]]
        now_ns = T0 + at * SECOND_NS
        yield SampleBatch(
            slots.astype(np.uint32), values, np.zeros(len(slots), np.uint32),
            np.full(len(slots), now_ns - 1000, np.int64), now_ns,
        )  # fmt: skip
