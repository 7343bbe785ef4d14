"""Sparklines: the recent course of a value over its normal band; gaps where it was bad, dots where uncertain.

A letter in the corner says that the value at its end is bad, stands still or was not measured.
"""

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from app.model.clock import SECOND_NS
from app.model.tag import Tag
from app.project.displays import Spark
from widgets.mimic.atlas import RowList
from widgets.mimic.context import Layout, outer
from widgets.mimic.item import Item
from widgets.mimic.marks import letter_size, put_letter
from widgets.quality import letter_of
from widgets.trend.shape import Floats, Lines, polyline

_AGAIN_NS: Final = 2 * SECOND_NS


class SparkItem(Item):
    """Queries the store for one column a pixel, at most every two seconds."""

    def __init__(self, element: Spark, layout: Layout) -> None:
        self.spark = element
        self.box = layout.rect(element.box)
        self._lines: list[QPolygonF] = []
        self._dashes: list[QPolygonF] = []
        self._band = QRectF()
        self._due_ns = 0
        self._letter = ""
        super().__init__(element, layout, outer(self.box), (element.tag,))

    def due(self, now_ns: int) -> bool:
        """Whether the course has to be read again."""
        return now_ns >= self._due_ns

    def marked_anew(self, layout: Layout) -> bool:
        """Take the letter of the value as it is now; tells whether it is another one."""
        shown = layout.true(self.spark.visible) and layout.true(self.spark.applies)
        letter = letter_of(layout.hub.sample(self.spark.tag), hatched=False) if shown else ""
        if letter == self._letter:
            return False
        self._letter, rows = letter, RowList()
        if letter:
            size = letter_size(layout)
            put_letter(rows, layout, letter, size, self.box.right() - size, self.box.top())
        self.rows = rows.array
        return True

    def refresh(self, layout: Layout) -> None:
        """Compute the fragments from the newest samples."""
        self.marked_anew(layout)
        now = layout.hub.now_ns()
        if not self.due(now):
            return
        self._due_ns = now + _AGAIN_NS
        self._lines, self._dashes = [], []
        self._band = QRectF()
        if not (layout.true(self.spark.visible) and layout.true(self.spark.applies)):
            return
        start = now - self.spark.span_s * SECOND_NS
        tag = layout.hub.tag(self.spark.tag)
        envelope = layout.hub.window(self.spark.tag, start, now, max(2, int(self.box.width()) - 2))
        if tag is None or envelope is None or not len(envelope.t_last):
            return  # no store yet, or nothing in it: look again soon
        self._due_ns = now + max(_AGAIN_NS, self.spark.span_s * SECOND_NS // max(1, int(self.box.width())))
        lines = polyline(envelope, tag, now)
        bounds = lines.bounds()
        if bounds is not None:
            self._draw(tag, lines, bounds, start / SECOND_NS)

    def _draw(self, tag: Tag, lines: Lines, bounds: tuple[float, float], start_s: float) -> None:
        bottom, top = bounds
        band = tag.limits.normal_low, tag.limits.normal_high
        if band[0] is not None and band[1] is not None:
            bottom, top = min(bottom, band[0]), max(top, band[1])
        else:
            least, middle = (tag.high - tag.low) * 0.01, (bottom + top) / 2
            bottom, top = min(bottom, middle - least), max(top, middle + least)
        margin = (top - bottom) * 0.3 or 1.0
        bottom, top = bottom - margin, top + margin
        per_unit = self.box.height() / (top - bottom)
        if band[0] is not None and band[1] is not None:
            upper, lower = (round(self.box.bottom() - (edge - bottom) * per_unit) for edge in (band[1], band[0]))
            self._band = QRectF(self.box.left(), upper, self.box.width(), lower - upper)

        def polygon(x: Floats, y: Floats) -> QPolygonF:
            share = np.clip((x - start_s) / self.spark.span_s, 0.0, 1.0)
            across = self.box.left() + 1 + share * (self.box.width() - 2)
            up = self.box.bottom() - (y - bottom) * per_unit
            return QPolygonF([QPointF(*point) for point in zip(across.tolist(), up.tolist(), strict=True)])

        self._lines = [polygon(x, y) for x, y in lines.solid_parts()]
        self._dashes = [polygon(x, y) for x, y in lines.dashed_parts()]

    def underlay(self, painter: QPainter, layout: Layout) -> None:
        """Paint what lies below the batch."""
        if not (self._lines or self._dashes):
            painter.fillRect(self.box, layout.theme.color("spark_ground"))
        if not self._band.isEmpty():
            painter.fillRect(self._band, layout.theme.color("normal_band"))
        pen = QPen(layout.theme.color("spark"), 1)
        for style, lines in ((Qt.PenStyle.SolidLine, self._lines), (Qt.PenStyle.DotLine, self._dashes)):
            pen.setStyle(style)
            painter.setPen(pen)
            for line in lines:
                painter.drawPolyline(line)
