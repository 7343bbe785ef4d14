"""The command line without an engine: usage, checks, users."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.system.harness import HAIHE, ROOT, Site

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
