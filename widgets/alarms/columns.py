"""Columns as wide as what they show, the description taking the rest."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

_PAD: Final = 14
_LEAST: Final = 40
_REST_MS: Final = 150
"""Contents that change faster than this are looked at once in this time."""
_SLACK: Final = 8
"""A column that could be narrower by less than this (px) keeps its width, so that nothing jitters."""


class ColumnFit(QObject):
    """Fits a table's columns to their contents, again whenever rows or the table's width change.

    Where the stretching column would get too narrow, columns are left out: first those of ``spare`` that are empty,
    then the others in the order given. A width that the operator has set by hand stays.
    """

    def __init__(
        self, table: QTableView, stretch: int, least: int, spare: Sequence[int], widest: Mapping[int, int] | None = None
    ) -> None:
        """``widest``: width (px) beyond which the contents of a column are cut."""
        super().__init__(table)
        self._widest = widest or {}
        self._table, self._stretch, self._least, self._spare = table, stretch, least, tuple(spare)
        self._widths: dict[int, int] = {}
        self._titles: dict[int, int] = {}
        self._by_hand: set[int] = set()
        self._absent: frozenset[int] = frozenset()
        self._fitting = False
        self._pending = QTimer(self, singleShot=True, interval=0)
        self._again = QTimer(self, singleShot=True, interval=_REST_MS)
        self._again.timeout.connect(self._look_again)
        self._asked = False
        self._pending.timeout.connect(self.fit)
        header = table.horizontalHeader()
        header.setSectionResizeMode(stretch, QHeaderView.ResizeMode.Stretch)
        header.sectionResized.connect(self._resized)
        model = table.model()
        for signal in (model.rowsInserted, model.dataChanged, model.modelReset, model.rowsRemoved):
            signal.connect(self._wait)
        table.verticalScrollBar().valueChanged.connect(self._wait)
        table.viewport().installEventFilter(self)
        self._wait()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit again when the table became wider or narrower."""
        if event.type() in {QEvent.Type.Resize, QEvent.Type.Show}:
            self._wait()
        return False

    def leave_out(self, columns: Collection[int]) -> None:
        """Say which columns have no place at all."""
        self._absent = frozenset(columns)
        self.fit()

    def fit(self) -> None:
        """Set the widths now."""
        table = self._table
        for column in self._absent:
            table.setColumnHidden(column, True)
        columns = [c for c in range(table.model().columnCount()) if c != self._stretch and c not in self._absent]
        header = table.horizontalHeader()
        full: set[int] = set()
        for column in columns:
            contents = table.sizeHintForColumn(column)
            if not header.isSectionHidden(column):
                self._titles[column] = header.sectionSizeHint(column)
            if contents > _PAD * 2:
                full.add(column)
            wanted = max(contents + _PAD, self._titles.get(column, 0), _LEAST)
            wanted = min(wanted, self._widest.get(column, wanted))
            known = self._widths.get(column, 0)
            if wanted > known or wanted < known - _SLACK:
                self._widths[column] = wanted
        left_out = self._left_out(columns, full)
        self._fitting = True
        for column in columns:
            table.setColumnHidden(column, column in left_out)
            if column not in left_out and column not in self._by_hand:
                table.setColumnWidth(column, self._widths[column])
        self._fitting = False

    def _left_out(self, columns: list[int], full: set[int]) -> set[int]:
        room = self._table.viewport().width() - sum(self._widths[column] for column in columns)
        gone: set[int] = set()
        for column in sorted(self._spare, key=lambda each: each in full):
            if room >= self._least:
                break
            gone.add(column)
            room += self._widths[column]
        return gone

    def _wait(self, *_: object) -> None:
        if self._again.isActive():
            self._asked = True
        else:
            self._pending.start()
            self._again.start()

    def _look_again(self) -> None:
        if self._asked:
            self._asked = False
            self._wait()

    def _resized(self, column: int, _old: int, new: int) -> None:
        if not self._fitting and new and column != self._stretch:
            self._by_hand.add(column)
            self._widths[column] = new


def dress_rows(table: QTableView, name: str, *, row_height: int) -> None:
    """Give a table of rows the look and keys that alarm list and journal share; ``name`` is read out."""
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setAccessibleName(name)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(row_height)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
