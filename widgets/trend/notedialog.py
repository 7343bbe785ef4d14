"""Writing a note: its time, the tag that it is about, its text."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QWidget

from app.model.annotation import MAX_NOTE
from app.model.clock import SECOND_NS
from widgets.trend.period import parse_moment
from widgets.wording import Wording

_WIDTH = 460


class NoteDialog(QDialog):
    """Stays open until the note is kept, so that no text is lost; deletes itself once it was closed.

    Signals:
        wanted(object, str, str): time (ns since the epoch, UTC), text, tag or empty.

    """

    wanted = Signal(object, str, str)

    def __init__(
        self, at_ns: int, tags: Sequence[str], current: str, wording: Wording, now_ns: Callable[[], int],
        parent: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Add a note"))
        self._wording, self._now_ns = wording, now_ns
        self._at_ns, self._shown = at_ns, wording.date_time(at_ns)
        self.text = QLineEdit()
        self.text.setMaxLength(MAX_NOTE)
        self.text.setMinimumWidth(_WIDTH)
        self.time = QLineEdit(self._shown)
        self.tag = QComboBox()
        self.tag.addItem(self.tr("All tags"), "")
        for tag in tags:
            self.tag.addItem(tag, tag)
        self.tag.setCurrentIndex(max(0, self.tag.findData(current)))
        self.why = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.why.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.agree = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.agree.setText(self.tr("Add"))
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(self.tr("Cancel"))
        buttons.accepted.connect(self._want)
        buttons.rejected.connect(self.reject)
        form = QFormLayout(self)
        form.addRow(self.tr("Note"), self.text)
        form.addRow(self.tr("Time"), self.time)
        form.addRow(self.tr("Tag"), self.tag)
        form.addRow(self.why)
        form.addRow(buttons)
        self.text.textChanged.connect(self._look)
        self.time.textChanged.connect(self._look)
        self._look()

    def refuse(self, reason: str) -> None:
        """Show why the note was not kept; it may be sent again."""
        self._look()
        self.why.setText(reason)

    def _at(self) -> int | None:
        if self.time.text().strip() == self._shown:
            return self._at_ns
        found = parse_moment(self.time.text(), self._wording.zone, self._now_ns())
        return None if found is None else int(found * SECOND_NS)

    def _look(self) -> None:
        at = self._at()
        problem = ""
        if at is None:
            problem = self.tr("'{0}' is no time of the plant's zone").format(self.time.text())
        elif at > self._now_ns() + SECOND_NS:
            problem = self.tr("A note cannot be about the future")
        self.why.setText(problem)
        self.agree.setEnabled(not problem and bool(self.text.text().strip()))

    def _want(self) -> None:
        at = self._at()
        if at is not None and self.agree.isEnabled():
            self.agree.setEnabled(False)
            self.wanted.emit(at, self.text.text().strip(), str(self.tag.currentData() or ""))
