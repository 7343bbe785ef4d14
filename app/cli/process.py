"""A child process of the demo: this program again, ready when it says READY, stopped when the demo ends.

Its standard input is a pipe of the demo's, by whose end it knows that the demo was killed (app.cli.orphan).
"""

import os
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final

from app.model.errors import EnvironmentProblem

STOP_S: Final = 10.0
ROOT: Final = Path(__file__).resolve().parents[2]
START: Final = (
    "import sys; from app.cli.orphan import end_with_input; end_with_input(); from main import main; sys.exit(main())"
)


class Child:
    """Runs ``haihe WORDS``; a context manager that stops it."""

    def __init__(self, name: str, words: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        self._name = name
        self._tail: deque[str] = deque(maxlen=20)
        self._ready: queue.Queue[bool] = queue.Queue()
        command = [sys.executable, "-c", START, *words]
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1", **(environment or {})},
            text=True,
            errors="replace",
            start_new_session=True,  # Ctrl-C reaches the demo alone, which stops its children in order
        )
        self._reader = threading.Thread(target=self._read, name=f"{name}-output", daemon=True)
        self._reader.start()

    def __enter__(self) -> "Child":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def ready(self, timeout_s: float) -> None:
        """Wait for READY.

        Raises:
            EnvironmentProblem: it ended first, or took too long; with its last words.

        """
        try:
            is_ready = self._ready.get(timeout=timeout_s)
        except queue.Empty:
            raise EnvironmentProblem(f"the {self._name} was not ready within {timeout_s:g} s") from None
        if not is_ready:
            raise EnvironmentProblem(f"the {self._name} ended: {' / '.join(self._tail) or 'without a word'}")

    def wait(self) -> int:
        """Wait for its end; return the exit status."""
        return self._process.wait()

    def stop(self) -> None:
        """Terminate it, and kill it when it does not follow."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._reader.join(STOP_S)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            text = line.rstrip()
            if text.startswith("READY"):
                self._ready.put(True)
            elif text:
                self._tail.append(text)
                sys.stderr.write(f"{self._name}: {text}\n")
        self._ready.put(False)
