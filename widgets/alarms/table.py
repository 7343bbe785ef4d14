"""The table of an alarm summary: marks that blink while unacknowledged, lines that stay put while the operator aims."""

from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QTableView

from widgets.alarms.cells import Column
from widgets.alarms.columns import ColumnFit, dress_rows
from widgets.alarms.filtering import AlarmList
from widgets.alarms.lines import LinePainter, LineTexts
from widgets.alarms.model import AlarmModel
from widgets.alarms.row import AlarmRow
from widgets.alarms.selection import SelectionKeeper
from widgets.theme import ThemeManager

Index = QModelIndex | QPersistentModelIndex
_LEAST_TEXT: Final = 200
"""Width (px) that the alarm's description keeps; area and acknowledgement give way."""
_LINE: Final = 32
_NARROW: Final = 1100
_NARROW_STATE: Final = 160
"""In a table narrower than that, the state gives way to what the alarm says; mark and tip have the whole of it."""
_ABSENT: Final = {
    AlarmList.ACTIVE: (Column.LEFT, Column.REASON),
    AlarmList.SHELVED: (Column.STATE, Column.ACKNOWLEDGED, Column.LIMIT, Column.VALUE),
    AlarmList.OUT_OF_SERVICE: (Column.STATE, Column.ACKNOWLEDGED, Column.LIMIT, Column.VALUE, Column.LEFT),
    AlarmList.SUPPRESSED: (Column.ACKNOWLEDGED, Column.LEFT),
}


class AlarmTable(QTableView):
    """Lines of an AlarmModel.

    Signals:
        opened(object): the AlarmRow of a line that was activated.

    """

    opened = Signal(object)

    def __init__(self, model: AlarmModel, themes: ThemeManager, name: str) -> None:
        super().__init__()
        self._model = model
        self.setModel(model)
        self._lit = True
        self._hovered = -1
        self._texts = LineTexts(model)
        self._painter = LinePainter(self._texts, themes)
        self.setMouseTracking(True)
        dress_rows(self, name, row_height=_LINE)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setResizeContentsPrecision(0)  # only what is on the screen
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSortingEnabled(True)
        self.sortByColumn(Column.MARK, Qt.SortOrder.AscendingOrder)
        self.keeper = SelectionKeeper(self, model)
        self.fit = ColumnFit(self, Column.TEXT, _LEAST_TEXT, (Column.AREA, Column.ACKNOWLEDGED, Column.LIMIT))
        self.show_list(AlarmList.ACTIVE)
        self.activated.connect(self._activate)

    def show_list(self, which: AlarmList) -> None:
        """Show the columns of a list."""
        self.fit.leave_out(_ABSENT[which])

    def blink(self, lit: bool) -> None:
        """Show the other phase of the marks."""
        self._lit = lit
        if self.isVisible():
            left = self.columnViewportPosition(Column.MARK)
            self.viewport().update(QRect(left, 0, self.columnWidth(Column.MARK), self.viewport().height()))

    def selected(self, most: int | None = None) -> list[AlarmRow]:
        """Return the alarms of the selected lines, the first so many; a closed heading does not stand for its own."""
        return self._model.rows(self.keeper.lines()[:most].tolist())

    def on_screen(self) -> list[AlarmRow]:
        """Return the alarms whose whole line is on the screen now."""
        return self._model.rows(self.lines_on_screen())

    def lines_on_screen(self) -> range:
        """Return the lines that are wholly on the screen."""
        view = self.viewport().rect()
        first, last = self.rowAt(view.top()), self.rowAt(view.bottom())
        if first < 0:
            return range(0)
        last = last if last >= 0 else self._model.rowCount() - 1
        if self.rowViewportPosition(first) < view.top():
            first += 1
        if self.rowViewportPosition(last) + self.rowHeight(last) - 1 > view.bottom():
            last -= 1
        return range(first, last + 1)

    def sizeHintForColumn(self, column: int) -> int:
        """Return the width that the texts on the screen want."""
        wanted = self._painter.width(self._lines_near(), Column(column))
        narrow = column == Column.STATE and self.viewport().width() < _NARROW
        return min(wanted, _NARROW_STATE) if narrow else wanted

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the lines that are on the screen."""
        painter = QPainter(self.viewport())
        header, bottom = self.horizontalHeader(), event.rect().bottom()
        columns = [
            (column, self.columnViewportPosition(column), self.columnWidth(column))
            for column in Column
            if not header.isSectionHidden(column)
        ]
        selection, current = self.selectionModel(), self.currentIndex().row()
        root, wide, height = self.rootIndex(), self.viewport().width(), self.verticalHeader().defaultSectionSize()
        any_selected = selection.hasSelection()
        if not self._model.rowCount():
            self._painter.say(painter, self.viewport().rect(), self._model.why_empty())
        for number in self._lines_near():
            box = QRect(0, self.rowViewportPosition(number), wide, height)
            if box.bottom() < event.rect().top() or box.top() > bottom:
                continue
            line = self._texts.line(number)
            if line is not None:
                selected = any_selected and selection.isRowSelected(number, root)
                self._painter.paint(
                    painter, line, box, columns, selected=selected, hovered=number == self._hovered, lit=self._lit
                )
            if number == current and self.hasFocus():
                self._painter.outline(painter, box)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        self._hover(self.rowAt(event.position().toPoint().y()))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Follow the pointer out of the table."""
        self._hover(-1)
        super().leaveEvent(event)

    def _hover(self, line: int) -> None:
        if line != self._hovered:
            self._hovered = line
            self.viewport().update()

    def _lines_near(self) -> range:
        """Return the lines of which any part is on the screen."""
        first, height = max(0, self.rowAt(0)), self.viewport().height()
        most = height // self.verticalHeader().defaultSectionSize() + 2
        return range(first, min(self._model.rowCount(), first + most))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open and close headings by the arrows."""
        group = self._model.heading(self.currentIndex().row())
        if group is not None and event.key() in {Qt.Key.Key_Right, Qt.Key.Key_Left}:
            self._model.open_group(group.place, event.key() == Qt.Key.Key_Right)
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Hold the lines while a button is down."""
        self._model.hold(True)
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the lines move again; a click on a heading opens or closes it."""
        super().mouseReleaseEvent(event)
        self._model.hold(False)
        line = self.indexAt(event.position().toPoint()).row()
        group = self._model.heading(line)
        if group is not None and event.button() is Qt.MouseButton.LeftButton:
            self._model.open_group(group.place, not group.open)

    def _activate(self, index: Index) -> None:
        row, group = self._model.row(index.row()), self._model.heading(index.row())
        if row is not None:
            self.opened.emit(row)
        elif group is not None:
            self._model.open_group(group.place, not group.open)
