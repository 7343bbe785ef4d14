"""A selection that stays with its alarms while their lines move; and the view with the alarm at its top."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QObject, Signal
from PySide6.QtWidgets import QTableView

from widgets.alarms.model import AlarmModel

_NOTHING: Final = np.zeros(0, np.int64)
_NONE: Final = np.iinfo(np.int64).min


class SelectionKeeper(QObject):
    """Puts the selection, the current line and the scroll position back after the model has rearranged its lines.

    A view that shows the first line goes on to show the first line: there the newest alarms come.

    Signals:
        changed(): other alarms are selected, or another line is the current one.

    """

    changed = Signal()

    def __init__(self, table: QTableView, model: AlarmModel) -> None:
        super().__init__(table)
        self._table, self._model = table, model
        self._chosen = _NOTHING
        self._current = _NONE
        self._top = _NONE
        self._moving = False
        model.rearranging.connect(self._remember)
        model.rearranged.connect(self._put_back)
        table.selectionModel().selectionChanged.connect(self._selected)
        table.selectionModel().currentChanged.connect(self._selected)

    def lines(self) -> NDArray[np.int64]:
        """Return the lines that are selected, from top to bottom."""
        selection = self._table.selectionModel().selection()
        ranges = sorted((selection.at(n).top(), selection.at(n).bottom() + 1) for n in range(selection.count()))
        return np.concatenate([np.arange(*one) for one in ranges]) if ranges else _NOTHING

    def _selected(self) -> None:
        if not self._moving:
            self.changed.emit()

    def _remember(self) -> None:
        keys, table = self._model.keys(), self._table
        self._chosen = keys[self.lines()]
        current, top = table.currentIndex().row(), table.verticalScrollBar().value()
        self._current = int(keys[current]) if 0 <= current < len(keys) else _NONE
        self._top = int(keys[top]) if 0 < top < len(keys) else _NONE
        self._moving = True

    def _put_back(self) -> None:
        model, table = self._model, self._table
        keys, selection = model.keys(), table.selectionModel()
        lines = np.flatnonzero(np.isin(keys, self._chosen)) if len(self._chosen) else _NOTHING
        if not np.array_equal(self.lines(), lines):
            selection.select(self._ranges(lines), _SELECT)
        line = self._find(keys, self._current)
        if line != table.currentIndex().row():
            scrolls = table.hasAutoScroll()
            table.setAutoScroll(False)
            column = max(0, table.currentIndex().column())
            selection.setCurrentIndex(model.index(line, column), QItemSelectionModel.SelectionFlag.NoUpdate)
            table.setAutoScroll(scrolls)
        top = self._find(keys, self._top)
        if top >= 0:
            table.verticalScrollBar().setValue(top)
        self._moving = False
        if len(self._chosen):
            self.changed.emit()

    @staticmethod
    def _find(keys: NDArray[np.int64], key: int) -> int:
        found = np.flatnonzero(keys == key)
        return int(found[0]) if len(found) else -1

    def _ranges(self, lines: NDArray[np.int64] | NDArray[np.intp]) -> QItemSelection:
        made = QItemSelection()
        if len(lines):
            last = self._model.columnCount() - 1
            for part in np.split(lines, np.flatnonzero(np.diff(lines) != 1) + 1):
                made.select(self._model.index(int(part[0]), 0), self._model.index(int(part[-1]), last))
        return made


_SELECT: Final = QItemSelectionModel.SelectionFlag.ClearAndSelect
