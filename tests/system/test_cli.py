"""The command line without an engine: usage, checks, users."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from app.plantsim.main import endpoints
from app.plantsim.ports import check_ports
from app.plantsim.project_copy import free_ports, write_project
from app.project import load_plant
from tests.system.harness import HAIHE, ROOT, Site, until

pytestmark = pytest.mark.system


def haihe(*words: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*HAIHE, *words], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)


def test_wrong_usage_is_status_2() -> None:
    assert haihe("no-such-command").returncode == 2
    assert haihe("read").returncode == 2
    assert haihe("--help").returncode == 0


def test_check_of_the_demo_project() -> None:
    done = haihe("check", "resources/projects/lingzhuang")
    assert (done.returncode, done.stderr) == (0, "")


def test_check_names_file_line_and_field(site: Site, tmp_path: Path) -> None:
    project = tmp_path / "bad"
    shutil.copytree(site.project, project)
    tags = (project / "tags.csv").read_text(encoding="utf-8").splitlines()
    fields = tags[1].split(",")
    fields[4] = "complex"
    (project / "tags.csv").write_text("\n".join([tags[0], ",".join(fields), *tags[2:]]) + "\n", encoding="utf-8")
    done = haihe("check", str(project))
    assert done.returncode == 1
    assert any(line.startswith("tags.csv:2: data_type: ") for line in done.stdout.splitlines()), done.stdout
    assert "problem" in done.stderr


def test_users_are_listed_and_weak_passwords_refused(site: Site) -> None:
    assert [each["name"] for each in site.json("user", "list")] == ["anna"]
    weak = {**site.environment, "HAIHE_PASSWORD": "short"}
    done = haihe("user", "add", str(site.project), "bob", env=weak)
    assert done.returncode == 1
    assert "at least" in done.stderr
    assert len(site.json("user", "list")) == 1


@pytest.mark.parametrize("command", ["console", "read", "check", "write", "status"])
def test_a_command_imports_only_what_it_needs(command: str) -> None:
    code = (
        f"import sys, importlib; importlib.import_module('main'); importlib.import_module('app.cli.{command}');"
        "print([m for m in ('asyncua', 'pymodbus', 'PySide6', 'sqlalchemy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_demo_says_which_port_is_taken(site: Site) -> None:
    done = haihe("demo", str(site.project), env=site.environment)
    assert done.returncode == 1
    assert "of PLC 'uf' is taken" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("moment", ["starting the engine", "console is open"])
def test_a_killed_demo_leaves_no_process_and_no_port_behind(tmp_path: Path, moment: str) -> None:
    project = write_project(tmp_path / "project", free_ports(4))
    environment = {
        **os.environ, "HAIHE_STATE": str(tmp_path / "state"), "HAIHE_SHM": str(tmp_path),
        "DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen",
    }  # fmt: skip
    demo = subprocess.Popen(
        [*HAIHE, "demo", str(project)], cwd=ROOT, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    with demo:
        assert demo.stdout is not None
        assert any(moment in line for line in iter(demo.stdout.readline, ""))
        assert len(processes_of(project)) >= 6  # demo, plant and four PLCs; engine and console
        demo.kill()
        demo.wait()
    until(lambda: not processes_of(project), 40, "every process has ended")
    check_ports(endpoints(load_plant(project), None))


def processes_of(project: Path) -> list[psutil.Process]:
    """Return the processes that name a project on their command line."""
    return [each for each in psutil.process_iter(["cmdline"]) if str(project) in (each.info["cmdline"] or [])]


def test_ctrl_c_ends_every_process_of_the_demo(tmp_path: Path) -> None:
    project = write_project(tmp_path / "project", free_ports(4))
    environment = {**os.environ, "HAIHE_STATE": str(tmp_path / "state"), "HAIHE_SHM": str(tmp_path)}
    environment.pop("DISPLAY", None)
    environment.pop("WAYLAND_DISPLAY", None)
    # A shell without job control starts what runs in its background, such as this suite, deaf to Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    demo = subprocess.Popen(
        [*HAIHE, "demo", str(project), "--seconds", "100"], cwd=ROOT, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    with demo:
        assert demo.stdout is not None
        lines = iter(demo.stdout.readline, "")
        password = next(lines).split()[-1]
        assert any("running offscreen" in line for line in lines)
        children = psutil.Process(demo.pid).children(recursive=True)
        assert len(children) >= 6  # plant, four PLCs, engine
        demo.send_signal(signal.SIGINT)
        assert demo.wait(30) == 130
        assert not [child for child in children if child.is_running()]
    logs = [file.read_text() for file in (tmp_path / "state").rglob("*.log")]
    assert logs
    assert not any(password in text for text in logs)
