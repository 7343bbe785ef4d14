"""The legend keeps a picture of its cells: it is always the one that would be painted anew."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QEventLoop, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QHoverEvent, QImage
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from app.model import status as st
from app.model.sample import Sample
from tests.gui.trend.site import MAXIMUM, MINIMUM, NOW, Store
from widgets.trend.legend_cell import QUALITY_ROLE, Quality
from widgets.trend.legend_table import LegendHeader, LegendTable
from widgets.trend.pens import LineStyle
from widgets.trend.workspace import TrendWorkspace

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def table(trend: TrendWorkspace) -> LegendTable:
    return trend.legend.table


def header(trend: TrendWorkspace) -> LegendHeader:
    found = table(trend).horizontalHeader()
    assert isinstance(found, LegendHeader)
    return found


def seen(trend: TrendWorkspace) -> QImage:
    QApplication.processEvents()
    while trend.watch._soon.isActive():  # pens or the size changed: the figures are still to come
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    return table(trend).viewport().grab().toImage()


def write(trend: TrendWorkspace, row: int, column: int, text: str) -> None:
    item = table(trend).item(row, column)
    assert item is not None
    item.setText(text)


def point(trend: TrendWorkspace, row: int, column: int) -> None:
    """Move the pointer over a cell; row -1: away."""
    rect = table(trend).visualRect(table(trend).model().index(max(0, row), column))
    at, viewport = QPointF(rect.center()), table(trend).viewport()
    kind = QEvent.Type.HoverMove if row >= 0 else QEvent.Type.HoverLeave
    QApplication.sendEvent(viewport, QHoverEvent(kind, at, viewport.mapToGlobal(at), QPointF(-1, -1)))


CHANGES: dict[str, Callable[[TrendWorkspace], object]] = {
    "figure": lambda trend: write(trend, 0, NOW, "123.45"),
    "text": lambda trend: write(trend, 1, 1, "a description that is much too long for its column, so that it is cut"),
    "wide figure": lambda trend: write(trend, 1, NOW, "-12345678901234.50 (23 min)"),
    "beside the wide figure": lambda trend: write(trend, 1, 1, "other"),
    "far from the wide figure": lambda trend: write(trend, 1, MAXIMUM, "7.25"),
    "wide figure over others": lambda trend: write(trend, 1, MAXIMUM, "-12345678901234567890.50"),
    "under the wide figure": lambda trend: write(trend, 1, MINIMUM, "3.5"),
    "no wide figure": lambda trend: write(trend, 1, NOW, "1.5"),
    "hidden": lambda trend: trend.pens.set_visible(trend.pens.pens[0], False),
    "current": lambda trend: trend.pens.choose(trend.pens.pens[1]),
    "line": lambda trend: trend.pens.set_style(trend.pens.pens[0], LineStyle.DOTTED, 3),
    "colour": lambda trend: trend.pens.set_color(trend.pens.pens[0], 7),
    "chosen": lambda trend: table(trend).setCurrentCell(0, 0),
    "chosen another": lambda trend: table(trend).setCurrentCell(1, 0),
    "pointed at": lambda trend: point(trend, 0, NOW),
    "pointed at another": lambda trend: point(trend, 0, 1),
    "pointed away": lambda trend: point(trend, -1, 0),
    "ruler": lambda trend: trend.plot.rulers.set(1, trend.plot.span[0] + 100),
    "theme": lambda trend: trend.themes.apply("dark"),
    "column": lambda trend: table(trend).setColumnWidth(NOW, 140),
    "name": lambda trend: table(trend).setHorizontalHeaderLabels(["Other"]),
    "pen more": lambda trend: trend.add_tag("X1"),
    "pen less": lambda trend: trend.pens.remove(trend.pens.pens[0]),
    "size": lambda trend: trend.resize(900, 640),
    "many": lambda trend: [trend.add_tag(f"X{number}") for number in range(2, 16)],
    "scrolled": lambda trend: table(trend).scrollToBottom(),
}


def test_the_kept_picture_is_that_of_a_new_painting(trend: TrendWorkspace) -> None:
    trend.watch.stop()
    before = seen(trend)
    for name, change in CHANGES.items():
        change(trend)
        seen(trend)  # a scroll bar may come or go
        trend.query()  # and nothing is left to be read soon
        kept = seen(trend)
        assert kept != before or name == "name", name
        names = header(trend).viewport().grab().toImage()
        table(trend).paint_anew()
        header(trend).paint_anew()
        assert seen(trend) == kept, name
        assert header(trend).viewport().grab().toImage() == names, name
        before = kept


def test_the_cell_under_the_pointer_looks_so(trend: TrendWorkspace) -> None:
    spot = table(trend).visualRect(table(trend).model().index(1, 1)).topLeft()
    panel, hover = (trend.themes.theme.color(name).rgb() for name in ("panel", "hover"))
    assert seen(trend).pixel(spot) == panel
    point(trend, 1, 1)
    assert seen(trend).pixel(spot) == hover
    point(trend, -1, 0)
    assert seen(trend).pixel(spot) == panel


@pytest.mark.parametrize(
    ("status", "quality"), [(st.BAD_NO_COMMUNICATION, Quality.STALE), (st.UNCERTAIN, Quality.UNCERTAIN), (st.BAD, None)]
)
def test_a_live_value_that_is_not_good_looks_as_it_does_elsewhere(
    trend: TrendWorkspace, monkeypatch: pytest.MonkeyPatch, status: int, quality: Quality | None
) -> None:
    trend.watch.stop()
    item = table(trend).item(0, NOW)
    assert item is not None
    assert item.data(QUALITY_ROLE) is None
    monkeypatch.setattr(trend.legend, "_read", lambda _: Sample(12.5, status, 1, 1))
    trend.legend.refresh_live()
    assert item.data(QUALITY_ROLE) is quality
    marked = seen(trend)
    item.setData(QUALITY_ROLE, None)
    assert (seen(trend) != marked) == (quality is not None)


@pytest.mark.parametrize(
    ("status", "mark"), [(st.UNCERTAIN_SUBSTITUTE, "[S]"), (st.GOOD_LOCAL_OVERRIDE, "[F]"), (st.GOOD, "")]
)
def test_a_live_value_that_was_not_measured_has_its_letter(
    trend: TrendWorkspace, monkeypatch: pytest.MonkeyPatch, status: int, mark: str
) -> None:
    trend.watch.stop()
    item = table(trend).item(0, NOW)
    assert item is not None
    monkeypatch.setattr(trend.legend, "_read", lambda _: Sample(12.5, status, 1, 1))
    trend.legend.refresh_live()
    assert item.text().partition(" ")[2] == mark
    assert bool(item.toolTip()) == bool(mark)


def test_the_texts_of_two_states_stand_beside_each_other(trend: TrendWorkspace) -> None:
    trend.watch.stop()
    for number, text in enumerate(("Opening by hand", "Closed by the interlock")):
        trend.legend._write(1, MINIMUM + number, text)
    for column in (MINIMUM, MAXIMUM):
        item = table(trend).item(1, column)
        assert item is not None
        assert table(trend)._cells.needed(item.text()) <= table(trend).columnWidth(column)


def test_a_state_is_cut_to_its_cell_and_a_tip_has_the_whole_of_it(
    trend: TrendWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    trend.watch.stop()
    state = "Closed by the interlock of the other pump, which is in maintenance"
    trend.legend._write(1, MINIMUM, "Open")
    trend.legend._write(1, MAXIMUM, state)
    spot = table(trend).visualRect(table(trend).model().index(1, MINIMUM))
    with_state = seen(trend).copy(spot)
    at = table(trend).visualRect(table(trend).model().index(1, MAXIMUM)).center()
    shown: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _at, text, _of: shown.append(text))
    viewport = table(trend).viewport()
    QApplication.sendEvent(viewport, QHelpEvent(QEvent.Type.ToolTip, at, viewport.mapToGlobal(at)))
    assert len(shown) == 1
    assert state in shown[0]
    trend.legend._write(1, MAXIMUM, "")
    assert seen(trend).copy(spot) == with_state


def test_other_pens_give_the_room_of_long_texts_back(trend: TrendWorkspace) -> None:
    trend.watch.stop()
    width = table(trend).columnWidth(MAXIMUM)
    trend.legend._write(1, MAXIMUM, "Closed by the interlock")
    assert table(trend).columnWidth(MAXIMUM) > width
    trend.pens.remove(trend.pens.pens[1])
    assert table(trend).columnWidth(MAXIMUM) == width


def test_only_what_says_something_else_is_painted(trend: TrendWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    trend.watch.stop()
    seen(trend)
    painted: list[tuple[int, str]] = []
    paint = table(trend)._cells.paint

    def watched(painter: Any, theme: Any, rect: Any, column: int, text: str, cut: bool) -> None:
        painted.append((column, text))
        paint(painter, theme, rect, column, text, cut)

    monkeypatch.setattr(table(trend)._cells, "paint", watched)
    write(trend, 0, NOW, "55.50")
    trend.legend.refresh_rulers([None, None])
    seen(trend)
    assert painted == [(NOW, "55.50")]
    write(trend, 0, NOW, "-12345678901234.50 (23 min)")
    seen(trend)
    painted.clear()
    write(trend, 0, MAXIMUM, "60.00")
    seen(trend)
    assert painted == [(MAXIMUM, "60.00")], "a wide figure is painted with what it reaches alone"
    seen(trend)
    assert len(painted) == 1


def test_a_click_into_the_box_hides_the_pen(qtbot: QtBot, trend: TrendWorkspace, store: Store) -> None:
    shown, at = seen(trend), QPoint(15, table(trend).rowViewportPosition(0) + 14)
    qtbot.mouseClick(table(trend).viewport(), Qt.MouseButton.LeftButton, pos=at)  # type: ignore[no-untyped-call]
    assert not trend.pens.pens[0].visible
    assert seen(trend).pixel(at) != shown.pixel(at)
    qtbot.mouseClick(table(trend).viewport(), Qt.MouseButton.LeftButton, pos=at)  # type: ignore[no-untyped-call]
    assert trend.pens.pens[0].visible
