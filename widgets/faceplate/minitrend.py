"""A small trend with limits, painted directly: no axes to drag, nothing to configure."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.model.clock import SECOND_NS
from app.model.tag import Tag
from widgets.faceplate.port import Reader
from widgets.quality import marked
from widgets.theme import ThemeManager, font
from widgets.trend.shape import Lines, polyline
from widgets.trend.source import EnvelopeSource
from widgets.wording import Wording

TrendSource = EnvelopeSource
SPAN_S: Final = 4 * 3600
_LINE: Final = 19
_COLORS: Final = ("curve1", "ink", "dim")
"""Beside an alarm limit nothing but quiet colours."""
_LEAST: Final = 120
_MOST: Final = 340


class MiniTrend(QWidget):
    """Up to three tags over the last four hours, each on its own scale, with the limits of the first.

    Their captions have the mark of what was not measured.
    """

    def __init__(
        self, tags: Sequence[tuple[str, Tag]], source: EnvelopeSource | None, read: Reader, themes: ThemeManager,
        wording: Wording,
    ) -> None:  # fmt: skip
        super().__init__()
        self._captions = [caption for caption, _ in tags[:3]]
        self._tags = [tag for _, tag in tags[:3]]
        self._source, self._read, self._themes, self._wording = source, read, themes, wording
        self._lines: list[Lines | None] = [None] * len(self._tags)
        self._end_ns = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(_LEAST)
        self.setMaximumHeight(_MOST)
        themes.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Return the least height; the faceplate gives what it has left, up to a limit."""
        return QSize(300, _LEAST)

    def set_source(self, source: EnvelopeSource | None) -> None:
        """Take another store (the engine was started again)."""
        self._source = source

    def refresh(self, now_ns: int) -> None:
        """Read the window again."""
        self._end_ns = now_ns
        if self._source is not None and self.width() > 8:
            start = now_ns - SPAN_S * SECOND_NS
            for i, tag in enumerate(self._tags):
                envelope = self._source.window(tag.name, start, now_ns, self.width())
                self._lines[i] = None if envelope is None else polyline(envelope, tag, now_ns)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint title, ground, limits and curves."""
        theme = self._themes.theme
        painter = QPainter(self)
        painter.setFont(font(13))
        top = self._paint_captions(painter) + 0.5
        plot = QRectF(0.5, top, self.width() - 1, self.height() - top - 0.5)
        painter.setPen(theme.color("edge"))
        painter.setBrush(theme.color("field"))
        painter.drawRect(plot)
        painter.setClipRect(plot.adjusted(1, 1, -1, -1))
        for i, lines in enumerate(self._lines):
            tag = self._tags[i]
            low, high = self._scale(tag, lines)
            if i == 0:
                self._paint_limits(painter, plot, tag, low, high)
            if lines is not None:
                self._paint_curve(painter, plot, lines, low, high, theme.color(_COLORS[i]))
        painter.end()

    def _paint_captions(self, painter: QPainter) -> int:
        """Paint the captions, on as many lines as they need; returns where the plot begins (px)."""
        metrics = painter.fontMetrics()
        x, y = 0, 0
        for i, caption in enumerate(self._captions):
            shown = marked("— " + caption, self._read(self._tags[i].name))
            text = metrics.elidedText(shown, Qt.TextElideMode.ElideRight, self.width())
            advance = metrics.horizontalAdvance(text)
            if x and x + advance > self.width():
                x, y = 0, y + _LINE
            painter.setPen(self._themes.color(_COLORS[i]))
            room = QRectF(x, y, advance + 2, _LINE)
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
            x += advance + 16
        return y + _LINE + 4

    @staticmethod
    def _scale(tag: Tag, lines: Lines | None) -> tuple[float, float]:
        bounds = lines.bounds() if lines is not None else None
        values = [v for v in (tag.limits.high, tag.limits.normal_low, tag.limits.normal_high) if v is not None]
        if bounds is not None:
            values += bounds
        low, high = (min(values), max(values)) if values else (tag.low, tag.high)
        margin = (high - low) * 0.08 or max(1.0, abs(high) * 0.05)
        return low - margin, high + margin

    def _paint_limits(self, painter: QPainter, plot: QRectF, tag: Tag, low: float, high: float) -> None:
        limits = tag.limits
        color = self._themes.color("limit")
        for name, value in (("HH", limits.high_high), ("H", limits.high), ("L", limits.low), ("LL", limits.low_low)):
            if value is None or not low <= value <= high:
                continue
            y = plot.bottom() - (value - low) / (high - low) * plot.height()
            painter.setPen(QPen(color, 1.0, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(self._themes.color("dim"))
            text = f"{name} {self._wording.number(value, tag.decimals)}"
            above = y - 17 if y - 17 > plot.top() else y + 2
            painter.drawText(QRectF(plot.left(), above, plot.width() - 4, 16), Qt.AlignmentFlag.AlignRight, text)

    def _paint_curve(
        self, painter: QPainter, plot: QRectF, lines: Lines, low: float, high: float, color: QColor
    ) -> None:
        start = self._end_ns / SECOND_NS - SPAN_S
        kx, ky = plot.width() / SPAN_S, plot.height() / (high - low)
        for dashed, parts in ((False, lines.solid_parts()), (True, lines.dashed_parts())):
            painter.setPen(QPen(color, 1.0, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine))
            for xs, ys in parts:
                points = [
                    QPointF(plot.left() + (x - start) * kx, plot.bottom() - (y - low) * ky)
                    for x, y in zip(xs.tolist(), ys.tolist(), strict=True)
                ]
                painter.drawPolyline(QPolygonF(points))
