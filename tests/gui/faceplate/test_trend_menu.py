"""A row of a faceplate offers its trend and can be dragged onto one."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QMenu
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


def test_a_drag_carries_names_and_nothing_else_is_taken_for_one() -> None:
    assert dragged_tags(tag_data(["A.B", "C.D"])) == ["A.B", "C.D"]
    data = tag_data([])
    data.removeFormat("text/x-haihe-tag")
    assert dragged_tags(data) == []
