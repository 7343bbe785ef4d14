"""The threads that answer questions, with a real database in which some answers never end."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.engine.queries import QueryPool
from app.model.errors import DatabaseError
from app.storage import Database
from tests.unit.storage.endless import make_endless


def endless(database: Any) -> Any:
    return database.samples.envelope("T", 0, 2**62, 10)


def quick(database: Any) -> Any:
    return database.audit.tail()


class Bench:
    def __init__(self, folder: Path) -> None:
        self.url = make_endless(folder / "test.db")
        self.away = False
        self.opened = threading.Semaphore(0)
        self.pool = QueryPool(self.open)

    def open(self) -> Database:
        if self.away:
            raise DatabaseError("disk full")
        self.opened.release()
        return Database(self.url)

    async def asking(self, client: str) -> "asyncio.Task[Any]":
        """Return a call without an end that a thread has begun."""
        task = asyncio.create_task(self.pool.call(endless, client))
        assert await asyncio.to_thread(self.opened.acquire, timeout=10)
        return task

    async def idle(self) -> bool:
        def wait() -> bool:
            with self.pool._wake:
                return self.pool._wake.wait_for(lambda: not self.pool._running, 10)

        return await asyncio.to_thread(wait)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    bench.pool.start()
    yield bench
    bench.pool.close()
    assert not any(thread.is_alive() for thread in bench.pool._threads)


async def test_long_questions_of_one_client_hold_up_no_other(bench: Bench) -> None:
    long = [await bench.asking("a"), await bench.asking("a")]
    long.append(asyncio.create_task(bench.pool.call(endless, "a")))
    await asyncio.sleep(0)
    assert bench.pool.busy == 3
    assert await bench.pool.call(quick, "b") == []
    assert not any(task.done() for task in long)
    for task in long:
        task.cancel()
    await asyncio.gather(*long, return_exceptions=True)


async def test_a_call_that_is_cancelled_ends_in_the_database_or_is_dropped_from_the_queue(bench: Bench) -> None:
    running = [await bench.asking("a"), await bench.asking("a")]
    waiting = asyncio.create_task(bench.pool.call(endless, "a"))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert bench.pool.busy == 2
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    assert await bench.idle()
    assert await bench.pool.call(quick, "a") == []


async def test_a_question_that_takes_too_long_is_one_clear_message(tmp_path: Path) -> None:
    url = make_endless(tmp_path / "slow.db")
    pool = QueryPool(lambda: Database(url), limit_s=0.1)
    pool.start()
    with pytest.raises(DatabaseError) as caught:
        await pool.call(endless)
    assert str(caught.value) == "the database needs more than 0.1 s for this answer; ask for a shorter time"
    assert caught.value.text.zh == "数据库应答超过 0.1 秒，请缩短查询时段"
    assert await pool.call(quick) == []
    await asyncio.to_thread(pool.close)
    with pytest.raises(DatabaseError, match="stopping"):
        await pool.call(quick)


async def test_the_place_in_the_queue_counts_too(bench: Bench) -> None:
    running = [await bench.asking("a"), await bench.asking("a")]
    with pytest.raises(DatabaseError, match=r"more than 0\.05 s"):
        await bench.pool.call(quick, "a", 0.05)
    assert bench.pool.busy == 2
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


async def test_a_database_that_is_away_is_asked_anew(bench: Bench) -> None:
    bench.away = True
    with pytest.raises(DatabaseError, match="disk full"):
        await bench.pool.call(quick)
    bench.away = False
    assert await bench.pool.call(quick) == []


async def test_the_end_withdraws_what_runs_and_what_waits(bench: Bench) -> None:
    calls = [await bench.asking("a"), await bench.asking("a"), asyncio.create_task(bench.pool.call(quick, "a"))]
    await asyncio.sleep(0)
    await asyncio.to_thread(bench.pool.close)
    errors = await asyncio.gather(*calls, return_exceptions=True)
    assert [str(each) for each in errors] == ["the question was withdrawn"] * 2 + ["the engine is stopping"]
