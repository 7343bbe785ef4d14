"""Outboxes with a real database, a real spool, and a database that goes away."""

import json
import logging
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.engine import carrier, keeper
from app.engine.database import DatabaseWorker
from app.engine.deliveries import HistoryDelivery
from app.engine.stores import Stores
from app.model.errors import DatabaseError
from app.model.history import BACK_FILLED, HistoryRow
from app.model.journal import JournalKind, JournalQuery, JournalRow
from app.model.plant import HistorySettings
from app.security import AuditEntry
from app.storage import Database, JournalItem, Mark, Spool

ROOT = Path(__file__).parents[3]


def row(n: int, **more: Any) -> HistoryRow:
    return HistoryRow("T", n, n, n, n, float(n), 0)._replace(**more)


def item(n: int, **more: Any) -> JournalItem:
    fields: dict[str, Any] = {"text": str(n)} | more
    entry = JournalRow(0, JournalKind.SYSTEM, "start", "engine", n, n, n, **fields)
    return JournalItem((entry,), (), (AuditEntry(n, "test"),))


class Bench:
    """Stores whose database is away while ``away`` is set."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "test.db"
        self.away = False
        self.worker = DatabaseWorker(self.open)
        self.stores = Stores(self.worker, self.open, folder / "spool", HistorySettings())
        Database(self.url).close()

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    def open(self) -> Any:
        if self.away:
            raise DatabaseError("disk full")
        return Database(self.url)

    def history(self, tag: str = "T") -> list[HistoryRow]:
        with Database(self.url) as database:
            return list(database.samples.page(tag, -(2**60), 2**60).rows)

    def journal_rows(self) -> list[int]:
        with Database(self.url) as database:
            return [each.source_ns for each in database.journal.page(JournalQuery(limit=5000)).rows][::-1]

    def journal(self) -> list[int]:
        with Database(self.url) as database:
            assert database.audit.verify().broken_seq is None
            texts = [each.text for each in database.journal.page(JournalQuery(limit=5000)).rows][::-1]
            assert len(texts) == database.audit.verify().records
            return [int(each) for each in texts]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "FIRST_RETRY_S", 0.01)
    monkeypatch.setattr(keeper, "LAST_RETRY_S", 0.02)
    monkeypatch.setattr(carrier, "SLOW_S", 0.1)


@pytest.fixture
def bench(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Bench]:
    caplog.set_level(logging.CRITICAL)
    bench = Bench(tmp_path)
    yield bench
    bench.stores.close()


def settled(bench: Bench) -> None:
    """Wait until everything offered is in the database."""
    tick = threading.Event()
    for _ in range(4000):
        if not bench.stores.journal.pending and not bench.stores.history.pending:
            return
        tick.wait(0.005)
    raise AssertionError(f"{bench.stores.journal.pending}, {bench.stores.history.pending} items were not stored")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the write lock of a database: writers wait, as for a disk that does not answer."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.rollback()
        other.close()


def test_what_comes_while_the_database_is_away_is_stored_afterwards_in_its_order(bench: Bench) -> None:
    bench.away = True
    bench.stores.start()
    for n in range(0, 50, 5):
        bench.stores.history.offer([row(n + k) for k in range(5)]).result(10)
        bench.stores.journal.offer([item(n)]).result(10)
    assert bench.stores.problem.en == "disk full"
    assert (bench.stores.journal.pending, bench.stores.history.pending) == (10, 50)
    assert bench.stores.spool_bytes > 0
    assert (bench.history(), bench.journal()) == ([], [])
    bench.away = False
    settled(bench)
    assert bench.history() == [row(n, flags=BACK_FILLED) for n in range(50)]
    assert bench.journal() == list(range(0, 50, 5))
    bench.stores.history.offer([row(50)]).result(10)
    settled(bench)
    assert (bench.stores.problem.en, bench.stores.spool_bytes) == ("", 0)
    assert bench.history()[-1] == row(50)


def test_a_slow_database_blocks_nothing_and_stores_nothing_twice(bench: Bench) -> None:
    bench.stores.start()
    with locked(bench.path):
        for n in range(20):
            bench.stores.history.offer([row(n)]).result(5)
            bench.stores.journal.offer([item(n)]).result(5)
        assert (bench.history(), bench.journal()) == ([], [])
    settled(bench)
    assert [each.value for each in bench.history()] == [float(n) for n in range(20)]
    assert bench.journal() == list(range(20))


def test_an_answer_that_was_lost_stores_nothing_twice(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = iter([True, False, True])
    store = HistoryDelivery.store

    def cut_off(self: HistoryDelivery, database: Any, items: Sequence[HistoryRow], mark: Mark) -> None:
        store(self, database, items, mark)
        if next(lost, False):
            raise DatabaseError("the connection broke while it committed")

    monkeypatch.setattr(HistoryDelivery, "store", cut_off)
    bench.stores.start()
    for n in range(10):
        bench.stores.history.offer([row(n)]).result(10)
    settled(bench)
    assert [each.value for each in bench.history()] == [float(n) for n in range(10)]


def test_a_row_that_the_database_refuses_blocks_none_behind_it(bench: Bench) -> None:
    bench.away = True  # so that they come as one batch
    bench.stores.start()
    bench.stores.history.offer([row(n, status=2**70 if n in {3, 4, 17} else 0) for n in range(20)]).result(10)
    wrong = JournalItem((replace(item(1).rows[0], text=None),))  # type: ignore[arg-type]
    bench.stores.journal.offer([item(0), wrong, item(2)]).result(10)
    bench.away = False
    settled(bench)
    assert [each.id for each in bench.history()] == [n for n in range(20) if n not in {3, 4, 17}]
    assert bench.journal() == [0, 2]
    assert (bench.stores.refused, bench.stores.dropped, bench.stores.problem.en) == (4, 0, "")
    aside = [json.loads(line) for line in (bench.folder / "spool" / "history-refused.jsonl").read_text().splitlines()]
    assert len(aside) == 3
    assert "id=3," in aside[0]["row"]


def test_a_defect_loses_its_batch_only(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    store = HistoryDelivery.store

    def broken(self: HistoryDelivery, database: Any, items: Sequence[HistoryRow], mark: Mark) -> None:
        if items[0].id == 1:
            raise ZeroDivisionError
        store(self, database, items, mark)

    monkeypatch.setattr(HistoryDelivery, "store", broken)
    bench.stores.start()
    for n in range(3):
        bench.stores.history.offer([row(n)]).result(10)
        settled(bench)
    assert [each.id for each in bench.history()] == [0, 2]
    assert bench.stores.dropped == 1


def test_the_spool_is_bounded_and_what_it_drops_is_counted(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.away = True
    bench.stores.history._keeper._open_spool = lambda run: Spool(bench.folder / "small", 20_000, durable=False, run=run)
    bench.stores.start()
    for n in range(0, 2000, 10):
        bench.stores.history.offer([row(n + k) for k in range(10)]).result(10)
    assert bench.stores.spool_bytes < 30_000
    dropped = bench.stores.dropped
    assert dropped > 0
    bench.away = False
    settled(bench)
    assert [each.id for each in bench.history()] == list(range(dropped, 2000))


def test_without_a_disk_what_waits_is_kept_in_memory(bench: Bench) -> None:
    (bench.folder / "spool").write_text("a file stands in the way")
    bench.away = True
    bench.stores.start()
    waits = [bench.stores.history.offer([row(n)]) for n in range(10)]
    with pytest.raises(TimeoutError):
        waits[0].result(0.1)
    bench.away = False
    for each in waits:
        each.result(10)
    assert bench.history() == [row(n) for n in range(10)]


def test_the_next_run_stores_what_this_one_left_on_disk(bench: Bench) -> None:
    bench.away = True
    bench.stores.start()
    bench.stores.history.offer([row(n) for n in range(10)])
    bench.stores.journal.offer([item(n) for n in range(10)])
    bench.stores.close()
    bench.away = False
    bench.stores = Stores(DatabaseWorker(bench.open), bench.open, bench.folder / "spool", HistorySettings())
    bench.stores.start()
    bench.stores.journal.wait_delivered(10)
    settled(bench)
    assert bench.history() == [row(n, flags=BACK_FILLED) for n in range(10)]
    assert bench.journal() == list(range(10))


def test_nobody_waits_for_the_last_run_while_the_database_is_away(bench: Bench) -> None:
    bench.away = True
    bench.stores.start()
    bench.stores.journal.offer([item(1)]).result(10)
    with pytest.raises(DatabaseError, match="disk full"):
        bench.stores.journal.wait_delivered(10)


@pytest.mark.parametrize("rows", [1, 40])
def test_kill_9_during_an_outage_loses_no_row_on_disk(bench: Bench, rows: int) -> None:
    words = [sys.executable, "-m", "tests.unit.engine.outbox_process", bench.url, str(bench.folder / "spool")]
    with locked(bench.path):
        child = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        try:
            assert child.stdout is not None
            seen = [int(child.stdout.readline()) for _ in range(rows)]
        finally:
            child.kill()
            rest, _ = child.communicate()
        kept = seen + [int(line) for line in rest.splitlines(keepends=True) if line.endswith("\n")]
        assert (bench.history(), bench.journal_rows()) == ([], [])
    bench.stores.start()
    bench.stores.journal.wait_delivered(20)
    bench.stores.history.wait_delivered(20)
    journal = bench.journal_rows()
    assert journal == list(range(1, len(journal) + 1))
    assert len(kept) <= len(journal) <= len(kept) + 1
    history = [each.id for each in bench.history()]
    assert history == list(range(10, 10 + len(history)))
    assert len(history) >= 10 * len(kept)
    assert all(each.flags == BACK_FILLED for each in bench.history())
