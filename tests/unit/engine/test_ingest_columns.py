"""Samples in columns end as they would one by one: in the ring, as current values, in history, as alarms."""

import itertools
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from numpy.typing import NDArray

from app.alarms.engine import AlarmEngine
from app.engine import ingest as module
from app.engine.alarmgate import AlarmGate
from app.engine.ingest import Alarms, Ingest
from app.engine.intake import Store
from app.engine.values import Values
from app.model import status as st
from app.model.alarm import AlarmDefinition, AlarmKind, AnnunciationState, Priority
from app.model.alarm_state import AlarmSnapshot, AlarmTransition
from app.model.batch import SampleBatch
from app.model.clock import SECOND_NS, ManualClock
from app.model.columns import one_by_one
from app.model.history import HistoryRow
from app.model.sample import Sample, Value
from app.model.tag import DataType, Tag
from app.model.text import LocalText
from app.trend import SlotSpec, StoreReader, StoreWriter
from tests.unit.engine.ring import Ring

T0 = 1_700_000_000 * SECOND_NS
TAGS = (
    Tag("F", connection="c"),
    Tag("D", connection="c", deadband=0.5),
    Tag("I", connection="c", data_type=DataType.INT, deadband=1.0),
    Tag("B", connection="c", data_type=DataType.BOOL),
    Tag("FREE", connection="x"),
    Tag("LIMIT", connection="c"),
    Tag("MEAN", connection="c"),
)
SLOTS = range(len(TAGS))
TYPES = [tag.data_type for tag in TAGS]


def _alarm(tag: str, kind: AlarmKind, **more: object) -> AlarmDefinition:
    return AlarmDefinition(f"{tag}.{kind}", tag, kind, Priority.LOW, LocalText("", ""), **more)  # type: ignore[arg-type]


ALARMS = (
    _alarm("F", AlarmKind.HIGH, limit=5.0, deadband=1.0, suppress_when="B == 1"),
    _alarm("F", AlarmKind.LOW, limit=-5.0, on_delay_s=2.0, off_delay_s=1.0),
    _alarm("F", AlarmKind.BAD_QUALITY, connection="c"),
    _alarm("D", AlarmKind.HIGH_HIGH, limit=2.0, deadband=5.0, suppress_when="FREE > 2 and B == 0"),
    _alarm("I", AlarmKind.DISCRETE, states=(3, 4)),
    _alarm("I", AlarmKind.LOW_LOW, limit=0.0),
    _alarm("F", AlarmKind.HIGH_HIGH, limit_tag="LIMIT", deadband=1.0, on_delay_s=0.02, off_delay_s=2.0),
    _alarm("LIMIT", AlarmKind.LOW, limit_tag="FREE", deadband=2.0, count=2, count_s=30.0),
    _alarm("F", AlarmKind.DEVIATION, reference="MEAN", limit=2.0, deadband=1.0, off_delay_s=1.0),
    _alarm("MEAN", AlarmKind.DEVIATION, reference="LIMIT", limit_tag="F", connection="c"),
    _alarm("D", AlarmKind.DISCREPANCY, reference="I", limit=1.0, on_delay_s=1.0),
    _alarm("I", AlarmKind.DISCREPANCY, reference="B", expected=((1, (0, 3)), (0, (1,)))),
    _alarm("D", AlarmKind.RATE_OF_CHANGE, limit=2.0, rate_s=2.0, suppress_when="MEAN > 4"),
    _alarm("MEAN", AlarmKind.FROZEN, frozen_s=3.0, deadband=0.5),
    AlarmDefinition("c.COMM", "", AlarmKind.CONNECTION, Priority.LOW, LocalText("", ""), connection="c"),
)


class Every:
    """Alarms without a gate: the engine gets every sample."""

    def __init__(self, engine: AlarmEngine) -> None:
        self._engine = engine

    def prepare(self, slot: int) -> None:
        pass

    def process(self, slot: int, sample: Sample, now_ns: int) -> list[AlarmTransition]:
        return self._engine.process(TAGS[slot].name, sample, now_ns)

    def sift(self, batch: SampleBatch, alone: NDArray[np.bool_] | None, now_ns: int) -> NDArray[np.bool_]:
        return np.ones(len(batch), np.bool_)

    def settle(self, slots: object) -> None:
        pass


class Side:
    """An engine's parts for samples. ``gated``: its alarms stand behind the gate."""

    def __init__(self, store: Store, clock: ManualClock, *, gated: bool, known: Sample | None, lost_ns: int) -> None:
        self.clock = clock
        numbers = itertools.count()
        self.engine = AlarmEngine(ALARMS, lambda: str(next(numbers)))
        self.values = Values({tag.name: tag for tag in TAGS}, {} if known is None else {"F": known, "I": known})
        self.gate = AlarmGate(self.engine, TAGS, self.values.get) if gated else None
        self.transitions: list[AlarmTransition] = []
        self.history: list[HistoryRow] = []
        self.last_id = 0
        self.heard: list[tuple[str, Sample, Sample | None]] = []
        alarms: Alarms = self.gate or Every(self.engine)
        self.ingest = Ingest(
            TAGS, store, self.values, alarms, self.transitions.extend, clock,
            known_until_ns=0 if known is None else known.receive_ns, lost_ns=lost_ns,
        )  # fmt: skip

    def watch(self, tag: str) -> None:
        self.values.watch(tag, lambda name, sample: self.heard.append((name, sample, self.values.get(name))))

    def restore(self, snapshots: Sequence[AlarmSnapshot]) -> None:
        """Take over states of the run before while samples come already."""
        self.engine.restore(snapshots)
        if self.gate is not None:
            self.gate.wake()
        self.transitions += self.engine.reconsider(self.clock.ns)


Act = Callable[["Pair"], None]


class Pair:
    """One side gets columns, the other the same samples one by one."""

    def __init__(self, newest: dict[int, int], known: Sample | None, lost_ns: int, *, gated: bool) -> None:
        self.clock = ManualClock(T0)
        self.rings = Ring(dict(newest)), Ring(dict(newest))
        self.columnar, self.plain = (
            Side(ring, self.clock, gated=gated and first, known=known, lost_ns=lost_ns)
            for ring, first in zip(self.rings, (True, False), strict=True)
        )
        self.sides = self.columnar, self.plain

    def take(self, rows: Sequence[tuple[int, float, int, int]]) -> None:
        batch = batch_of(rows, self.clock.ns)
        self.plain.ingest.take(one_by_one(batch, TYPES))
        with patch.object(module, "FEW", 1):
            self.columnar.ingest.take(batch)

    def check(self) -> None:
        """Compare all that happened since the check before, and forget it; types count, and NaN is like NaN."""
        assert repr(self._stored(0)) == repr(self._stored(1))
        columnar, plain = self.sides
        for side in self.sides:
            side.history = side.ingest.drain_history()
            ids = [side.last_id, *(row.id for row in side.history)]
            assert ids == sorted(set(ids))
            side.last_id = ids[-1]
        for tag in TAGS:
            ours, theirs = ([row._replace(id=0) for row in side.history if row.tag == tag.name] for side in self.sides)
            assert repr(ours) == repr(theirs)
            assert repr(columnar.values.get(tag.name)) == repr(plain.values.get(tag.name))
        assert repr(columnar.transitions) == repr(plain.transitions)
        assert columnar.heard == plain.heard
        figures = [(side.ingest.samples, side.ingest.late, side.ingest.doubted) for side in self.sides]
        assert figures[0] == figures[1]
        assert columnar.engine.next_due_ns == plain.engine.next_due_ns
        for side in self.sides:
            side.transitions.clear()
            side.heard.clear()

    def _stored(self, side: int) -> list[tuple[tuple[int, int, Value, int], int]]:
        """Return what came into the ring, tag by tag: columns bring them in another order."""
        ring = self.rings[side]
        rows = sorted(zip(ring.rows, ring.received, strict=True), key=lambda each: each[0][0])
        ring.rows, ring.received = [], []
        return rows


def batch_of(rows: Sequence[tuple[int, float, int, int]], now_ns: int) -> SampleBatch:
    return SampleBatch(
        np.array([slot for slot, *_ in rows], np.uint32),
        np.array([value for _, value, *_ in rows], np.float64),
        np.array([status for _, _, status, _ in rows], np.uint32),
        np.array([now_ns + offset for *_, offset in rows], np.int64),
        now_ns,
    )


STATUSES = some.sampled_from((
    *(st.GOOD,) * 12, st.UNCERTAIN_SENSOR_NOT_ACCURATE, st.UNCERTAIN_LAST_USABLE, st.BAD_SENSOR_FAILURE,
    st.BAD_NO_COMMUNICATION, st.BAD_WAITING_FOR_INITIAL_DATA,
))  # fmt: skip
STEADY = some.integers(-5, 0)
STEP_NS = 10 * SECOND_NS
OFFSETS = some.one_of(
    STEADY, STEADY, STEADY, STEADY,
    some.sampled_from((-SECOND_NS, -STEP_NS - 50_000_000, STEP_NS, STEP_NS + 1, 5 * SECOND_NS, -T0 + SECOND_NS)),
)  # fmt: skip
NUMBERS = some.sampled_from((0.0, 1.0, 0.4, 0.8, 1.6, 2.5, 3.0, 4.5, 5.5, -4.0, -6.0, 2.0**54, math.inf))


@some.composite
def rows(draw: some.DrawFn, numbers: some.SearchStrategy[float] = NUMBERS) -> tuple[int, float, int, int]:
    slot, status = draw(some.sampled_from(SLOTS)), draw(STATUSES)
    nothing = some.just(math.nan)
    value = draw(some.one_of(numbers, numbers, numbers, nothing) if st.is_bad(status) else numbers)
    return slot, float(int(value) & 1) if TYPES[slot] is DataType.BOOL and value < 9 else value, status, draw(OFFSETS)


def _take(many: list[tuple[int, float, int, int]]) -> Act:
    return lambda pair: pair.take(many)


def _steady(values: list[float]) -> Act:
    """Bring one value of every tag after another at our clock, as they follow each other on a sound connection."""
    return lambda pair: pair.take([(n % len(TAGS), value, st.GOOD, -100 + n) for n, value in enumerate(values)])


def _single(slot: int, sample: Sample) -> Act:
    def act(pair: Pair) -> None:
        now_ns = pair.clock.ns
        for side in pair.sides:
            side.ingest.take([(slot, Sample(sample.value, sample.status, now_ns, now_ns))])

    return act


def _advance(seconds: float) -> Act:
    def act(pair: Pair) -> None:
        pair.clock.advance(seconds)
        for side in pair.sides:
            side.transitions += side.engine.tick(pair.clock.ns)

    return act


def _connection(lost: bool) -> Act:
    def act(pair: Pair) -> None:
        for side in pair.sides:
            side.transitions += side.engine.connection_changed("c", lost, pair.clock.ns)

    return act


def _watch(tag: str) -> Act:
    def act(pair: Pair) -> None:
        for side in pair.sides:
            side.watch(tag)

    return act


def _restore(alarm: str, active: bool) -> Act:
    snapshot = AlarmSnapshot(alarm, "old", AnnunciationState.ACKNOWLEDGED, active=active, time_in_ns=1)

    def act(pair: Pair) -> None:
        for side in pair.sides:
            side.restore([snapshot])

    return act


SINGLE = some.builds(
    Sample, some.sampled_from((None, 1, 2.5, True, "text", 2**60)), STATUSES, some.just(0), some.just(0)
)
TAKES = some.one_of(
    some.builds(_take, some.lists(rows(), min_size=1, max_size=10)),
    some.builds(_steady, some.lists(some.sampled_from((0.0, 1.0)), min_size=1, max_size=12)),
    some.builds(_steady, some.lists(some.sampled_from((0.0, 0.3, 0.6, 1.0, 4.5, 6.0)), min_size=1, max_size=12)),
)
ACTS = some.one_of(
    TAKES, TAKES, TAKES,
    some.builds(_single, some.sampled_from(SLOTS), SINGLE),
    some.builds(_advance, some.sampled_from((0.001, 1.0, 3.0))),
    some.builds(_connection, some.booleans()),
    some.builds(_watch, some.sampled_from([tag.name for tag in TAGS])),
    some.builds(_restore, some.sampled_from([alarm.id for alarm in ALARMS]), some.booleans()),
)  # fmt: skip
KNOWN = some.one_of(some.none(), some.just(Sample(2.5, st.GOOD, T0 - 100, T0 - 50)))


@settings(max_examples=250)
@given(
    some.lists(ACTS, min_size=1, max_size=14),
    some.fixed_dictionaries(dict.fromkeys(SLOTS, some.sampled_from((0, T0 - 60, T0 + SECOND_NS)))),
    KNOWN,
    some.sampled_from((0, T0 - 10)),
    some.booleans(),
)
def test_columns_end_as_their_samples_would_one_by_one(
    acts: list[Act], newest: dict[int, int], known: Sample | None, lost_ns: int, gated: bool
) -> None:
    pair = Pair(newest, known, lost_ns, gated=gated)
    for act in acts:
        act(pair)
        pair.check()
        _advance(0.01)(pair)


def _values(slot: int, values: Sequence[float]) -> list[tuple[int, float, int, int]]:
    return [(slot, value, st.GOOD, -100 + n) for n, value in enumerate(values)]


def test_numbers_stay_in_columns_after_a_loss_too_and_where_a_devices_clock_is_slow() -> None:
    pair = Pair(dict.fromkeys(SLOTS, 0), None, 0, gated=True)
    offsets = dict.fromkeys(SLOTS, 0) | {4: -300 * SECOND_NS}
    pair.take([(slot, 1.0, st.GOOD, offsets[slot]) for slot in SLOTS])  # the first of a run goes one by one
    assert pair.rings[0].in_columns == 0
    _single(1, Sample(None, st.BAD_COMMUNICATION_ERROR, 0, 0))(pair)
    for n in range(5):
        pair.clock.advance(1)
        pair.take(_values(1, [1.0, 1.2, 1.4, 1.6]) + [(slot, float(n % 2), st.GOOD, offsets[slot]) for slot in SLOTS])
    pair.check()
    assert pair.rings[0].in_columns == pair.columnar.ingest.in_columns == 5 * (len(TAGS) + 4)
    assert pair.plain.ingest.in_columns == 0


@pytest.mark.parametrize(
    ("value", "status", "offset", "stays"),
    [
        (2.0, st.GOOD, -SECOND_NS, True),  # as old as the one before
        (2.0, st.GOOD, -SECOND_NS - 1, False),
        (2.0, st.GOOD, STEP_NS + 1, True),  # its clock is ahead: placed when received
        (2.0, st.UNCERTAIN_SENSOR_NOT_ACCURATE, 0, True),
        (2.0, st.UNCERTAIN_LAST_USABLE, 0, False),
        (2.0, st.BAD_SENSOR_FAILURE, -1, True),
        (2.0, st.BAD_SENSOR_FAILURE, 0, False),  # the time is ours
        (math.nan, st.BAD_SENSOR_FAILURE, -1, False),
        (math.inf, st.GOOD, 0, False),
    ],
)
def test_only_numbers_of_a_clock_that_goes_forward_stay_in_columns(
    value: float, status: int, offset: int, stays: bool
) -> None:
    pair = Pair(dict.fromkeys(SLOTS, 0), None, 0, gated=True)
    pair.take([(slot, 1.0, st.GOOD, 0) for slot in SLOTS])
    pair.clock.advance(1)
    pair.take([(0, value, status, offset), (4, 3.0, st.GOOD, 0)])
    pair.check()
    assert pair.rings[0].in_columns == 1 + stays


def test_a_real_store_has_the_same_of_columns_as_of_single_samples(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    clock = ManualClock(T0)
    specs = [SlotSpec(tag.name) for tag in TAGS]
    paths = [tmp_path / name for name in ("columns", "single")]
    with StoreWriter(paths[0], specs, now_ns=T0) as columns, StoreWriter(paths[1], specs, now_ns=T0) as single:
        sides = [Side(store, clock, gated=True, known=None, lost_ns=0) for store in (columns, single)]
        for _ in range(40):
            clock.advance(1)
            count = int(random.integers(module.FEW, 60))
            times = np.sort(random.integers(-200, 3, count))  # some of them after their reception, some late
            rows = [
                (int(slot), float(random.integers(0, 2) if TYPES[slot] is DataType.BOOL else random.integers(0, 9)),
                 int(random.choice((0, 0, 0, 0, st.BAD_SENSOR_FAILURE))), int(at))
                for slot, at in zip(random.integers(0, len(TAGS), count), times, strict=True)
            ]  # fmt: skip
            batch = batch_of(rows, clock.ns)
            sides[0].ingest.take(batch)
            for each in one_by_one(batch, TYPES):
                sides[1].ingest.take([each])
    assert sides[0].ingest.in_columns > 500
    assert sides[1].ingest.in_columns == 0
    readers = [StoreReader(path) for path in paths]
    for slot in SLOTS:
        ours, theirs = (reader.raw(slot, 0, 2 * T0, 10_000) for reader in readers)
        assert len(ours.t_ns) > 100
        for name in ("t_ns", "value", "status"):
            assert np.array_equal(getattr(ours, name), getattr(theirs, name))
        assert repr(readers[0].sample(slot)) == repr(readers[1].sample(slot))
        assert repr(readers[0].sample(slot)) == repr(sides[0].values.get(TAGS[slot].name))
    for reader in readers:
        reader.close()
