"""Icons of the navigation rail: line drawings in the theme's ink, so that they follow theme and scale."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPen, QPixmap, QPolygonF

from widgets.theme import Theme

SIZE: Final = 26


def _home(p: QPainter) -> None:
    p.drawPolyline(QPolygonF([QPointF(3, 13), QPointF(13, 4), QPointF(23, 13)]))
    p.drawPolyline(QPolygonF([QPointF(6, 11), QPointF(6, 22), QPointF(20, 22), QPointF(20, 11)]))


def _areas(p: QPainter) -> None:
    for x in (4, 14.5):
        for y in (4, 14.5):
            p.drawRect(QRectF(x, y, 7.5, 7.5))


def _trends(p: QPainter) -> None:
    p.drawPolyline(QPolygonF([QPointF(3, 20), QPointF(9, 12), QPointF(14, 15), QPointF(23, 5)]))
    p.drawPoint(QPointF(23, 5))


def _alarms(p: QPainter) -> None:
    p.drawPolyline(
        QPolygonF([QPointF(4, 19), QPointF(6.5, 16), QPointF(6.5, 11), QPointF(9, 6), QPointF(13, 4.5), QPointF(17, 6),
                   QPointF(19.5, 11), QPointF(19.5, 16), QPointF(22, 19), QPointF(4, 19)])
    )  # fmt: skip
    p.drawArc(QRectF(10.5, 18.5, 5, 5), 180 * 16, 180 * 16)


def _journal(p: QPainter) -> None:
    for y in (6, 13, 20):
        p.drawLine(QPointF(4, y), QPointF(22, y))


def _kpi(p: QPainter) -> None:
    p.drawLine(QPointF(4, 22), QPointF(22, 22))
    for x, top in ((7, 15), (13, 9), (19, 4)):
        p.drawLine(QPointF(x, 22), QPointF(x, top))


def _system(p: QPainter) -> None:
    p.drawEllipse(QPointF(13, 13), 4.5, 4.5)
    for turn in range(8):
        p.save()
        p.translate(13, 13)
        p.rotate(turn * 45)
        p.drawLine(QPointF(0, -7.5), QPointF(0, -10.5))
        p.restore()


_DRAW: Final[dict[str, Callable[[QPainter], None]]] = {
    "overview": _home, "areas": _areas, "trends": _trends, "alarms": _alarms, "journal": _journal, "kpi": _kpi,
    "system": _system,
}  # fmt: skip


def icon(name: str, theme: Theme, scale: float = 1.0) -> QIcon:
    """Return the icon of a workspace, dim, and in ink while it is current."""
    result = QIcon()
    for color, state in (("dim", QIcon.State.Off), ("ink", QIcon.State.On)):
        pixmap = QPixmap(round(SIZE * scale), round(SIZE * scale))
        pixmap.setDevicePixelRatio(scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color(color), 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        _DRAW[name](painter)
        painter.end()
        result.addPixmap(pixmap, QIcon.Mode.Normal, state)
    return result
