"""How a cell of the legend is painted, plainly: a style sheet's way costs more than the curves; and its check box."""

import math
from enum import Enum
from typing import Final

from PySide6.QtCore import QEvent, QLineF, QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from widgets.quality import dotted, hatch
from widgets.theme import Theme, font
from widgets.trend.pens import LineStyle, Pen

Index = QModelIndex | QPersistentModelIndex
PEN_ROLE: Final = Qt.ItemDataRole.UserRole
QUALITY_ROLE: Final = Qt.ItemDataRole.UserRole + 1
"""Of a live value: a Quality, or None where it is good."""
_CHECK: Final = 15
_SAMPLE: Final = 28
_PAD: Final = 8
_RAISED: Final = 1
"""Letters that reach below the line are few: the middle of a text is a little higher than half its height."""
_FIRST_NUMBER, _LAST_NUMBER, _UNIT = 2, 10, 11
_MIDDLE: Final = Qt.AlignmentFlag.AlignVCenter
_NUMBER: Final = int(Qt.AlignmentFlag.AlignRight | _MIDDLE | Qt.TextFlag.TextDontClip)
_TEXT: Final = int(Qt.AlignmentFlag.AlignLeft | _MIDDLE | Qt.TextFlag.TextDontClip)


class Quality(Enum):
    """What is drawn over a live value, as everywhere else."""

    STALE = "stale"
    UNCERTAIN = "uncertain"


class CellPainter:
    """Paints check box, a piece of the line and the name; numbers stand at the right."""

    def __init__(self) -> None:
        self._font, self._bold = font(15), font(15, bold=True)
        self._metrics = QFontMetricsF(self._font)
        self._figure = self._metrics.horizontalAdvance("0")

    def beyond(self, column: int, width: int, text: str) -> float:
        """Return by how much (pixels) a text stands out of its cell, to the left; what is no number is cut to it."""
        if not _FIRST_NUMBER <= column <= _LAST_NUMBER:
            return 0.0
        room = width - _PAD
        if text.isascii() and len(text) * self._figure <= room:  # no sign of a number is wider than a figure
            return 0.0
        over = self._metrics.horizontalAdvance(text) - room
        return over + _PAD if over > 0.0 else 0.0  # what is painted over a text for its quality is a little broader

    def needed(self, text: str) -> int:
        """Return the width (device independent pixels) of a cell in which a text is seen whole."""
        return math.ceil(self._metrics.horizontalAdvance(text)) + 2 * _PAD

    def paint(self, painter: QPainter, theme: Theme, rect: QRect, column: int, text: str, cut: bool) -> None:
        """Paint the text of any column but the first; ``cut`` a state to its cell, but never a number."""
        painter.setFont(self._font)
        painter.setPen(theme.color("value" if column == _FIRST_NUMBER else "dim" if column == _UNIT else "ink"))
        inside = rect.adjusted(_PAD, 0, -_PAD, -_RAISED)
        if _FIRST_NUMBER <= column <= _LAST_NUMBER:
            painter.drawText(inside, _NUMBER, _cut(painter, inside, text) if cut else text)
        else:
            painter.drawText(inside, _TEXT, _cut(painter, inside, text))

    def paint_quality(self, painter: QPainter, theme: Theme, rect: QRect, text: str, quality: Quality) -> None:
        """Paint over a number what its quality is."""
        broad = round(self._metrics.horizontalAdvance(text)) + _PAD
        box = QRect(rect.right() - _PAD // 2 - broad, rect.top() + 3, broad, rect.height() - 6)
        (hatch if quality is Quality.STALE else dotted)(painter, box, theme)

    def paint_head(self, painter: QPainter, theme: Theme, rect: QRect, text: str, pen: Pen, current: bool) -> None:
        """Paint the first column."""
        box = _check_box(rect)
        painter.setPen(theme.color("equipment_edge"))
        painter.setBrush(theme.color("field"))
        painter.drawRect(box)
        if pen.visible:
            painter.fillRect(box.adjusted(3, 3, -2, -2), theme.color("ink"))
        if current:
            painter.fillRect(QRect(rect.left(), rect.top() + 3, 3, rect.height() - 6), theme.color("selection"))
        _paint_sample(painter, theme, box, pen)
        painter.setFont(self._bold)
        painter.setPen(theme.color("ink"))
        inside = rect.adjusted(_PAD + _CHECK + _SAMPLE + 2 * _PAD, 0, -_PAD, -_RAISED)
        painter.drawText(inside, _TEXT, _cut(painter, inside, text))


class LegendDelegate(QStyledItemDelegate):
    """Answers clicks into the check box; the table paints its cells itself."""

    def editorEvent(self, event: QEvent, model: object, option: QStyleOptionViewItem, index: Index) -> bool:
        """Toggle the check box where it was clicked."""
        if index.column() == 0 and event.type() is QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent):
            if _check_box(option.rect).adjusted(-4, -4, 4, 4).contains(event.position().toPoint()):
                checked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked.value
                state = Qt.CheckState.Unchecked if checked else Qt.CheckState.Checked
                return bool(model.setData(index, state.value, Qt.ItemDataRole.CheckStateRole))  # type: ignore[attr-defined]
            return False
        return super().editorEvent(event, model, option, index)  # type: ignore[arg-type]


def _cut(painter: QPainter, inside: QRect, text: str) -> str:
    return painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inside.width())


def _paint_sample(painter: QPainter, theme: Theme, box: QRect, pen: Pen) -> None:
    style = {LineStyle.DASHED: Qt.PenStyle.DashLine, LineStyle.DOTTED: Qt.PenStyle.DotLine}
    painter.setPen(QPen(theme.curve_color(pen.color), 2.0 + pen.width, style.get(pen.style, Qt.PenStyle.SolidLine)))
    y, left = box.center().y() + 0.5, box.right() + _PAD
    painter.drawLine(QLineF(left, y, left + _SAMPLE, y))


def _check_box(rect: QRect) -> QRect:
    return QRect(rect.left() + _PAD, rect.center().y() - _CHECK // 2, _CHECK, _CHECK)
