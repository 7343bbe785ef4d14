import os
import stat
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from app.link.endpoint import (
    find_engine,
    process_identity,
    public,
    read_endpoint,
    remove_endpoint,
    write_endpoint,
)
from app.model.engine import EngineEndpoint
from app.project.state import endpoint_path


@pytest.fixture
def endpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EngineEndpoint:
    monkeypatch.setenv("HAIHE_STATE", str(tmp_path))
    return EngineEndpoint(os.getpid(), "ws://127.0.0.1:1", "s3cret", "/dev/shm/x", "plant", "/p", time.time_ns(), "0.1")


def test_written_for_the_owner_only_and_found(endpoint: EngineEndpoint) -> None:
    path = endpoint_path("plant")
    write_endpoint(path, endpoint)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["engine.json"]
    assert find_engine("plant") == endpoint
    remove_endpoint(path, endpoint.pid + 1)
    assert read_endpoint(path) == endpoint
    remove_endpoint(path, endpoint.pid)
    assert find_engine("plant") is None


def test_a_dead_process_is_not_an_engine(endpoint: EngineEndpoint) -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    write_endpoint(endpoint_path("plant"), EngineEndpoint(process.pid, "", "", "", "plant", "", time.time_ns(), ""))
    assert find_engine("plant") is None


def test_a_reused_pid_is_not_an_engine(endpoint: EngineEndpoint) -> None:
    write_endpoint(endpoint_path("plant"), EngineEndpoint(os.getpid(), "", "", "", "plant", "", 10**18, ""))
    assert find_engine("plant") is None


@pytest.mark.skipif(not process_identity(os.getpid()), reason="this system does not tell when a process began")
def test_a_step_of_the_clock_hides_no_engine_and_makes_none(endpoint: EngineEndpoint) -> None:
    # The clock was set on by an hour since the engine wrote its file: its process seems to have begun after that.
    mine = replace(endpoint, process=process_identity(os.getpid()), started_ns=endpoint.started_ns - 3600 * 10**9)
    write_endpoint(endpoint_path("plant"), mine)
    assert find_engine("plant") == mine
    # It was set back: a later process with this pid seems to have begun before.
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        theirs = process_identity(other.pid)
        assert theirs != mine.process
        later = replace(endpoint, process=theirs, started_ns=endpoint.started_ns + 3600 * 10**9)
        write_endpoint(endpoint_path("plant"), later)
        assert find_engine("plant") is None
        write_endpoint(endpoint_path("plant"), replace(later, pid=other.pid))
        assert find_engine("plant") is not None


def test_a_damaged_file_is_no_endpoint(endpoint: EngineEndpoint) -> None:
    endpoint_path("plant").write_text('{"pid": 1')
    assert find_engine("plant") is None


def test_the_public_form_has_no_secret(endpoint: EngineEndpoint) -> None:
    assert "s3cret" not in str(public(endpoint))
