"""Keeps an engine running for the project: starts one where none runs, and again when it died."""

import logging
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from app.model.engine import EngineEndpoint

log = logging.getLogger(__name__)

CHECK_MS: Final = 1000
FIRST_RETRY_MS: Final = 500
LAST_RETRY_MS: Final = 30_000
HEALTHY_S: Final = 60.0
"""An engine that ran this long is taken as sound: the next restart is quick again."""
STOP_MS: Final = 8000


class EngineSupervisor(QObject):
    """Starts ``python -m main engine PROJECT`` as a child unless an engine already serves the project.

    Signals:
        changed(): a start, an end or a restart; see ``restarts`` and ``note``.

    """

    changed = Signal()

    def __init__(
        self,
        project: Path,
        find_engine: Callable[[], EngineEndpoint | None],
        *,
        command: list[str] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._find_engine = find_engine
        self._command = command or [sys.executable, "-m", "main", "engine", str(project.resolve())]
        self._process: QProcess | None = None
        self._started_at = 0.0
        self._wait_ms = FIRST_RETRY_MS
        self._stopping = False
        self.restarts = 0
        self.note = ""
        """Last words of an engine that ended by itself; empty again once one is ready."""
        self._words = ""
        self._retry = QTimer(self)
        self._retry.setSingleShot(True)
        self._retry.timeout.connect(self._ensure)

    @property
    def owns_engine(self) -> bool:
        """Whether the engine is a child of this console."""
        return self._process is not None

    def start(self) -> None:
        """Look for an engine, and start one where there is none."""
        self._stopping = False
        self._ensure()

    def stop(self) -> None:
        """Stop a child engine in order (terminate, then kill); an engine found running stays."""
        self._stopping = True
        self._retry.stop()
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        if not process.waitForFinished(STOP_MS):
            log.warning("the engine did not stop in time; it is killed")
            process.kill()
            process.waitForFinished(1000)

    def _ensure(self) -> None:
        if self._stopping or self._process is not None:
            return
        if self._find_engine() is None:
            self._launch()
        else:
            self._retry.start(CHECK_MS)

    def _launch(self) -> None:
        process = QProcess(self)
        process.setWorkingDirectory(str(Path(__file__).resolve().parents[2]))
        process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        process.finished.connect(self._ended)
        process.errorOccurred.connect(self._error)
        process.readyRead.connect(self._read)
        self._process = process
        self._started_at = time.monotonic()
        self._words = ""
        log.info("starting an engine")
        process.start(self._command[0], self._command[1:])
        self.changed.emit()

    def _read(self) -> None:
        if self._process is not None:
            text = bytes(self._process.readAll().data()).decode(errors="replace")
            for line in text.splitlines():
                log.info("engine: %s", line)
                if line.startswith("READY"):
                    self.note = self._words = ""
                else:
                    self._words = line.strip() or self._words

    def _error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart and self._process is not None:
            self._words = self._process.errorString()
            self._ended(-1, QProcess.ExitStatus.CrashExit)

    def _ended(self, code: int, status: QProcess.ExitStatus) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
        if self._stopping:
            return
        self.note = self._words
        if time.monotonic() - self._started_at > HEALTHY_S:
            self._wait_ms = FIRST_RETRY_MS
        self.restarts += 1
        log.warning("the engine ended (exit status %s); starting it again in %d ms", code, self._wait_ms)
        self._retry.start(self._wait_ms)
        self._wait_ms = min(LAST_RETRY_MS, self._wait_ms * 2)
        self.changed.emit()
