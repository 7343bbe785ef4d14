"""An engine behind the gate does as one that hears every sample, and hears few: long random stories of all kinds."""

import itertools
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from app.alarms.engine import AlarmEngine
from app.engine.alarmgate import AlarmGate
from app.model import status as st
from app.model.alarm import AlarmDefinition, AlarmKind, Priority
from app.model.alarm_state import AlarmTransition
from app.model.batch import SampleBatch
from app.model.clock import SECOND_NS
from app.model.columns import one_by_one
from app.model.sample import Sample
from app.model.tag import DataType, Tag
from app.model.text import LocalText

T0 = 1_700_000_000 * SECOND_NS
NAMES = ("A", "B", "C", "D", "E", "F", "G", "H")
TAGS = [Tag(name) for name in NAMES]
TYPES = [DataType.FLOAT] * len(TAGS)


def alarm(tag: str, kind: AlarmKind, **more: object) -> AlarmDefinition:
    return AlarmDefinition(f"{tag}.{kind}", tag, kind, Priority.LOW, LocalText("x"), **more)  # type: ignore[arg-type]


ALARMS = (
    alarm("A", AlarmKind.HIGH, limit=60.0, deadband=5.0, on_delay_s=2.0, off_delay_s=3.0),
    alarm("A", AlarmKind.LOW, limit=40.0, deadband=5.0, count=3, count_s=20.0),
    alarm("A", AlarmKind.BAD_QUALITY, on_delay_s=1.0),
    alarm("B", AlarmKind.HIGH, limit_tag="C", deadband=3.0, on_delay_s=2.0, off_delay_s=1.0),
    alarm("B", AlarmKind.LOW, limit_tag="D", deadband=3.0),
    alarm("C", AlarmKind.DEVIATION, reference="B", limit=8.0, deadband=2.0, off_delay_s=2.0),
    alarm("D", AlarmKind.DEVIATION, reference="C", limit=30.0, deadband=2.0, suppress_when="H > 55"),
    alarm("E", AlarmKind.RATE_OF_CHANGE, limit=8.0, rate_s=4.0),
    alarm("E", AlarmKind.FROZEN, frozen_s=5.0, deadband=0.5),
    alarm("F", AlarmKind.DEVIATION, reference="A", limit_tag="D"),
    alarm("G", AlarmKind.DISCREPANCY, reference="H", limit=10.0, on_delay_s=2.0, off_delay_s=1.0),
    alarm("H", AlarmKind.DISCRETE, states=(48, 52)),
)


class Twins:
    """Two engines of the same alarms; one behind a gate."""

    def __init__(self, alarms: Sequence[AlarmDefinition] = ALARMS) -> None:
        self.plain, self.sifted = (self._engine(alarms) for _ in range(2))
        self.values: dict[str, Sample] = {}
        self.gate = AlarmGate(self.sifted, TAGS, self.values.get)
        self.now_ns = T0
        self.taken = self.heard = self.changes = 0

    @staticmethod
    def _engine(alarms: Sequence[AlarmDefinition]) -> AlarmEngine:
        numbers = itertools.count()
        return AlarmEngine(alarms, lambda: str(next(numbers)))

    def compare(self, act: Callable[[AlarmEngine], list[AlarmTransition]]) -> None:
        found = act(self.sifted)
        assert found == act(self.plain)
        self._compare_states(found)

    def take(self, batch: SampleBatch) -> None:
        samples = one_by_one(batch, TYPES)
        lively = self.gate.sift(batch, None, self.now_ns)
        self.values.update((NAMES[slot], sample) for slot, sample in samples)
        chosen = [each for each, heard in zip(samples, lively.tolist(), strict=True) if heard]
        found = [each for slot, sample in chosen for each in self.gate.process(slot, sample, self.now_ns)]
        self.gate.settle({slot for slot, _ in chosen})
        wanted = [each for slot, sample in samples for each in self.plain.process(NAMES[slot], sample, self.now_ns)]
        assert found == wanted
        self._compare_states(found)
        self.taken += len(samples)
        self.heard += len(chosen)

    def take_one(self, slot: int, sample: Sample) -> None:
        self.gate.prepare(slot)
        self.values[NAMES[slot]] = sample
        found = self.gate.process(slot, sample, self.now_ns)
        assert found == self.plain.process(NAMES[slot], sample, self.now_ns)
        self._compare_states(found)

    def _compare_states(self, found: list[AlarmTransition]) -> None:
        self.changes += len(found)
        assert self.sifted.next_due_ns == self.plain.next_due_ns
        assert self.sifted.snapshots() == self.plain.snapshots()


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("step", [0.05, 0.5, 3.0])
def test_a_gate_keeps_away_only_what_changes_nothing(seed: int, step: float) -> None:
    random = np.random.default_rng(seed)
    twins = Twins()
    walk = np.full(len(NAMES), 50.0)
    for _ in range(400):
        twins.now_ns += int(random.integers(1, SECOND_NS))
        if random.random() < 0.5:
            twins.compare(lambda engine: engine.tick(twins.now_ns))
        count = int(random.integers(1, 12))
        slots = random.integers(0, len(NAMES), count)
        values = []
        for slot in slots.tolist():
            walk[slot] = np.clip(walk[slot] + random.normal(0, step) * (random.random() < 0.8), 30, 70)
            values.append(round(float(walk[slot]), 1) if slot != 7 else float(round(walk[slot])))
        statuses = random.choice([st.GOOD] * 98 + [st.BAD_SENSOR_FAILURE, st.UNCERTAIN], count)
        source = twins.now_ns - random.integers(0, 1000, count)
        source.sort()
        batch = SampleBatch(slots.astype(np.uint32), np.array(values), statuses.astype(np.uint32), source, twins.now_ns)
        if random.random() < 0.1:
            for slot, sample in one_by_one(batch, TYPES):
                twins.take_one(slot, sample)
        else:
            twins.take(batch)
        if random.random() < 0.02:
            twins.gate.wake()
            twins.compare(lambda engine: engine.reconsider(twins.now_ns))
    if step == 0.05:
        assert twins.heard < 0.8 * twins.taken
    else:
        assert twins.changes > 30


def test_alarms_that_stand_wait_or_compare_are_quiet_and_one_that_changes_draws_in_no_other() -> None:
    twins = Twins([each for each in ALARMS if each.tag != "F"])  # it looks at three tags: each change is heard

    def batch(**values: float) -> None:
        twins.now_ns += SECOND_NS
        slots = [NAMES.index(name) for name in values]
        numbers, times = np.array(list(values.values())), np.full(len(slots), twins.now_ns)
        twins.take(
            SampleBatch(np.array(slots, np.uint32), numbers, np.zeros(len(slots), np.uint32), times, twins.now_ns)
        )
        twins.compare(lambda engine: engine.tick(twins.now_ns))

    calm = {"A": 61.0, "B": 45.0, "C": 47.0, "D": 42.0, "F": 50.0}
    for _ in range(8):
        batch(**calm)  # A.H is pending, then stands; B.H, C.DEV and D.DEV compare
    twins.heard = 0
    batch(**calm | {"A": 57.0, "B": 46.5, "C": 48.0})
    assert twins.heard == 0
    batch(**calm | {"A": 54.0, "B": 45.5, "C": 47.0})
    assert twins.heard == 1  # the off-delay of A.H begins
    batch(**calm | {"A": 53.0, "B": 46.0, "C": 45.0})
    assert twins.heard == 1 + 2  # B is above C, whatever else each of them is
