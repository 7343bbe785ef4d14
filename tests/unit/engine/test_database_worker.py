import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.engine.database import DatabaseWorker
from app.model.errors import DatabaseError
from app.storage import Database


class Bench:
    def __init__(self, folder: Path) -> None:
        self.away = False
        self.url = f"sqlite:///{folder / 'test.db'}"
        self.worker = DatabaseWorker(self._open)

    def _open(self) -> Database:
        if self.away:
            raise DatabaseError("disk full")
        return Database(self.url)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    bench.worker.start()
    yield bench
    bench.worker.close()
    assert not bench.worker._thread.is_alive()


async def test_calls_fail_at_once_while_the_database_is_away(bench: Bench) -> None:
    bench.away = True
    with pytest.raises(DatabaseError, match="disk full"):
        await bench.worker.call(lambda database: database.audit.tail())
    bench.away = False
    assert await bench.worker.call(lambda database: database.audit.tail()) == []


async def test_a_database_that_does_not_answer_is_called_so_in_both_languages(bench: Bench) -> None:
    slow = threading.Event()
    with pytest.raises(DatabaseError, match=r"did not answer within 0\.05 s") as caught:
        await bench.worker.call(lambda _: slow.wait(5), 0.05)
    slow.set()
    assert caught.value.text.zh == "数据库在 0.05 秒内未应答"


def test_a_defect_ends_its_work_only(bench: Bench) -> None:
    def broken(_database: Any) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        bench.worker.submit(broken).result(5)
    assert bench.worker.submit(lambda database: database.audit.tail()).result(5) == []


async def test_no_call_after_the_end(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.worker.start()
    await asyncio.to_thread(bench.worker.close)
    with pytest.raises(DatabaseError, match="stopping"):
        await bench.worker.call(lambda database: None)
