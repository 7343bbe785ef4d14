"""The plot is painted once a frame from kept pieces, and the mouse takes hold of what is painted."""

from collections.abc import Iterator

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.trend.site import Store
from widgets.trend.workspace import TrendWorkspace

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


class Paints(QObject):
    """Which parts of a widget were painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.seen: list[QRect] = []
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.seen.append(event.rect())
        return False


class Mouse:
    """A mouse over the plot, in the coordinates of its viewport."""

    def __init__(self, trend: TrendWorkspace) -> None:
        self.viewport = trend.plot._view.viewport()
        self.held = Qt.MouseButton.NoButton

    def move(self, x: float, y: float) -> None:
        self._send(QEvent.Type.MouseMove, x, y, Qt.MouseButton.NoButton)

    def press(self, x: float, y: float, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        self.held = button
        self._send(QEvent.Type.MouseButtonPress, x, y, button)

    def release(self, x: float, y: float) -> None:
        button, self.held = self.held, Qt.MouseButton.NoButton
        self._send(QEvent.Type.MouseButtonRelease, x, y, button)

    def _send(self, kind: QEvent.Type, x: float, y: float, button: Qt.MouseButton) -> None:
        at, whole = QPointF(x, y), self.viewport.mapToGlobal(QPoint(round(x), round(y)))
        event = QMouseEvent(kind, at, QPointF(whole), button, self.held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self.viewport, event)


@pytest.fixture
def mouse(trend: TrendWorkspace) -> Iterator[Mouse]:
    before = pg.getConfigOption("mouseRateLimit")
    pg.setConfigOption("mouseRateLimit", 0)
    trend.watch.stop()
    yield Mouse(trend)
    pg.setConfigOption("mouseRateLimit", before)


def seen(trend: TrendWorkspace) -> QImage:
    image: QImage = trend.plot._view.grab().toImage()
    return image


def x_of(trend: TrendWorkspace, seconds: float) -> float:
    (start, end), place = trend.plot.span, trend.plot._view.place
    return place.left() + (seconds - start) * place.width() / (end - start)


def test_a_frame_with_rulers_is_one_paint(qtbot: QtBot, trend: TrendWorkspace, store: Store) -> None:
    end = store.start_ns / 1e9
    trend.watch.stop()
    trend.plot.rulers.set(0, end - 500)
    trend.plot.rulers.set(1, end - 200)
    trend.query()
    viewport = trend.plot._view.viewport()
    qtbot.waitUntil(trend.plot._view.isVisible)
    QApplication.processEvents()
    paints = Paints(viewport)
    for shift in (1.0, 2.0, 3.0):
        trend.plot.show_range(end - 800 + shift, end + shift)
        trend.query()
        QApplication.processEvents()
    assert paints.seen == [viewport.rect()] * 3


def test_ticks_stand_where_the_grid_is(trend: TrendWorkspace, store: Store) -> None:
    trend.watch.stop()
    trend.pens.replace([])
    for span in (30.0, 1800.0, 86400.0, 40 * 86400.0):
        trend.navigator.show_range(store.start_ns / 1e9 - span, store.start_ns / 1e9)
        trend.query()
        image, place, picture = seen(trend), trend.plot._view.place, trend.plot._canvas._image
        edge, field = (trend.themes.theme.color(name).rgb() for name in ("edge", "field"))
        left, row = round(place.left()), round(place.bottom()) - 3
        grid = [x for x in range(picture.width()) if picture.pixel(x, 2) != field]
        assert [x for x in range(picture.width()) if image.pixel(left + x, row) == edge] == grid
        assert len(grid) > 3


def test_a_ruler_is_dragged_by_its_line(trend: TrendWorkspace, store: Store, mouse: Mouse) -> None:
    start, end = trend.plot.span
    trend.plot.rulers.set(0, (start + end) / 2)
    x, y = x_of(trend, (start + end) / 2), 100.0
    selection, ink = (trend.themes.theme.color(name).rgb() for name in ("selection", "ink"))
    assert seen(trend).pixel(int(x), 100) == ink
    mouse.move(x + 1, y)
    assert seen(trend).pixel(int(x), 100) == selection
    mouse.press(x + 1, y)
    mouse.move(x + 60, y)
    mouse.move(x + 121, y)
    mouse.release(x + 121, y)
    moved = trend.plot.rulers.at_s[0]
    assert moved is not None
    assert x_of(trend, moved) == pytest.approx(x + 120, abs=0.01)
    assert trend.plot.span == (start, end)
    mouse.move(x - 100, y)
    assert seen(trend).pixel(int(x + 120), 100) == ink


def test_beside_a_ruler_the_plot_is_dragged(trend: TrendWorkspace, mouse: Mouse) -> None:
    start, end = trend.plot.span
    middle = (start + end) / 2
    trend.plot.rulers.set(0, middle)
    x = x_of(trend, middle)
    mouse.move(x + 30, 100)
    mouse.press(x + 30, 100)
    mouse.move(x + 80, 100)
    mouse.move(x + 130, 100)
    mouse.release(x + 130, 100)
    assert trend.plot.rulers.at_s[0] == middle
    width = trend.plot._view.place.width()
    assert trend.plot.span[0] == pytest.approx(start - 100 * (end - start) / width, abs=0.1)


def test_a_box_shows_while_it_is_drawn(trend: TrendWorkspace, mouse: Mouse) -> None:
    trend.times.box.setChecked(True)
    before, (start, end), place = seen(trend), trend.plot.span, trend.plot._view.place
    mouse.move(300, 50)
    mouse.press(300, 50)
    mouse.move(400, 150)
    mouse.move(500, 250)
    color = trend.themes.theme.color("selection").rgb()
    drawn = seen(trend)
    assert drawn.pixel(300, 100) == color != before.pixel(300, 100)
    assert drawn.pixel(400, 100) != before.pixel(400, 100)
    mouse.release(500, 250)
    seconds = (end - start) / place.width()
    wanted = (start + (300 - place.left()) * seconds, start + (500 - place.left()) * seconds)
    assert trend.plot.span == pytest.approx(wanted, abs=0.01)
    assert seen(trend).pixel(300, 100) != color
