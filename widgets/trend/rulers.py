"""Two rulers over the plot: A and B, dragged or moved by keys."""

from typing import Any, Final

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from widgets.theme import Theme, font

NAMES: Final = ("A", "B")
_STYLES: Final = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine)
_LABEL: Final = 0.97
"""Where the middle of a name is, as a share of the height upwards."""
_MARGIN: Final = 4.0


class Rulers(QObject):
    """Owns the two lines; the one moved last is the active one.

    Signals:
        moved(): a ruler moved, came or went; see ``at_s``. touched(): one looks different.

    """

    moved = Signal()
    touched = Signal()

    def __init__(self, box: pg.ViewBox, parent: QObject) -> None:
        super().__init__(parent)
        self.active = 0
        self.at_s: list[float | None] = [None, None]
        self._box = box
        self._ink, self._hover, self._panel = QColor(), QColor(), QColor()
        self._font = font(13, bold=True)
        metrics = QFontMetricsF(self._font)
        self._high = metrics.height() + 2 * _MARGIN
        self._broad = [metrics.horizontalAdvance(name) + 2 * _MARGIN for name in NAMES]
        self._handles = [_Handle(self, number, box) for number in range(len(NAMES))]

    def set(self, number: int, seconds: float | None) -> None:
        """Put a ruler (0: A, 1: B) at a time, or take it away."""
        self.at_s[number] = seconds
        if seconds is not None:
            self.active = number
        self.place()
        self.moved.emit()

    def clear(self) -> None:
        """Take both away."""
        self.at_s = [None, None]
        self.place()
        self.moved.emit()

    def restyle(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._ink, self._hover, self._panel = theme.color("ink"), theme.color("selection"), theme.color("panel")
        self.touched.emit()

    def place(self) -> None:
        """Put what the mouse takes hold of where the lines are; to be called when the range or the size changed."""
        height = float(self._box.height())
        for number, handle in enumerate(self._handles):
            x = self._x(number)
            handle.setVisible(x is not None)
            if x is not None:
                handle.put(x, height)
        self.touched.emit()

    def paint(self, painter: QPainter) -> None:
        """Paint the lines and their names; the painter is in the coordinates of the scene."""
        if self.at_s == [None, None]:
            return
        corner, width, height = self._box.scenePos(), float(self._box.width()), float(self._box.height())
        painter.setFont(self._font)
        for number, name in enumerate(NAMES):
            x = self._x(number)
            if x is None:
                continue
            color = self._hover if self._handles[number].is_hovered else self._ink
            painter.setPen(QPen(color, 0.0, _STYLES[number]))
            at = corner.x() + x
            painter.drawLine(QLineF(at, corner.y(), at, corner.y() + height))
            broad, high = self._broad[number], self._high
            # The name stands on the side that has more room, beside the line.
            left = at + 1.0 if x < width / 2 else at - broad
            label = QRectF(left, corner.y() + height * (1.0 - _LABEL) - high / 2, broad, high)
            painter.fillRect(label, self._panel)
            painter.setPen(self._ink)
            painter.drawText(label, Qt.AlignmentFlag.AlignCenter, name)

    def time_at(self, x: float) -> float:
        """Return the time at a place in the view box."""
        low, high = self._box.viewRange()[0]
        return float(low) + x * (float(high) - float(low)) / max(1.0, float(self._box.width()))

    def _x(self, number: int) -> float | None:
        """Return where a ruler is in the view box; None where it does not show."""
        seconds = self.at_s[number]
        if seconds is None:
            return None
        (low, high), width = self._box.viewRange()[0], float(self._box.width())
        x = (seconds - low) * width / (high - low)
        return float(x) if 0.0 <= x <= width else None


class _Handle(QGraphicsItem):
    """What the mouse takes hold of: as high as the view box, as wide as a line; the scene adds its reach."""

    def __init__(self, rulers: Rulers, number: int, box: pg.ViewBox) -> None:
        super().__init__(box)
        self._rulers, self._number = rulers, number
        self._height = 0.0
        self._moving = False
        self._before_s, self._offset = 0.0, 0.0
        self.is_hovered = False
        self.setZValue(120.0)
        self.setAcceptHoverEvents(True)
        self.setVisible(False)

    def put(self, x: float, height: float) -> None:
        """Stand at a place."""
        if height != self._height:
            self.prepareGeometryChange()
            self._height = height
        self.setPos(x, 0.0)

    def boundingRect(self) -> QRectF:
        """Return the place of the line."""
        return QRectF(-1.0, 0.0, 2.0, self._height)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> Any:
        """Paint nothing: the rulers paint their lines."""

    def hoverEvent(self, event: Any) -> None:
        """Take drags before the view box does, and look so."""
        hovered = not event.isExit() and bool(event.acceptDrags(Qt.MouseButton.LeftButton))
        if hovered != self.is_hovered:
            self.is_hovered = hovered
            self._rulers.touched.emit()

    def mouseDragEvent(self, event: Any) -> None:
        """Move with the mouse."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        event.accept()
        x = float(self.mapToParent(event.pos()).x())
        if event.isStart():
            self._moving = True
            self._before_s = self._rulers.at_s[self._number] or 0.0
            self._offset = float(self.pos().x() - self.mapToParent(event.buttonDownPos()).x())
        if self._moving:
            self._rulers.set(self._number, self._rulers.time_at(x + self._offset))
        if event.isFinish():
            self._moving = False

    def mouseClickEvent(self, event: Any) -> None:
        """Go back where the drag began at a click of the other button."""
        if self._moving and event.button() == Qt.MouseButton.RightButton:
            event.accept()
            self._moving = False
            self._rulers.set(self._number, self._before_s)
