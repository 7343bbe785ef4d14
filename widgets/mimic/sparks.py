"""Sparklines: the recent course of a value over its normal band."""

import math
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen, QPolygonF

from app.model.clock import SECOND_NS
from app.project.displays import Spark
from widgets.mimic.context import Layout, outer
from widgets.mimic.item import Item

Floats: TypeAlias = npt.NDArray[np.float64]


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
        start = now - self.spark.span_s * SECOND_NS
        envelope = layout.hub.window(self.spark.tag, start, now, max(2, int(self.box.width()) - 2))
        if envelope is None or not len(envelope.t_last):
            return
        low = np.asarray(envelope.minimum, dtype=np.float64)
        high = np.asarray(envelope.maximum, dtype=np.float64)
        at = (np.asarray(envelope.t_last, dtype=np.float64) - start) / (self.spark.span_s * SECOND_NS)
        if np.isfinite(low).any():
            self._draw(layout, np.clip(at, 0.0, 1.0), low, high)

    def _draw(self, layout: Layout, at: Floats, low: Floats, high: Floats) -> None:
        tag = layout.hub.tag(self.spark.tag)
        bottom, top = float(np.nanmin(low)), float(np.nanmax(high))
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
            upper, lower = y_of(band[1]), y_of(band[0])
            self._band = QRectF(self.box.left(), round(upper), self.box.width(), round(lower) - round(upper))
        line: list[QPointF] = []
        last = math.nan
        for share, least_value, most in zip(at.tolist(), low.tolist(), high.tolist(), strict=True):
            if math.isnan(least_value):  # a gap
                if line:
                    self._lines.append(QPolygonF(line))
                    line = []
                continue
            x = self.box.left() + 1 + share * (self.box.width() - 2)
            y_low, y_high = y_of(least_value), y_of(most)
            last = y_high
            if not math.isclose(y_low, y_high, abs_tol=0.6):
                line.append(QPointF(x, y_low))
            line.append(QPointF(x, y_high))
        if line:
            line.append(QPointF(self.box.right() - 1, last))
            self._lines.append(QPolygonF(line))

    def underlay(self, painter: QPainter, layout: Layout) -> None:
        """Paint what lies below the batch."""
        if not self._lines:
            painter.fillRect(self.box, layout.theme.color("spark_ground"))
        if not self._band.isEmpty():
            painter.fillRect(self._band, layout.theme.color("normal_band"))
        painter.setPen(QPen(layout.theme.color("spark"), 1))
        for line in self._lines:
            painter.drawPolyline(line)
