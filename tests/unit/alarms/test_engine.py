"""Conditions, delays, quality, acknowledgement, suppression and restart, one by one."""

from dataclasses import replace
from typing import Any

import pytest

from app.alarms import AlarmEngine, AlarmRefusal, AlarmRefused, By, journal_row, with_connection_alarms
from app.model import status as st
from app.model.alarm import AlarmDefinition, AlarmEventKind, AlarmKind, AnnunciationState, Priority
from app.model.alarm_state import AlarmTransition
from app.model.clock import SECOND_NS
from app.model.connection import Connection, Protocol_
from app.model.sample import Sample, Value
from app.model.text import LocalText

T0 = 1_700_000_000 * SECOND_NS


def definition(kind: AlarmKind, limit: float | None = None, **more: Any) -> AlarmDefinition:
    return AlarmDefinition(
        id=f"T.{kind.value}",
        tag="T",
        kind=kind,
        priority=Priority.HIGH,
        text=LocalText("en", "zh"),
        limit=limit,
        **more,
    )


def feed(
    engine: AlarmEngine, value: Value, at_s: float, status: int = st.GOOD, lag_s: float = 0.0
) -> list[AlarmTransition]:
    now = T0 + round(at_s * SECOND_NS)
    return engine.process("T", Sample(value, status, now - round(lag_s * SECOND_NS), now), now)


def kinds(transitions: list[AlarmTransition]) -> list[str]:
    return [each.kind.value for each in transitions]


def test_high_with_deadband_takes_the_time_of_the_source() -> None:
    engine = AlarmEngine([definition(AlarmKind.HIGH, 10.0, deadband=2.0)])
    assert feed(engine, 10.0, 0) == []
    [alarm] = feed(engine, 10.1, 1, lag_s=0.25)
    assert alarm.kind is AlarmEventKind.ALARM
    assert alarm.snapshot.time_in_ns == alarm.source_ns == T0 + 750_000_000
    assert alarm.receive_ns == T0 + SECOND_NS
    assert (alarm.snapshot.value, alarm.snapshot.state) == (10.1, AnnunciationState.UNACKNOWLEDGED)
    assert feed(engine, 8.1, 2) == []
    [back] = feed(engine, 8.0, 3)
    assert back.snapshot.state is AnnunciationState.RETURNED
    assert back.snapshot.event_id == alarm.snapshot.event_id
    assert back.snapshot.time_out_ns == T0 + 3 * SECOND_NS
    [again] = feed(engine, 11.0, 4)
    assert again.snapshot.event_id != alarm.snapshot.event_id
    assert again.snapshot.count == 2


def test_low_mirrors_high() -> None:
    engine = AlarmEngine([definition(AlarmKind.LOW, 10.0, deadband=2.0)])
    assert feed(engine, 10.0, 0) == []
    assert kinds(feed(engine, 9.9, 1)) == ["ALM"]
    assert feed(engine, 11.9, 2) == []
    assert kinds(feed(engine, 12.0, 3)) == ["RTN"]


def test_on_delay_needs_the_condition_throughout_and_ends_by_itself() -> None:
    engine = AlarmEngine([definition(AlarmKind.HIGH, 10.0, on_delay_s=5.0)])
    assert feed(engine, 11.0, 0) == []
    due = engine.next_due_ns
    assert due == T0 + 5 * SECOND_NS
    assert feed(engine, 9.0, 4) == []
    due = engine.next_due_ns
    assert due is None
    assert feed(engine, 11.0, 5) == []
    assert engine.tick(T0 + 9 * SECOND_NS) == []
    [alarm] = engine.tick(T0 + 10 * SECOND_NS)
    assert alarm.snapshot.time_in_ns == T0 + 5 * SECOND_NS
    due = engine.next_due_ns
    assert due is None


def test_a_delay_that_ended_before_the_next_sample_is_not_lost() -> None:
    engine = AlarmEngine([definition(AlarmKind.HIGH, 10.0, on_delay_s=5.0)])
    feed(engine, 11.0, 0)
    assert kinds(feed(engine, 9.0, 6)) == ["ALM", "RTN"]


def test_off_delay_bridges_a_short_return() -> None:
    engine = AlarmEngine([definition(AlarmKind.HIGH, 10.0, off_delay_s=5.0)])
    feed(engine, 11.0, 0)
    assert feed(engine, 9.0, 1) == []
    assert feed(engine, 11.0, 3) == []
    assert feed(engine, 9.0, 4) == []
    assert kinds(engine.tick(T0 + 9 * SECOND_NS)) == ["RTN"]


def test_bad_quality_neither_raises_nor_clears_a_limit() -> None:
    engine = AlarmEngine([definition(AlarmKind.HIGH, 10.0)])
    assert feed(engine, 99.0, 0, st.BAD_SENSOR_FAILURE) == []
    feed(engine, 11.0, 1)
    assert feed(engine, 0.0, 2, st.BAD_SENSOR_FAILURE) == []
    assert feed(engine, float("nan"), 3) == []
    assert kinds(feed(engine, 0.0, 4, st.UNCERTAIN_SENSOR_NOT_ACCURATE)) == ["RTN"]


def test_bad_quality_drops_a_delay_that_runs() -> None:
    engine = AlarmEngine([definition(AlarmKind.HIGH, 10.0, on_delay_s=5.0)])
    feed(engine, 11.0, 0)
    feed(engine, 11.0, 1, st.BAD_SENSOR_FAILURE)
    assert engine.tick(T0 + 60 * SECOND_NS) == []


@pytest.mark.parametrize(("states", "limit"), [((4, 5), None), ((), 4.0)])
def test_discrete(states: tuple[int, ...], limit: float | None) -> None:
    engine = AlarmEngine([definition(AlarmKind.DISCRETE, limit, states=states)])
    assert feed(engine, 2, 0) == []
    assert kinds(feed(engine, 4, 1)) == ["ALM"]
    assert feed(engine, "text", 2) == []
    assert kinds(feed(engine, 0, 3)) == ["RTN"]


def test_bad_value_is_an_alarm_of_its_own_but_not_when_the_connection_is_the_cause() -> None:
    engine = AlarmEngine([definition(AlarmKind.BAD_QUALITY, connection="plc")])
    for status in (st.BAD_NO_COMMUNICATION, st.BAD_WAITING_FOR_INITIAL_DATA, st.BAD_NOT_CONNECTED):
        assert feed(engine, 1.0, 0, status) == []
    engine.connection_changed("plc", True, T0)
    assert feed(engine, 1.0, 1, st.BAD_COMMUNICATION_ERROR) == []
    engine.connection_changed("plc", False, T0)
    assert kinds(feed(engine, 1.0, 2, st.BAD_SENSOR_FAILURE)) == ["ALM"]
    assert feed(engine, 1.0, 3, st.BAD_NO_COMMUNICATION) == []
    assert kinds(feed(engine, 1.0, 4)) == ["RTN"]


def test_a_lost_connection_is_one_alarm() -> None:
    connection = Connection("plc", Protocol_.OPCUA, "opc.tcp://127.0.0.1", LocalText("PLC", "控制器"))
    tags = [
        replace(definition(AlarmKind.BAD_QUALITY, connection="plc"), id=f"T{n}.BAD", tag=f"T{n}") for n in range(50)
    ]
    engine = AlarmEngine(with_connection_alarms(tags, [connection]))
    result = engine.connection_changed("plc", True, T0)
    for n in range(50):
        result += engine.process(f"T{n}", Sample(1.0, st.BAD_NO_COMMUNICATION, T0, T0), T0)
    result += engine.tick(T0 + 10 * SECOND_NS)
    assert [each.definition.id for each in result] == ["plc.COMM"]
    result = engine.connection_changed("plc", False, T0 + 20 * SECOND_NS)
    for n in range(50):
        result += engine.process(f"T{n}", Sample(1.0, st.GOOD, T0, T0), T0 + 20 * SECOND_NS)
    result += engine.tick(T0 + 30 * SECOND_NS)
    assert kinds(result) == ["RTN"]


def test_a_configured_connection_alarm_is_kept() -> None:
    own = AlarmDefinition("x", "", AlarmKind.CONNECTION, Priority.LOW, LocalText("x"), connection="plc")
    connection = Connection("plc", Protocol_.OPCUA, "opc.tcp://127.0.0.1")
    assert with_connection_alarms([own], [connection]) == (own,)


def test_acknowledge_before_and_after_the_return() -> None:
    engine = AlarmEngine([definition(AlarmKind.HIGH, 10.0)])
    [alarm] = feed(engine, 11.0, 0)
    [ack] = engine.actions.acknowledge("T.H", alarm.snapshot.event_id, By(T0 + SECOND_NS, "wang", "desk1", "seen"))
    assert ack.snapshot.state is AnnunciationState.ACKNOWLEDGED
    assert (ack.user, ack.desk, ack.comment, ack.snapshot.acknowledged_by) == ("wang", "desk1", "seen", "wang")
    assert kinds(feed(engine, 9.0, 2)) == ["RTN"]
    assert engine.snapshots() == []
    [alarm] = feed(engine, 11.0, 3)
    assert alarm.snapshot.acknowledged_by == ""
    feed(engine, 9.0, 4)
    [ack] = engine.actions.acknowledge("T.H", alarm.snapshot.event_id, By(T0 + 5 * SECOND_NS, "li", "desk1"))
    assert ack.snapshot.state is AnnunciationState.NORMAL


def test_refusals_say_why() -> None:
    engine = AlarmEngine(
        [definition(AlarmKind.HIGH, 10.0), replace(definition(AlarmKind.LOW, 5.0), ack_required=False)]
    )

    def refused(alarm: str, event: str) -> AlarmRefused:
        with pytest.raises(AlarmRefused) as caught:
            engine.actions.acknowledge(alarm, event, By(T0, "li", "desk2"))
        assert caught.value.text.en
        assert caught.value.text.zh
        return caught.value

    assert refused("none", "x").reason is AlarmRefusal.UNKNOWN_ALARM
    assert refused("T.H", "").reason is AlarmRefusal.STALE_EVENT
    [first] = feed(engine, 11.0, 0)
    feed(engine, 9.0, 1)
    [second] = feed(engine, 11.0, 2)
    assert refused("T.H", first.snapshot.event_id).reason is AlarmRefusal.STALE_EVENT
    engine.actions.acknowledge("T.H", second.snapshot.event_id, By(T0, "wang", "desk1"))
    again = refused("T.H", second.snapshot.event_id)
    assert again.reason is AlarmRefusal.ALREADY_ACKNOWLEDGED
    assert "already acknowledged by wang" in str(again)
    [_, low] = feed(engine, 1.0, 3)
    assert low.snapshot.state is AnnunciationState.ACKNOWLEDGED
    assert refused("T.L", low.snapshot.event_id).reason is AlarmRefusal.NOT_REQUIRED


def test_suppressed_by_design_is_journalled_and_annunciates_anew_afterwards() -> None:
    engine = AlarmEngine([definition(AlarmKind.HIGH, 10.0, suppress_when="STEP != 1")])

    def step(value: float, status: int = st.GOOD) -> list[AlarmTransition]:
        return engine.process("STEP", Sample(value, status, T0, T0), T0)

    assert step(1) == []
    [alarm] = feed(engine, 11.0, 0)
    assert kinds(step(2)) == ["SUPPRESS"]
    assert step(1, st.BAD) == []
    assert [each.state for each in engine.snapshots()] == [AnnunciationState.NORMAL]
    assert kinds(feed(engine, 9.0, 1)) == ["RTN"]
    assert kinds(feed(engine, 11.0, 2)) == ["ALM"]
    off, on = step(1)
    assert (off.kind, on.kind) == (AlarmEventKind.UNSUPPRESS, AlarmEventKind.ALARM)
    assert on.snapshot.state is AnnunciationState.UNACKNOWLEDGED
    assert on.snapshot.event_id != alarm.snapshot.event_id


def test_a_delay_runs_on_while_suppressed() -> None:
    engine = AlarmEngine([definition(AlarmKind.HIGH, 10.0, on_delay_s=15.0, suppress_when="STEP != 1")])

    def step(value: float, at_s: float) -> list[str]:
        now = T0 + round(at_s * SECOND_NS)
        return kinds(engine.process("STEP", Sample(value, st.GOOD, now, now), now))

    step(2, 0)
    assert feed(engine, 11.0, 0) == []
    assert step(1, 10) == ["UNSUPPRESS"]  # the delay is not over: nothing to annunciate yet
    [alarm] = engine.tick(T0 + 15 * SECOND_NS)
    assert (alarm.kind, alarm.snapshot.state) == (AlarmEventKind.ALARM, AnnunciationState.UNACKNOWLEDGED)
    assert alarm.snapshot.time_in_ns == T0
    step(2, 20)
    feed(engine, 9.0, 20)
    feed(engine, 11.0, 30)
    [hidden] = engine.tick(T0 + 45 * SECOND_NS)
    assert (hidden.kind, hidden.snapshot.state) == (AlarmEventKind.ALARM, AnnunciationState.NORMAL)
    assert step(1, 50) == ["UNSUPPRESS", "ALM"]  # it is over: at once, without a second delay


def test_suppression_that_hides_nothing_is_not_journalled() -> None:
    engine = AlarmEngine([definition(AlarmKind.HIGH, 10.0, suppress_when="STEP != 1")])

    def step(value: float) -> list[tuple[str, bool]]:
        now = Sample(value, st.GOOD, T0, T0)
        return [(each.kind.value, each.journalled) for each in engine.process("STEP", now, T0)]

    assert step(2) == [("SUPPRESS", False)]
    assert step(1) == [("UNSUPPRESS", False)]
    [alarm] = feed(engine, 11.0, 0)
    engine.actions.acknowledge("T.H", alarm.snapshot.event_id, By(T0, "wang", "d"))
    feed(engine, 9.0, 1)
    assert step(2) == [("SUPPRESS", False)]  # what happened before it and is over, it does not hide
    assert step(1) == [("UNSUPPRESS", False)]


@pytest.mark.parametrize(("active", "acknowledged"), [(True, True), (True, False), (False, False)])
def test_suppression_that_hides_an_alarm_is_journalled_at_both_ends(active: bool, acknowledged: bool) -> None:
    engine = AlarmEngine([definition(AlarmKind.HIGH, 10.0, suppress_when="STEP != 1")])
    [alarm] = feed(engine, 11.0, 0)
    if acknowledged:
        engine.actions.acknowledge("T.H", alarm.snapshot.event_id, By(T0, "wang", "d"))
    if not active:
        feed(engine, 9.0, 1)
    [entered] = engine.process("STEP", Sample(2, st.GOOD, T0, T0), T0)
    assert entered.journalled
    assert entered.comment == "STEP != 1"
    again = AlarmEngine([definition(AlarmKind.HIGH, 10.0, suppress_when="STEP != 1")])
    again.restore(engine.snapshots())  # also after a restart
    left = again.process("STEP", Sample(1, st.GOOD, T0, T0), T0)
    assert kinds(left) == (["UNSUPPRESS", "ALM"] if active else ["UNSUPPRESS"])
    assert all(each.journalled for each in left)


def test_what_happened_while_suppressed_tells_its_end_too() -> None:
    engine = AlarmEngine([definition(AlarmKind.HIGH, 10.0, suppress_when="STEP != 1")])
    engine.process("STEP", Sample(2, st.GOOD, T0, T0), T0)
    assert all(each.journalled for each in feed(engine, 11.0, 0) + feed(engine, 9.0, 1))
    [left] = engine.process("STEP", Sample(1, st.GOOD, T0, T0), T0)
    assert (left.kind, left.journalled) == (AlarmEventKind.UNSUPPRESS, True)


def test_a_restart_annunciates_nothing_twice_and_journals_what_returned() -> None:
    first = AlarmEngine([definition(AlarmKind.HIGH, 10.0), definition(AlarmKind.LOW, 5.0)])
    [alarm] = feed(first, 11.0, 0)
    first.actions.acknowledge("T.H", alarm.snapshot.event_id, By(T0, "wang", "d"))
    stored = first.snapshots()

    still = AlarmEngine([definition(AlarmKind.HIGH, 10.0)])
    assert still.restore(stored) == []
    assert still.snapshots() == stored
    assert feed(still, 11.0, 10) == []
    assert kinds(feed(still, 9.0, 11)) == ["RTN"]

    gone = AlarmEngine([definition(AlarmKind.HIGH, 10.0)])
    gone.restore(stored)
    assert kinds(feed(gone, 5.0, 10)) == ["RTN"]

    assert AlarmEngine([definition(AlarmKind.LOW, 5.0)]).restore(stored) == ["T.H"]


def test_journal_row_carries_three_times_and_the_occurrence() -> None:
    engine = AlarmEngine([definition(AlarmKind.HIGH, 10.0, area="UF")])
    [alarm] = feed(engine, 11.0, 1, lag_s=0.5)
    row = journal_row(alarm, T0 + 2 * SECOND_NS)
    assert (row.source_ns, row.receive_ns, row.journal_ns) == (T0 + SECOND_NS // 2, T0 + SECOND_NS, T0 + 2 * SECOND_NS)
    assert (row.event, row.old, row.new, row.value, row.limit) == ("ALM", "NORM", "UNACK", 11.0, 10.0)
    assert (row.object, row.tag, row.area, row.priority) == ("T.H", "T", "UF", 2)
    assert row.correlation == alarm.snapshot.event_id


def test_two_alarms_of_one_id_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="defined twice"):
        AlarmEngine([definition(AlarmKind.HIGH, 1.0), definition(AlarmKind.HIGH, 2.0)])


def test_a_bad_value_that_came_before_its_connection_was_known_to_be_back_raises_the_alarm_then() -> None:
    engine = AlarmEngine([definition(AlarmKind.BAD_QUALITY, connection="plc")])
    engine.connection_changed("plc", True, T0)
    assert feed(engine, 1.0, 1, st.BAD_SENSOR_FAILURE) == []
    [alarm] = engine.connection_changed("plc", False, T0 + 2 * SECOND_NS)
    assert (alarm.definition.id, alarm.kind) == ("T.BAD", AlarmEventKind.ALARM)
    engine.connection_changed("plc", True, T0 + 3 * SECOND_NS)
    feed(engine, 1.0, 3, st.BAD_NO_COMMUNICATION)
    assert feed(engine, 1.0, 4) == []
    assert kinds(engine.connection_changed("plc", False, T0 + 5 * SECOND_NS)) == ["RTN"]


def test_states_that_come_late_are_taken_over_where_nothing_happened_meanwhile() -> None:
    kinds_of = {"T.H": AlarmKind.HIGH, "T.HH": AlarmKind.HIGH_HIGH, "T.L": AlarmKind.LOW, "T.LL": AlarmKind.LOW_LOW}
    limits = {"T.H": 10.0, "T.HH": 20.0, "T.L": 9.0, "T.LL": 1.0}

    def make() -> AlarmEngine:
        return AlarmEngine([definition(kinds_of[name], limits[name], on_delay_s=1) for name in limits])

    first = make()
    feed(first, 25.0, 0)
    [_, highest] = first.tick(T0 + SECOND_NS)
    first.actions.acknowledge(highest.definition.id, highest.snapshot.event_id, By(T0, "wang", "d"))
    feed(first, 8.0, 2)
    first.tick(T0 + 3 * SECOND_NS)
    stored = first.snapshots()
    assert [(each.id, each.state) for each in stored] == [
        ("T.H", AnnunciationState.RETURNED), ("T.L", AnnunciationState.UNACKNOWLEDGED),
    ]  # fmt: skip

    second = make()
    feed(second, 0.5, 10)
    fresh = second.tick(T0 + 11 * SECOND_NS)  # both low alarms, anew
    assert second.restore(stored) == []
    assert second.reconsider(T0 + 12 * SECOND_NS) == []
    assert second.snapshot("T.H") == stored[0]  # still to be acknowledged
    assert second.snapshot("T.L") == fresh[0].snapshot

    third = make()
    feed(third, 9.5, 10)
    third.restore(stored)
    [back] = third.reconsider(T0 + 12 * SECOND_NS)  # it ended while nobody knew of it
    assert (back.definition.id, back.kind) == ("T.L", AlarmEventKind.RETURN)
    assert third.tick(T0 + 60 * SECOND_NS) == []


def test_a_connection_that_is_back_ends_its_alarm_though_that_came_late() -> None:
    connection = Connection("plc", Protocol_.OPCUA, "opc.tcp://127.0.0.1", LocalText("PLC"))
    first, second, third = (AlarmEngine(with_connection_alarms([], [connection])) for _ in range(3))
    first.connection_changed("plc", True, T0)
    [alarm] = first.tick(T0 + 10 * SECOND_NS)
    second.connection_changed("plc", False, T0)
    second.restore([alarm.snapshot])
    assert second.reconsider(T0) == []
    assert kinds(second.tick(T0 + 10 * SECOND_NS)) == ["RTN"]
    third.restore([alarm.snapshot])
    assert third.reconsider(T0) == third.tick(T0 + 10 * SECOND_NS) == []  # nothing is known of it yet
