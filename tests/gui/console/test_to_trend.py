"""Every road from a tag to a trend, in the real window: find, an alarm's menu, keys, menus and drags."""

import time

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from app.console.console import Console
from app.console.pages.display import DisplayPage
from app.console.window import MainWindow
from app.model.alarm import AnnunciationState
from app.model.alarm_state import AlarmSnapshot
from tests.gui.dragging import begin, drag
from widgets.alarms.list_view import AlarmListPage
from widgets.drag import dragged_tags
from widgets.faceplate.values import ValueRows
from widgets.mimic import MimicView
from widgets.trend.workspace import TrendWorkspace

pytestmark = [pytest.mark.gui, pytest.mark.qt_log_ignore("propagateSizeHints", "does not support")]

RACK, HALL = "LZ.UF.R03", "uf-hall"
TURBIDITY, TMP, COMBINED = f"{RACK}.PTURB", f"{RACK}.TMP", "LZ.UF.PERM.TURB"


@pytest.fixture
def window(console: Console) -> MainWindow:
    """Return the window at the UF hall; its trend workspace has no pens."""
    assert console.window is not None
    console.window.resize(1920, 1080)
    console.window.navigator.go("trends")
    pens = trend_of(console.window).pens
    for pen in list(pens.pens):
        pens.remove(pen)
    console.window.navigator.open_display(HALL)
    return console.window


def trend_of(window: MainWindow) -> TrendWorkspace:
    page = window.workspaces.currentWidget()
    assert isinstance(page, TrendWorkspace)
    return page


def mimic_of(window: MainWindow) -> MimicView:
    page = window.workspaces.currentWidget()
    assert isinstance(page, DisplayPage)
    return page.mimic


def names(trend: TrendWorkspace) -> list[str]:
    return [pen.tag.name for pen in trend.pens.pens]


def spot(mimic: MimicView, tag: str) -> QPoint:
    """Return a point of the display from which this tag alone is dragged."""
    points = (QPoint(x, y) for y in range(0, mimic.height(), 4) for x in range(0, mimic.width(), 4))
    return next(point for point in points if mimic.tags_at(point) == [tag])


def row_of(qtbot: QtBot, window: MainWindow, tag: str) -> tuple[ValueRows, QPoint]:
    """Return the rows of the open faceplate and a point of a tag's row."""
    assert window.faceplate is not None
    rows = window.faceplate.findChildren(ValueRows)[0]
    qtbot.waitUntil(lambda: any(rows.tag_at(y) == tag for y in range(rows.height())))
    return rows, QPoint(20, next(y for y in range(rows.height()) if rows.tag_at(y) == tag))


def choose(window: MainWindow, text: str) -> None:
    """Choose in the menu that is open, which closes it."""
    [menu] = [one for one in window.findChildren(QMenu) if one.isVisible()]
    next(action for action in menu.actions() if action.text() == text).trigger()
    menu.close()


def tab_to(mimic: MimicView, *, equipment: str = "", tag: str = "") -> None:
    """Go to a target of the display with the Tab key."""
    mimic.setFocus()
    for _ in mimic.pointing.targets:
        QTest.keyClick(mimic, Qt.Key.Key_Tab)
        target = mimic.pointing.focused
        if target is not None and (target.equipment, target.tag) == (equipment, tag):
            return
    pytest.fail(equipment or tag)


def test_from_a_display_by_keys(window: MainWindow) -> None:
    mimic = mimic_of(window)
    tab_to(mimic, equipment=RACK)
    QTest.keyClick(mimic, Qt.Key.Key_T)
    assert {TURBIDITY, TMP} <= set(names(trend_of(window)))
    before = names(trend_of(window))
    window.navigator.open_display(HALL)
    tab_to(mimic, tag=COMBINED)
    QTest.keyClick(mimic, Qt.Key.Key_Return)
    assert names(trend_of(window)) == [*before, COMBINED]


def test_from_a_display_by_its_menu(window: MainWindow) -> None:
    mimic = mimic_of(window)
    at = spot(mimic, TURBIDITY)
    QApplication.sendEvent(mimic, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, mimic.mapToGlobal(at)))
    choose(window, f"Trend of {TURBIDITY}")
    assert names(trend_of(window)) == [TURBIDITY]
    assert window.faceplate is None


def test_from_a_display_by_dragging_onto_a_trend_window_beside_it(qtbot: QtBot, window: MainWindow) -> None:
    window.navigator.go("trends")
    first = trend_of(window)
    first.window_wanted.emit()
    second = next(one for one in QApplication.topLevelWidgets() if isinstance(one, TrendWorkspace))
    qtbot.waitExposed(second)
    window.navigator.open_display(HALL)
    mimic = mimic_of(window)
    assert drag(mimic, spot(mimic, TURBIDITY), second.plot) == [TURBIDITY]
    assert (names(second), names(first)) == ([TURBIDITY], [])
    assert window.place is not None
    assert window.place.display == HALL


def test_from_a_faceplate_by_dragging_what_a_display_drags_too(qtbot: QtBot, window: MainWindow) -> None:
    mimic = mimic_of(window)
    carried = begin(mimic, spot(mimic, TMP))
    window.navigator.open_equipment(RACK)
    rows, at = row_of(qtbot, window, TMP)
    assert carried is not None
    assert drag(rows, at, window.rail.buttons["trends"]) == dragged_tags(carried) == [TMP]
    assert names(trend_of(window)) == [TMP]


def test_by_find(window: MainWindow) -> None:
    window.navigator.go("trends")
    finder = next(one for one in trend_of(window).findChildren(QLineEdit) if one.placeholderText() == "Add tag…")
    QTest.keyClicks(finder, COMBINED)
    QTest.keyClick(finder, Qt.Key.Key_Return)
    assert names(trend_of(window)) == [COMBINED]


def test_from_an_alarm(window: MainWindow, console: Console) -> None:
    shot = AlarmSnapshot(f"{TURBIDITY}.H", "1", AnnunciationState.UNACKNOWLEDGED, True, time.time_ns())
    console.context.book.replace([shot])
    window.navigator.go("alarms")
    page = window.workspaces.currentWidget()
    assert isinstance(page, AlarmListPage)
    page.table.customContextMenuRequested.emit(page.table.visualRect(page.table.model().index(0, 3)).center())
    choose(window, "Trend")
    assert names(trend_of(window)) == [TURBIDITY]
