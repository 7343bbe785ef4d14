"""The widget of the plot: one paint of kept pieces. pyqtgraph's scene in it keeps layout and mouse, and paints nothing.

A scene that paints is told of every item that moves, paints once for what it was told, and again for what its items
say while they are painted: two paints a frame, and more time around the curves than in them.
"""

from collections.abc import Callable

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGraphicsView

Strip = Callable[[QPainter, float], None]
Piece = Callable[[QPainter], None]


class TrendView(pg.PlotWidget):  # type: ignore[misc]
    """Paints ground, strips and pieces, in this order, whenever it is told to; nothing in the scene shows by itself."""

    def __init__(self, box: pg.ViewBox, axes: dict[str, pg.AxisItem]) -> None:
        super().__init__(viewBox=box, axisItems=axes)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.NoViewportUpdate)
        for side in ("top", "right"):
            self.getPlotItem().getAxis(side).unlinkFromView()  # hidden, but it would lay out its name at every range
        self._box = box
        self.ground = QColor()
        self.strips: list[Strip] = []
        """Painted first, in device pixels, of which there are so many to one of the scene: never smoothed."""
        self.pieces: list[Piece] = []
        """Painted over them, in the coordinates of the scene, which are those of the widget."""

    @property
    def place(self) -> QRectF:
        """Where the view box is in the scene, which is where it is in the widget."""
        corner = self._box.scenePos()
        return QRectF(corner.x(), corner.y(), float(self._box.width()), float(self._box.height()))

    def repaint_soon(self) -> None:
        """Paint once for all that changes in this turn of the event loop."""
        if not self.closed:
            self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint everything, cut to what is asked for."""
        if self.closed:
            return
        painter = QPainter(self.viewport())
        ratio = self.devicePixelRatioF()
        self._paint_ground(painter, self.place)
        painter.save()
        painter.scale(1.0 / ratio, 1.0 / ratio)
        for strip in self.strips:
            strip(painter, ratio)
        painter.restore()
        for piece in self.pieces:
            piece(painter)
        painter.end()

    def _paint_ground(self, painter: QPainter, place: QRectF) -> None:
        width, height = float(self.viewport().width()), float(self.viewport().height())
        for around in (
            QRectF(0.0, 0.0, width, place.top()),
            QRectF(0.0, 0.0, place.left(), height),
            QRectF(place.right(), 0.0, width - place.right(), height),
            QRectF(0.0, place.bottom(), width, height - place.bottom()),
        ):
            painter.fillRect(around, self.ground)
