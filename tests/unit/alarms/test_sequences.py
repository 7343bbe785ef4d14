"""No sequence of events leaves the documented states, clears by bad quality, skips a sample, or annunciates twice."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as hs
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.alarms import AlarmEngine, AlarmRefused, By, with_connection_alarms
from app.model import status as st
from app.model.alarm import AlarmDefinition, AlarmEventKind, AlarmKind, AnnunciationState, Priority, Suppression
from app.model.alarm_state import AlarmTransition
from app.model.clock import SECOND_NS
from app.model.connection import Connection, Protocol_
from app.model.sample import Sample
from app.model.text import LocalText

A, B, C, D, E, F = AnnunciationState
KIND = AlarmEventKind
T0 = 1_700_000_000 * SECOND_NS

DOCUMENTED = {
    (A, KIND.ALARM): {B, C},
    (B, KIND.ACKNOWLEDGE): {C},
    (B, KIND.RETURN): {A, D, E},
    (B, KIND.ESCALATE): {B},
    (C, KIND.RETURN): {A, F},
    (C, KIND.REALARM): {B},
    (D, KIND.ACKNOWLEDGE): {A},
    (D, KIND.ALARM): {B, C},
    (E, KIND.ACKNOWLEDGE): {F},
    (E, KIND.ALARM): {B, C},
    (F, KIND.RESET): {A},
    (F, KIND.ALARM): {B, C},
    **{(state, KIND.COMMENT): {state} for state in AnnunciationState},
    **{(state, KIND.CHANGE): {state} for state in AnnunciationState},
}
INTO_THE_SET = {KIND.SUPPRESS, KIND.SHELVE, KIND.OUT_OF_SERVICE}
OUT_OF_THE_SET = {KIND.UNSUPPRESS, KIND.UNSHELVE, KIND.IN_SERVICE}
ONLY_HIDDEN = frozenset({Suppression.COMMUNICATION})

PLC = Connection("plc", Protocol_.OPCUA, "opc.tcp://127.0.0.1")
COMMON: dict[str, Any] = {"tag": "T", "priority": Priority.HIGH, "text": LocalText("t"), "connection": "plc"}
DEFINITIONS = with_connection_alarms(
    [
        AlarmDefinition(
            id="T.H", kind=AlarmKind.HIGH, limit=10.0, deadband=2.0, on_delay_s=2, off_delay_s=3, realarm_s=6,
            first_out="g", **COMMON,
        ),
        AlarmDefinition(
            id="T.HH", kind=AlarmKind.HIGH_HIGH, limit=20.0, suppress_when="S > 0", latched=True, escalate_s=4,
            first_out="g", **COMMON,
        ),
        AlarmDefinition(id="T.L", kind=AlarmKind.LOW, limit=2.0, ack_required=False, **COMMON),
        AlarmDefinition(id="T.LL", kind=AlarmKind.LOW_LOW, limit=1.0, ack_required=False, latched=True, **COMMON),
        AlarmDefinition(id="T.BAD", kind=AlarmKind.BAD_QUALITY, **COMMON),
    ],
    [PLC],
)  # fmt: skip
NAMES = [each.id for each in DEFINITIONS]
VARIANTS = [
    DEFINITIONS,
    [replace(each, latched=not each.latched, ack_required=not each.ack_required) for each in DEFINITIONS],
    [replace(each, suppress_when="", limit=each.limit and each.limit + 1, first_out="") for each in DEFINITIONS],
]
VALUES = [0.0, 1.5, 5.0, 9.0, 10.5, 12.0, 25.0]


class AlarmLife(RuleBasedStateMachine):
    """Samples, bad ones, losses of the connection, suppressions of every kind, time, operators and restarts."""

    def __init__(self) -> None:
        super().__init__()
        self.now = T0
        self.value = 0.0
        self.events: set[str] = set()
        self.definitions: Sequence[AlarmDefinition] = DEFINITIONS
        self.last: dict[str, Sample] = {}
        self.engine = AlarmEngine(DEFINITIONS)

    def process(self, tag: str, value: float, status: int) -> list[AlarmTransition]:
        self.last[tag] = Sample(value, status, self.now, self.now)
        return self.engine.process(tag, self.last[tag], self.now)

    def check(self, transitions: Sequence[AlarmTransition]) -> None:
        for each in transitions:
            after = each.snapshot
            hidden = bool(after.suppression - ONLY_HIDDEN)
            if hidden:
                assert after.state is A
            elif each.kind in INTO_THE_SET | OUT_OF_THE_SET:
                assert after.state is each.before
            elif each.kind is KIND.RETURN and each.before is A:
                assert after.state is A  # of an occurrence that was hidden when it began
            else:
                assert after.state in DOCUMENTED[each.before, each.kind], each
            if each.kind.begins_occurrence:
                assert after.event_id not in self.events
                self.events.add(after.event_id)

    def act(self, *wanted: bool) -> Any:
        """Return a context in which an action succeeds where all of these hold, and else is refused."""
        return _Allowed() if all(wanted) else pytest.raises(AlarmRefused)

    def by(self, comment: str = "why") -> By:
        return By(self.now, "wang", "d1", comment)

    @rule(value=hs.sampled_from(VALUES))
    def sample(self, value: float) -> None:
        self.value = value
        self.check(self.process("T", value, st.GOOD))

    @rule(status=hs.sampled_from([st.BAD_SENSOR_FAILURE, st.BAD_NO_COMMUNICATION]))
    def bad(self, status: int) -> None:
        self.check(self.engine.tick(self.now))
        before = {name: self.engine.snapshot(name) for name in NAMES}
        transitions = self.process("T", self.value, status)
        self.check(transitions)
        told = {KIND.UNSUPPRESS} if status == st.BAD_SENSOR_FAILURE else set()
        for each in transitions:
            assert each.definition.kind is AlarmKind.BAD_QUALITY or each.kind in {*told, KIND.ALARM}
        for name in set(NAMES) - {"T.BAD"}:
            was, now = before[name], self.engine.snapshot(name)
            assert was is not None
            assert now is not None
            assert was.active == now.active

    @rule(on=hs.booleans(), good=hs.booleans())
    def suppression(self, on: bool, good: bool) -> None:
        status = st.GOOD if good else st.BAD
        transitions = self.process("S", float(on), status)
        assert good or not transitions
        self.check(transitions)

    @rule(lost=hs.booleans())
    def connection(self, lost: bool) -> None:
        self.check(self.engine.connection_changed("plc", lost, self.now))

    @rule(seconds=hs.integers(0, 5))
    def wait(self, seconds: int) -> None:
        self.now += seconds * SECOND_NS
        self.check(self.engine.tick(self.now))
        due = self.engine.next_due_ns
        assert due is None or due > self.now

    @rule(name=hs.sampled_from(NAMES), current=hs.booleans())
    def acknowledge(self, name: str, current: bool) -> None:
        shot = self.engine.snapshot(name)
        assert shot is not None
        with self.act(current, shot.unacknowledged):
            event = shot.event_id if current else "another"
            self.check(self.engine.actions.acknowledge(name, event, self.by()))

    @rule(name=hs.sampled_from(NAMES))
    def reset(self, name: str) -> None:
        shot = self.engine.snapshot(name)
        assert shot is not None
        with self.act(shot.state is F):
            self.check(self.engine.actions.reset(name, shot.event_id, self.by()))

    @rule(name=hs.sampled_from(NAMES), duration_s=hs.sampled_from([None, 3.0, 28_801.0]), reason=hs.booleans())
    def shelve(self, name: str, duration_s: float | None, reason: bool) -> None:
        shot = self.engine.snapshot(name)
        assert shot is not None
        with self.act(duration_s != 28_801.0, reason, shot.shelved is None, shot.service is None):
            by = self.by("noise" if reason else "")
            self.check(self.engine.actions.shelve(name, shot.event_id, by, duration_s))

    @rule(name=hs.sampled_from(NAMES))
    def unshelve(self, name: str) -> None:
        shot = self.engine.snapshot(name)
        assert shot is not None
        with self.act(shot.shelved is not None):
            self.check(self.engine.actions.unshelve(name, self.by()))

    @rule(name=hs.sampled_from(NAMES), permit=hs.sampled_from(["P-1", ""]))
    def remove_from_service(self, name: str, permit: str) -> None:
        shot = self.engine.snapshot(name)
        assert shot is not None
        with self.act(bool(permit), shot.service is None):
            self.check(self.engine.actions.remove_from_service(name, "", self.by(), permit, ""))

    @rule(name=hs.sampled_from(NAMES))
    def return_to_service(self, name: str) -> None:
        shot = self.engine.snapshot(name)
        assert shot is not None
        with self.act(shot.service is not None):
            self.check(self.engine.actions.return_to_service(name, self.by()))

    @rule(definitions=hs.sampled_from(VARIANTS))
    def redefine(self, definitions: Sequence[AlarmDefinition]) -> None:
        """Take other definitions; one that loses its suppression by design returns, and begins anew."""
        self.definitions = definitions
        for each in self.engine.redefine(definitions, self.last.get, self.now):
            assert each.kind is KIND.RETURN
            assert each.snapshot.code == "NORM"
        self.check(self.engine.reconsider(self.now))

    @rule()
    def restart(self) -> None:
        before = self.engine.snapshots()
        self.engine = AlarmEngine(self.definitions)
        assert self.engine.restore(before) == []
        assert self.engine.snapshots() == before

    @invariant()
    def states_agree_with_conditions_and_sets(self) -> None:
        firsts = 0
        for each in self.engine.snapshots():
            if each.suppression - ONLY_HIDDEN:
                assert each.state is A
            elif not each.suppression:
                assert each.active == (each.state in {B, C})
            assert (Suppression.SHELVED in each.suppression) == (each.shelved is not None)
            assert (Suppression.OUT_OF_SERVICE in each.suppression) == (each.service is not None)
            assert each.shelved is None or each.service is None
            firsts += each.first_out
        assert firsts <= 1


class _Allowed:
    def __enter__(self) -> None:
        """Nothing is expected."""

    def __exit__(self, *_what: object) -> None:
        """Let what was raised go on."""


TestAlarmLife = AlarmLife.TestCase
TestAlarmLife.settings = settings(max_examples=150, stateful_step_count=50, deadline=None)

STEPS = hs.lists(
    hs.one_of(
        hs.tuples(hs.just("good"), hs.sampled_from(VALUES)),
        hs.tuples(hs.just("bad"), hs.sampled_from(VALUES)),
        hs.tuples(hs.just("shelve"), hs.just(0.0)),
        hs.tuples(hs.just("unshelve"), hs.just(0.0)),
        hs.tuples(hs.just("acknowledge"), hs.just(0.0)),
    ),
    max_size=60,
)


@given(STEPS)
def test_every_good_sample_counts_and_no_bad_one_whatever_operators_do(steps: list[tuple[str, float]]) -> None:
    """The journal has each crossing of the limit, in order, shelved or not; without delay or deadband."""
    definition = AlarmDefinition("T.H", "T", AlarmKind.HIGH, Priority.HIGH, LocalText("t"), limit=10.0)
    engine, met, expected, told = AlarmEngine([definition]), False, [], []
    for number, (what, value) in enumerate(steps):
        now = T0 + number * SECOND_NS
        by, shot = By(now, "wang", "d", "why"), engine.snapshot("T.H")
        assert shot is not None
        transitions: list[AlarmTransition] = []
        if what in {"good", "bad"}:
            status = st.GOOD if what == "good" else st.BAD_SENSOR_FAILURE
            transitions = engine.process("T", Sample(value, status, now, now), now)
            if what == "good" and (value > 10) != met:
                met = value > 10
                expected.append((now, "ALM" if met else "RTN"))
        elif what == "shelve" and shot.shelved is None:
            transitions = engine.actions.shelve("T.H", "", by, 3600)
        elif what == "unshelve" and shot.shelved is not None:
            left, *again = engine.actions.unshelve("T.H", by)
            assert [each.kind.value for each in again] == (["ALM"] if met else [])  # anew, not by a sample
            assert left.journalled
        elif what == "acknowledge" and shot.unacknowledged:
            transitions = engine.actions.acknowledge("T.H", shot.event_id, by)
        told += [(each.source_ns, each.kind.value) for each in transitions if each.journalled]
        now_shot = engine.snapshot("T.H")
        assert now_shot is not None
        assert now_shot.active == met
    assert [each for each in told if each[1] in {"ALM", "RTN"}] == expected
