"""The view box of a trend: drag scrolls in time, the wheel zooms at the pointer, a box zooms into its time."""

from typing import Any, Final

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter

from widgets.trend.period import FIRST_S, LAST_S, MAX_SPAN_S, MIN_SPAN_S

_VEIL: Final = 0.2


class TrendViewBox(pg.ViewBox):  # type: ignore[misc]
    """Values always run from 0 to 1; only time moves.

    Signals:
        boxed(float, float): the time range of a box that was drawn. drawn(): the box being drawn is another one.

    """

    boxed = Signal(float, float)
    drawn = Signal()

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self._wants_box = False
        self._drawn: QRectF | None = None
        self.setMouseEnabled(x=True, y=False)
        self.setMouseMode(pg.ViewBox.PanMode)
        self.setYRange(0.0, 1.0, padding=0.0)
        self.disableAutoRange()
        self.setLimits(xMin=FIRST_S, xMax=LAST_S, minXRange=MIN_SPAN_S, maxXRange=MAX_SPAN_S)

    def set_box_mode(self, wanted: bool) -> None:
        """Let a plain drag draw a box; with Shift it always does."""
        self._wants_box = wanted

    def show_range(self, start_s: float, end_s: float) -> None:
        """Show a range of time."""
        self.setRange(xRange=(start_s, end_s), padding=0.0, disableAutoRange=False)

    def wheelEvent(self, event: Any, axis: int | None = None) -> None:
        """Zoom at the pointer."""
        self.updateMatrix()  # which is else brought up to date by a scene that paints
        super().wheelEvent(event, axis)

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:
        """Scroll, or draw a box."""
        self.updateMatrix()
        if axis is None and event.button() == Qt.MouseButton.LeftButton:
            box = self._wants_box or bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.setMouseMode(pg.ViewBox.RectMode if box else pg.ViewBox.PanMode)
        super().mouseDragEvent(event, axis)
        if self._drawn is not None and event.isFinish():
            self._drawn = None
            self.drawn.emit()

    def updateScaleBox(self, start: QPointF, end: QPointF) -> None:  # noqa: N802
        """Show the box being drawn."""
        self._drawn = QRectF(start, end).normalized()
        self.drawn.emit()

    def paint_box(self, painter: QPainter, color: QColor) -> None:
        """Paint the box being drawn; the painter is in the coordinates of the scene."""
        if self._drawn is None:
            return
        inside = self._drawn.intersected(self.rect()).translated(self.scenePos())
        painter.setPen(color)
        painter.drawRect(inside)
        veil = QColor(color)
        veil.setAlphaF(_VEIL)
        painter.fillRect(inside, veil)

    def showAxRect(self, rect: QRectF, **_: Any) -> None:  # noqa: N802
        """Tell the time range of a box, instead of zooming values too."""
        self.boxed.emit(float(rect.left()), float(rect.right()))
