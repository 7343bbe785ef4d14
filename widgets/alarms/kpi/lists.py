"""Tables of a report: alarms worth looking at, and how fast they were acknowledged."""

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from app.model.alarm_kpi import AlarmKpiReport
from app.model.plant import Plant
from widgets.alarms.columns import ColumnFit, dress_rows
from widgets.alarms.kpi import tables
from widgets.alarms.kpi.words import alarm_words
from widgets.tips import plain_tip
from widgets.wording import Wording

_ROW: Final = 28
_ALARM: Final = 1
_MUCH: Final = 2
_WHEN: Final = 3
_LEAST_ALARM: Final = 160
"""Width (px) that the alarm keeps; since when and how much give way: the tool tip has them."""


class _Rows(QTableWidget):
    """A table that is read: whole rows, no editing.

    Signals:
        pressed_row(int): a row that was clicked, or entered at.

    """

    pressed_row = Signal(int)

    def __init__(self, name: str, titles: Sequence[str]) -> None:
        super().__init__(0, len(titles))
        dress_rows(self, name, row_height=_ROW)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalHeaderLabels(list(titles))
        self.clicked.connect(lambda index: self.pressed_row.emit(index.row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter for a click."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentRow() >= 0:
            self.pressed_row.emit(self.currentRow())
        else:
            super().keyPressEvent(event)

    def fill(self, rows: Iterable[Sequence[str]]) -> None:
        """Show rows of texts."""
        found = list(rows)
        self.setRowCount(len(found))
        for place, texts in enumerate(found):
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setToolTip(plain_tip(" · ".join(texts)))
                self.setItem(place, column, item)


class FindingTable(_Rows):
    """Stale, overdue, chattering and fleeting alarms.

    Signals:
        chosen(object): the JournalQuery of the rows of an alarm.

    """

    chosen = Signal(object)

    def __init__(self, plant: Plant, wording: Wording) -> None:
        super().__init__(self.tr("Alarms worth looking at"), tables.finding_titles())
        self._plant, self._wording = plant, wording
        self._found: list[tables.Finding] = []
        self._fit = ColumnFit(self, _ALARM, _LEAST_ALARM, (_WHEN, _MUCH))
        self.pressed_row.connect(self._choose)

    def show_report(self, report: AlarmKpiReport | None) -> None:
        """Show what a report found."""
        self._found = [] if report is None else list(tables.findings(report, self._wording))
        self.fill(
            (each.kind, alarm_words(each.alarm, self._plant, self._wording), each.much, each.when)
            for each in self._found
        )

    def _choose(self, row: int) -> None:
        if row < len(self._found):
            self.chosen.emit(self._found[row].query)


class ResponseTable(_Rows):
    """Times to acknowledge by priority.

    Signals:
        chosen(object): a priority; None: all.

    """

    chosen = Signal(object)

    def __init__(self, wording: Wording) -> None:
        super().__init__(self.tr("Times to acknowledge"), tables.response_titles())
        self._wording = wording
        self._priorities: list[int | None] = []
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.pressed_row.connect(self._choose)

    def show_report(self, report: AlarmKpiReport | None) -> None:
        """Show the times of a report."""
        self._priorities = [] if report is None else [each.priority for each in report.responses]
        self.fill(() if report is None else tables.response_rows(report, self._wording))
        for row in range(self.rowCount()):
            for column in range(1, self.columnCount()):
                if (item := self.item(row, column)) is not None:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def _choose(self, row: int) -> None:
        if row < len(self._priorities):
            self.chosen.emit(self._priorities[row])
