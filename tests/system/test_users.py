"""``haihe user`` without an engine: roles, and shutting a user out."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.system.harness import HAIHE, PASSWORD, ROOT

pytestmark = pytest.mark.system

PROJECT = "resources/projects/lingzhuang"


def haihe(*words: str, state: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "HAIHE_PASSWORD": PASSWORD, "HAIHE_STATE": str(state)}
    return subprocess.run(
        [*HAIHE, *words], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_user_is_shut_out_and_let_in_again(tmp_path: Path) -> None:
    def user(verb: str, *words: str) -> subprocess.CompletedProcess[str]:
        return haihe("user", verb, PROJECT, *words, state=tmp_path)

    def listed() -> list[tuple[str, str, bool]]:
        return [(each["name"], each["role"], each["enabled"]) for each in json.loads(user("list", "--json").stdout)]

    assert user("add", "vic", "--role", "viewer").returncode == 0
    assert user("role", "vic", "supervisor").returncode == 0
    assert user("disable", "vic").returncode == 0
    assert listed() == [("vic", "supervisor", False)]
    assert user("enable", "vic").returncode == 0
    assert listed() == [("vic", "supervisor", True)]
    assert "no user 'ghost'" in user("disable", "ghost").stderr
    assert haihe("audit", "verify", PROJECT, state=tmp_path).stdout.startswith("4 records hold")
    assert user("role", "vic", "king").returncode == 2
