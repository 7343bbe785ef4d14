"""The horn of this console: sounds at a new alarm until silenced or acknowledged. Silence acknowledges nothing.

The rhythm tells the priority: so many beeps, and so long until they come again. While alarms that were silenced still
wait, it reminds after a time.
"""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from app.model.alarm import Priority
from widgets.alarms.book import AlarmBook
from widgets.alarms.row import AlarmRow

_BEEP_MS: Final = 220


@dataclass(frozen=True, slots=True)
class Sound:
    """How an alarm of a priority sounds.

    Attributes:
        beeps: in a row.
        again_ms: until they come again; 0: they do not.
        remind_ms: after silence, until it sounds anew if one still waits; 0: never.

    """

    beeps: int
    again_ms: int
    remind_ms: int


SOUNDS: Final = {
    Priority.CRITICAL: Sound(3, 1500, 60_000),
    Priority.HIGH: Sound(2, 2500, 180_000),
    Priority.MEDIUM: Sound(1, 5000, 600_000),
    Priority.LOW: Sound(1, 0, 0),
}


class Horn(QObject):
    """Beeps by the desktop's own sound, in the rhythm of the most urgent alarm that is new.

    Signals:
        changed(bool): it began or ended to sound.

    """

    changed = Signal(bool)

    def __init__(self, book: AlarmBook, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._book = book
        self._priority: Priority | None = None
        self._left = 0
        self._beeps = QTimer(self, interval=_BEEP_MS)
        self._beeps.timeout.connect(self._beep)
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self._sound)
        self._remind = QTimer(self, singleShot=True)
        self._remind.timeout.connect(self._nag)
        book.raised.connect(self._raised)
        book.changed.connect(self._check)

    @property
    def sounding(self) -> bool:
        """Whether it sounds: beeps, or rests until it beeps again."""
        return self._priority is not None

    @property
    def priority(self) -> Priority | None:
        """In whose rhythm it sounds."""
        return self._priority

    @property
    def reminds_in_ms(self) -> int:
        """Time until it sounds again though it was silenced; -1: it does not."""
        return self._remind.remainingTime() if self._remind.isActive() else -1

    def silence(self) -> None:
        """Stop until the next new alarm, or until it is time to remind."""
        if self._priority is not None:
            self._stop()
            waiting = self._most_urgent()
            if waiting is not None and SOUNDS[waiting].remind_ms:
                self._remind.start(SOUNDS[waiting].remind_ms)

    def _raised(self, row: AlarmRow) -> None:
        priority = row.definition.priority
        if self._priority is None or priority < self._priority:
            self._begin(priority)

    def _begin(self, priority: Priority) -> None:
        began = self._priority is None
        self._priority = priority
        self._remind.stop()
        self._sound()
        if began:
            self.changed.emit(True)

    def _sound(self) -> None:
        if self._priority is not None:
            self._left = SOUNDS[self._priority].beeps
            self._beep()

    def _beep(self) -> None:
        if self._priority is None or not self._left:
            self._beeps.stop()
            return
        QApplication.beep()
        self._left -= 1
        if self._left:
            self._beeps.start()
            return
        self._beeps.stop()
        again_ms = SOUNDS[self._priority].again_ms
        if again_ms:
            self._again.start(again_ms)

    def _nag(self) -> None:
        waiting = self._most_urgent()
        if waiting is not None:
            self._begin(waiting)

    def _check(self) -> None:
        waiting = self._most_urgent()
        if waiting is None:
            self._remind.stop()
            self._stop()
        elif self._priority is not None and waiting > self._priority:
            self._priority = waiting  # what sounded was acknowledged; the next rhythm is that of what is left

    def _most_urgent(self) -> Priority | None:
        return next((each for each, count in self._book.counts().items() if count.unacknowledged), None)

    def _stop(self) -> None:
        for timer in (self._beeps, self._again):
            timer.stop()
        if self._priority is not None:
            self._priority = None
            self.changed.emit(False)
