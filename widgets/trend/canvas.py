"""The one item that holds the picture of all curves: painted when something changed, else only copied."""

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from widgets.theme import Theme
from widgets.trend.frame import Frame


class Canvas(QGraphicsItem):
    """A picture as large as its parent (the view box), in device pixels."""

    def __init__(self, parent: QGraphicsItem, paint: Callable[[Frame], None]) -> None:
        super().__init__(parent)
        self._paint = paint
        self._pixels = np.zeros((1, 1), dtype=np.uint32)
        self._image = QImage()
        self._size = QRectF()
        self.setZValue(-50)

    def boundingRect(self) -> QRectF:
        """Return the place of the picture."""
        return self._size

    def refresh(self, size: QRectF, ratio: float, start_s: float, end_s: float, theme: Theme) -> None:
        """Make the picture anew for a size (device independent pixels) and a range of time."""
        width, height = max(1, round(size.width() * ratio)), max(1, round(size.height() * ratio))
        if self._pixels.shape != (height, width):
            self._pixels = np.zeros((height, width), dtype=np.uint32)
        if size != self._size:
            self.prepareGeometryChange()
            self._size = QRectF(size)
        # A new QImage over the same memory: nothing that Qt keeps of the old one is shown for it.
        image = QImage(self._pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)
        self._paint(Frame(self._pixels, image, start_s, end_s, ratio, theme))
        image.setDevicePixelRatio(ratio)
        self._image = image
        self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> Any:
        """Copy the picture to whole device pixels, so that it is never smoothed."""
        if self._image.isNull():
            return
        corner = painter.transform().map(self._size.topLeft())
        whole = QPointF(round(corner.x()), round(corner.y()))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.drawImage(self._size.topLeft() + (whole - corner), self._image)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
