"""A demo plant and an engine as processes of their own, in folders of their own, for a benchmark."""

import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.plantsim.project_copy import free_ports, write_project

ROOT = Path(__file__).resolve().parent.parent
PLCS = 4


class Process:
    """A child whose lines are read as they come; ended when the block ends."""

    def __init__(self, arguments: list[str], environment: dict[str, str]) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "main", *arguments],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        stream = self._child.stdout
        if stream is not None:
            for line in stream:
                self.lines.put(line.strip())

    def wait_for(self, start: str, timeout_s: float) -> str:
        """Return the next line that starts with the word; raises queue.Empty after the time-out."""
        while True:
            line = self.lines.get(timeout=timeout_s)
            if line.startswith(start):
                return line

    def close(self) -> None:
        """End the child and its reader."""
        self._child.terminate()
        try:
            self._child.wait(15)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._reader.join(5)
        if self._child.stdout is not None:
            self._child.stdout.close()


@dataclass(frozen=True)
class Site:
    """A running demo plant with its engine."""

    project: Path
    environment: dict[str, str]
    ports: list[int]

    @contextmanager
    def console(self, *options: str) -> Iterator[Process]:
        """Run a console offscreen."""
        process = Process(["console", str(self.project), *options], self.environment)
        try:
            yield process
        finally:
            process.close()


@contextmanager
def running_site() -> Iterator[Site]:
    """Start plant and engine on free ports; everything is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        ports = free_ports(PLCS)
        project = write_project(Path(folder) / "plant", ports)
        environment = dict(os.environ, HAIHE_STATE=f"{folder}/state", HAIHE_SHM=folder, QT_QPA_PLATFORM="offscreen")
        if Path("/dev/shm").is_dir():
            memory = tempfile.mkdtemp(dir="/dev/shm")
            environment["HAIHE_SHM"] = memory
        plant = Process(["plant", str(project)], environment)
        try:
            plant.wait_for("READY", 60)
            engine = Process(["engine", str(project)], environment)
            try:
                engine.wait_for("READY", 60)
                yield Site(project, environment, ports)
            finally:
                engine.close()
        finally:
            plant.close()
            for left in Path(environment["HAIHE_SHM"]).glob("haihe-*"):
                left.unlink(missing_ok=True)
            if environment["HAIHE_SHM"] != folder:
                Path(environment["HAIHE_SHM"]).rmdir()
