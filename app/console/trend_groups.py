"""Keeps trend groups: an engineer's in the project, else in this desk's state folder; read and written in threads."""

import contextlib
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QFileSystemWatcher, QObject, Qt, QTimer, Signal

from app.console.session import SessionHolder
from app.model.errors import GroupChanged, ProjectError
from app.model.plant import Plant, TrendGroup
from app.model.user import Role
from app.project.state import state_folder
from app.project.trendfile import read_groups, save_group

log = logging.getLogger(__name__)

_SETTLE_MS: Final = 200
"""A save is a file made and one renamed: read once for both."""
LOOK_MS: Final = 10_000
"""What another machine saves on a shared folder is not announced to this one: so often it is looked for."""

_Prints = frozenset[tuple[str, int, int, int]]


class TrendGroupFiles(QObject):
    """A GroupStore, one for all trends of a console. GUI thread only.

    Signals:
        changed(): ``shared_groups`` or ``private_groups`` are others, wherever they were saved.

    """

    changed = Signal()
    _answered = Signal(object)

    def __init__(self, plant: Plant, session: SessionHolder, parent: QObject, *, look_ms: int = LOOK_MS) -> None:
        super().__init__(parent)
        self._plant, self._session = plant, session
        self.shared_groups: dict[str, TrendGroup] = dict(plant.trends)
        self.private_groups: dict[str, TrendGroup] = {}
        self._number = 0
        self._seen: _Prints = frozenset()
        self._looking = False
        self._answered.connect(lambda answer: answer(), Qt.ConnectionType.QueuedConnection)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self.read)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(lambda _: self._settle.start())
        self._watcher.fileChanged.connect(lambda _: self._settle.start())
        self._slow = QTimer(self, interval=look_ms)
        self._slow.timeout.connect(self.look)
        self._slow.start()
        self.read()

    @property
    def shared(self) -> bool:
        """Whether groups are saved into the project now."""
        session = self._session.session
        return session is not None and session.role >= Role.ENGINEER

    def read(self) -> None:
        """Read every file anew, in a thread; ``changed`` follows where something is different."""
        project = self._plant.folder / "trends"
        self._number += 1
        number = self._number

        def work() -> None:
            try:
                desk = self._folder()
                desk.mkdir(exist_ok=True)
                prints = _prints(project, desk)  # before reading: what changes meanwhile is seen by the next look
                found = read_groups(project), read_groups(desk)
                paths = [str(path) for path in (*_nearest(project), *_nearest(desk))]
            except (OSError, ProjectError) as error:
                log.warning("trend groups cannot be read: %s", error)
                return
            self._answer(lambda: self._take(number, *found, paths, prints))

        threading.Thread(target=work, name="trend-groups", daemon=True).start()

    def look(self) -> None:
        """Look in a thread whether a file is another than the one read last, and read anew where one is.

        A folder that does not answer keeps one thread waiting, not one more each time.
        """
        if self._looking:
            return
        self._looking = True
        project = self._plant.folder / "trends"

        def work() -> None:
            found = None
            try:
                found = _prints(project, self._folder())
            except (OSError, ProjectError) as error:
                log.debug("trend groups cannot be looked at: %s", error)
            finally:
                self._answer(lambda: self._looked(found))

        threading.Thread(target=work, name="trend-groups-look", daemon=True).start()

    def save(
        self, group: TrendGroup, done: Callable[[TrendGroup], None], failed: Callable[[str], None], *,
        opened: TrendGroup | None = None, changed: Callable[[TrendGroup | None], None] | None = None,
    ) -> None:  # fmt: skip
        """Write a group; with ``changed`` only over what was ``opened``."""
        shared = self.shared

        def work() -> None:
            try:
                folder = self._plant.folder / "trends" if shared else self._folder()
                save_group(folder, group, opened=opened, over=changed is None)
            except GroupChanged as error:
                theirs = error.theirs
                if changed is not None:
                    self._answer(lambda: changed(theirs))
            except ProjectError as error:
                text = str(error)
                self._answer(lambda: failed(text))
            else:
                self._answer(lambda: self._saved(group, done))

        threading.Thread(target=work, name="trend-group", daemon=True).start()

    def _saved(self, group: TrendGroup, done: Callable[[TrendGroup], None]) -> None:
        done(group)
        self.read()

    def _looked(self, found: _Prints | None) -> None:
        self._looking = False
        if found is not None and found != self._seen:
            self.read()

    def _take(
        self,
        number: int,
        shared: dict[str, TrendGroup],
        private: dict[str, TrendGroup],
        paths: list[str],
        prints: _Prints,
    ) -> None:
        if number != self._number:
            return
        self._seen = prints
        new = [path for path in paths if path not in {*self._watcher.files(), *self._watcher.directories()}]
        if new and len(self._watcher.addPaths(new)) < len(new):
            self._settle.start()  # for what was saved between reading and watching
        if (shared, private) != (self.shared_groups, self.private_groups):
            self.shared_groups, self.private_groups = shared, private
            self.changed.emit()

    def _answer(self, answer: Callable[[], None]) -> None:
        """Hand an answer to the GUI thread; nobody hears it once the console was closed."""
        try:
            self._answered.emit(answer)
        except RuntimeError:
            log.debug("an answer about trend groups came after the end")

    def _folder(self) -> Path:
        return state_folder(self._plant.id) / "trends"


def _prints(*folders: Path) -> _Prints:
    """Return what tells every file of groups from any later one of its name: inode, time of change and size."""
    found = set()
    for path in (path for folder in folders for path in folder.glob("*.toml")):
        with contextlib.suppress(FileNotFoundError):  # renamed or removed since
            stat = path.stat()
            found.add((str(path), stat.st_ino, stat.st_mtime_ns, stat.st_size))
    return frozenset(found)


def _nearest(folder: Path) -> list[Path]:
    """Return what tells of a change in a folder: itself and its files, or while there is none, what it will be in."""
    if folder.is_dir():
        return [folder, *folder.glob("*.toml")]
    return [next(parent for parent in folder.parents if parent.is_dir())]
