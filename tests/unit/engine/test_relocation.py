"""A running engine takes other tags: each that goes on has exactly the samples that came of it, and nobody else."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine.alive import Alive
from app.engine.engine import Engine, Parts
from app.link.messages import ReloadRequest
from app.model import status
from app.model.batch import SampleBatch
from app.model.clock import SystemClock
from app.model.connection import Binding, Connection, ConnectionState, ConnectionStatus, Promise, Protocol_, WriteResult
from app.model.plant import Plant, Retention
from app.model.sample import Sample, SampleSink, Value
from app.model.tag import DataType, Tag
from app.model.text import LocalText
from app.storage import Database
from app.trend import StoreReader, StoreWriter, slots_of

NAMES: Final = tuple("abcdefgh")
MOST: Final = 60
"""Values of a tag during one change; those of five changes have room in every ring, however long a reload takes."""
CONNECTIONS: Final = {name: Connection(name, Protocol_.OPCUA, "opc.tcp://h") for name in ("x", "y")}
RETENTION: Final = {
    name: Retention(name, (raw, 64)) for name, raw in (("default", 512), ("more", 768), ("most", 1024))
}  # fmt: skip


class Hand:
    """A connector that says what it is told to, by the slots that it was made with, also while it ends."""

    def __init__(self, site: "Site", connection: str, bindings: Sequence[Binding], sink: SampleSink) -> None:
        self.site, self.connection, self.bindings, self.sink = site, connection, bindings, sink

    async def run(self) -> None:
        self.site.hands[self.connection] = self
        self.site.made.append(self.connection)
        self.site.another.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.say(1)

    def say(self, times: int) -> None:
        """Deliver so many values of every tag: in one call, in columns where they are many."""
        now_ns = time.time_ns()
        said = [(each, self.site.next_value(each.tag)) for _ in range(times) for each in self.bindings]
        for each, value in said:
            self.site.came(each.tag, value)
        if times == 1:
            self.sink([(each.slot, Sample(value, status.GOOD, now_ns, now_ns)) for each, value in said])
        elif said:
            slots = np.array([each.slot for each, _ in said], np.uint32)
            values = np.array([float(value) for _, value in said])
            column = np.full(len(said), now_ns, np.int64)
            self.sink(SampleBatch(slots, values, np.zeros(len(said), np.uint32), column, now_ns))

    async def write(self, _tag: Tag, _value: Value, _timeout_s: float) -> WriteResult:
        return WriteResult(status.GOOD)

    def status(self) -> ConnectionStatus:
        return ConnectionStatus(self.connection, ConnectionState.CONNECTED, 0)

    def promise(self) -> Promise:
        return Promise(time.monotonic() + 1000, LocalText("the end"))


class Site:
    """An engine, its connectors, and what ought to be known of every tag."""

    def __init__(self, folder: Path, tags: dict[str, Tag]) -> None:
        self.plant = Plant(folder, "p", LocalText("p"), "UTC", connections=CONNECTIONS, tags=tags, retention=RETENTION)
        self.url, self.store = f"sqlite:///{folder / 'test.db'}", folder / "store.trend"
        self.hands: dict[str, Hand] = {}
        self.made: list[str] = []
        self.another = asyncio.Event()
        self.number = 0
        self.ring: dict[str, list[int]] = {name: [] for name in tags}
        self.history: dict[str, list[int]] = {name: [] for name in NAMES}
        self.engine = Engine(
            Parts(
                plant=self.plant, store=StoreWriter(self.store, slots_of(self.plant), now_ns=1), known={},
                known_until_ns=0, alive=Alive(folder / "engine.alive", SystemClock()), store_path=self.store,
                open_database=lambda: Database(self.url), database_name="sqlite", spool_folder=folder / "spool",
                connectors={"opcua": lambda connection, bindings, sink, *_: Hand(self, connection.id, bindings, sink)},
                clock=SystemClock(), version="0", pid=1, recent_errors=tuple, load=lambda _: self.plant,
            )
        )  # fmt: skip

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        stop, ready = asyncio.Event(), asyncio.get_running_loop().create_future()
        run = asyncio.create_task(self.engine.run(ready.set_result, stop))
        try:
            await asyncio.wait({run, ready}, return_when=asyncio.FIRST_COMPLETED)
            if run.done():
                run.result()
            await self.until_made(CONNECTIONS, 0)
            yield
        finally:
            stop.set()
            await run

    async def until_made(self, connections: Iterable[str], since: int) -> None:
        while not set(connections) <= set(self.made[since:]):
            self.another.clear()
            await self.another.wait()

    def next_value(self, tag: Tag) -> int:
        """Return a value that no tag has had, and that tells of what tag it is."""
        self.number += 1
        return self.number * 10 + NAMES.index(tag.name)

    def came(self, tag: Tag, value: int) -> None:
        """Note a value; one of a tag that the engine does not run any more, or with another type, does not count."""
        runs = self.follow().get(tag.name)
        if runs is not None and runs.data_type is tag.data_type:
            self.ring[tag.name].append(value)
            self.history[tag.name].append(value)

    def follow(self) -> Mapping[str, Tag]:
        """Forget the samples of tags that the engine does not run any more; return those that it runs."""
        tags = self.engine.configuration.plant.tags
        self.ring = {name: self.ring.get(name, []) for name in tags}
        return tags

    async def change(self, tags: dict[str, Tag]) -> None:
        """Reload, while every connector goes on to speak."""
        before, self.plant = self.plant, replace(self.plant, tags=tags)
        made = len(self.made)
        reload = asyncio.create_task(self.engine.configuration.reload(ReloadRequest("u", "d"), None))
        turns = 0
        while not reload.done():
            if len(self.made) == made and self.engine.configuration.plant is before and turns < MOST:
                self.say(1)
                turns += 1
            await asyncio.sleep(0)
        report = await reload
        self.follow()
        await self.until_made(report.connections, made)  # each of them, and no other
        assert sorted(self.made[made:]) == sorted(report.connections)
        assert set(report.connections) == {name for name in CONNECTIONS if _of(name, before.tags) != _of(name, tags)}

    def say(self, times: int) -> None:
        for each in self.hands.values():
            each.say(times)

    def check(self) -> None:
        """Compare the ring and what is current with what came."""
        with StoreReader(self.store) as reader:
            assert list(reader.names) == list(self.plant.tags)
            for name, expected in self.ring.items():
                found = reader.raw(reader.slot(name), 0, 2**62, 10_000)
                assert found.value[found.status < status.BAD].tolist() == expected
                current = self.engine.values.get(name)
                assert current is not None
                live = reader.sample(reader.slot(name))
                assert (live.value, live.status or current.status) == (current.value, current.status)
                if not expected:
                    assert current.value is None
                    assert current.status == status.BAD_WAITING_FOR_INITIAL_DATA
                elif current.status == status.GOOD:
                    assert current.value == expected[-1]

    def check_history(self) -> None:
        with Database(self.url) as database:
            for name, expected in self.history.items():
                rows = database.samples.page(name, 0, 2**62, 10_000).rows
                assert [row.value for row in rows if row.status < status.BAD] == expected


def _of(connection: str, tags: Mapping[str, Tag]) -> dict[str, tuple[str, DataType]]:
    return {tag.name: (tag.connection, tag.data_type) for tag in tags.values() if tag.connection == connection}


tag_lists = st.lists(
    st.builds(
        lambda name, other, whole, kept: Tag(
            name, connection="xy"[(NAMES.index(name) >= 4) ^ other], address="1", retention=kept,
            data_type=DataType.INT if whole else DataType.FLOAT,
        ),
        st.sampled_from(NAMES), st.sampled_from([False] * 5 + [True]), st.sampled_from([False] * 5 + [True]),
        st.sampled_from(["default", "default", "more", "most"]),
    ),
    unique_by=lambda tag: tag.name,
    max_size=len(NAMES),
).map(lambda tags: {tag.name: tag for tag in tags})  # fmt: skip


@settings(max_examples=25)
@given(first=tag_lists, changes=st.lists(st.tuples(tag_lists, st.integers(0, 6)), min_size=1, max_size=5))
def test_every_tag_has_exactly_its_samples(first: dict[str, Tag], changes: list[tuple[dict[str, Tag], int]]) -> None:
    async def work(site: Site) -> None:
        async with site.running():
            site.say(1)
            for tags, times in changes:
                await site.change(tags)
                site.check()
                site.say(times)
                site.check()

    with TemporaryDirectory() as folder:
        site = Site(Path(folder), first)
        asyncio.run(work(site))
        site.check_history()
