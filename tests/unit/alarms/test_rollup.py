"""A lost connection: one alarm, its tags' alarms hidden behind it, and no second flood when it is back."""

from typing import Any

from app.alarms import with_connection_alarms
from app.model import status as st
from app.model.connection import Connection, Protocol_
from app.model.text import LocalText
from tests.unit.alarms.site import Site, high

PLC = Connection("plc", Protocol_.OPCUA, "opc.tcp://127.0.0.1", LocalText("PLC", "控制器"))
LOST = st.BAD_NO_COMMUNICATION


def site(*tags: str, **more: Any) -> Site:
    alarms = [high(tag, connection="plc", **more) for tag in tags]
    return Site(*with_connection_alarms([*alarms, high("CALC")], [PLC]))


def lose(plant: Site, *tags: str) -> list[str]:
    told = plant.connection(lost=True)
    for tag in tags:
        told += plant.feed(0, tag, LOST)
    return told + plant.wait(2)


def test_what_stands_is_hidden_and_goes_on_as_it_was() -> None:
    plant = site("A", "B", "C", "N")
    for tag in "ABC":
        plant.feed(11, tag)
    plant.feed(11, "CALC")
    plant.acknowledge("A.H")
    plant.feed(9, "C")
    before = {name: plant.shot(name) for name in ("A.H", "B.H", "C.H")}
    assert lose(plant, "A", "B", "C", "N") == [
        "plc.COMM ALM UNACK", "(A.H SUPPRESS ACKED+COMM)", "(B.H SUPPRESS UNACK+COMM)", "(C.H SUPPRESS RTNUN+COMM)",
    ]  # fmt: skip
    assert plant.shot("CALC.H").suppression == frozenset()
    assert plant.wait(1000) == []
    assert plant.connection(lost=False) == []
    assert plant.wait(5) == ["plc.COMM RTN RTNUN"]
    assert plant.feed(11, "A") == ["(A.H UNSUPPRESS ACKED)"]
    assert plant.feed(11, "B") == ["(B.H UNSUPPRESS UNACK)"]
    assert plant.feed(9, "C") == ["(C.H UNSUPPRESS RTNUN)"]
    assert plant.feed(9, "N") == []
    assert {name: plant.shot(name) for name in before} == before


def test_what_ended_meanwhile_returns_and_what_came_annunciates() -> None:
    plant = site("A", "B")
    plant.feed(11, "A")
    plant.acknowledge("A.H")
    lose(plant, "A", "B")
    plant.connection(lost=False)
    assert plant.feed(9, "A") == ["(A.H UNSUPPRESS ACKED)", "A.H RTN NORM"]
    assert plant.feed(11, "B") == ["B.H ALM UNACK"]


def test_a_value_that_comes_before_the_connection_is_known_to_be_whole_counts() -> None:
    plant = site("A")
    plant.feed(11, "A")
    lose(plant, "A")
    assert plant.feed(11, "A") == ["(A.H UNSUPPRESS UNACK)"]
    assert plant.connection(lost=False) == []


def test_a_bad_value_of_the_device_brings_it_back_once_the_connection_is() -> None:
    plant = site("A")
    plant.feed(11, "A")
    lose(plant, "A")
    assert plant.feed(0, "A", st.BAD_SENSOR_FAILURE) == []
    assert plant.connection(lost=False) == ["(A.H UNSUPPRESS UNACK)"]


def test_a_second_loss_before_the_first_is_over_hides_again() -> None:
    plant = site("A")
    plant.feed(11, "A")
    lose(plant, "A")
    plant.connection(lost=False)
    plant.wait(1)
    assert plant.feed(11, "A") == ["(A.H UNSUPPRESS UNACK)"]
    assert plant.connection(lost=True) == ["(A.H SUPPRESS UNACK+COMM)"]


def test_a_hiccup_hides_nothing() -> None:
    plant = site("A")
    plant.feed(11, "A")
    plant.connection(lost=True)
    plant.feed(11, "A", LOST)
    plant.wait(1)
    plant.connection(lost=False)
    assert plant.wait(100) == []
    assert plant.shot("A.H").suppression == frozenset()


def test_a_shelving_that_ends_during_a_loss_annunciates_only_with_what_is_known_then() -> None:
    plant = site("A", "B")
    for tag in "AB":
        plant.feed(11, tag)
        plant.shelve(60, f"{tag}.H")
    assert lose(plant, "A", "B") == ["plc.COMM ALM UNACK"]
    assert plant.wait(58) == ["A.H UNSHELVE NORM+COMM", "B.H UNSHELVE NORM+COMM"]
    plant.connection(lost=False)
    assert plant.feed(11, "A") == ["(A.H UNSUPPRESS NORM)", "A.H ALM UNACK"]
    assert plant.feed(9, "B") == ["(B.H UNSUPPRESS NORM)", "B.H RTN NORM"]


def test_hidden_alarms_outlast_a_restart() -> None:
    plant = site("A")
    plant.feed(11, "A")
    plant.acknowledge("A.H")
    lose(plant, "A")
    plant.restart(after_s=60)
    assert plant.shot("A.H").code == "ACKED+COMM"
    assert plant.feed(11, "A") == ["(A.H UNSUPPRESS ACKED)"]


def test_neither_re_alarm_nor_escalation_runs_behind_a_lost_connection() -> None:
    plant = site("A", "B", realarm_s=100, escalate_s=100)
    plant.feed(11, "A")
    plant.feed(11, "B")
    plant.acknowledge("A.H")
    lose(plant, "A", "B")
    assert plant.wait(1000) == []
