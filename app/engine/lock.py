"""One engine a project: an advisory lock in the state folder that dies with its process."""

import fcntl
import os
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from app.model.errors import EngineRunningError


class ProjectLock:
    """Holds the lock file of a project; a context manager.

    The file stays when the engine ends (removing it would race with the next engine); the lock does not.
    """

    def __init__(self, path: Path, project_id: str) -> None:
        self._path = path
        self._project_id = project_id
        self._file: int | None = None

    def __enter__(self) -> "ProjectLock":
        """Take the lock.

        Raises:
            EngineRunningError: with process and start time of the engine that has it.

        """
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            who = os.pread(file, 200, 0).decode(errors="replace").strip() or "an unknown process"
            os.close(file)
            raise EngineRunningError(
                f"an engine already runs for project '{self._project_id}': {who}; stop it first"
            ) from None
        since = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        os.ftruncate(file, 0)
        os.pwrite(file, f"process {os.getpid()}, since {since}\n".encode(), 0)
        self._file = file
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Release the lock."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
