import asyncio
import logging
import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from app.engine import database as module
from app.engine.database import DatabaseWorker
from app.model.errors import DatabaseError


class FakeDatabase:
    def __init__(self) -> None:
        self.rows: list[object] = []
        self.away = False
        self.closed = threading.Event()

    def append(self, row: object) -> None:
        if self.away:
            raise DatabaseError("disk full")
        self.rows.append(row)

    def close(self) -> None:
        self.closed.set()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_RETRY_S", 0.01)
    monkeypatch.setattr(module, "LAST_RETRY_S", 0.02)


@pytest.fixture
def fake() -> FakeDatabase:
    return FakeDatabase()


@pytest.fixture
def worker(fake: FakeDatabase) -> Iterator[DatabaseWorker]:
    worker = DatabaseWorker(lambda: fake)
    worker.start()
    yield worker
    worker.close()
    assert fake.closed.is_set()


def test_writes_are_kept_in_order_while_the_database_is_away(
    worker: DatabaseWorker, fake: FakeDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    fake.away = True
    done = [worker.write(partial(FakeDatabase.append, row=n)) for n in range(5)]
    with pytest.raises(TimeoutError):
        done[0].result(0.05)
    assert (worker.pending, worker.problem.en) == (5, "disk full")
    fake.away = False
    done[-1].result(5)
    assert fake.rows == [0, 1, 2, 3, 4]
    assert (worker.pending, worker.problem.en) == (0, "")


async def test_calls_fail_at_once_while_the_database_is_away(worker: DatabaseWorker, fake: FakeDatabase) -> None:
    assert await worker.call(lambda database: len(database.rows)) == 0
    fake.away = True
    with pytest.raises(DatabaseError, match="disk full"):
        await worker.call(lambda database: database.append(1))


async def test_a_database_that_does_not_answer_is_called_so_in_both_languages(worker: DatabaseWorker) -> None:
    slow = threading.Event()
    with pytest.raises(DatabaseError, match=r"did not answer within 0\.05 s") as caught:
        await worker.call(lambda _: slow.wait(5), 0.05)
    slow.set()
    assert caught.value.text.zh == "数据库在 0.05 秒内未应答"


def test_a_defect_drops_its_work_only(
    worker: DatabaseWorker, fake: FakeDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_database: Any) -> None:
        raise ZeroDivisionError

    worker.write(broken).result(5)
    worker.write(lambda database: database.append("after")).result(5)
    assert fake.rows == ["after"]
    assert worker.dropped == 1
    assert "ZeroDivisionError" in caplog.text


def test_history_is_bounded_and_journal_is_not(fake: FakeDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PENDING_LIMIT", 10)
    worker = DatabaseWorker(lambda: fake)
    for n in range(6):
        worker.write(partial(FakeDatabase.append, row=n), 4, droppable=True)
    for n in range(20):
        worker.write(partial(FakeDatabase.append, row=("journal", n)))
    assert worker.pending <= 10 + 20
    worker.start()
    worker.close()
    assert [row for row in fake.rows if isinstance(row, tuple)] == [("journal", n) for n in range(20)]
    assert [row for row in fake.rows if isinstance(row, int)] == [4, 5]
    assert worker.dropped == 16


def test_closing_writes_what_waits_and_ends_though_the_database_is_away(
    fake: FakeDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    fake.away = True
    worker = DatabaseWorker(lambda: fake)
    worker.start()
    worker.write(lambda database: database.append(1))
    worker.close(timeout_s=0.2)
    assert worker.pending == 1


async def test_no_call_after_the_end(fake: FakeDatabase) -> None:
    worker = DatabaseWorker(lambda: fake)
    worker.start()
    await asyncio.to_thread(worker.close)
    with pytest.raises(DatabaseError, match="stopping"):
        await worker.call(lambda database: None)
