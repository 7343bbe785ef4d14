"""How the engine's process ends: told to, or by a defect; what it stored outlives it either way."""

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from app.engine.lock import ProjectLock
from app.model.clock import SECOND_NS
from app.project import load_plant
from app.project.state import checkpoint_path, database_path, endpoint_path, log_folder, state_folder
from app.trend import StoreReader, StoreWriter, slots_of, store_path

ROOT = Path(__file__).parents[3]
END_S = 30
SAMPLES = 500

PLANT = """[plant]
id = "small"
title = "Small"
time_zone = "Asia/Shanghai"

[[area]]
id = "A"
title = "A"

[[connection]]
id = "plc"
protocol = "modbus-tcp"
endpoint = "127.0.0.1:1"
"""
TAGS = "name,area,data_type,connection,address,low,high\nA.FLOW,A,float,plc,1/hr0:float32:ABCD,0,100\n"


class Run:
    """A project with a store of before, and its engine as a process that can be told to fail."""

    def __init__(self, folder: Path, mode: str) -> None:
        self.folder = folder / "project"
        self.folder.mkdir()
        (folder / "shm").mkdir()
        (self.folder / "plant.toml").write_text(PLANT, encoding="utf-8")
        (self.folder / "tags.csv").write_text(TAGS, encoding="utf-8")
        self.plant = load_plant(self.folder)
        self.store = store_path(self.plant.id)
        now = time.time_ns()
        with closing(StoreWriter(self.store, slots_of(self.plant), now_ns=now)) as writer:
            for n in range(SAMPLES, 0, -1):
                assert writer.append(0, now - n * SECOND_NS, float(n), 0, now)
        words = [sys.executable, "-m", "tests.unit.engine.engine_process", mode, str(self.folder)]
        self.process = subprocess.Popen(
            words, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline().startswith("READY")
        self.family = psutil.Process(self.process.pid).children(recursive=True)

    def end(self) -> tuple[int, str]:
        """Wait for the end; return exit status and what was said on stderr."""
        _, said = self.process.communicate(timeout=END_S)
        return self.process.returncode, said

    def kept(self) -> int:
        """Return how many samples of before come back after a reboot: from the checkpoint alone."""
        self.store.unlink()
        spec = slots_of(self.plant)
        StoreWriter(self.store, spec, now_ns=time.time_ns(), checkpoint=checkpoint_path(self.plant.id)).close()
        with StoreReader(self.store) as reader:
            values = reader.raw(0, 0, 2**62, 10 * SAMPLES).value
        return len(set(values.tolist()) & {float(n) for n in range(1, SAMPLES + 1)})


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Run]:
    monkeypatch.setenv("HAIHE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("HAIHE_SHM", str(tmp_path / "shm"))
    made = Run(tmp_path, request.param)
    yield made
    if made.process.poll() is None:
        made.process.kill()
        made.process.communicate()


def ended_cleanly(run: Run) -> None:
    """Nothing of the engine is left: no process of it, no endpoint, nobody who holds its store or its lock."""
    assert not [child for child in run.family if child.is_running()]
    assert not endpoint_path(run.plant.id).exists()
    with ProjectLock(state_folder(run.plant.id) / "engine.lock", run.plant.id):
        pass
    with sqlite3.connect(database_path(run.plant.id)) as database:
        rows = database.execute("SELECT event FROM journal_rows WHERE kind = 'system' ORDER BY id")
        events = [event for (event,) in rows]
    database.close()
    assert events == ["start", "stop"]


@pytest.mark.parametrize("run", ["whole"], indirect=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_engine_with_a_checkpoint(run: Run, number: signal.Signals) -> None:
    assert not checkpoint_path(run.plant.id).exists()
    run.process.send_signal(number)
    assert run.end() == (0, "")
    ended_cleanly(run)
    assert run.kept() == SAMPLES


@pytest.mark.parametrize("run", ["defect"], indirect=True)
def test_a_defect_ends_the_engine_with_a_checkpoint_and_a_status_that_says_so(run: Run) -> None:
    assert not checkpoint_path(run.plant.id).exists()
    assert run.process.stdin is not None
    run.process.stdin.write("fail\n")
    run.process.stdin.flush()
    status, said = run.end()
    assert status == 1
    assert said.rstrip().endswith("ArithmeticError: a defect of the test")
    logged = "".join(path.read_text(encoding="utf-8") for path in log_folder(run.plant.id).iterdir())
    assert "the engine failed" in logged
    assert "a defect of the test" in logged
    ended_cleanly(run)
    assert run.kept() == SAMPLES


@pytest.mark.parametrize("run", ["whole"], indirect=True)
def test_a_second_signal_while_it_ends_changes_nothing(run: Run) -> None:
    run.process.send_signal(signal.SIGTERM)
    run.process.send_signal(signal.SIGTERM)
    assert run.end()[0] == 0
    ended_cleanly(run)
    assert run.kept() == SAMPLES
