"""A plant with many alarms on two areas, and the book of them."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.model.alarm import AlarmDefinition, AlarmKind, AnnunciationState, Priority, Suppression
from app.model.alarm_state import AlarmSnapshot
from app.model.clock import SECOND_NS
from app.model.plant import Area, Plant
from app.model.tag import Tag
from app.model.text import LocalText
from widgets.alarms.book import AlarmBook
from widgets.theme import ThemeManager
from widgets.wording import Wording

START_NS = 1_700_000_000 * SECOND_NS
COUNT = 60


def shot(
    number: int,
    state: AnnunciationState = AnnunciationState.UNACKNOWLEDGED,
    *suppression: Suppression,
    event: str = "",
) -> AlarmSnapshot:
    """Return the state of alarm ``number``; the later numbers are the newer ones."""
    active = state in {AnnunciationState.UNACKNOWLEDGED, AnnunciationState.ACKNOWLEDGED}
    return AlarmSnapshot(
        f"T{number}.H", event or f"e{number}", state, active, START_NS + number * SECOND_NS, value=9.0,
        suppression=frozenset(suppression),
    )  # fmt: skip


@pytest.fixture
def plant() -> Plant:
    """Priority 1 to 4 in turn; even numbers are in area A, odd ones in area B."""
    tags, alarms = {}, {}
    for n in range(COUNT):
        tags[f"T{n}"] = Tag(f"T{n}", unit="m", area="AB"[n % 2])
        alarms[f"T{n}.H"] = AlarmDefinition(
            f"T{n}.H", f"T{n}", AlarmKind.HIGH, Priority(n % 4 + 1), LocalText(f"level {n} high", f"液位{n}高"),
            area="AB"[n % 2], limit=8.0,
        )  # fmt: skip
    alarms["line.COMM"] = AlarmDefinition(
        "line.COMM", "", AlarmKind.CONNECTION, Priority.HIGH, LocalText("PLC: connection lost"), connection="line",
        areas=("A", "B"),
    )  # fmt: skip
    areas = {"A": Area("A", LocalText("Intake")), "B": Area("B", LocalText("Filters"))}
    return Plant(Path(), "small", LocalText("Small"), "Asia/Shanghai", areas=areas, tags=tags, alarms=alarms)


@pytest.fixture
def book(qtbot: QtBot, plant: Plant) -> AlarmBook:
    return AlarmBook(plant.alarms)


@pytest.fixture
def themes(qtbot: QtBot) -> ThemeManager:
    return ThemeManager("light")


@pytest.fixture
def wording() -> Wording:
    return Wording("Asia/Shanghai")
