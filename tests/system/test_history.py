"""History of a real engine: exact, and whole across an outage of its database and a kill."""

import itertools
import signal
import sqlite3
import time
from contextlib import closing
from typing import Any

import pytest

from app.engine.alive import MARGIN_NS
from app.trend import StoreReader
from tests.system.harness import Site, until

pytestmark = pytest.mark.system

FAST, CONSTANT = "LZ.UF.PERM.FLOW", "LZ.CW.T1.INTRUDE"


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


@pytest.mark.parametrize("lost", ["store", "store and checkpoint"])
def test_the_time_in_which_no_engine_ran_is_a_gap(running: Site, lost: str) -> None:
    tags = (FAST, CONSTANT)
    until(lambda: all(rows_of(running, tag) for tag in tags), 20, "history is written")
    assert running.engine is not None
    if lost == "store":  # the checkpoint is older than the end
        assert running.engine.end(signal.SIGTERM) == 0
        running.start_engine()
        until(lambda: rows_of(running, FAST)[-1]["status"] == 0, 20, "new samples come")
    count = len(rows_of(running, FAST))
    until(lambda: len(rows_of(running, FAST)) > count + 5, 20, "more than the checkpoint has")
    running.engine.end(signal.SIGKILL)
    killed_ns = time.time_ns()
    running.store.unlink()
    if lost != "store":
        (running.state / "projects" / "lingzhuang" / "trend.checkpoint").unlink(missing_ok=True)
    until(lambda: time.time_ns() > killed_ns + MARGIN_NS, 10, "the engine has been away for longer than the margin")
    started_ns = time.time_ns()
    running.start_engine()
    until(lambda: rows_of(running, FAST)[-1]["time_ns"] > started_ns, 20, "new samples come")
    for tag in tags:
        rows = rows_of(running, tag)
        during = [row for row in rows if killed_ns - 10**9 < row["time_ns"] < started_ns and row["status"] >= 1 << 31]
        assert len(during) == 1, tag
        assert during[0]["time_ns"] < killed_ns + MARGIN_NS + 10**9
        after = rows[rows.index(during[0]) + 1]
        assert after["time_ns"] > started_ns, tag
