"""Marks of a mimic: cause of a bad value, command tag."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from app.model import status as st
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
