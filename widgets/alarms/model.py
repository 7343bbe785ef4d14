"""Table model of an alarm summary: lines are places on the screen, what stands in them may change at any time.

Qt hears of lines that were added or taken away at the end, and that the rest may have changed; so 100,000 alarms can
be ordered anew without a word about each. Whoever keeps a selection listens to ``rearranging`` and ``rearranged``.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal

from app.model.clock import Clock, SystemClock
from app.model.plant import Plant
from widgets.alarms.book import AlarmBook
from widgets.alarms.cells import AlarmCells, Column, title
from widgets.alarms.filtering import AlarmFilter, AlarmList
from widgets.alarms.grouping import AlarmGroup, Entries, grouped
from widgets.alarms.ordering import ordered
from widgets.alarms.row import AlarmRow
from widgets.tips import plain_tip
from widgets.wording import Wording

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE: Final = Qt.ItemDataRole.UserRole
"""The AlarmRow or AlarmGroup of a line."""
_RIGHT: Final = frozenset({Column.VALUE, Column.LIMIT})
_SOME: Final = 1000
_MANY: Final = 20_000
_REFRESH_MS: Final = 40
_SELDOM_MS: Final = 150
"""So many alarms are read by nobody; the window has better things to do than to order them with every portion."""


class AlarmModel(QAbstractTableModel):
    """Alarms of a book that a filter wants, in order; changes that come together are taken together.

    Signals:
        rearranging(): what stands in the lines is about to change. rearranged(): it has.

    """

    rearranging = Signal()
    rearranged = Signal()

    def __init__(self, plant: Plant, book: AlarmBook, wording: Wording, clock: Clock | None = None) -> None:
        super().__init__()
        self.cells = AlarmCells(plant, wording)
        self._book, self._wording, self._clock = book, wording, clock or SystemClock()
        self._filter = AlarmFilter()
        self._column, self._descending = Column.MARK, False
        self._grouped = False
        self._opened: set[str] = set()
        self._groups: dict[int, AlarmGroup] = {}
        self._entries: Entries = np.zeros(0, np.int64)
        self._keys: Entries = np.zeros(0, np.int64)
        self._held = False
        self._stale = False
        self._pending = QTimer(self, singleShot=True, interval=0)
        self._pending.timeout.connect(self.refresh)
        book.changed.connect(self._wait)
        self.refresh()

    @property
    def filter(self) -> AlarmFilter:
        """What is wanted."""
        return self._filter

    @property
    def grouped(self) -> bool:
        """Whether there are headings."""
        return self._grouped

    @property
    def sorting(self) -> tuple[Column, bool]:
        """The column that orders, and whether its greatest comes first."""
        return self._column, self._descending

    def want(self, wanted: AlarmFilter) -> None:
        """Take another filter, at once."""
        if wanted != self._filter:
            self._filter = wanted
            self.refresh()

    def narrow(self, **more: Any) -> None:
        """Change parts of the filter (names of AlarmFilter), at once."""
        self.want(replace(self._filter, **more))

    def group(self, on: bool) -> None:
        """Show headings, or none."""
        if on != self._grouped:
            self._grouped = on
            self.refresh()

    def open_group(self, place: str, on: bool) -> None:
        """Show or hide the alarms below a heading."""
        if on != (place in self._opened):
            (self._opened.add if on else self._opened.discard)(place)
            self.refresh()

    def hold(self, on: bool) -> None:
        """Let nothing move while the operator aims; what came meanwhile is taken afterwards."""
        self._held = on
        if not on and self._stale:
            self.refresh()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order by a column, at once."""
        if column >= 0:
            self._column, self._descending = Column(column), order is Qt.SortOrder.DescendingOrder
            self.refresh()

    def refresh(self) -> None:
        """Filter, order and group anew, and tell the views."""
        if self._held:
            self._stale = True
            return
        self._stale = False
        self._pending.stop()
        index = self._book.index
        slots = ordered(
            index, self._filter.mask(index), self._column, descending=self._descending, language=self._wording.language
        )
        entries, groups = grouped(index, slots, self._opened) if self._grouped else (slots.astype(np.int64), {})
        self.rearranging.emit()
        self._take(entries, groups)
        self.rearranged.emit()

    def row(self, line: int) -> AlarmRow | None:
        """Return the alarm of a line; None for a heading."""
        entry = int(self._entries[line]) if 0 <= line < len(self._entries) else -1
        return self._book.index.row(entry, int(self._keys[line])) if entry >= 0 else None

    def heading(self, line: int) -> AlarmGroup | None:
        """Return the heading of a line; None for an alarm."""
        entry = int(self._entries[line]) if 0 <= line < len(self._entries) else 0
        return self._groups.get(-1 - entry) if entry < 0 else None

    def rows(self, lines: Iterable[int]) -> list[AlarmRow]:
        """Return the alarms of some lines; headings are left out."""
        return [row for row in map(self.row, lines) if row is not None]

    def keys(self) -> Entries:
        """Return what stands in each line: the serial of an alarm, negative for a heading. Not to be changed."""
        return self._keys

    def rowCount(self, parent: Index | None = None) -> int:
        """Return the number of lines."""
        return 0 if parent is not None and parent.isValid() else len(self._entries)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return the number of columns."""
        return 0 if parent is not None and parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a column's title."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole and section in _RIGHT:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return title(Column(section)) if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return texts, alignment, tips, and what stands in the line (ROW_ROLE)."""
        if not index.isValid() or index.row() >= len(self._entries):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = index.column() in _RIGHT
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter if right else None
        if role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, ROW_ROLE}:
            return None
        line, column = index.row(), Column(index.column())
        row = self.row(line)
        if row is None:
            group = self.heading(line)
            if role == ROW_ROLE or group is None:
                return group
            return self.line_text(group, column) if role == Qt.ItemDataRole.DisplayRole else None
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(row, column)
        return self._tip(row, column)

    def text(self, row: AlarmRow, column: Column) -> str:
        """Return what a cell shows."""
        return self.cells.text(row, column, self._now(column))

    def why_empty(self) -> str:
        """Return what to read where there is no line."""
        if not self._book.known:
            return self.tr("Not known: no link to the engine")
        if self._filter != AlarmFilter(self._filter.which):
            return self.tr("No alarm fits the filters")
        if self._filter.which is AlarmList.ACTIVE:
            return self.tr("No active alarms")
        return self.tr("No alarm is in this list")

    def line_text(self, line: AlarmRow | AlarmGroup, column: Column) -> str:
        """Return what a cell of an alarm or a heading shows."""
        if isinstance(line, AlarmRow):
            return self.text(line, column)
        return self.cells.group_text(line, column, self._now(column))

    def _now(self, column: Column) -> int:
        return self._clock.now_ns() if column in {Column.TIME, Column.LEFT} else 0

    def _tip(self, row: AlarmRow, column: Column) -> str | None:
        if column is Column.MARK:
            return None
        if column is Column.TEXT:
            said = (self.text(row, column), self._wording.text(row.definition.guidance.action))
            return plain_tip("\n".join(part for part in said if part))
        return plain_tip(self.text(row, column)) or None  # may be longer than the column

    def _wait(self) -> None:
        """Take what comes soon after together; a single change is shown at once."""
        if not self._pending.isActive():
            many = len(self._book)
            self._pending.start(0 if many < _SOME else _REFRESH_MS if many < _MANY else _SELDOM_MS)

    def _take(self, entries: Entries, groups: dict[int, AlarmGroup]) -> None:
        before, now = len(self._entries), len(entries)
        if now < before:
            self.beginRemoveRows(QModelIndex(), now, before - 1)
        elif now > before:
            self.beginInsertRows(QModelIndex(), before, now - 1)
        serials = self._book.index.columns["serial"]
        keys = np.where(entries >= 0, serials[np.maximum(entries, 0)], entries) if now else entries
        self._entries, self._keys, self._groups = entries, keys, groups
        if now < before:
            self.endRemoveRows()
        elif now > before:
            self.endInsertRows()
        if now:
            self.dataChanged.emit(self.index(0, 0), self.index(now - 1, len(Column) - 1))
