"""What stands beside a display while nothing is selected."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.console.console import Console
from app.console.window import MainWindow
from app.model.alarm import AnnunciationState, Suppression
from app.model.alarm_state import AlarmSnapshot
from widgets.alarms.card import AlarmCard

pytestmark = [pytest.mark.gui, pytest.mark.qt_log_ignore("propagateSizeHints")]


def shot(alarm: str, suppression: frozenset[Suppression] = frozenset()) -> AlarmSnapshot:
    return AlarmSnapshot(alarm, alarm, AnnunciationState.UNACKNOWLEDGED, True, 1, value=1.0, suppression=suppression)


@pytest.fixture
def window(console: Console) -> MainWindow:
    made = console.window
    assert made is not None
    made.resize(1920, 1080)
    console.context.book.replace(
        [
            shot("LZ.UF.R03.PTURB.H"),
            shot("LZ.CG.PAC.TANKLVL.L"),
            shot("LZ.UF.R02.PTURB.H", frozenset({Suppression.DESIGN})),
        ]
    )
    return made


def shown(window: MainWindow) -> list[AlarmCard]:
    return [card for card in window.dock.detail.findChildren(AlarmCard) if card.isVisible()]


def test_the_overview_shows_the_alarms_of_every_area(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: len(shown(window)) == 2)
    assert any(label.text() == "Lingzhuang water works" for label in window.dock.detail.findChildren(QLabel))


def test_a_display_shows_its_area_and_what_has_no_display_of_its_own(window: MainWindow) -> None:
    window.navigator.open_display("uf-hall")
    assert [row.definition.id for row in window.dock.detail.rows()] == ["LZ.UF.R03.PTURB.H"]
    window.navigator.open_display("intake")
    assert [row.definition.id for row in window.dock.detail.rows()] == ["LZ.CG.PAC.TANKLVL.L"]
    window.navigator.open_display("high-lift")
    assert window.dock.detail.rows() == []
    assert any(
        label.isVisible() and label.text() == "No active alarms" for label in window.dock.detail.findChildren(QLabel)
    )


def test_a_lost_connection_shows_wherever_values_of_it_do(window: MainWindow) -> None:
    window._context.book.replace([shot("intake.COMM")])
    for display, shows in (("overview", True), ("intake", True), ("uf-hall", False)):
        window.navigator.open_display(display)
        assert bool(window.dock.detail.rows()) is shows


def test_a_card_opens_its_equipment_on_its_display(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: len(shown(window)) == 2)
    QTest.mouseClick(shown(window)[0], Qt.MouseButton.LeftButton)
    assert window.faceplate is not None
    assert window.faceplate.equipment.name == "LZ.UF.R03"
    assert window.place is not None
    assert window.place.display == "uf-hall"
    assert not window.dock.detail.isVisible()
    window.dock.close_faceplate()
    assert window.dock.detail.isVisible()


def test_it_gives_way_where_there_is_no_room_or_no_display(window: MainWindow) -> None:
    assert window.dock.detail.isVisible()
    window.navigator.go("trends")
    assert not window.dock.detail.isVisible()
    window.navigator.go("overview")
    assert window.dock.detail.isVisible()
    window.resize(1100, 700)
    assert not window.dock.detail.isVisible()
    window.navigator.open_equipment("LZ.UF.R03")
    assert window.faceplate is not None
    assert window.faceplate.isVisible()
