"""The console of this desk, and the one that takes its place when the project was changed."""

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt

from app.console.console import Console
from app.console.supervisor import EngineSupervisor
from app.model.errors import HaiheError
from app.model.plant import Plant

log = logging.getLogger(__name__)


class Desk(QObject):
    """Holds one console at a time. ``load`` reads the project; ``make`` makes a console of it."""

    def __init__(self, load: Callable[[], Plant], make: Callable[[Plant, EngineSupervisor | None], Console]) -> None:
        """Raises ProjectError where the project cannot be loaded."""
        super().__init__()
        self._load, self._make = load, make
        self.console = self._open(load(), None)

    def reopen(self) -> None:
        """Put a console of the project as it is now in the place of this one; the engine goes on, a login ends."""
        old = self.console
        window = old.window
        try:
            plant = self._load()
        except HaiheError as error:
            if window is not None:
                window.notice.say_refused(error.line)
            return
        log.info("opening the project anew")
        place = window.place if window is not None else None
        self.console = self._open(plant, old.hand_over())
        self.console.start(place)
        if window is not None:
            window.dispose()
        old.deleteLater()

    def _open(self, plant: Plant, supervisor: EngineSupervisor | None) -> Console:
        console = self._make(plant, supervisor)
        # Later: the console that is replaced must not end while its own signal is being delivered.
        console.reopen_wanted.connect(self.reopen, Qt.ConnectionType.QueuedConnection)
        return console
