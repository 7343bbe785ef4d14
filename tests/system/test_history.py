"""History of a real engine: exact, and whole across an outage of its database and a kill."""

import itertools
import signal
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from app.trend import StoreReader
from tests.system.harness import Site, until

pytestmark = pytest.mark.system

FAST = "LZ.UF.PERM.FLOW"


def rows_of(site: Site, tag: str) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(site.state / "projects" / "lingzhuang" / "haihe.db")) as connection:
        connection.row_factory = sqlite3.Row
        found = connection.execute("SELECT * FROM history_samples WHERE tag = ? ORDER BY time_ns, id", (tag,))
        return [dict(row) for row in found.fetchall()]


def changes_in_store(site: Site, tag: str, from_ns: int, to_ns: int) -> list[tuple[int, float, int]]:
    """Return the samples of the ring that differ from the one before, from the first change on."""
    with StoreReader(site.store) as reader:
        samples = reader.raw(reader.slot(tag), from_ns, to_ns, 100_000)
    pairs = list(zip(samples.t_ns.tolist(), samples.value.tolist(), samples.status.tolist(), strict=True))
    return [after for before, after in itertools.pairwise(pairs) if before[1:] != after[1:]]


def test_an_outage_of_the_database_and_a_kill_leave_no_hole(running: Site) -> None:
    until(lambda: len(rows_of(running, FAST)) > 5, 20, "history is written")
    path = running.state / "projects" / "lingzhuang" / "haihe.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        before = rows_of(running, FAST)[-1]["time_ns"]
        until(lambda: running.json("status")["spool_bytes"] > 300_000, 40, "samples are kept on disk")
        status = running.json("status")
        assert status["history_pending"] > 0
        assert (status["rows_dropped"], status["rows_refused"]) == (0, 0)
        assert rows_of(running, FAST)[-1]["time_ns"] == before
        assert running.engine is not None
        running.engine.end(signal.SIGKILL)
        with StoreReader(running.store) as reader:
            killed_ns = reader.heartbeat_ns
        other.rollback()
    running.start_engine()
    until(lambda: running.json("status")["spool_bytes"] == 0, 30, "the spool is empty")
    until(lambda: rows_of(running, FAST)[-1]["time_ns"] > killed_ns, 20, "new samples come")
    stored = rows_of(running, FAST)
    keys = {(row["time_ns"], row["value"], row["status"]) for row in stored}
    assert len(keys) == len(stored)
    # A batch is handed over twice in a second; what was in memory at the kill is not part of the promise.
    wanted = changes_in_store(running, FAST, before, killed_ns - 2_000_000_000)
    assert len(wanted) > 5
    assert [each for each in wanted if each not in keys] == []
    assert {row["back_filled"] for row in stored if before < row["time_ns"] < killed_ns - 2_000_000_000} == {1}
    assert "history      " in running.cli("status").stdout
