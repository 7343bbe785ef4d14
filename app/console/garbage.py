"""When Python looks for cyclic garbage: at times that the window chooses, never in the middle of a flood of alarms.

With 100,000 alarms and a project of their size, looking through every object takes most of a second, and it happens
in whatever thread makes the next object. What lives as long as the window (the project, alarms that were taken) is
therefore set aside; it is freed as before once nobody refers to it.
"""

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

_SETTLED_MS: Final = 5000
_YOUNG_MS: Final = 1000
_ALL_EVERY: Final = 300
"""Rounds of the young between two of all."""
_MANY: Final = 20_000
"""So many objects that stay are set aside at once."""


class GarbageRounds(QObject):
    """Collects on the GUI thread by a timer from ``start`` to ``stop``; Python's own times are then as before."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._round = 0
        self._stayed = 0
        self._timer = QTimer(self, interval=_YOUNG_MS)
        self._timer.timeout.connect(self._collect)
        self._settled = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settled.timeout.connect(self.begin)

    def start(self) -> None:
        """Begin once the first pictures have been painted."""
        self._settled.start()

    def begin(self) -> None:
        """Set aside what there is, and collect by the timer from now on."""
        gc.collect()
        gc.freeze()
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Leave it to Python again."""
        self._settled.stop()
        if self._timer.isActive():
            self._timer.stop()
            gc.unfreeze()
            gc.enable()

    def stayed(self, objects: int) -> None:
        """Say that so many objects came that will stay."""
        self._stayed += objects
        if self._stayed >= _MANY and self._timer.isActive():
            self._stayed = 0
            gc.freeze()

    def _collect(self) -> None:
        self._round += 1
        if self._round % _ALL_EVERY:
            gc.collect(1)
        else:
            gc.collect()
