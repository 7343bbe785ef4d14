"""``haihe export`` beside a database that takes no rows, or gives none: it says what is missing, and what to do."""

import fcntl
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.system.harness import Site, until

pytestmark = pytest.mark.system
FAST = "LZ.UF.PERM.FLOW"
EVER = ("--from", "2020-01-01", "--to", "2100-01-01")
_READERS = (123, 5)
"""Bytes of the -shm file that readers lock (SQLite, "WAL-mode File Format", 2.3.1)."""


def database(site: Site) -> Path:
    return site.state / "projects" / "lingzhuang" / "haihe.db"


def export(site: Site, *more: str, status: int | None = 0) -> subprocess.CompletedProcess[str]:
    return site.cli("export", FAST, *EVER, *more, status=status)


@contextmanager
def held_for_itself(path: Path) -> Iterator[None]:
    """Keep every reader out, as a program does that has the database in exclusive mode."""
    with open(f"{path}-shm", "r+b") as file:

        def taken() -> bool:
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, _READERS[1], _READERS[0])
            except BlockingIOError:
                return False
            return True

        until(taken, 20, "no reader holds the database")
        yield


def test_rows_that_wait_for_the_database_are_told_with_their_place(running: Site) -> None:
    until(lambda: export(running).stdout.count("\n") > 5, 30, "history is written")
    until(lambda: running.json("status")["spool_bytes"] == 0, 30, "nothing waits")
    assert "wait" not in export(running).stderr
    with closing(sqlite3.connect(database(running), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        until(lambda: running.json("status")["spool_bytes"] > 100_000, 40, "samples are kept on disk")
        told = export(running).stderr.splitlines()[-1]
        other.rollback()
    folder = database(running).parent / "spool" / "history"
    assert told.startswith("haihe export: ")
    assert int(told.split()[2]) > 100
    assert f"wait for the database in {folder}, and are not in this output; export again when" in told
    assert folder.is_dir()
    until(lambda: running.json("status")["spool_bytes"] == 0, 30, "the spool is empty")
    assert "wait" not in export(running).stderr


def test_a_locked_database_is_one_line_with_a_remedy_and_the_old_file_stays(running: Site, tmp_path: Path) -> None:
    until(lambda: export(running).stdout.count("\n") > 5, 30, "history is written")
    file = tmp_path / "out.csv"
    file.write_text("what was there")
    with held_for_itself(database(running)):
        done = export(running, "--csv", str(file), status=1)
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert f"{database(running)} is locked: another program has it open for itself; end that" in done.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["out.csv"]
    assert file.read_text() == "what was there"
    export(running, "--csv", str(file))
    assert file.read_text("utf-8-sig").startswith("tag,time,value,status,source_ns")


def test_a_full_disk_is_one_line_with_a_remedy(running: Site) -> None:
    done = export(running, "--csv", "/dev/full", status=1)
    assert done.stderr.splitlines()[-1] == (
        "haihe export: /dev/full: No space left on device; free room there, or name another file"
    )
