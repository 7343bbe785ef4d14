"""How a cell of the legend is painted: plainly, since a style sheet's way costs more than the curves."""

from typing import Final

from PySide6.QtCore import QEvent, QLineF, QModelIndex, QPersistentModelIndex, QPointF, QRect, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPen, QStaticText
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from widgets.theme import ThemeManager, font
from widgets.trend.pens import LineStyle, Pen, PenSet

Index = QModelIndex | QPersistentModelIndex
PEN_ROLE: Final = Qt.ItemDataRole.UserRole
_CHECK: Final = 15
_SAMPLE: Final = 28
_PAD: Final = 8
_MOST_TEXTS: Final = 2000
_FIRST_NUMBER, _LAST_NUMBER = 2, 10


class LegendDelegate(QStyledItemDelegate):
    """Paints check box, a piece of the line and the name; numbers stand at the right."""

    def __init__(self, pens: PenSet, themes: ThemeManager, parent: QAbstractItemView) -> None:
        super().__init__(parent)
        self._pens, self._themes = pens, themes
        self._font, self._bold = font(15), font(15, bold=True)
        self._laid: dict[tuple[str, bool], QStaticText] = {}

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        theme, rect, column = self._themes.theme, option.rect, index.column()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(rect, theme.color("hover"))
        text = str(index.data() or "")
        inside = rect.adjusted(_PAD, 0, -_PAD, 0)
        if column == 0:
            inside = self._paint_head(painter, rect, index, selected)
        painter.setFont(self._bold if column == 0 else self._font)
        painter.setPen(theme.color("value" if column == _FIRST_NUMBER else "dim" if column == 11 else "ink"))
        number = _FIRST_NUMBER <= column <= _LAST_NUMBER
        side = Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft
        if not number:
            text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inside.width())
        self._draw(painter, inside, side, text)

    def _draw(self, painter: QPainter, inside: QRect, side: Qt.AlignmentFlag, text: str) -> None:
        """Draw a text that is laid out once, not at every frame."""
        key = (text, painter.font().bold())
        laid = self._laid.get(key)
        if laid is None:
            if len(self._laid) > _MOST_TEXTS:
                self._laid.clear()
            laid = self._laid[key] = QStaticText(text)
            laid.setTextFormat(Qt.TextFormat.PlainText)
            laid.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
            laid.prepare(font=painter.font())
        size = laid.size()
        left = inside.right() + 1 - size.width() if side is Qt.AlignmentFlag.AlignRight else inside.left()
        painter.drawStaticText(QPointF(left, inside.top() + (inside.height() - size.height()) / 2), laid)

    def editorEvent(self, event: QEvent, model: object, option: QStyleOptionViewItem, index: Index) -> bool:
        """Toggle the check box where it was clicked."""
        if index.column() == 0 and event.type() is QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent):
            if _check_box(option.rect).adjusted(-4, -4, 4, 4).contains(event.position().toPoint()):
                checked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked.value
                state = Qt.CheckState.Unchecked if checked else Qt.CheckState.Checked
                return bool(model.setData(index, state.value, Qt.ItemDataRole.CheckStateRole))  # type: ignore[attr-defined]
            return False
        return super().editorEvent(event, model, option, index)  # type: ignore[arg-type]

    def _paint_head(self, painter: QPainter, rect: QRect, index: Index, selected: bool) -> QRect:
        theme, pen = self._themes.theme, index.data(PEN_ROLE)
        box = _check_box(rect)
        painter.setPen(theme.color("equipment_edge"))
        painter.setBrush(theme.color("field"))
        painter.drawRect(box)
        if isinstance(pen, Pen):
            if pen.visible:
                painter.fillRect(box.adjusted(3, 3, -2, -2), theme.color("ink"))
            if pen is self._pens.current:
                painter.fillRect(QRect(rect.left(), rect.top() + 3, 3, rect.height() - 6), theme.color("selection"))
            self._paint_sample(painter, box, pen)
        return rect.adjusted(_PAD + _CHECK + _SAMPLE + 2 * _PAD, 0, -_PAD, 0)

    def _paint_sample(self, painter: QPainter, box: QRect, pen: Pen) -> None:
        style = {LineStyle.DASHED: Qt.PenStyle.DashLine, LineStyle.DOTTED: Qt.PenStyle.DotLine}
        color = self._themes.theme.curve_color(pen.color)
        painter.setPen(QPen(color, 2.0 + pen.width, style.get(pen.style, Qt.PenStyle.SolidLine)))
        y, left = box.center().y() + 0.5, box.right() + _PAD
        painter.drawLine(QLineF(left, y, left + _SAMPLE, y))


def _check_box(rect: QRect) -> QRect:
    return QRect(rect.left() + _PAD, rect.center().y() - _CHECK // 2, _CHECK, _CHECK)
