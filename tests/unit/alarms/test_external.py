"""Alarms that devices judge: nothing is concluded but what the device said."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as s

from app.alarms.external import NOT_CONFIGURED, NOT_RETAINED, ExternalAlarms
from app.alarms.externalplace import ExternalPlaces, alarm_id
from app.model.alarm import AlarmEventKind, AnnunciationState, Priority, Suppression
from app.model.alarm_state import AlarmSnapshot
from app.model.connection import Connection, Protocol_
from app.model.equipment import Equipment
from app.model.external_alarm import ConditionsUnknown, ExternalCondition, RefreshBegan, RefreshEnded, Shelving
from app.model.external_terms import parse_severities, parse_sources
from app.model.plant import Area, Plant
from app.model.tag import Tag
from app.model.text import LocalText

HIGH = ExternalCondition(
    condition="nsu=urn:plc;s=tank.high",
    event="0a",
    source="Tank1",
    message=LocalText("tank is full"),
    severity=700,
    time_ns=100,
    receive_ns=110,
    retained=True,
    active=True,
    acked=False,
    confirmed=False,
)


def plant(**options: str) -> Plant:
    return Plant(
        Path(),
        "p",
        LocalText("p"),
        "UTC",
        areas={"cw": Area("cw", LocalText("Clear water")), "uf": Area("uf", LocalText("UF"))},
        connections={"plc": Connection("plc", Protocol_.OPCUA, "opc.tcp://h:1/", options=options)},
        tags={"LZ.T1.LVL": Tag("LZ.T1.LVL", area="cw", equipment="LZ.T1")},
        equipment={"LZ.T1": Equipment("LZ.T1", "tank", "cw", LocalText("Tank 1"))},
    )


def alarms(**options: str) -> ExternalAlarms:
    return ExternalAlarms(ExternalPlaces(plant(**options)).definition)


def shown(held: ExternalAlarms) -> dict[str, AlarmSnapshot]:
    return {shot.id: shot for shot in held.snapshots()}


def test_an_alarm_from_raised_to_confirmed() -> None:
    held = alarms()
    steps = [
        (HIGH, AlarmEventKind.ALARM, AnnunciationState.UNACKNOWLEDGED),
        (replace(HIGH, event="0b", acked=True, user="li"), AlarmEventKind.ACKNOWLEDGE, AnnunciationState.ACKNOWLEDGED),
        (replace(HIGH, event="0c", acked=True, active=False), AlarmEventKind.RETURN, AnnunciationState.ACKNOWLEDGED),
        (
            replace(HIGH, event="0d", acked=True, active=False, confirmed=True, retained=False),
            AlarmEventKind.CONFIRM,
            AnnunciationState.NORMAL,
        ),
    ]
    for condition, kind, state in steps:
        (transition,) = held.take("plc", condition, 0)
        assert (transition.kind, transition.snapshot.state) == (kind, state)
        assert transition.snapshot.event_id == condition.event
    assert shown(held) == {}


def test_returned_before_it_was_acknowledged() -> None:
    held = alarms()
    held.take("plc", HIGH, 0)
    (returned,) = held.take("plc", replace(HIGH, active=False, time_ns=200, since_ns=190), 0)
    assert returned.snapshot.state is AnnunciationState.RETURNED
    assert (returned.snapshot.time_in_ns, returned.snapshot.time_out_ns) == (100, 190)
    (gone,) = held.take("plc", replace(HIGH, active=False, acked=True, retained=False, user="li"), 0)
    assert (gone.kind, gone.user, gone.snapshot.state) == (AlarmEventKind.ACKNOWLEDGE, "li", AnnunciationState.NORMAL)


def test_a_refresh_closes_what_it_does_not_name_and_nothing_of_others() -> None:
    held = alarms()
    other = replace(HIGH, condition="nsu=urn:plc;s=other")
    held.take("plc", HIGH, 0)
    held.take("plc", other, 0)
    held.take("second", HIGH, 0)
    held.take("plc", RefreshBegan(), 0)
    held.take("plc", other, 0)
    (closed,) = held.take("plc", RefreshEnded(), 500)
    assert (closed.definition.id, closed.kind, closed.comment) == (
        alarm_id("plc", HIGH),
        AlarmEventKind.RETURN,
        NOT_RETAINED,
    )
    assert shown(held).keys() == {alarm_id("plc", other), alarm_id("second", HIGH)}


def test_the_end_of_a_refresh_that_began_before_a_loss_closes_nothing() -> None:
    held = alarms()
    held.take("plc", HIGH, 0)
    held.take("plc", RefreshBegan(), 0)
    held.take("plc", ConditionsUnknown(), 0)
    assert held.take("plc", RefreshEnded(), 0) == []
    assert len(shown(held)) == 1


def test_a_lost_connection_clears_nothing() -> None:
    held = alarms()
    held.take("plc", HIGH, 0)
    (doubted,) = held.take("plc", ConditionsUnknown(), 900)
    assert not doubted.journalled
    (shot,) = held.snapshots()
    assert shot.external is not None
    assert not shot.external.known
    assert shot.state is AnnunciationState.UNACKNOWLEDGED
    assert held.take("plc", ConditionsUnknown(), 901) == []
    (again,) = held.take("plc", HIGH, 0)
    assert not again.journalled
    assert again.snapshot.external is not None
    assert again.snapshot.external.known


def test_a_branch_stands_beside_the_present_state() -> None:
    held = alarms()
    held.take("plc", HIGH, 0)
    (branch,) = held.take("plc", replace(HIGH, branch="i=7"), 0)
    assert len(shown(held)) == 2
    assert branch.kind is AlarmEventKind.CHANGE
    assert branch.snapshot.external is not None
    assert branch.snapshot.external.trunk == alarm_id("plc", HIGH)
    assert branch.definition.text == LocalText("tank is full (earlier occurrence)", "tank is full（先前一次）")
    held.take("plc", replace(HIGH, branch="i=7", acked=True, retained=False), 0)
    assert shown(held).keys() == {alarm_id("plc", HIGH)}


@pytest.mark.parametrize(
    ("condition", "suppression"),
    [
        (replace(HIGH, shelving=Shelving.ONCE), Suppression.SHELVED),
        (replace(HIGH, suppressed=True), Suppression.DESIGN),
        (replace(HIGH, out_of_service=True), Suppression.OUT_OF_SERVICE),
    ],
)
def test_suppressed_by_the_device(condition: ExternalCondition, suppression: Suppression) -> None:
    held = alarms()
    held.take("plc", HIGH, 0)
    (changed,) = held.take("plc", condition, 0)
    assert (changed.kind, changed.snapshot.suppression) == (AlarmEventKind.SUPPRESS, frozenset({suppression}))
    (back,) = held.take("plc", HIGH, 0)
    assert (back.kind, back.snapshot.suppression) == (AlarmEventKind.UNSUPPRESS, frozenset())


def test_who_acknowledged_stays_until_it_is_unacknowledged() -> None:
    held = alarms()
    held.take("plc", HIGH, 0)
    (acked,) = held.take("plc", replace(HIGH, acked=True, user="server"), 0)
    held.acknowledged_by(acked.snapshot, "wang")
    (later,) = held.take("plc", replace(HIGH, acked=True, user="server", severity=900), 0)
    assert (later.kind, later.snapshot.acknowledged_by) == (AlarmEventKind.CHANGE, "wang")
    (anew,) = held.take("plc", HIGH, 0)
    assert (anew.kind, anew.snapshot.acknowledged_by) == (AlarmEventKind.ALARM, "")


CONDITIONS = s.builds(
    replace,
    s.just(HIGH),
    condition=s.sampled_from(["i=1", "i=2"]),
    branch=s.sampled_from(["", "i=9"]),
    event=s.sampled_from(["0a", "0b", "0c"]),
    retained=s.booleans(),
    active=s.sampled_from([None, True, False]),
    acked=s.sampled_from([None, True, False]),
    confirmed=s.sampled_from([None, True, False]),
    shelving=s.sampled_from(Shelving),
    severity=s.integers(1, 1000),
)
EVENTS = s.one_of(CONDITIONS, s.just(RefreshBegan()), s.just(RefreshEnded()), s.just(ConditionsUnknown()))


@given(s.lists(EVENTS, max_size=40))
def test_what_is_shown_is_what_the_device_last_retained(events: list[object]) -> None:
    held = alarms()
    expected: dict[str, ExternalCondition] = {}
    named: set[str] | None = None
    told: dict[str, AlarmSnapshot] = {}
    for event in events:
        assert isinstance(event, ExternalCondition | RefreshBegan | RefreshEnded | ConditionsUnknown)
        for transition in held.take("plc", event, 1):
            told[transition.snapshot.id] = transition.snapshot
        match event:
            case ExternalCondition():
                name = alarm_id("plc", event)
                expected.pop(name, None)
                if event.retained:
                    expected[name] = event
                if named is not None:
                    named.add(name)
            case RefreshBegan():
                named = set()
            case RefreshEnded():
                if named is not None:
                    expected = {name: each for name, each in expected.items() if name in named}
                named = None
            case _:
                named = None
        now = shown(held)
        assert now.keys() == expected.keys()
        for name, condition in expected.items():
            assert now[name].event_id == condition.event
            assert now[name].unacknowledged == (condition.acked is False)
            assert now[name].state is not AnnunciationState.NORMAL
            assert told[name] == now[name]
        assert all(told[name].state is AnnunciationState.NORMAL for name in told.keys() - now.keys())


@pytest.mark.parametrize(
    ("severity", "priority"),
    [
        (1000, Priority.CRITICAL),
        (801, Priority.CRITICAL),
        (800, Priority.HIGH),
        (600, Priority.MEDIUM),
        (1, Priority.LOW),
    ],
)
def test_priority_from_severity(severity: int, priority: Priority) -> None:
    assert ExternalPlaces(plant()).definition("plc", replace(HIGH, severity=severity)).priority is priority


def test_thresholds_are_configurable() -> None:
    define = ExternalPlaces(plant(alarm_severities="500/300/100")).definition
    assert define("plc", replace(HIGH, severity=500)).priority is Priority.CRITICAL


@pytest.mark.parametrize(
    ("source", "options", "tag", "equipment", "area"),
    [
        ("LZ.T1.LVL", {}, "LZ.T1.LVL", "LZ.T1", "cw"),
        ("LZ.T1.LVL.High", {}, "LZ.T1.LVL", "LZ.T1", "cw"),
        ("LZ.T1", {}, "LZ.T1", "LZ.T1", "cw"),
        ("LZ.T1.PUMP", {}, "LZ.T1.PUMP", "LZ.T1", "cw"),
        ("2:Tank1/level", {"alarm_sources": "2:Tank=LZ.T9, 2:Tank1=LZ.T1.LVL"}, "LZ.T1.LVL", "LZ.T1", "cw"),
        ("Mixer", {"alarm_area": "uf"}, "Mixer", "", "uf"),
        ("Mixer", {}, "Mixer", "", ""),
    ],
)
def test_where_a_source_belongs(source: str, options: dict[str, str], tag: str, equipment: str, area: str) -> None:
    found = ExternalPlaces(plant(**options)).definition("plc", replace(HIGH, source=source))
    assert (found.tag, found.equipment, found.area) == (tag, equipment, area)


@pytest.mark.parametrize("text", ["", "800", "1/2/3", "1001/2/1", "9/8/0", "a/b/c"])
def test_severities_that_are_not_allowed(text: str) -> None:
    with pytest.raises(ValueError, match="801/601/401"):
        parse_severities(text)


@pytest.mark.parametrize("text", ["Tank1", "=LZ.T1", "Tank1="])
def test_sources_that_are_not_allowed(text: str) -> None:
    with pytest.raises(ValueError, match="source=tag"):
        parse_sources(text)


@given(s.text(max_size=400), s.text(max_size=40))
def test_ids_fit_the_journal_and_tell_conditions_apart(name: str, branch: str) -> None:
    one = alarm_id("plc", replace(HIGH, condition=name, branch=branch))
    assert len(one) <= 160
    assert one != alarm_id("plc", replace(HIGH, condition=name + "x", branch=branch))


def test_another_configuration_ends_alarms_of_connections_that_are_no_more_and_places_what_comes_anew() -> None:
    places = ExternalPlaces(plant())
    held = ExternalAlarms(places.definition)
    held.take("plc", HIGH, 0)
    held.take("other", HIGH, 0)
    (over,) = held.keep({"plc": None}, 50)
    assert (over.kind, over.comment, over.snapshot.state) == (
        AlarmEventKind.RETURN, NOT_CONFIGURED, AnnunciationState.NORMAL,
    )  # fmt: skip
    assert over.snapshot.id == alarm_id("other", HIGH)
    assert list(shown(held)) == [alarm_id("plc", HIGH)]
    places.redefine(plant(alarm_sources="Tank1=LZ.T1"))
    (moved,) = held.take("plc", HIGH, 0)
    assert moved.definition.equipment == "LZ.T1"
