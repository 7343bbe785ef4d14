"""The navigator: where tags, alarms and equipment lead, and back again."""

from pathlib import Path

import pytest

import resources
from app.console.navigator import Navigator
from app.console.places import Place
from app.model.alarm import AlarmDefinition, AlarmKind, AnnunciationState, Priority
from app.model.alarm_state import AlarmSnapshot
from app.model.plant import Plant
from app.model.text import LocalText
from app.project import load_plant
from widgets.alarms.row import AlarmRow

PROJECT = Path(resources.__path__[0]) / "projects" / "lingzhuang"


@pytest.fixture(scope="module")
def plant() -> Plant:
    return load_plant(PROJECT)


class Journey:
    """A navigator, and what it asked for."""

    def __init__(self, plant: Plant) -> None:
        self.navigator = Navigator(plant)
        self.asked: list[object] = []
        self.navigator.moved.connect(self.asked.append)
        self.navigator.equipment_chosen.connect(self.asked.append)
        self.navigator.trend_chosen.connect(self.asked.append)


def alarm(plant: Plant, name: str) -> AlarmRow:
    return AlarmRow(plant.alarms[name], AlarmSnapshot(name, "1", AnnunciationState.UNACKNOWLEDGED, True, 1))


def test_an_alarm_of_equipment_opens_its_display_and_faceplate(plant: Plant) -> None:
    journey = Journey(plant)
    journey.navigator.open_alarm(alarm(plant, "LZ.UF.R03.PTURB.H"))
    assert journey.asked == [Place("overview", "uf-hall"), "LZ.UF.R03"]


def test_an_alarm_without_equipment_opens_a_display_that_shows_its_area_then_its_trend(plant: Plant) -> None:
    journey = Journey(plant)
    row = alarm(plant, "LZ.CG.PAC.TANKLVL.L")
    journey.navigator.open_alarm(row)
    assert journey.asked == [Place("overview", "intake")]
    journey.navigator.open_alarm(row)
    assert journey.asked[1:] == [Place("trends"), "LZ.CG.PAC.TANKLVL"]


def test_a_lost_connection_leads_to_the_system_page(plant: Plant) -> None:
    journey = Journey(plant)
    definition = AlarmDefinition(
        "uf.COMM", "", AlarmKind.CONNECTION, Priority.HIGH, LocalText("lost"), "", connection="uf"
    )
    shot = AlarmSnapshot("uf.COMM", "1", AnnunciationState.UNACKNOWLEDGED, True, 1)
    journey.navigator.open_alarm(AlarmRow(definition, shot))
    assert journey.asked == [Place("system")]


def test_an_area_prefers_its_own_display(plant: Plant) -> None:
    navigator = Navigator(plant)
    own = {area: navigator.display_of(area) for area in ("RW", "SD", "UF", "CW", "EL", "HL", "nowhere")}
    assert own == {
        "RW": "intake", "SD": "intake", "UF": "uf-hall", "CW": "high-lift", "EL": "high-lift", "HL": "high-lift",
        "nowhere": "",
    }  # fmt: skip


def test_back_and_forward_stop_at_the_ends(plant: Plant) -> None:
    journey = Journey(plant)
    journey.navigator.back()
    journey.navigator.go("overview")
    journey.navigator.go("alarms")
    journey.navigator.back()
    journey.navigator.back()
    journey.navigator.forward()
    assert journey.asked == [
        Place("overview", "overview"),
        Place("alarms"),
        Place("overview", "overview"),
        Place("alarms"),
    ]
    assert journey.navigator.can_go == (True, False)


def test_what_is_unknown_leads_nowhere(plant: Plant) -> None:
    journey = Journey(plant)
    journey.navigator.open_equipment("NO.SUCH")
    journey.navigator.open_tag("NO.SUCH.TAG")
    assert journey.asked == []
