"""The mark of an alarm priority: shape, number and colour together, the same wherever it is painted."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from app.model.alarm import Priority
from widgets.theme import Theme, font


def paint_mark(
    painter: QPainter, box: QRectF, priority: Priority, theme: Theme, *, hollow: bool = False, blank: bool = False
) -> None:
    """Paint the mark of a priority into a box: 1 square, 2 triangle, 3 triangle on its tip, 4 circle.

    Args:
        painter: where to; its state is kept.
        box: where (px); the mark is as large as its shorter side and stands in its middle.
        priority: gives shape, number and colour.
        theme: gives the colours.
        hollow: coloured outline and number only: acknowledged or suppressed.
        blank: outline and number without any colour: the other phase of blinking.

    """
    side = min(box.width(), box.height())
    edge = max(1.0, side / 13)
    inner = QRectF(edge, edge, side - 2 * edge, side - 2 * edge)
    inner.moveCenter(box.center())
    color = theme.priority_color(priority)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ink = theme.color("ink")
    outline = ink if blank else color if hollow else theme.color("mark_edge")
    painter.setPen(QPen(outline, edge * 1.2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush if hollow or blank else color)
    shift = 0.0
    if priority is Priority.CRITICAL:
        painter.drawRect(inner)
    elif priority is Priority.LOW:
        painter.drawEllipse(inner)
    elif priority is Priority.HIGH:
        top = QPointF(inner.center().x(), inner.top())
        painter.drawPolygon(QPolygonF([top, inner.bottomRight(), inner.bottomLeft()]))
        shift = inner.height() * 0.13
    else:
        tip = QPointF(inner.center().x(), inner.bottom())
        painter.drawPolygon(QPolygonF([inner.topLeft(), inner.topRight(), tip]))
        shift = -inner.height() * 0.14
    painter.setPen(ink if hollow or blank else theme.color(f"priority{int(priority)}_text"))
    painter.setFont(font(max(8, round(side * 0.58)), bold=True))
    painter.drawText(inner.adjusted(-4, shift - 4, 4, shift + 4), Qt.AlignmentFlag.AlignCenter, str(int(priority)))
    painter.restore()
