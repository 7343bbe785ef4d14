"""Sparklines: the recent course of a value over its normal band."""

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen, QPolygonF

from app.model.clock import SECOND_NS
from app.project.displays import Spark
from widgets.mimic.context import Layout, outer
from widgets.mimic.item import Item


class SparkItem(Item):
    """Queries the store for one column a pixel, at most every two seconds."""

    def __init__(self, element: Spark, layout: Layout) -> None:
        self.spark = element
        self.box = layout.rect(element.box)
        self._lines: list[QPolygonF] = []
        self._band = QRectF()
        self._due_ns = 0
        super().__init__(element, layout, outer(self.box), (element.tag,))

    def due(self, now_ns: int) -> bool:
        """Whether the course has to be read again."""
        return now_ns >= self._due_ns

    def refresh(self, layout: Layout) -> None:
        """Compute the fragments from the newest samples."""
        now = layout.hub.now_ns()
        if not self.due(now):
            return
        self._due_ns = now + max(2 * SECOND_NS, self.spark.span_s * SECOND_NS // max(1, int(self.box.width())))
        self._lines = []
        self._band = QRectF()
        if not (layout.true(self.spark.visible) and layout.true(self.spark.applies)):
            return
        columns = max(2, int(self.box.width()) - 2)
        envelope = layout.hub.window(self.spark.tag, now - self.spark.span_s * SECOND_NS, now, columns)
        if envelope is None:
            return
        low = np.asarray(envelope.minimum, dtype=float)
        high = np.asarray(envelope.maximum, dtype=float)
        held = np.asarray(envelope.count) > 0
        seen = np.isfinite(low) & np.isfinite(high) & held
        if seen.any():
            self._draw(layout, low, high, seen)

    def _draw(self, layout: Layout, low: "np.ndarray", high: "np.ndarray", seen: "np.ndarray") -> None:
        tag = layout.hub.tag(self.spark.tag)
        bottom, top = float(low[seen].min()), float(high[seen].max())
        limits = tag.limits if tag else None
        band = (limits.normal_low, limits.normal_high) if limits else (None, None)
        if band[0] is not None and band[1] is not None:
            bottom, top = min(bottom, band[0]), max(top, band[1])
        elif tag is not None:
            least, middle = (tag.high - tag.low) * 0.01, (bottom + top) / 2
            bottom, top = min(bottom, middle - least), max(top, middle + least)
        margin = (top - bottom) * 0.3 or 1.0
        bottom, top = bottom - margin, top + margin

        def y_of(value: float) -> float:
            return self.box.bottom() - (value - bottom) / (top - bottom) * self.box.height()

        if band[0] is not None and band[1] is not None:
            upper = max(self.box.top(), y_of(band[1]))
            lower = min(self.box.bottom(), y_of(band[0]))
            if lower > upper:
                self._band = QRectF(self.box.left(), upper, self.box.width(), lower - upper)
        line: list[QPointF] = []
        for index in range(len(low)):
            if not seen[index]:
                continue
            x = self.box.left() + 1 + index
            first, last = y_of(low[index]), y_of(high[index])
            if not math.isclose(first, last, abs_tol=0.6):
                line.append(QPointF(x, first))
            line.append(QPointF(x, last))
        self._lines = [QPolygonF(line)]

    def underlay(self, painter: QPainter, layout: Layout) -> None:
        """Paint what lies below the batch."""
        if not self._lines:
            painter.fillRect(self.box, layout.theme.color("spark_ground"))
        if not self._band.isEmpty():
            painter.fillRect(self._band, layout.theme.color("normal_band"))
        painter.setPen(QPen(layout.theme.color("spark"), 1))
        for line in self._lines:
            painter.drawPolyline(line)
