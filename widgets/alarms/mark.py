"""Priority marks: shape, number and colour together; hollow while acknowledged."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.model.alarm import Priority
from widgets.theme import Theme, ThemeManager, number_font

SIZE: Final = 22


def mark_path(rect: QRectF, priority: Priority) -> QPolygonF | None:
    """Return the outline of a priority's shape in a square; None for the circle of priority 4."""
    left, right, top, bottom, middle = rect.left(), rect.right(), rect.top(), rect.bottom(), rect.center().x()
    if priority is Priority.CRITICAL:
        inset = rect.adjusted(1, 1, -1, -1)
        return QPolygonF([inset.topLeft(), inset.topRight(), inset.bottomRight(), inset.bottomLeft()])
    if priority is Priority.HIGH:
        return QPolygonF([QPointF(middle, top), QPointF(right, bottom - 1), QPointF(left, bottom - 1)])
    if priority is Priority.MEDIUM:
        return QPolygonF([QPointF(left, top + 1), QPointF(right, top + 1), QPointF(middle, bottom)])
    return None


def paint_mark(
    painter: QPainter,
    rect: QRectF,
    priority: Priority,
    theme: Theme,
    *,
    filled: bool = True,
    ground: QColor | None = None,
) -> None:
    """Paint a priority mark into a rectangle: filled while unacknowledged, outline only afterwards."""
    side = min(rect.width(), rect.height())
    square = QRectF(0, 0, side, side)
    square.moveCenter(rect.center())
    color = theme.priority_color(priority)
    edge = theme.color("mark_edge") if filled else color
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(edge, 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(color if filled else (ground or Qt.GlobalColor.transparent))
    shape = mark_path(square.adjusted(1, 1, -1, -1), priority)
    if shape is None:
        painter.drawEllipse(square.adjusted(2, 2, -2, -2))
    else:
        painter.drawPolygon(shape)
    painter.setPen(theme.color(f"priority{int(priority)}_text") if filled else theme.color("ink"))
    painter.setFont(number_font(round(side * 0.52)))
    shift = {Priority.HIGH: side * 0.12, Priority.MEDIUM: -side * 0.12}.get(priority, 0.0)
    painter.drawText(square.translated(0, shift), Qt.AlignmentFlag.AlignCenter, str(int(priority)))
    painter.restore()


class MarkWidget(QWidget):
    """A priority mark as a widget; empty while ``priority`` is None."""

    def __init__(self, themes: ThemeManager, size: int = SIZE, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._size = size
        self._priority: Priority | None = None
        self._filled = True
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self.update)

    def show_priority(self, priority: Priority | None, *, filled: bool = True) -> None:
        """Show a mark, or nothing."""
        if (priority, filled) != (self._priority, self._filled):
            self._priority, self._filled = priority, filled
            self.update()

    def sizeHint(self) -> QSize:
        """Return the square's size."""
        return QSize(self._size, self._size)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the mark."""
        if self._priority is not None:
            painter = QPainter(self)
            paint_mark(painter, QRectF(self.rect()), self._priority, self._themes.theme, filled=self._filled)
            painter.end()
