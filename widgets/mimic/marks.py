"""Marks of a mimic: cause of a bad value, value that was not measured, command tag."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from widgets.theme import Theme, font


def paint_shield(painter: QPainter, box: QRectF, letter: str, theme: Theme) -> None:
    """Paint a tag on an equipment: L local, T tagged out."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inner = box.adjusted(1, 1, -1, -1)
    low = inner.top() + inner.height() * 0.62
    shape = QPolygonF([
        inner.topLeft(), inner.topRight(), QPointF(inner.right(), low),
        QPointF(inner.center().x(), inner.bottom()), QPointF(inner.left(), low),
    ])  # fmt: skip
    painter.setPen(QPen(theme.color("equipment_edge"), 1.5))
    painter.setBrush(theme.color("tag_ground"))
    painter.drawPolygon(shape)
    painter.setPen(theme.color("tag_text"))
    painter.setFont(font(max(8, round(box.height() * 0.55)), bold=True))
    painter.drawText(inner.adjusted(0, -box.height() * 0.16, 0, 0), Qt.AlignmentFlag.AlignCenter, letter)
    painter.restore()


def paint_cause(painter: QPainter, box: QRectF, letter: str, theme: Theme) -> None:
    """Paint the cause of a bad value, or the mark of one that was not measured: a letter in a box."""
    painter.save()
    painter.setPen(QPen(theme.color("dim"), 1))
    painter.setBrush(theme.color("field"))
    painter.drawRect(box.adjusted(0.5, 0.5, -1.5, -1.5))
    painter.setFont(font(max(8, round(box.height() * 0.68)), bold=True))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, letter)
    painter.restore()
