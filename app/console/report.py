"""Reports of what was painted and when, for the benchmarks. Each line goes to standard output at once."""

import sys
import time

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

from app.model.sample import Sample
from widgets.live import TagHub
from widgets.mimic import MimicView


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


class FirstPictureReport(QObject):
    """Says once when a picture with good live values was painted (ns since the epoch).

    Whoever started the process knows when that was; the system's own record of it is whole seconds off.

    Signals:
        reported(): the line was written.

    """

    reported = Signal()

    def __init__(self, view: MimicView, hub: TagHub) -> None:
        super().__init__(view)
        self._view, self._hub, self._done = view, hub, False
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at each paint; the report follows it."""
        if not self._done and event.type() is QEvent.Type.Paint and self._has_good_value():
            self._done = True
            QTimer.singleShot(0, self._report)
        return False

    def _has_good_value(self) -> bool:
        scene = self._view.scene
        if scene is None or not self._hub.alive:
            return False
        samples = (self._hub.sample(tag) for tag in scene.tags)
        return any(sample is not None and sample.is_good for sample in samples)

    def _report(self) -> None:
        _say(f"FIRST_PICTURE {time.time_ns()}")
        self.reported.emit()


class PaintReport(QObject):
    """Says when a changed value of one tag has been painted."""

    def __init__(self, view: MimicView, hub: TagHub, tag: str) -> None:
        super().__init__(view)
        self._tag = tag
        self._waiting: Sample | None = None
        self._subscription = hub.subscribe([tag], lambda batch: self._changed(batch[tag]))
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Report after the paint that follows a change."""
        if self._waiting is not None and event.type() is QEvent.Type.Paint:
            sample, self._waiting = self._waiting, None
            QTimer.singleShot(0, lambda: self._report(sample))
        return False

    def _changed(self, sample: Sample) -> None:
        self._waiting = sample

    def _report(self, sample: Sample) -> None:
        _say(f"PAINTED {self._tag} {sample.value} {time.time_ns()}")
