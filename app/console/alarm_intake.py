"""What the link tells of alarms, given to the book in portions, so that the window answers during a flood."""

from collections.abc import Sequence
from itertools import islice
from typing import Final

from PySide6.QtCore import QObject, QTimer

from app.model.alarm_state import AlarmSnapshot
from widgets.alarms.book import AlarmBook

PERIOD_MS: Final = 40
PORTION: Final = 500
"""Changes that the book takes at once; they and what they change on the screen fit into a frame."""


class AlarmIntake(QObject):
    """Keeps the newest state of each alarm that waits, in the order in which they changed first. GUI thread only."""

    def __init__(self, book: AlarmBook, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._book = book
        self._waiting: dict[str, AlarmSnapshot] = {}
        self._whole = False
        self._heard: set[str] | None = None
        """Alarms told since ``begin``; None once all were told."""
        self._timer = QTimer(self, singleShot=True, interval=PERIOD_MS)
        self._timer.timeout.connect(self._give)

    @property
    def waiting(self) -> int:
        """Number of alarms whose change the book has not taken yet."""
        return len(self._waiting)

    def take(self, snapshots: Sequence[AlarmSnapshot]) -> None:
        """Take changes; the newest of each alarm counts."""
        self._waiting.update((shot.id, shot) for shot in snapshots)
        if self._heard is not None:
            self._heard.update(shot.id for shot in snapshots)
        if not self._timer.isActive():
            self._timer.start()

    def begin(self) -> None:
        """Say that the engine begins to tell every alarm (after connecting)."""
        self._heard = set()

    def complete(self) -> None:
        """Say that it has told them all: what it did not name since ``begin`` is over. The book is then known."""
        for shot in self._book.gone(self._heard or ()):
            self._waiting.setdefault(shot.id, shot)
        self._heard = None
        self._whole = True
        self._give()

    def forget(self) -> None:
        """Say that the state is no longer known: what waits is old news."""
        self._waiting.clear()
        self._heard = None
        self._whole = False
        self._timer.stop()
        self._book.forget()

    def _give(self) -> None:
        portion = [self._waiting.pop(each) for each in list(islice(self._waiting, PORTION))]
        if portion:
            self._book.take(portion)
        if self._waiting:
            self._timer.start()
        elif self._whole:
            self._whole = False
            self._book.know()
