"""Table model of the journal: pages are fetched as the reader scrolls."""

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from app.model.journal import JournalKind, JournalPage, JournalRow
from app.model.plant import Plant
from widgets.alarms.journal_words import comment_words, kind_words, object_words, refusal_words, text_words
from widgets.alarms.words import code_words, value_words
from widgets.tips import plain_tip
from widgets.wording import Wording

Index = QModelIndex | QPersistentModelIndex


class JournalColumn(IntEnum):
    """Columns of the journal."""

    TIME = 0
    KIND = 1
    EVENT = 2
    PRIORITY = 3
    OBJECT = 4
    TEXT = 5
    OLD = 6
    NEW = 7
    USER = 8
    COMMENT = 9


class JournalModel(QAbstractTableModel):
    """Rows newest first; ``more_wanted`` asks for the next page by its key.

    Signals:
        more_wanted(object): the ``before_id`` of the page to fetch.

    """

    more_wanted = Signal(object)

    def __init__(self, plant: Plant, wording: Wording) -> None:
        super().__init__()
        self._plant, self._wording = plant, wording
        self.rows: list[JournalRow] = []
        self._next: int | None = None
        self._asked = False

    def clear(self) -> None:
        """Forget all rows (the filter changed)."""
        self.beginResetModel()
        self.rows = []
        self._next, self._asked = None, False
        self.endResetModel()

    def add_page(self, page: JournalPage) -> None:
        """Append a page."""
        self._asked = False
        self._next = page.next_before_id
        if page.rows:
            first = len(self.rows)
            self.beginInsertRows(QModelIndex(), first, first + len(page.rows) - 1)
            self.rows.extend(page.rows)
            self.endInsertRows()

    def failed(self) -> None:
        """Say that the page asked for did not come; scrolling asks again."""
        self._asked = False

    def canFetchMore(self, parent: Index) -> bool:
        """Tell whether there is an older page."""
        return not parent.isValid() and self._next is not None and not self._asked

    def fetchMore(self, parent: Index) -> None:
        """Ask for the next page."""
        if self.canFetchMore(parent):
            self._asked = True
            self.more_wanted.emit(self._next)

    def rowCount(self, parent: Index | None = None) -> int:
        """Return the rows fetched so far."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return the number of columns."""
        return 0 if parent is not None and parent.isValid() else len(JournalColumn)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a column's title."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return {
            JournalColumn.TIME: self.tr("Time"), JournalColumn.KIND: self.tr("Kind"),
            JournalColumn.EVENT: self.tr("Event"), JournalColumn.PRIORITY: self.tr("Prio."),
            JournalColumn.OBJECT: self.tr("Object"), JournalColumn.TEXT: self.tr("Text"),
            JournalColumn.OLD: self.tr("Before"), JournalColumn.NEW: self.tr("After"),
            JournalColumn.USER: self.tr("User · desk"), JournalColumn.COMMENT: self.tr("Comment"),
        }[JournalColumn(section)]  # fmt: skip

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return texts; the tool tip of a time tells source, receive and journal time."""
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row, column = self.rows[index.row()], JournalColumn(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(row, column)
        if role == Qt.ItemDataRole.ToolTipRole and column is JournalColumn.TIME:
            times = (row.source_ns, row.receive_ns, row.journal_ns)
            texts = [self._wording.date_time(ns, milliseconds=True) for ns in times]
            return self.tr("Source {0}\nReceived {1}\nJournalled {2}").format(*texts)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self.text(row, column)) or None
        return None

    def text(self, row: JournalRow, column: JournalColumn) -> str:
        """Return what a cell shows."""
        match column:
            case JournalColumn.TIME:
                return self._wording.date_time(row.counts_ns, milliseconds=True)
            case JournalColumn.KIND:
                return kind_words(row.kind)
            case JournalColumn.EVENT:
                return self._event_text(row.event)
            case JournalColumn.PRIORITY:
                return "" if row.priority is None else str(row.priority)
            case JournalColumn.OBJECT:
                return object_words(row, self._plant, self._wording)
            case JournalColumn.TEXT:
                return text_words(row, self._wording)
            case JournalColumn.OLD:
                return self._state_text(row, row.old)
            case JournalColumn.NEW:
                tag = self._plant.tags.get(row.tag) if row.value is not None else None
                return self._state_text(row, row.new) or value_words(row.value, row.status, tag, self._wording)
            case JournalColumn.USER:
                return " · ".join(part for part in (row.user, row.desk) if part)
            case JournalColumn.COMMENT:
                return comment_words(row, self._wording)

    def _state_text(self, row: JournalRow, code: str) -> str:
        """Return a state of an alarm or connection, or a command's end, in words; anything else as it was written."""
        if row.kind is JournalKind.ALARM:
            return code_words(code)
        if row.kind is JournalKind.CONNECTION:
            names = {
                "stopped": self.tr("Stopped"), "connecting": self.tr("Connecting"), "connected": self.tr("Connected"),
                "degraded": self.tr("Degraded"), "lost": self.tr("Lost"), "simulated": self.tr("SIMULATED"),
            }  # fmt: skip
            return names.get(code, code)
        if row.kind is JournalKind.SYSTEM:
            return ""  # said in the text
        if row.event == "refused":
            return refusal_words(code)
        if row.event == "result":
            names = {
                "success": self.tr("Success"), "rejected": self.tr("Rejected"), "unknown": self.tr("Unknown"),
                "discrepancy": self.tr("Discrepancy"), "refused": self.tr("Refused"),
            }  # fmt: skip
            return names.get(code, code)
        return self._number_text(row, code) if row.kind is JournalKind.SUBSTITUTION else code

    def _number_text(self, row: JournalRow, written: str) -> str:
        """Return a number as its tag shows it: the journal keeps every digit, a row need not show them."""
        tag = self._plant.tags.get(row.tag)
        try:
            number = float(written)
        except ValueError:
            return written
        return self._wording.with_unit(tag, number) if tag else written

    def _event_text(self, event: str) -> str:
        names = {
            "ALM": self.tr("Alarm"), "RTN": self.tr("Returned"), "ACK": self.tr("Acknowledged"),
            "CONFIRM": self.tr("Confirmed"), "CHANGE": self.tr("Changed"),
            "COMMENT": self.tr("Comment"), "SUPPRESS": self.tr("Suppressed"), "UNSUPPRESS": self.tr("Unsuppressed"),
            "REALARM": self.tr("Annunciated anew"), "ESC": self.tr("Escalated"), "RESET": self.tr("Reset"),
            "SHELVE": self.tr("Shelved"), "UNSHELVE": self.tr("Unshelved"),
            "OOS": self.tr("Removed from service"), "INSRV": self.tr("Returned to service"),
            "select": self.tr("Select"), "operate": self.tr("Execute"), "result": self.tr("Result"),
            "start": self.tr("Started"), "stop": self.tr("Stopped"), "configuration": self.tr("Configuration changed"),
            "retention": self.tr("Removed by age"),
            "add": self.tr("Added"), "remove": self.tr("Removed"),
            "set": self.tr("Substituted"), "clear": self.tr("Substitute ended"),
            "expire": self.tr("Substitute ended by itself"),
            "frozen": self.tr("Found frozen"), "frozen-end": self.tr("No longer frozen"),
            "cancel": self.tr("Cancel"), "refused": self.tr("Refused"), "login": self.tr("Log in"),
            "logout": self.tr("Log out"), "state": self.tr("State"), "login-failed": self.tr("Login failed"),
        }  # fmt: skip
        return names.get(event, event)
