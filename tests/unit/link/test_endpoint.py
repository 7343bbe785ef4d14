import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.link.endpoint import find_engine, public, read_endpoint, remove_endpoint, write_endpoint
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


def test_a_damaged_file_is_no_endpoint(endpoint: EngineEndpoint) -> None:
    endpoint_path("plant").write_text('{"pid": 1')
    assert find_engine("plant") is None


def test_the_public_form_has_no_secret(endpoint: EngineEndpoint) -> None:
    assert "s3cret" not in str(public(endpoint))
