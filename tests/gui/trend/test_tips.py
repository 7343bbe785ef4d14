"""What a trend says of a mark that is pointed at."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from app.model.clock import SECOND_NS
from widgets.trend.markers import Marker, MarkerKind
from widgets.trend.workspace import TrendWorkspace

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support raise")


def point_at(trend: TrendWorkspace, seconds: float) -> None:
    """Hold the pointer still over a time of the plot."""
    plot = trend.plot
    x = next(x for x in range(plot.width()) if plot.time_at(QPointF(x, 40)) >= seconds)
    at = QPoint(x, 40)
    QApplication.sendEvent(plot, QHelpEvent(QEvent.Type.ToolTip, at, plot.mapToGlobal(at)))


def test_a_mark_says_what_when_and_who_and_nothing_while_marks_are_hidden(qtbot: QtBot, trend: TrendWorkspace) -> None:
    trend.watch.stop()
    start, end = trend.plot.span
    middle = (start + end) / 2
    note = Marker(int(middle * SECOND_NS), MarkerKind.NOTE, "A.FLOW", "<b>backwash", author="li")
    trend.markers.markers = [note]
    point_at(trend, middle)
    qtbot.waitUntil(QToolTip.isVisible)
    said = QToolTip.text()
    assert "backwash" in said
    assert "A.FLOW" in said
    assert "li" in said
    assert trend.wording.date_time(note.at_ns) in said
    point_at(trend, start + (end - start) / 10)
    qtbot.waitUntil(lambda: not QToolTip.isVisible())
    trend.markers.show(False)
    point_at(trend, middle)
    assert not QToolTip.isVisible()
