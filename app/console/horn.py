"""The horn of this console: sounds at a new alarm until silenced or acknowledged. Silence acknowledges nothing."""

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from widgets.alarms.book import AlarmBook, AlarmRow

_AGAIN_MS: Final = 2500


class Horn(QObject):
    """Beeps by the desktop's own sound.

    Signals:
        changed(bool): it began or ended to sound.

    """

    changed = Signal(bool)

    def __init__(self, book: AlarmBook, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._book = book
        self._timer = QTimer(self)
        self._timer.setInterval(_AGAIN_MS)
        self._timer.timeout.connect(QApplication.beep)
        book.raised.connect(self._raised)
        book.changed.connect(self._check)

    @property
    def sounding(self) -> bool:
        """Whether it sounds."""
        return self._timer.isActive()

    def silence(self) -> None:
        """Stop until the next new alarm."""
        if self._timer.isActive():
            self._timer.stop()
            self.changed.emit(False)

    def _raised(self, row: AlarmRow) -> None:
        if not self._timer.isActive():
            QApplication.beep()
            self._timer.start()
            self.changed.emit(True)

    def _check(self) -> None:
        if not any(row.snapshot.unacknowledged and not row.suppressed for row in self._book.rows()):
            self.silence()
