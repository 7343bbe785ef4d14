"""Marks of a mimic: cause of a bad value, value that was not measured, command tag."""

from functools import partial

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from app.model.sample import Sample
from widgets.mimic.atlas import RowList
from widgets.mimic.context import Layout
from widgets.quality import letter_of
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


def put_letter(rows: RowList, layout: Layout, letter: str, size: int, left: float, top: float) -> None:
    """Put a letter in a box of ``size`` (px) with its top left corner at a place."""
    paint = partial(paint_cause, box=QRectF(0, 0, size, size), letter=letter, theme=layout.theme)
    rows.add(layout.atlas.cell(("cause", letter, size), size, size, paint), left, top)


def put_letter_of(
    rows: RowList, layout: Layout, sample: Sample | None, center: QPointF, *, hatched: bool = True
) -> QRect:
    """Put the letter of a value, if it has one, into what is drawn of it; return its place, empty where it has none.

    Where a stale value is not ``hatched``, it has the letter of lost communication.
    """
    letter, size = letter_of(sample, hatched=hatched), letter_size(layout)
    if not letter:
        return QRect()
    left, top = round(center.x() - size / 2), round(center.y() - size / 2)
    put_letter(rows, layout, letter, size, left, top)
    return QRect(left, top, size, size)


def letter_size(layout: Layout) -> int:
    """Return how large (px) a letter is that stands in a drawing and not beside digits."""
    return max(12, round(15 * layout.scale))
