"""The picture of all curves: painted when something changed, else only copied."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QImage, QPainter

from widgets.theme import Theme
from widgets.trend.frame import Frame


class Canvas:
    """A picture as large as the view box, in device pixels."""

    def __init__(self, paint: Callable[[Frame], None]) -> None:
        self._paint = paint
        self._pixels = np.zeros((1, 1), dtype=np.uint32)
        self._image = QImage()

    def refresh(self, width: float, height: float, ratio: float, start_s: float, end_s: float, theme: Theme) -> None:
        """Make the picture anew for a size (device independent pixels) and a range of time."""
        columns, rows = max(1, round(width * ratio)), max(1, round(height * ratio))
        if self._pixels.shape != (rows, columns):
            self._pixels = np.zeros((rows, columns), dtype=np.uint32)
        # A new QImage over the same memory: nothing that Qt keeps of the old one is shown for it.
        image = QImage(self._pixels.data, columns, rows, columns * 4, QImage.Format.Format_RGB32)
        self._paint(Frame(self._pixels, image, start_s, end_s, ratio, theme))
        self._image = image

    def draw(self, painter: QPainter, corner: QPointF, ratio: float) -> None:
        """Copy the picture to its corner (device independent pixels); the painter is in device pixels."""
        if not self._image.isNull():
            painter.drawImage(QPoint(round(corner.x() * ratio), round(corner.y() * ratio)), self._image)
