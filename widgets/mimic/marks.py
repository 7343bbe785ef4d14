"""Marks: alarm priority by shape, number and colour; cause of a bad value; command tag."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from app.model import status as st
from app.model.alarm import Priority
from widgets.theme import Theme, font


def paint_mark(painter: QPainter, box: QRectF, priority: Priority, theme: Theme, *, hollow: bool = False) -> None:
    """Paint the mark of a priority into a square: 1 square, 2 triangle, 3 triangle on its tip, 4 circle.

    Args:
        painter: where to; its state is kept.
        box: square to fill (px).
        priority: gives shape, number and colour.
        theme: gives the colours.
        hollow: outline and number only, the other phase of blinking (and of suppressed alarms).

    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    edge = max(1.0, box.width() / 14)
    inner = box.adjusted(edge, edge, -edge, -edge)
    ink = theme.color("ink") if hollow else theme.color("mark_edge")
    painter.setPen(QPen(ink, edge * 1.1, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush if hollow else theme.priority_color(priority))
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
        bottom = QPointF(inner.center().x(), inner.bottom())
        painter.drawPolygon(QPolygonF([inner.topLeft(), inner.topRight(), bottom]))
        shift = -inner.height() * 0.14
    painter.setPen(ink if hollow else theme.color(f"priority{int(priority)}_text"))
    painter.setFont(font(max(8, round(box.height() * 0.6)), bold=True))
    painter.drawText(inner.adjusted(-4, shift - 4, 4, shift + 4), Qt.AlignmentFlag.AlignCenter, str(int(priority)))
    painter.restore()


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


def cause_letter(status: int) -> str:
    """Return the letter that stands beside a bad value: C communication, S sensor, D device and so on."""
    return {
        st.BAD_NO_COMMUNICATION: "C", st.BAD_COMMUNICATION_ERROR: "C", st.BAD_TIMEOUT: "C", st.BAD_NOT_CONNECTED: "C",
        st.BAD_SENSOR_FAILURE: "S", st.BAD_DEVICE_FAILURE: "D", st.BAD_OUT_OF_SERVICE: "X",
        st.BAD_WAITING_FOR_INITIAL_DATA: "W", st.BAD_NODE_ID_UNKNOWN: "N", st.BAD_CONFIGURATION_ERROR: "K",
        st.BAD_OUT_OF_RANGE: "R",
    }.get(status & 0xFFFF0000, "?")  # fmt: skip


def paint_cause(painter: QPainter, box: QRectF, letter: str, theme: Theme) -> None:
    """Paint the cause of a bad value: a letter in a crossed-out box."""
    painter.save()
    painter.setPen(QPen(theme.color("dim"), 1))
    painter.setBrush(theme.color("field"))
    painter.drawRect(box.adjusted(0.5, 0.5, -1.5, -1.5))
    painter.setFont(font(max(8, round(box.height() * 0.68)), bold=True))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, letter)
    painter.restore()
