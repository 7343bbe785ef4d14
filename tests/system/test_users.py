"""``haihe user`` without an engine: roles, and shutting a user out."""

import json
import os
import sqlite3
import subprocess
from contextlib import closing
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


def test_a_changed_a_missing_and_a_cut_off_audit_are_each_named_once(tmp_path: Path) -> None:
    for name in ("ann", "bob", "cid"):
        assert haihe("user", "add", PROJECT, name, state=tmp_path).returncode == 0
    database = tmp_path / "projects" / "lingzhuang" / "haihe.db"
    intact = database.read_bytes()
    head = haihe("audit", "verify", PROJECT, state=tmp_path).stdout.split()[-1]

    def after(statement: str, *words: str) -> str:
        database.write_bytes(intact)
        with closing(sqlite3.connect(database)) as connection, connection:
            for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute(f"DROP TRIGGER {trigger}")
            connection.execute(statement)
        done = haihe("audit", "verify", PROJECT, *words, state=tmp_path)
        assert done.returncode == 1, done.stdout
        return done.stderr

    assert (
        after("UPDATE audit SET new = 'engineer' WHERE seq = 2") == "haihe audit: record 2: its content was changed\n"
    )
    assert after("DELETE FROM audit WHERE seq = 2") == "haihe audit: record 2 is missing\n"
    assert "at the end" in after("DELETE FROM audit WHERE seq = 3", "--head", head)
