"""What the engine knows of a tag does not depend on its slot: parts whose tags move end as those whose tags stay."""

import itertools
import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Final
from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as some

from app.alarms.engine import AlarmEngine
from app.engine import ingest as module
from app.engine.alarmgate import AlarmGate
from app.engine.calculator import Calculator
from app.engine.conditioning import Conditioning
from app.engine.ingest import Ingest
from app.engine.layout import Layout
from app.engine.values import Values
from app.model import status as st
from app.model.alarm import AlarmDefinition, AlarmKind, Priority
from app.model.alarm_state import AlarmTransition
from app.model.batch import SampleBatch
from app.model.clock import SECOND_NS, ManualClock
from app.model.sample import Sample, Value
from app.model.tag import DataType, Tag
from app.model.text import LocalText
from tests.unit.engine.ring import Ring

T0: Final = 1_700_000_000 * SECOND_NS
TAGS: Final = (
    Tag("PLAIN"),
    Tag("BAND", deadband=0.5, valid_low=-3.0),
    Tag("STILL", frozen_s=2.0),
    Tag("WHOLE", data_type=DataType.INT, deadband=1.0),
    Tag("TRUTH", data_type=DataType.BOOL),
    Tag("COUNT", data_type=DataType.INT, expression="starts(PLAIN > 2)", scan_ms=500),
    Tag("SUM", expression="PLAIN + BAND", scan_ms=1000),
)
NEW: Final = (Tag("NEW1"), Tag("NEW2", valid_high=1.0, data_type=DataType.INT))
BY_NAME: Final = {tag.name: tag for tag in (*TAGS, *NEW)}
FROM_DEVICES: Final = tuple(tag.name for tag in TAGS if not tag.expression)


def _alarm(tag: str, kind: AlarmKind, **more: object) -> AlarmDefinition:
    return AlarmDefinition(f"{tag}.{kind}", tag, kind, Priority.LOW, LocalText("", ""), **more)  # type: ignore[arg-type]


ALARMS: Final = (
    _alarm("PLAIN", AlarmKind.HIGH, limit=4.0, deadband=1.0),
    _alarm("PLAIN", AlarmKind.LOW, limit=-1.0, on_delay_s=2.0, off_delay_s=1.0),
    _alarm("BAND", AlarmKind.HIGH_HIGH, limit=2.0, suppress_when="TRUTH == 1"),
    _alarm("STILL", AlarmKind.BAD_QUALITY),
    _alarm("WHOLE", AlarmKind.DISCRETE, states=(3, 4)),
    _alarm("COUNT", AlarmKind.HIGH, limit=1.0),
    _alarm("PLAIN", AlarmKind.DEVIATION, reference="BAND", limit=2.0, deadband=1.0, off_delay_s=1.0),
    _alarm("BAND", AlarmKind.LOW, limit_tag="STILL", on_delay_s=1.0),
    _alarm("BAND", AlarmKind.RATE_OF_CHANGE, limit=2.0, rate_s=2.0),
    _alarm("WHOLE", AlarmKind.DISCREPANCY, reference="TRUTH", expected=((1, (0, 3)), (0, (1,)))),
    _alarm("PLAIN", AlarmKind.FROZEN, frozen_s=3.0, deadband=0.5),
)


class Side:
    """Everything that a sample passes, for tags in an order that may change."""

    def __init__(self) -> None:
        self.clock = ManualClock(T0)
        self.tags: Sequence[Tag] = TAGS
        self.ring = Ring(defaultdict(int))
        numbers = itertools.count()
        self.alarms = AlarmEngine(ALARMS, lambda: str(next(numbers)))
        self.values = Values({tag.name: tag for tag in TAGS}, {"PLAIN": Sample(2.5, st.GOOD, T0 - 100, T0 - 50)})
        self.gate = AlarmGate(self.alarms, TAGS, self.values.get)
        self.transitions: list[AlarmTransition] = []
        self.ingest = Ingest(
            TAGS, self.ring, self.values, self.gate, self.transitions.extend, self.clock,
            known_until_ns=T0 - 50, lost_ns=T0 - 10,
        )  # fmt: skip
        self.conditioning = Conditioning(TAGS, self.ingest.take, self.values.get, self.clock)
        self.calculator = Calculator(TAGS, self.values.get, lambda *_: None, self.conditioning.take, self.clock)
        self.stored: dict[str, list[tuple[int, Value, int]]] = defaultdict(list)

    def slot(self, tag: str) -> int:
        return next(slot for slot, each in enumerate(self.tags) if each.name == tag)

    def move(self, tags: Sequence[Tag]) -> None:
        """Take other tags, in the order of ``Configured.apply``."""
        self.store()
        newest = {each.name: self.ring.newest[slot] for slot, each in enumerate(self.tags)}
        self.ring.newest = defaultdict(int, {slot: newest.get(each.name, 0) for slot, each in enumerate(tags)})
        layout, self.tags = Layout(self.tags, tags), tags
        for part in () if layout.is_same else (self.values, self.conditioning, self.ingest):
            part.relocate(layout)
        self.gate.wake()
        self.transitions += self.alarms.redefine(ALARMS, self.values.get, self.clock.ns)
        self.gate.redefine(tags)
        self.transitions += self.alarms.reconsider(self.clock.ns)
        for follower in () if layout.is_same else (self.conditioning, self.ingest, self.calculator):
            follower.redefine(tags)

    def take(self, rows: Sequence[tuple[str, float, int, int]], *, in_columns: bool) -> None:
        now_ns = self.clock.ns
        slots = [self.slot(tag) for tag, *_ in rows]
        if in_columns:
            values, status = np.array([row[1] for row in rows]), np.array([row[2] for row in rows], np.uint32)
            source_ns = np.array([now_ns + row[3] for row in rows], np.int64)
            with patch.object(module, "FEW", 1):
                self.conditioning.take(SampleBatch(np.array(slots, np.uint32), values, status, source_ns, now_ns))
            return
        for slot, (_, value, status_, offset) in zip(slots, rows, strict=True):
            value_ = int(value) if self.tags[slot].data_type is DataType.INT else value
            self.conditioning.take([(slot, Sample(value_, status_, now_ns + offset, now_ns))])

    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.conditioning.look()
        self.calculator.tick()
        self.transitions += self.alarms.tick(self.clock.ns)

    def store(self) -> None:
        """Note by tag what came into the ring."""
        for slot, *row in self.ring.rows:
            self.stored[self.tags[slot].name].append(tuple(row))  # type: ignore[arg-type]
        self.ring.rows.clear()

    def seen(self) -> object:
        """Return all that can be seen of the tags, whatever their order, and forget what happened."""
        self.store()
        history = defaultdict(list)
        for row in self.ingest.drain_history():
            history[row.tag].append(row._replace(id=0))
        happened = defaultdict(list)
        for each in self.transitions:
            happened[each.definition.id].append((each.kind, each.before, each.snapshot.active, each.source_ns))
        self.transitions.clear()
        states = {each.id: (each.state, each.active, each.suppression) for each in self.alarms.snapshots()}
        known = {
            tag.name: (
                self.values.get(tag.name),
                self.conditioning.device(tag.name),
                self.conditioning.hidden(tag.name),
            )
            for tag in TAGS
        }
        kept = {tag.name: (self.stored[tag.name], history[tag.name]) for tag in TAGS}
        figures = self.conditioning.frozen, self.ingest.late, self.ingest.doubted, self.alarms.next_due_ns
        return repr((kept, known, sorted(happened.items()), sorted(states.items()), figures))


Act = Callable[[Side], None]

NUMBERS = some.sampled_from((0.0, 1.0, 0.4, 2.5, 3.0, 4.5, -2.0, -4.0))
STATUSES = some.sampled_from(
    (*(st.GOOD,) * 8, st.UNCERTAIN_SENSOR_NOT_ACCURATE, st.BAD_SENSOR_FAILURE, st.BAD_NO_COMMUNICATION)
)
OFFSETS = some.sampled_from((0, -5, -5, -5, -SECOND_NS, 11 * SECOND_NS, -30 * SECOND_NS))


@some.composite
def rows(draw: some.DrawFn) -> tuple[str, float, int, int]:
    tag, status = draw(some.sampled_from(FROM_DEVICES)), draw(STATUSES)
    value = draw(NUMBERS)
    value = float(value > 0) if tag == "TRUTH" else math.floor(value) * 1.0 if tag == "WHOLE" else value
    return tag, value, status, draw(OFFSETS)


def _take(many: list[tuple[str, float, int, int]], in_columns: bool) -> Act:
    return lambda side: side.take(many, in_columns=in_columns)


def _wait(seconds: float) -> Act:
    return lambda side: side.wait(seconds)


def _substitute(tag: str, on: bool) -> Act:
    return lambda side: side.conditioning.substitute(tag, 1) if on else side.conditioning.release(tag)


ACTS = some.one_of(
    some.builds(_take, some.lists(rows(), min_size=1, max_size=8), some.booleans()),
    some.builds(_take, some.lists(rows(), min_size=1, max_size=8), some.booleans()),
    some.builds(_wait, some.sampled_from((0.5, 1.0, 2.5))),
    some.builds(_substitute, some.sampled_from(("PLAIN", "WHOLE", "STILL")), some.booleans()),
)
ORDERS = some.permutations([tag.name for tag in (*TAGS, *NEW)]), some.booleans()
"""Names, and whether new tags are among them."""


@settings(max_examples=150)
@given(some.lists(some.tuples(some.lists(ACTS, min_size=1, max_size=5), *ORDERS), min_size=1, max_size=5))
def test_moving_tags_changes_nothing_of_what_is_known(rounds: list[tuple[list[Act], list[str], bool]]) -> None:
    stays, moves = Side(), Side()
    for acts, names, more in rounds:
        for act in acts:
            for side in (stays, moves):
                act(side)
                side.clock.advance(0.01)
            assert moves.seen() == stays.seen()
        stays.move(TAGS)
        moves.move([BY_NAME[name] for name in names if more or BY_NAME[name] in TAGS])
        assert moves.seen() == stays.seen()
