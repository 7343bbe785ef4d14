"""Axes: time in the plant's zone, and values of a pen in its engineering units."""

from collections.abc import Callable
from typing import Any, Final
from zoneinfo import ZoneInfo

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QStaticText

from widgets.theme import Theme, font
from widgets.trend.margin import LEAST_PX, Label, Margin, decimals_of
from widgets.trend.pens import Pen, PenSet
from widgets.trend.ticks import Tick, time_ticks
from widgets.wording import Wording

_NARROW: Final = 60
_HEIGHT: Final = 20
_TICK: Final = 5
_TEXT: Final = 2
"""From the line to the texts."""
_MOST_TEXTS: Final = 500
_LEAST_PX: Final = 64
"""A lower band (staggered pens) has one tick in its middle."""


class TimeAxis(pg.AxisItem):  # type: ignore[misc]
    """Seconds since the epoch, written in the plant's zone; ticks on its round hours and midnights."""

    def __init__(self, wording: Wording) -> None:
        super().__init__("bottom")
        self._wording = wording
        self._range: tuple[float, float, float, ZoneInfo] | None = None
        self._ticks: list[Tick] = []
        self._texts: dict[str, tuple[QStaticText, float]] = {}
        self.line_pen, self.text_pen = QPen(), QPen()
        self._font = font(13)
        self.setHeight(_HEIGHT)

    def ticks(self, start_s: float, end_s: float, pixels: float) -> list[Tick]:
        """Return the ticks of a range, which the axis shows from now on: grid and axis are one picture's."""
        wanted = (start_s, end_s, pixels, self._wording.zone)
        if wanted != self._range:
            self._range, self._ticks = wanted, time_ticks(*wanted)
        return self._ticks

    def linkedViewChanged(self, *_: object) -> None:  # noqa: N802
        """Do nothing: ticks come with the picture that they belong to."""

    def draw(self, painter: QPainter) -> None:
        """Paint line, ticks and texts; the painter is in the coordinates of the scene."""
        if self._range is None:
            return
        start, end, _, _ = self._range
        place = in_scene(self)
        scale, left, top = place.width() / (end - start), place.left(), place.top()
        painter.setPen(self.line_pen)
        painter.drawLine(QLineF(left - 1.0, top + 1.0, place.right() + 1.0, top + 1.0))
        spots = [(left + (tick.at_s - start) * scale, tick.text) for tick in self._ticks]
        painter.drawLines([QLineF(x, top, x, top - _TICK) for x, _ in spots])
        painter.setFont(self._font)
        painter.setPen(self.text_pen)
        for x, text in spots:
            laid, width = self._laid_out(text)
            if left <= x - width / 2 and x + width / 2 <= place.right():  # none stands out at either end
                painter.drawStaticText(QPointF(x - width / 2, top + _TEXT), laid)

    def _laid_out(self, text: str) -> tuple[QStaticText, float]:
        found = self._texts.get(text)
        if found is None:
            if len(self._texts) >= _MOST_TEXTS:
                self._texts.clear()
            laid = QStaticText(text)
            laid.setTextFormat(Qt.TextFormat.PlainText)
            laid.prepare(font=self._font)
            found = self._texts[text] = laid, laid.size().width()
        return found


class ValueAxis(pg.AxisItem):  # type: ignore[misc]
    """The plot is 0 to 1 for every pen; this axis writes one pen's engineering units over its place.

    The one at the left writes what its margin has, too: the scales of all pens while they are staggered.
    """

    def __init__(
        self, pens: PenSet, wording: Wording, pen: Callable[[], Pen | None], margin: Margin | None = None
    ) -> None:
        """``margin``: what else stands at the left; without it the axis stands at the right."""
        super().__init__("right" if margin is None else "left")
        self._pens, self._wording, self._whose, self._margin = pens, wording, pen, margin
        self._labels: tuple[Label, ...] = ()
        self._theme: Theme | None = None
        self._state: tuple[object, ...] = ()
        self._shares: list[float] = []
        self._shares_of: tuple[object, ...] = ()
        self._lines: list[QLineF] = []
        self._strip = QImage()
        self._strip_of: tuple[object, ...] = ()
        self._ground = QColor()
        self.line_pen, self.text_pen = QPen(), QPen()
        self.picture: Any = None
        self.setStyle(tickFont=font(13), tickLength=-5)
        self.setWidth(_NARROW if margin is None else LEAST_PX)
        self.enableAutoSIPrefix(False)

    def shares(self, size: float) -> list[float]:
        """Return where the ticks are, as shares of the height upwards; to be asked after ``refresh``."""
        if self._shares_of != (size, self._state):
            self._shares_of = size, self._state
            ticks = [share for _, values in self.tickValues(0.0, 1.0, size) for share in values]
            self._shares = [*ticks, *(label.at for label in self._labels if label.is_tick)]
        return self._shares

    def tickValues(self, minimum: float, maximum: float, size: float) -> list[Any]:
        """Return ticks that are round in engineering units."""
        pen = self._whose()
        if pen is None or not pen.visible or (self._margin is not None and self._margin.has_scales):
            return []
        bottom, top = self._pens.place(pen)
        low, high = self._pens.scale(pen)
        if pen.tag.is_discrete:
            return []
        factor = (top - bottom) / (high - low)
        if size * (top - bottom) < _LEAST_PX:
            return [((top - bottom) / 2, [(bottom + top) / 2])]
        levels: list[Any] = super().tickValues(low, high, size * (top - bottom))
        return [(step * factor, [bottom + (v - low) * factor for v in values]) for step, values in levels[:1]]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Return the texts."""
        pen = self._whose()
        if pen is None:
            return ["" for _ in values]
        bottom, top = self._pens.place(pen)
        low, high = self._pens.scale(pen)
        factor = (high - low) / (top - bottom)
        decimals = decimals_of(spacing * factor)
        return [self._wording.number(low + (value - bottom) * factor, decimals) for value in values]

    def linkedViewChanged(self, *_: object) -> None:  # noqa: N802
        """Do nothing: the plot is always 0 to 1."""

    def drawPicture(self, painter: QPainter, axis: object, ticks: list[Any], texts: list[Any]) -> None:  # noqa: N802
        """Paint as pyqtgraph does, and keep where the ticks are: they reach over the plot."""
        super().drawPicture(painter, axis, ticks, texts)
        size = self.size()
        heights = [(1.0 - label.at) * size.height() for label in self._labels if label.is_tick]
        self._lines = [QLineF(start, end) for _, start, end in ticks]
        self._lines += [QLineF(size.width(), y, size.width() + _TICK, y) for y in heights]

    def draw(self, painter: QPainter, ratio: float) -> None:
        """Paint the column that the axis has for itself, as high as the widget, kept while nothing changes.

        The painter is in device pixels, of which there are ``ratio`` to one of the scene.
        """
        place, high = in_scene(self), float(self.getViewWidget().height())
        left, right = round(place.left() * ratio), round(place.right() * ratio)
        state = (place, high, ratio, self._ground.rgb())
        if self.picture is None or state != self._strip_of:
            self._strip_of = state
            self._strip = QImage(max(1, right - left), max(1, round(high * ratio)), QImage.Format.Format_RGB32)
            self._strip.fill(self._ground)
            onto = QPainter(self._strip)
            onto.translate(-left, 0.0)
            onto.scale(ratio, ratio)
            onto.translate(place.topLeft())
            self.picture = None
            self.paint(onto, None, None)
            if self._margin is not None and self._theme is not None:
                self._margin.paint(onto, self._theme, place.size(), self._labels)
            onto.end()
        painter.drawImage(QPoint(left, 0), self._strip)

    def draw_ticks(self, painter: QPainter) -> None:
        """Paint the ticks over the plot; the painter is in the coordinates of the scene."""
        if self._lines:
            corner = self.scenePos()
            painter.setPen(self.line_pen)
            painter.drawLines([line.translated(corner) for line in self._lines])

    def refresh(self, theme: Theme) -> None:
        """Take the pen's colour and scale; nothing is done where they are as before."""
        pen = self._whose()
        shown = pen is not None and pen.visible
        scale = (*self._pens.scale(pen), *self._pens.place(pen)) if pen is not None and shown else ()
        height = float(self.size().height())
        labels = self._margin.labels(height, super().tickValues) if self._margin is not None else ()
        if self._margin is not None:
            broad = self._margin.width(labels, float(self.getViewWidget().width()))
            if broad != self.width():
                self.setWidth(broad)
        state = (pen, theme.name, scale, pen.color if pen is not None else 0, labels)
        if state == self._state:
            return
        self._state, self._labels, self._theme = state, labels, theme
        self._ground = theme.color("field")
        self.picture = None
        dress(self, theme, theme.curve_color(pen.color) if pen is not None else None)


def dress(axis: pg.AxisItem, theme: Theme, text: QColor | None = None) -> None:
    """Give an axis the theme's colours."""
    axis.setPen(theme.color("edge"))
    axis.setTextPen(text or theme.color("dim"))
    axis.line_pen, axis.text_pen = axis.pen(), axis.textPen()  # pyqtgraph makes them anew whenever it is asked


def in_scene(axis: pg.AxisItem) -> QRectF:
    """Return the place of an axis in the scene, which is its place in the widget."""
    return QRectF(axis.scenePos(), axis.size())
