"""A row of a faceplate offers its trend and can be dragged onto one."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.model.tag import Tag
from widgets.alarms.book import AlarmBook
from widgets.drag import dragged_tags, tag_data
from widgets.faceplate.values import ValueRows
from widgets.theme import ThemeManager
from widgets.wording import Wording

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_a_row_offers_its_trend(qtbot: QtBot) -> None:
    rows = ValueRows(
        [("Flow", Tag("A.FLOW")), ("Level", Tag("A.LVL"))],
        lambda _: None,
        AlarmBook({}),
        ThemeManager(),
        Wording("UTC"),
    )
    qtbot.addWidget(rows)
    rows.show()
    qtbot.waitExposed(rows)
    at = QPoint(20, rows.height() - 10)
    assert rows.tag_at(at.y()) == "A.LVL"
    rows.contextMenuEvent(QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, rows.mapToGlobal(at)))
    menu = rows.findChild(QMenu)
    assert isinstance(menu, QMenu)
    with qtbot.waitSignal(rows.trend_wanted) as asked:
        menu.actions()[0].trigger()
    assert asked.args == ["A.LVL"]
    with qtbot.waitSignal(menu.destroyed):
        menu.close()
    assert rows.findChild(QMenu) is None


@pytest.fixture
def rows(qtbot: QtBot) -> Iterator[ValueRows]:
    """Rows between two fields, with the window active."""
    window = QWidget()
    box = QVBoxLayout(window)
    made = ValueRows(
        [("Flow", Tag("A.FLOW", unit="m³/h")), ("Level", Tag("A.LVL")), ("Run", Tag("A.RUN"))],
        lambda _: None, AlarmBook({}), ThemeManager(), Wording("UTC"),
    )  # fmt: skip
    for widget in (QLineEdit(), made, QLineEdit()):
        box.addWidget(widget)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.findChildren(QLineEdit)[0].setFocus()
    yield made
    window.close()


def press(widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(widget, key, modifier)


def test_rows_are_reached_by_keyboard_and_return_opens_the_trend_of_one(qtbot: QtBot, rows: ValueRows) -> None:
    fields = rows.window().findChildren(QLineEdit)
    press(fields[0], Qt.Key.Key_Tab)
    assert rows.hasFocus()
    seen = [rows.current]
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Home, Qt.Key.Key_End):
        press(rows, key)
        seen.append(rows.current)
    assert seen == ["A.FLOW", "A.LVL", "A.RUN", "A.RUN", "A.LVL", "A.FLOW", "A.RUN"]
    press(rows, Qt.Key.Key_Up)
    assert rows.accessibleDescription().startswith("Level")
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_T):
        with qtbot.waitSignal(rows.trend_wanted) as asked:
            press(rows, key)
        assert asked.args == ["A.LVL"]
    press(rows, Qt.Key.Key_Tab)
    assert fields[1].hasFocus()
    press(fields[1], Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert rows.hasFocus()
    assert rows.current == "A.RUN"


def test_the_menu_key_opens_the_menu_of_the_row_with_the_outline(qtbot: QtBot, rows: ValueRows) -> None:
    rows.setFocus(Qt.FocusReason.TabFocusReason)
    press(rows, Qt.Key.Key_End)  # not the row in the middle, where Qt says that the menu is wanted
    middle = rows.rect().center()
    rows.contextMenuEvent(QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, middle, rows.mapToGlobal(middle)))
    menu = rows.findChild(QMenu)
    assert isinstance(menu, QMenu)
    with qtbot.waitSignal(rows.trend_wanted) as asked:
        menu.actions()[0].trigger()
    assert asked.args == ["A.RUN"]
    menu.close()


def test_the_row_of_the_keyboard_has_an_outline_while_it_has_the_focus(rows: ValueRows) -> None:
    ring = ThemeManager().color("selection").name()

    def outlined() -> list[bool]:
        image = rows.grab().toImage()
        return [image.pixelColor(0, rows.row_rect(number).center().y()).name() == ring for number in range(3)]

    assert outlined() == [False, False, False]
    rows.setFocus(Qt.FocusReason.TabFocusReason)
    assert outlined() == [True, False, False]
    press(rows, Qt.Key.Key_Down)
    assert outlined() == [False, True, False]
    rows.clearFocus()
    assert outlined() == [False, False, False]


def test_a_drag_carries_names_and_nothing_else_is_taken_for_one() -> None:
    assert dragged_tags(tag_data(["A.B", "C.D"])) == ["A.B", "C.D"]
    data = tag_data([])
    data.removeFormat("text/x-haihe-tag")
    assert dragged_tags(data) == []
