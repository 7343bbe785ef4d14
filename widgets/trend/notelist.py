"""The notes of the window shown, newest first, and removing one."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from widgets.tips import plain_tip
from widgets.trend.markers import Marker
from widgets.wording import Wording

_SIZE = (860, 420)
_TEXT_COLUMN = 2


class NoteList(QDialog):
    """Deletes itself once it was closed.

    Signals:
        remove_wanted(int): the id of a note.

    """

    remove_wanted = Signal(int)

    def __init__(self, wording: Wording, may_remove: Callable[[str], bool], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Notes"))
        self.resize(*_SIZE)
        self._wording, self._may_remove = wording, may_remove
        self._notes: list[Marker] = []
        self.table = QTableWidget(0, 4)
        self.table.setHorizontalHeaderLabels([self.tr("Time"), self.tr("Tag"), self.tr("Note"), self.tr("Author")])
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_TEXT_COLUMN, QHeaderView.ResizeMode.Stretch)
        self.table.itemSelectionChanged.connect(self._look)
        self.why = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.why.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setText(self.tr("Close"))
        self.remove = buttons.addButton(self.tr("Remove"), QDialogButtonBox.ButtonRole.ActionRole)
        self.remove.setAutoDefault(False)
        self.remove.clicked.connect(self._want)
        buttons.rejected.connect(self.reject)
        box = QVBoxLayout(self)
        box.addWidget(self.table, 1)
        box.addWidget(self.why)
        box.addWidget(buttons)
        self._look()

    def show_notes(self, notes: Sequence[Marker]) -> None:
        """Show these notes; the one selected stays selected."""
        kept = self._selected()
        self._notes = sorted(notes, key=lambda note: (note.at_ns, note.id), reverse=True)
        self.table.setRowCount(len(self._notes))
        for row, note in enumerate(self._notes):
            for column, text in enumerate((self._wording.date_time(note.at_ns), note.tag, note.text, note.author)):
                item = QTableWidgetItem(text)
                item.setToolTip(plain_tip(text))
                self.table.setItem(row, column, item)
        self.table.clearSelection()
        for row, note in enumerate(self._notes):
            if kept is not None and note.id == kept.id:
                self.table.selectRow(row)
        self._look()

    def refuse(self, reason: str) -> None:
        """Show why a note was not removed."""
        self.why.setText(reason)

    def _selected(self) -> Marker | None:
        rows = self.table.selectionModel().selectedRows()
        return self._notes[rows[0].row()] if rows and rows[0].row() < len(self._notes) else None

    def _look(self) -> None:
        note = self._selected()
        may = note is not None and self._may_remove(note.author)
        self.remove.setEnabled(may)
        refused = note is not None and not may
        self.why.setText(self.tr("Its author or a supervisor may remove a note") if refused else "")
        if not self._notes:
            self.why.setText(self.tr("No notes in the time shown"))

    def _want(self) -> None:
        note = self._selected()
        if note is not None:
            self.remove_wanted.emit(note.id)
