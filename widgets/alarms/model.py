"""Table model of the current alarms."""

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer

from app.model.alarm import AlarmKind
from app.model.plant import Plant
from widgets.alarms.book import AlarmBook, AlarmRow
from widgets.alarms.words import snapshot_words, value_words
from widgets.wording import Wording

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole
SORT_ROLE = Qt.ItemDataRole.UserRole + 1


class Column(IntEnum):
    """Columns of the alarm list."""

    MARK = 0
    STATE = 1
    TIME = 2
    TAG = 3
    TEXT = 4
    VALUE = 5
    LIMIT = 6
    AREA = 7
    ACKNOWLEDGED = 8


class AlarmModel(QAbstractTableModel):
    """Rows of an AlarmBook; changes of one event-loop turn are taken together."""

    def __init__(self, plant: Plant, book: AlarmBook, wording: Wording) -> None:
        super().__init__()
        self._plant = plant
        self._book = book
        self._wording = wording
        self._rows: list[AlarmRow] = list(book.rows())
        self._pending = QTimer(self, singleShot=True, interval=0)
        self._pending.timeout.connect(self._refresh)
        book.changed.connect(self._pending.start)

    def rowCount(self, parent: Index | None = None) -> int:
        """Return the number of alarms."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return the number of columns."""
        return 0 if parent is not None and parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a column's title."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole and section in {Column.VALUE, Column.LIMIT}:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return {
            Column.MARK: "", Column.STATE: self.tr("State"), Column.TIME: self.tr("Time"), Column.TAG: self.tr("Tag"),
            Column.TEXT: self.tr("Alarm"), Column.VALUE: self.tr("Value"), Column.LIMIT: self.tr("Limit"),
            Column.AREA: self.tr("Area"), Column.ACKNOWLEDGED: self.tr("Acknowledged by"),
        }[Column(section)]  # fmt: skip

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return texts, alignment, the row itself (ROW_ROLE) and sort keys (SORT_ROLE)."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row, column = self._rows[index.row()], Column(index.column())
        if role == ROW_ROLE:
            return row
        if role == SORT_ROLE:
            return self._sort_key(row, column)
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(row, column)
        if role == Qt.ItemDataRole.ToolTipRole and column is Column.STATE:
            return self.state_text(row)  # longer than the column for what a device judges
        if role == Qt.ItemDataRole.ToolTipRole and column is Column.TEXT:
            return self._wording.text(row.definition.guidance.action) or None
        if role == Qt.ItemDataRole.TextAlignmentRole and column in {Column.VALUE, Column.LIMIT}:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def row(self, index: Index) -> AlarmRow:
        """Return the alarm of an index of this model."""
        return self._rows[index.row()]

    def text(self, row: AlarmRow, column: Column) -> str:
        """Return what a cell shows."""
        definition, shot, wording = row.definition, row.snapshot, self._wording
        tag = self._plant.tags.get(definition.tag)
        match column:
            case Column.STATE:
                return self.state_text(row)
            case Column.TIME:
                return wording.date_time(shot.time_in_ns)
            case Column.TAG:
                return definition.tag or definition.connection
            case Column.TEXT:
                return wording.text(definition.text)
            case Column.VALUE:
                return value_words(shot.value, shot.status, tag, wording)
            case Column.LIMIT:
                if tag is None or definition.limit is None or definition.kind is AlarmKind.DISCRETE:
                    return ""
                return f"{definition.kind} {wording.number(definition.limit, tag.decimals)}"
            case Column.AREA:
                known = self._plant.areas
                names = definition.areas or (definition.area,)
                return ", ".join(wording.text(known[name].title) if name in known else name for name in names)
            case Column.ACKNOWLEDGED:
                who = shot.acknowledged_by
                return (
                    f"{who} {wording.time(shot.time_ack_ns)}" + (f" · {shot.comment}" if shot.comment else "")
                    if who
                    else ""
                )
            case _:
                return ""

    def state_text(self, row: AlarmRow) -> str:
        """Return the state in words."""
        return snapshot_words(row.snapshot)

    def _sort_key(self, row: AlarmRow, column: Column) -> Any:
        if column is Column.MARK:
            suppressed, acknowledged, priority, newest = row.urgency
            return f"{suppressed:d}{acknowledged:d}{priority}{newest + (1 << 63):020d}"
        if column is Column.TIME:
            return str(row.snapshot.time_in_ns)
        return self.text(row, column)

    def _refresh(self) -> None:
        """Take the book's rows without a reset, so that selection and scroll position stay."""
        self._splice(self._book.rows())

    def _splice(self, rows: list[AlarmRow]) -> None:
        """Remove rows that went, then append those that came; order is the proxy's business."""
        wanted = {row.definition.id: row for row in rows}
        for i in range(len(self._rows) - 1, -1, -1):
            if self._rows[i].definition.id not in wanted:
                self.beginRemoveRows(QModelIndex(), i, i)
                del self._rows[i]
                self.endRemoveRows()
        for i, row in enumerate(self._rows):
            fresh = wanted.pop(row.definition.id)
            if fresh != row:
                self._rows[i] = fresh
                self.dataChanged.emit(self.index(i, 0), self.index(i, len(Column) - 1))
        if wanted:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(wanted) - 1)
            self._rows.extend(wanted.values())
            self.endInsertRows()
