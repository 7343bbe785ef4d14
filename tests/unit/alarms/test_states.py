"""The table is total, and no sequence of events leaves the documented states."""

from itertools import product
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as hs
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.alarms import AlarmEngine, AlarmRefused, By
from app.alarms.states import TRANSITIONS, AlarmInput
from app.model import status as st
from app.model.alarm import AlarmDefinition, AlarmEventKind, AlarmKind, AnnunciationState, Priority, Suppression
from app.model.clock import SECOND_NS
from app.model.sample import Sample
from app.model.text import LocalText

A, B, C, D, E, F = AnnunciationState

DOCUMENTED = {
    (A, AlarmEventKind.ALARM): {B, C},
    (B, AlarmEventKind.ACKNOWLEDGE): {C},
    (B, AlarmEventKind.RETURN): {A, D},
    (C, AlarmEventKind.RETURN): {A},
    (D, AlarmEventKind.ACKNOWLEDGE): {A},
    (D, AlarmEventKind.ALARM): {B},
}

STANDARD = """
    A ACTIVATE ack B      A ACTIVATE no C
    B ACKNOWLEDGE any C   B CLEAR ack D         B CLEAR no A      B CLEAR latched E   B ESCALATE any B
    C CLEAR any A         C CLEAR latched F     C REALARM ack B
    D ACKNOWLEDGE any A   D ACTIVATE ack B      D ACTIVATE no C
    E ACKNOWLEDGE any F   E ACTIVATE ack B      E ACTIVATE no C
    F RESET any A         F ACTIVATE ack B      F ACTIVATE no C
"""
"""From, event, whom it concerns (latched stands before the others), to; all else changes nothing."""


def _standard() -> dict[tuple[str, str, str], str]:
    words = STANDARD.split()
    return {(words[n], words[n + 1], words[n + 2]): words[n + 3] for n in range(0, len(words), 4)}


@pytest.mark.parametrize(
    ("state", "event", "required", "latched"),
    list(product(AnnunciationState, AlarmInput, (True, False), (True, False))),
)
def test_what_follows_is_what_the_standard_says(
    state: AnnunciationState, event: AlarmInput, required: bool, latched: bool
) -> None:
    letters = dict(zip(AnnunciationState, "ABCDEF", strict=True))
    concerned = [*(["latched"] if latched else []), "ack" if required else "no", "any"]
    found = (_standard().get((letters[state], event.name, whom)) for whom in concerned)
    row = TRANSITIONS[state, event, required, latched]
    assert (letters[row.to] if row else None) == next(filter(None, found), None)
    if row is not None:
        assert row.new_occurrence == (event in {AlarmInput.ACTIVATE, AlarmInput.REALARM})


class AlarmLife(RuleBasedStateMachine):
    """Samples, bad ones, suppression, time, acknowledgements and restarts in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_700_000_000 * SECOND_NS
        self.value = 0.0
        self.events: set[str] = set()
        self.engine = self._make()

    @staticmethod
    def _make() -> AlarmEngine:
        common: dict[str, Any] = {"tag": "T", "priority": Priority.HIGH, "text": LocalText("t")}
        return AlarmEngine(
            [
                AlarmDefinition(
                    id="T.H", kind=AlarmKind.HIGH, limit=10.0, deadband=2.0, on_delay_s=2, off_delay_s=3, **common
                ),
                AlarmDefinition(id="T.HH", kind=AlarmKind.HIGH_HIGH, limit=20.0, suppress_when="S > 0", **common),
                AlarmDefinition(id="T.L", kind=AlarmKind.LOW, limit=2.0, ack_required=False, **common),
                AlarmDefinition(id="T.BAD", kind=AlarmKind.BAD_QUALITY, **common),
            ]
        )

    def _check(self, transitions: object) -> None:
        assert isinstance(transitions, list)
        for each in transitions:
            after = each.snapshot
            suppressed = bool(after.suppression)
            if each.kind in {AlarmEventKind.SUPPRESS, AlarmEventKind.UNSUPPRESS} or suppressed:
                assert after.state is A
                if each.kind is not AlarmEventKind.ALARM:
                    continue
            else:
                assert after.state in DOCUMENTED[each.before, each.kind], each
            if each.kind is AlarmEventKind.ALARM:
                assert after.event_id not in self.events
                self.events.add(after.event_id)

    @rule(value=hs.sampled_from([0.0, 1.9, 5.0, 9.0, 10.5, 12.0, 25.0]))
    def sample(self, value: float) -> None:
        self.value = value
        self._check(self.engine.process("T", Sample(value, st.GOOD, self.now, self.now), self.now))

    @rule(status=hs.sampled_from([st.BAD_SENSOR_FAILURE, st.BAD_NO_COMMUNICATION]))
    def bad(self, status: int) -> None:
        before = {s.id: s for s in self.engine.snapshots()}
        due = self.engine.next_due_ns
        transitions = self.engine.process("T", Sample(self.value, status, self.now, self.now), self.now)
        self._check(transitions)
        if due is None or due > self.now:
            assert all(each.definition.kind is AlarmKind.BAD_QUALITY for each in transitions)
            after = {s.id: s for s in self.engine.snapshots()}
            assert {k: v for k, v in before.items() if k != "T.BAD"} == {k: v for k, v in after.items() if k != "T.BAD"}

    @rule(on=hs.booleans(), good=hs.booleans())
    def suppression(self, on: bool, good: bool) -> None:
        status = st.GOOD if good else st.BAD
        transitions = self.engine.process("S", Sample(float(on), status, self.now, self.now), self.now)
        assert good or not transitions
        self._check(transitions)

    @rule(seconds=hs.integers(0, 5))
    def wait(self, seconds: int) -> None:
        self.now += seconds * SECOND_NS
        self._check(self.engine.tick(self.now))
        due = self.engine.next_due_ns
        assert due is None or due > self.now

    @rule(name=hs.sampled_from(["T.H", "T.HH", "T.L", "T.BAD"]), current=hs.booleans())
    def acknowledge(self, name: str, current: bool) -> None:
        snapshot = self.engine.snapshot(name)
        assert snapshot is not None
        event = snapshot.event_id if current else "another"
        if snapshot.unacknowledged and current:
            self._check(self.engine.actions.acknowledge(name, event, By(self.now, "wang", "d1")))
        else:
            with pytest.raises(AlarmRefused):
                self.engine.actions.acknowledge(name, event, By(self.now, "wang", "d1"))

    @rule()
    def restart(self) -> None:
        before = self.engine.snapshots()
        self.engine = self._make()
        assert self.engine.restore(before) == []
        assert self.engine.snapshots() == before

    @invariant()
    def states_agree_with_conditions(self) -> None:
        for each in self.engine.snapshots():
            if Suppression.DESIGN in each.suppression:
                assert each.state is A
            else:
                assert each.active == (each.state in {B, C})


TestAlarmLife = AlarmLife.TestCase
TestAlarmLife.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
