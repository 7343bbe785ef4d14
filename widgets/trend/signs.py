"""Signs of a trend's marks that are no alarms: their shapes are those of no priority."""

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter, QPen, QPolygonF

from widgets.theme import Theme


def paint_command(painter: QPainter, box: QRectF, theme: Theme) -> None:
    """Paint a command: a diamond."""
    middle, half = box.center(), box.width() / 2 - 1
    _outline(painter, theme, [(0, -half), (half, 0), (0, half), (-half, 0)], middle)


def paint_note(painter: QPainter, box: QRectF, theme: Theme) -> None:
    """Paint a note: a sheet of paper with two lines of writing."""
    middle, half = box.center(), box.width() / 2 - 1
    fold = half * 0.7
    _outline(
        painter, theme,
        [(-half + 1, -half), (half - 1 - fold, -half), (half - 1, -half + fold), (half - 1, half), (-half + 1, half)],
        middle,
    )  # fmt: skip
    for y in (0.5, half * 0.55 + 0.5):
        painter.drawLine(QLineF(middle.x() - half + 3.5, middle.y() + y, middle.x() + half - 3.5, middle.y() + y))


def _outline(painter: QPainter, theme: Theme, points: list[tuple[float, float]], middle: QPointF) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("ink"), 1.2))
    painter.setBrush(theme.color("panel"))
    painter.drawPolygon(QPolygonF([middle + QPointF(x, y) for x, y in points]))
