"""Real processes for system tests: plant, engine and command line, on free ports with state of their own."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.plantsim.project_copy import free_ports, write_project

ROOT = Path(__file__).resolve().parents[2]
HAIHE = [sys.executable, str(ROOT / "main.py")]
PASSWORD = "correct-horse-battery"
USER = "anna"


def until(condition: Callable[[], Any], seconds: float, what: str) -> Any:
    """Poll an external condition; return its first true value, and how long that took goes by the deadline."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        threading.Event().wait(0.1)


class Service:
    """A process that says READY; its output is kept for the report of a failure."""

    def __init__(self, words: list[str], environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [*HAIHE, *words], env=environment, cwd=ROOT, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        self.lines: list[str] = []
        self._ready: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self.lines.append(line.rstrip())
            if line.startswith("READY"):
                self._ready.put(line)
        self._ready.put("")

    def ready(self, seconds: float = 60.0) -> str:
        line = self._ready.get(timeout=seconds)
        assert line, "ended before READY:\n" + "\n".join(self.lines)
        return line

    def end(self, number: int = signal.SIGTERM, seconds: float = 20.0) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        status = self.process.wait(seconds)
        self._reader.join(seconds)
        if self.process.stdout:
            self.process.stdout.close()
        return status


class Site:
    """A plant with its project, an engine that is started when needed, and the command line."""

    def __init__(self, folder: Path) -> None:
        self.project = write_project(folder / "project", free_ports(4))
        self.state = folder / "state"
        (folder / "shm").mkdir()
        self.environment = {
            **os.environ,
            "HAIHE_STATE": str(self.state),
            "HAIHE_SHM": str(folder / "shm"),
            "HAIHE_PASSWORD": PASSWORD,
            "PYTHONUNBUFFERED": "1",
        }
        self.store = folder / "shm" / f"haihe-{os.getuid()}-lingzhuang.trend"
        self.plant = Service(["plant", str(self.project), "--restart-delay", "6"], self.environment)
        self.plant.ready()
        self.engine: Service | None = None

    def cli(self, *words: str, status: int | None = 0, seconds: float = 60.0) -> subprocess.CompletedProcess[str]:
        verb, *rest = words
        target = [] if verb == "disturb" else [str(self.project)]
        if verb in {"user", "audit"}:
            target, rest = [rest[0], str(self.project)], rest[1:]
        done = subprocess.run(
            [*HAIHE, verb, *target, *rest], env=self.environment, cwd=ROOT,
            capture_output=True, text=True, timeout=seconds, stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        if status is not None:
            assert done.returncode == status, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def json(self, *words: str, status: int | None = 0) -> Any:
        return json.loads(self.cli(*words, "--json", status=status).stdout)

    def read(self, *tags: str) -> dict[str, dict[str, Any]]:
        return {row["tag"]: row for row in self.json("read", *tags)}

    def write(self, command: str, value: str | None = None, status: int | None = 0) -> Any:
        return self.json("write", command, *([value] if value is not None else []), "--user", USER, status=status)

    def disturb(self, name: str, equipment: str = "", *, on: bool = True) -> None:
        words = [name, *(["--equipment", equipment] if equipment else []), *([] if on else ["--off"])]
        self.cli("disturb", *words)

    def start_engine(self) -> Service:
        self.engine = Service(["engine", str(self.project)], self.environment)
        self.engine.ready()
        until(lambda: all(c["state"] == "connected" for c in self.connections().values()), 20, "all connected")
        return self.engine

    def connections(self) -> dict[str, dict[str, Any]]:
        return {each["id"]: each for each in self.json("status")["connections"]}

    def plc_pid(self, connection: str) -> int:
        """Return the process of a PLC that serves; 0 while it is down or starts."""
        plc = json.loads(self.cli("disturb", "status").stdout)["plcs"][connection]
        return int(plc["pid"] or 0) if plc["state"] == "running" else 0

    def close(self) -> None:
        if self.engine is not None:
            self.engine.end()
        self.plant.end()
