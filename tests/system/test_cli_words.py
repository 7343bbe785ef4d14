"""What the command line says when something is wrong: one clear line on stderr, and the right exit status."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.system.harness import HAIHE, PASSWORD, ROOT, USER, Site

pytestmark = pytest.mark.system


def haihe(*words: str, password: str | None = PASSWORD, state: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "HAIHE_PASSWORD"}
    environment |= {} if password is None else {"HAIHE_PASSWORD": password}
    environment |= {} if state is None else {"HAIHE_STATE": str(state)}
    return subprocess.run(
        [*HAIHE, *words], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False,
        stdin=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def one_line(done: subprocess.CompletedProcess[str], status: int = 1) -> str:
    assert done.returncode == status, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stdout == ""
    return done.stderr


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 2, done.stderr
    return done.stderr.splitlines()[-1]


def test_the_version() -> None:
    done = haihe("--version")
    assert (done.returncode, done.stdout.split()[0]) == (0, "haihe")


def test_a_folder_that_is_missing_is_named_in_one_line(tmp_path: Path) -> None:
    missing, file = tmp_path / "missing", tmp_path / "file"
    file.write_text("")
    for command in (["read", str(missing), "X"], ["status", str(missing)], ["plant", str(missing)]):
        assert one_line(haihe(*command)) == f"haihe {command[0]}: the project folder {missing} does not exist\n"
    assert f"{file} is not a folder" in one_line(haihe("alarms", str(file)))
    assert one_line(haihe("engine", str(tmp_path))).endswith(f"project {tmp_path}: plant.toml: the file is missing\n")


def test_a_project_with_many_mistakes_is_one_line(tmp_path: Path) -> None:
    project = tmp_path / "bad"
    shutil.copytree(ROOT / "resources" / "projects" / "lingzhuang", project)
    (project / "types" / "basin.toml").write_text("x")
    (project / "tags.csv").write_text("")
    for command in (["read", str(project), "X"], ["plant", str(project)]):
        text = one_line(haihe(*command))
        assert "has 2 mistakes; the first: tags.csv:1: " in text
        assert "'haihe check' lists them all" in text


@pytest.mark.parametrize(
    "words",
    [
        ["read", "P", "X", "--interval", "-3"],
        ["read", "P", "X", "--interval", "nan"],
        ["export", "P", "X", "--from", "yesterday", "--to", "2026-01-01"],
        ["export", "P", "X", "--from", "0001-01-01", "--to", "2026-01-01"],
        ["export", "P", "X", "--from", "2026-01-01", "--to", "9999-01-01"],
        ["export", "P", "X", "--from", "2026-01-02", "--to", "2026-01-01"],
        ["engine", "P", "--port", "99999"],
        ["plant", "--hour", "99"],
        ["plant", "--speed", "fast"],
        ["plant", "--restart-delay", "-1"],
        ["plant", "--port-base", "70000"],
        ["demo", "--speed", "0"],
        ["screenshot", "P", "overview", "--out", "x.jpg"],
        ["screenshot", "P", "overview", "--out", "x.png", "--size", "320x240"],
    ],
)
def test_wrong_usage_ends_with_what_is_allowed(words: list[str]) -> None:
    text = last_line(haihe(*words))
    assert any(hint in text for hint in ("allowed", "expected", "must be", "does not end in .png")), text


def test_no_terminal_and_no_password_is_said(site: Site) -> None:
    for words in (["user", "add", str(site.project), "bob"], ["write", str(site.project), "X", "1", "--user", USER]):
        assert "set HAIHE_PASSWORD" in one_line(haihe(*words, password=None, state=site.state))


def test_a_second_plant_is_refused_and_takes_nothing_away(site: Site) -> None:
    done = haihe("plant", str(site.project), "--port-base", "48900", state=site.state)
    assert f"already runs: process {site.plant.process.pid}" in one_line(done)
    done = haihe("plant", str(site.project), "--endpoint-file", str(site.state / "other.json"), state=site.state)
    assert "of PLC 'uf' is taken" in one_line(done)
    assert site.cli("disturb", "status").returncode == 0


def test_a_disturbance_that_strikes_one_thing_takes_no_equipment(site: Site, tmp_path: Path) -> None:
    assert "leave --equipment out" in one_line(site.cli("disturb", "storm", "--equipment", "LZ.X", status=1))
    assert "start one with: haihe plant" in one_line(haihe("disturb", "storm", state=tmp_path))


def test_ctrl_c_while_a_command_starts_leaves_no_traceback() -> None:
    code = """
import os, signal, sys
class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == "app.cli.status":
            os.kill(os.getpid(), signal.SIGINT)
signal.signal(signal.SIGINT, signal.default_int_handler)  # a suite in the background starts with it ignored
sys.meta_path.insert(0, Interrupt())
import main
sys.exit(main.main(["status", "."]))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "")
