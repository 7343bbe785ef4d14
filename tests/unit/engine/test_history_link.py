"""History asked over a real link of a real engine with a real database."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.engine.alive import Alive
from app.engine.deliveries import HistoryDelivery
from app.engine.engine import Engine, Parts
from app.link import messages as m
from app.link.client import EngineClient
from app.model.clock import SystemClock
from app.model.engine import EngineEndpoint
from app.model.history import HistoryCount, HistoryRow
from app.model.journal import JournalCount, JournalQuery
from app.model.plant import HistorySettings, Plant
from app.model.tag import Tag
from app.model.text import LocalText
from app.storage import Database
from app.trend import SlotSpec, StoreWriter
from tests.unit.storage.endless import make_endless
from tests.unit.storage.samples import WHOLE_NUMBERS, sample

SECOND = 1_000_000_000
ROWS = [sample(n, float(n % 60)) for n in range(12_000)]


class Bench:
    """A running engine of a plant without connections."""

    def __init__(self, folder: Path, url: str) -> None:
        self.opened = threading.Semaphore(0)
        self.url, self.plain = url, f"sqlite:///{folder / 'plain.db'}"
        store = folder / "store.trend"
        settings = HistorySettings(keep_days=36_500)  # the rows of the tests are from 1970
        plant = Plant(Path(), "p", LocalText("p"), "UTC", tags={"T": Tag("T")}, history=settings)
        self.engine = Engine(
            Parts(
                plant=plant, store=StoreWriter(store, [SlotSpec("T")], now_ns=1), known={}, known_until_ns=0,
                alive=Alive(folder / "engine.alive", SystemClock()),
                store_path=store, open_database=self.open, database_name="sqlite", spool_folder=folder / "spool",
                connectors={}, clock=SystemClock(), version="0", pid=1, recent_errors=tuple, load=lambda _: plant,
            )
        )  # fmt: skip

    def open(self) -> Database:
        if not threading.current_thread().name.startswith("haihe-query-db"):
            return Database(self.plain)  # the age limit must not read the history without an end
        self.opened.release()
        return Database(self.url)

    async def client(self, url: str) -> EngineClient:
        return await EngineClient.connect(EngineEndpoint(1, url, self.engine.secret, "", "p", "", 0, "0"))

    async def idle(self) -> bool:
        def wait() -> bool:
            pool = self.engine.stores.queries
            with pool._wake:
                return pool._wake.wait_for(lambda: not pool._running, 10)

        return await asyncio.to_thread(wait)


@asynccontextmanager
async def running(folder: Path, url: str) -> AsyncIterator[tuple[Bench, EngineClient, EngineClient]]:
    bench, stop = Bench(folder, url), asyncio.Event()
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    run = asyncio.create_task(bench.engine.run(ready.set_result, stop))
    link = await ready
    clients = [await bench.client(link), await bench.client(link)]
    try:
        yield bench, clients[0], clients[1]
    finally:
        for each in clients:
            await each.close()
        stop.set()
        await run


def made(folder: Path) -> str:
    url = f"sqlite:///{folder / 'test.db'}"
    with Database(url) as database:
        database.history.append(ROWS)
    return url


async def test_windows_counts_and_rows_come_over_the_link(tmp_path: Path) -> None:
    async with running(tmp_path, made(tmp_path)) as (_, client, _other):
        envelope = await client.history("T", 0, 6000 * SECOND, 100)
        assert [(c.number, c.samples, c.minimum, c.maximum) for c in envelope.columns] == [
            (n, 60, 0.0, 59.0) for n in range(100)
        ]
        assert await client.history_count("T", 10 * SECOND, 20 * SECOND) == HistoryCount(10)
        assert await client.history_count("none", 0, 2**62) == HistoryCount(0)
        seen: list[HistoryRow] = []
        request = m.RawRequest("T", 0, 2**62, newest_first=False)
        page = await client.raw(request)
        assert len(page.rows) == m.HISTORY_LIMIT
        while True:
            seen += page.rows
            if page.next is None:
                break
            page = await client.raw(m.RawRequest("T", 0, 2**62, after=page.next, newest_first=False))
        assert seen == ROWS
        newest = await client.raw(m.RawRequest("T", 0, 2**62, limit=2))
        assert list(newest.rows) == ROWS[:-3:-1]


async def test_whole_numbers_come_over_the_link_with_every_digit_also_those_that_waited_in_the_spool(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'test.db'}"
    rows = [sample(n, value) for n, value in enumerate(WHOLE_NUMBERS)]
    delivery = HistoryDelivery(tmp_path / "refused.jsonl")
    with Database(url) as database:
        database.history.append(delivery.decode(delivery.encode(rows)))
    async with running(tmp_path, url) as (_, client, _other):
        page = await client.raw(m.RawRequest("T", 0, 2**62, newest_first=False))
        assert [row.value for row in page.rows] == list(WHOLE_NUMBERS)


async def test_too_many_rows_are_a_count_and_an_envelope_until_they_are_confirmed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.engine.historyanswers.UNASKED_ROWS", 11_999)
    async with running(tmp_path, made(tmp_path)) as (_, client, _other):
        page = await client.raw(m.RawRequest("T", 0, 2**62, newest_first=False))
        assert (page.rows, page.next, page.count) == ((), None, HistoryCount(12_000))
        assert page.envelope is not None
        assert sum(column.samples for column in page.envelope.columns) == 12_000
        confirmed = await client.raw(m.RawRequest("T", 0, 2**62, newest_first=False, confirmed=True))
        assert (list(confirmed.rows), confirmed.count, confirmed.envelope) == (ROWS[:5000], None, None)
        fewer = await client.raw(m.RawRequest("T", 0, 11_999 * SECOND))
        assert (len(fewer.rows), fewer.count) == (5000, None)


async def test_a_window_without_an_end_holds_up_no_other_console_and_can_be_given_up(tmp_path: Path) -> None:
    url = make_endless(tmp_path / "test.db")
    async with running(tmp_path, url) as (bench, client, other):
        calls = [asyncio.create_task(client.history("T", 0, 2**62)) for _ in range(5)]
        for _ in range(2):
            assert await asyncio.to_thread(bench.opened.acquire, timeout=10)
        assert (await other.journal(JournalQuery())).next_before_id is None
        assert (await other.journal_count(JournalQuery(tag="NONE"))) == JournalCount(0)
        assert (await other.history("none", 0, 10)).columns == ()
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        assert await bench.idle()
        assert (await client.history("none", 0, 10)).columns == ()
        assert await bench.idle()
        assert bench.engine.stores.queries.busy == 0


async def test_a_console_that_goes_away_leaves_no_question_behind(tmp_path: Path) -> None:
    url = make_endless(tmp_path / "test.db")
    async with running(tmp_path, url) as (bench, client, other):
        calls = [asyncio.create_task(client.history("T", 0, 2**62)) for _ in range(4)]
        assert await asyncio.to_thread(bench.opened.acquire, timeout=10)
        client._connection.transport.abort()  # as a killed console does
        await asyncio.gather(*calls, return_exceptions=True)
        assert await bench.idle()
        assert (await other.status()).clients == 1
