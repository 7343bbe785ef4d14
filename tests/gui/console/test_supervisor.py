"""The supervisor with real engine processes: it starts one where none runs, again after a kill, and stops its own."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest
from pytestqt.qtbot import QtBot

from app.console import supervisor as module
from app.console.supervisor import EngineSupervisor
from app.link.endpoint import find_engine
from app.model.engine import EngineEndpoint
from app.plantsim.project_copy import free_ports, write_project
from tests.system.harness import Service
from tests.unit.project import sample

pytestmark = pytest.mark.system
START_MS = 40_000
find = partial(find_engine, "small")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "shm").mkdir()
    monkeypatch.setenv("HAIHE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("HAIHE_SHM", str(tmp_path / "shm"))
    return write_project(tmp_path / "project", free_ports(2), sample.write(tmp_path / "source"))


@pytest.fixture
def watch(qtbot: QtBot, project: Path) -> Iterator[EngineSupervisor]:
    made = EngineSupervisor(project, find)
    yield made
    made.stop()


def owns(watch: EngineSupervisor) -> bool:
    return watch.owns_engine


def running(qtbot: QtBot, other_than: int = 0) -> EngineEndpoint:
    """Wait for an engine of another process, and return where it listens."""
    found: list[EngineEndpoint] = []

    def look() -> bool:
        endpoint = find()
        if endpoint is not None and endpoint.pid != other_than:
            found.append(endpoint)
        return bool(found)

    qtbot.waitUntil(look, timeout=START_MS)
    return found[0]


def test_starts_an_engine_restarts_it_after_a_kill_and_stops_it(qtbot: QtBot, watch: EngineSupervisor) -> None:
    assert find() is None
    with qtbot.waitSignal(watch.changed):
        watch.start()
    assert owns(watch)
    first = running(qtbot)
    assert psutil.Process(first.pid).ppid() == os.getpid()
    assert watch.restarts == 0

    with qtbot.waitSignal(watch.changed):
        os.kill(first.pid, signal.SIGKILL)
    ended = time.monotonic()
    assert watch.restarts == 1
    assert not owns(watch)
    with qtbot.waitSignal(watch.changed):
        pass
    assert owns(watch)
    assert time.monotonic() - ended >= 0.9 * module.FIRST_RETRY_MS / 1000
    second = running(qtbot, first.pid)
    assert psutil.Process(second.pid).ppid() == os.getpid()
    assert watch.note == ""

    watch.stop()
    assert not owns(watch)
    assert not psutil.pid_exists(second.pid)
    assert find() is None
    assert watch.restarts == 1


def test_leaves_a_running_engine_alone_and_takes_over_when_it_is_gone(
    qtbot: QtBot, watch: EngineSupervisor, project: Path
) -> None:
    other = Service(["engine", str(project)], dict(os.environ))
    try:
        other.ready()
        watch.start()
        assert not owns(watch)
        watch.stop()
        assert other.process.poll() is None
        found = find()
        assert found is not None
        assert found.pid == other.process.pid
        watch.start()
    finally:
        other.end()
    with qtbot.waitSignal(watch.changed, timeout=START_MS):
        pass
    assert owns(watch)
    assert running(qtbot, other.process.pid).pid != other.process.pid


def test_an_engine_that_cannot_start_is_tried_less_and_less_often(qtbot: QtBot, tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('the project is broken'); raise SystemExit(3)"]
    watch = EngineSupervisor(tmp_path, lambda: None, command=command)
    launches: list[float] = []
    ends: list[float] = []
    watch.changed.connect(lambda: (launches if watch.owns_engine else ends).append(time.monotonic()))
    watch.start()
    qtbot.waitUntil(lambda: len(launches) == 3 and len(ends) == 3, timeout=START_MS)
    watch.stop()
    waits = [launch - end for launch, end in zip(launches[1:], ends, strict=False)]
    assert waits[0] >= 0.45
    assert waits[1] >= 0.95
    assert watch.restarts == 3
    assert watch.note == "the project is broken"


def test_a_program_that_is_not_there_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    watch = EngineSupervisor(tmp_path, lambda: None, command=[str(tmp_path / "no-such-program")])
    watch.start()
    qtbot.waitUntil(lambda: watch.restarts >= 1)
    assert watch.note
    assert not owns(watch)
    watch.stop()


def test_the_last_words_are_forgotten_once_an_engine_is_ready(qtbot: QtBot, tmp_path: Path) -> None:
    flag = tmp_path / "second"
    script = (
        "import pathlib, sys, time\n"
        f"flag = pathlib.Path({str(flag)!r})\n"
        "if not flag.exists():\n"
        "    flag.touch()\n"
        "    sys.exit('the port is taken')\n"
        "print('READY {}', flush=True)\n"
        "sys.stdin.read()\n"
    )
    watch = EngineSupervisor(tmp_path, lambda: None, command=[sys.executable, "-c", script])
    watch.start()
    qtbot.waitUntil(lambda: watch.restarts >= 1)
    assert watch.note == "the port is taken"
    qtbot.waitUntil(lambda: watch.note == "")
    assert owns(watch)
    watch.stop()
