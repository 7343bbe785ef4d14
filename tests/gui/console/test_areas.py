"""The areas page: every area says whether it is normal, and leads to the displays that show it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.console.console import Console
from app.console.pages.areas import AreasPage
from app.console.window import MainWindow
from app.model.alarm import AnnunciationState, Priority
from app.model.alarm_state import AlarmSnapshot

pytestmark = [pytest.mark.gui, pytest.mark.qt_log_ignore("propagateSizeHints")]


@pytest.fixture(autouse=True)
def _areas(console: Console) -> None:
    window_of(console).navigator.go("areas")


def window_of(console: Console) -> MainWindow:
    assert console.window is not None
    return console.window


def page_of(console: Console) -> AreasPage:
    page = window_of(console).workspaces.currentWidget()
    assert isinstance(page, AreasPage)
    return page


def said(page: AreasPage, area: str) -> list[str]:
    return [label.text() for label in page.cards[area].findChildren(QLabel) if label.isVisible() and label.text()]


def test_no_alarm_is_claimed_while_alarms_are_not_known(console: Console) -> None:
    assert not console.context.hub.alive
    assert said(page_of(console), "UF") == ["Ultrafiltration hall", "—"]


def test_alarms_are_counted_by_area_and_priority(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(console.context.hub), "alive", True)
    states = {
        "LZ.UF.R03.PTURB.H": AnnunciationState.UNACKNOWLEDGED,
        "LZ.UF.R04.PTURB.H": AnnunciationState.ACKNOWLEDGED,
        "LZ.CG.PAC.TANKLVL.L": AnnunciationState.ACKNOWLEDGED,
    }
    console.context.book.replace([AlarmSnapshot(name, name, state, True, 1) for name, state in states.items()])
    page = page_of(console)
    assert page.cards["UF"].alarms() == {Priority.HIGH: 2}
    assert page.cards["CG"].alarms() == {Priority.LOW: 1}
    assert said(page, "HL") == ["High-lift pumping", "No alarms"]


def test_an_area_leads_to_every_display_that_shows_it(qtbot: QtBot, console: Console) -> None:
    button = next(b for b in page_of(console).cards["CG"].findChildren(QPushButton) if "coagulation" in b.text())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    place = window_of(console).place
    assert place is not None
    assert place.display == "intake"
