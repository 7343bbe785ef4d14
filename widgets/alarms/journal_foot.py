"""The foot of the journal: how many rows, how far a search went, and a file being written."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from app.model.journal import JournalCount
from widgets.theme import STEP
from widgets.wording import Wording


class JournalFoot(QWidget):
    """Says what the reader has, and what there is.

    Signals:
        cancel_wanted(): write the file no further.

    """

    cancel_wanted = Signal()

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self._wording = wording
        self._rows, self._more = 0, False
        self._searched_ns: int | None = None
        self._count: JournalCount | None = None
        self.state, self.file = QLabel(), QLabel()
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(160)
        self._cancel = QPushButton(self.tr("Cancel"))
        self._cancel.clicked.connect(self.cancel_wanted)
        for label in (self.state, self.file):
            label.setProperty("look", "label")
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(STEP)
        box.addWidget(self.state, 1)
        for widget in (self.file, self._bar, self._cancel):
            box.addWidget(widget)
        self._bar.hide()
        self._cancel.hide()

    def say(self, text: str) -> None:
        """Say something in place of the number of rows."""
        self._count = None
        self.state.setText(text)

    def show_rows(self, rows: int, *, more: bool, searched_ns: int | None) -> None:
        """Say how many rows were read, and whether there are more; ``searched_ns``: how far back it was looked."""
        self._rows, self._more, self._searched_ns = rows, more, searched_ns
        self._show()

    def show_count(self, count: JournalCount) -> None:
        """Say how many rows there are."""
        self._count = count
        self._show()

    def show_progress(self, rows: int, part: float) -> None:
        """Say how far a file is written (0 to 1)."""
        self.file.setText(self.tr("Writing: {0} rows").format(self._wording.number(rows, 0)))
        self._bar.setValue(round(part * 1000))
        self._bar.show()
        self._cancel.show()

    def show_end(self, text: str) -> None:
        """Say what became of the file."""
        self.file.setText(text)
        self._bar.hide()
        self._cancel.hide()

    def _show(self) -> None:
        number = self._wording.number
        text = (self.tr("{0} rows, more below") if self._more else self.tr("{0} rows")).format(number(self._rows, 0))
        count = self._count
        if self._more and count is not None:
            if count.exact:
                text = self.tr("{0} of {1} rows").format(number(self._rows, 0), number(count.rows, 0))
            elif count.estimate is not None:
                text = self.tr("{0} of about {1} rows").format(number(self._rows, 0), number(_round(count.estimate), 0))
        if self._searched_ns is not None:
            back = self._wording.date_time(self._searched_ns)
            text += " · " + self.tr("searched back to {0}; scroll down to go on").format(back)
        self.state.setText(text)


def _round(estimate: int) -> int:
    """Return an estimate without digits that it does not know."""
    step: int = 10 ** max(0, len(str(estimate)) - 2)
    return estimate // step * step
