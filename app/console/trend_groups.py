"""Keeps trend groups: an engineer's in the project, else in this desk's state folder; written in a thread."""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from app.console.session import SessionHolder
from app.model.errors import ProjectError
from app.model.plant import Plant, TrendGroup
from app.model.user import Role
from app.project.state import state_folder
from app.project.trendfile import read_groups, save_group


class TrendGroupFiles(QObject):
    """A GroupStore. GUI thread only."""

    _answered = Signal(object)

    def __init__(self, plant: Plant, session: SessionHolder, parent: QObject) -> None:
        super().__init__(parent)
        self._plant, self._session = plant, session
        self._answered.connect(lambda answer: answer(), Qt.ConnectionType.QueuedConnection)

    @property
    def shared(self) -> bool:
        """Whether groups are saved into the project now."""
        session = self._session.session
        return session is not None and session.role >= Role.ENGINEER

    def private(self) -> Mapping[str, TrendGroup]:
        """Return the groups of this desk."""
        return read_groups(self._folder())

    def save(self, group: TrendGroup, done: Callable[[TrendGroup], None], failed: Callable[[str], None]) -> None:
        """Write a group."""
        folder = self._plant.folder / "trends" if self.shared else self._folder()

        def work() -> None:
            try:
                save_group(folder, group)
            except ProjectError as error:
                text = str(error)
                self._answered.emit(lambda: failed(text))
            else:
                self._answered.emit(lambda: done(group))

        threading.Thread(target=work, name="trend-group", daemon=True).start()

    def _folder(self) -> Path:
        return state_folder(self._plant.id) / "trends"
