"""A running engine takes another configuration: what did not change goes on, and notices nothing."""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast

import pytest
import pytest_asyncio

from app.dispatch.dispatcher import Dispatcher
from app.engine.alive import Alive
from app.engine.engine import Engine, Parts
from app.engine.retention import DAY_NS
from app.link import messages as m
from app.link.client import EngineClient
from app.link.messages import ProjectChanged
from app.model import status as st
from app.model.alarm import AlarmDefinition, AlarmKind, AnnunciationState, Priority
from app.model.alarm_state import AlarmSnapshot
from app.model.clock import SystemClock
from app.model.command import CommandDefinition, CommandKind
from app.model.connection import Connection, Protocol_
from app.model.engine import EngineEndpoint
from app.model.errors import AccessDenied, EnvironmentProblem, ProjectError, StoreError
from app.model.journal import JournalKind, JournalQuery, JournalRow
from app.model.plant import HistorySettings, JournalSettings, Plant, Retention
from app.model.sample import Sample
from app.model.tag import DataType, Tag
from app.model.text import LocalText
from app.model.user import Role
from app.security import AuditEntry, UserRecord, hash_password
from app.storage import Database
from app.trend import StoreReader, StoreWriter, slots_of
from connectors import modbus
from tests.unit.modbus_device import device, frame

PASSWORD: Final = "correct-horse-battery"


class Counting:
    """A Modbus device whose register counts the readings, so that a value which is missing shows."""

    def __init__(self) -> None:
        self.readings = 0
        self.connections = 0
        self.sockets: list[int] = []
        self.read = asyncio.Event()

    def answer(self, transaction: int, unit: int, _: bytes) -> bytes:
        self.readings += 1
        self.read.set()
        return frame(transaction, unit, b"\x03\x02" + struct.pack(">H", self.readings))

    async def next_readings(self, count: int) -> None:
        wanted = self.readings + count
        while self.readings < wanted:
            self.read.clear()
            await self.read.wait()


class Sockets(list[int]):
    """Counts the connections that were ever made."""

    def __init__(self) -> None:
        super().__init__()
        self.made = 0

    def append(self, number: int) -> None:
        self.made += 1
        super().append(number)


class Site:
    """An engine of two devices; ``plant`` is what the project folder holds now."""

    def __init__(self, folder: Path, ports: dict[str, int]) -> None:
        self.events: list[m.LinkEvent] = []
        self.happened = asyncio.Event()
        self.problem: ProjectError | None = None
        self.url = f"sqlite:///{folder / 'test.db'}"
        self.plant = Plant(
            folder, "p", LocalText("p"), "UTC",
            connections={
                name: Connection(name, Protocol_.MODBUS_TCP, f"127.0.0.1:{port}") for name, port in ports.items()
            },
            tags={
                "X": Tag("X", connection="x", address="hr0", scan_ms=50, high=65535.0),
                "Y": Tag("Y", connection="y", address="hr0", scan_ms=50, writable=True),
                "C": Tag("C", expression="X * 2", scan_ms=100),
            },
            alarms={each.id: each for each in (high("X", 0.5), high("Y", 60_000.0))},
            commands={"SET": CommandDefinition("SET", CommandKind.SETPOINT, LocalText("Set"), "Y", "Y")},
        )  # fmt: skip
        self.store = store = folder / "store.trend"
        self.engine = Engine(
            Parts(
                plant=self.plant, store=StoreWriter(store, slots_of(self.plant), now_ns=1), known={}, known_until_ns=0,
                alive=Alive(folder / "engine.alive", SystemClock()), store_path=store,
                open_database=lambda: Database(self.url), database_name="sqlite", spool_folder=folder / "spool",
                connectors={Protocol_.MODBUS_TCP.value: modbus.create}, clock=SystemClock(), version="0", pid=1,
                recent_errors=tuple, load=self._load,
            )
        )  # fmt: skip

    def _load(self, _: Path) -> Plant:
        if self.problem is not None:
            raise self.problem
        return self.plant

    def heard(self, event: m.LinkEvent) -> None:
        self.events.append(event)
        self.happened.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something that events tell of."""
        while not condition():
            self.happened.clear()
            await self.happened.wait()

    async def until_known(self, tag: str, above: float = 0.0) -> float:
        """Wait for a value of a tag above a number, with a status that is not bad; return it."""
        known, found = asyncio.Event(), 0.0

        def heard(_tag: str, sample: Sample) -> None:
            nonlocal found
            if not st.is_bad(sample.status) and sample.number is not None and sample.number > above:
                found = sample.number
                known.set()

        end = self.engine.values.watch(tag, heard)
        try:
            heard(tag, self.engine.values.read(tag, 0))
            await known.wait()
        finally:
            end()
        return found

    async def client(self, url: str) -> EngineClient:
        return await EngineClient.connect(EngineEndpoint(1, url, self.engine.secret, "", "p", "", 0, "0"), self.heard)

    def change(self, part: str, name: str, **fields: Any) -> None:
        """Change one thing in the project folder."""
        items = dict(getattr(self.plant, part))
        items[name] = replace(items[name], **fields)
        self.plant = cast("Plant", replace(cast(Any, self.plant), **{part: items}))

    def tags(self, *tags: Tag | str) -> None:
        """Change the list of tags in the project folder; those given by name stay as they are."""
        known = self.plant.tags
        listed = [known[each] if isinstance(each, str) else each for each in tags]
        self.plant = replace(self.plant, tags={each.name: each for each in listed})

    def ring(self, tag: str) -> list[float]:
        """Return what the store has of a tag that is a value, oldest first."""
        with StoreReader(self.store) as reader:
            found = reader.raw(reader.slot(tag), 0, 2**62, 10_000)
            values: list[float] = found.value[found.status < st.BAD].tolist()
            return values


def high(tag: str, limit: float) -> AlarmDefinition:
    text = LocalText(f"{tag} high")
    return AlarmDefinition(f"{tag}.H", tag, AlarmKind.HIGH, Priority.HIGH, text, limit=limit)


class Running:
    """What a test works with."""

    def __init__(
        self, site: Site, client: EngineClient, devices: dict[str, Counting], sockets: dict[str, Sockets]
    ) -> None:
        self.site, self.client, self.devices, self.sockets = site, client, devices, sockets

    async def reload(self) -> m.ReloadReport:
        return await self.client.reload("os:anna", "desk")

    async def log_in(self, role: Role) -> None:
        def add() -> None:
            with Database(self.site.url) as database:
                entry = [AuditEntry(1, "user-add", object="op")]
                database.users.add(UserRecord("op", role, hash_password(PASSWORD), created_ns=1), entry)

        await asyncio.to_thread(add)
        await self.client.login("op", PASSWORD, "desk")

    def state(self, alarm: str) -> AnnunciationState | None:
        found = [each for each in self.site.engine.alarms.snapshots() if each.id == alarm]
        return found[0].state if found else None


@pytest_asyncio.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with AsyncExitStack() as stack:
        devices = {"x": Counting(), "y": Counting()}
        sockets = {name: Sockets() for name in devices}
        ports = {
            name: await stack.enter_async_context(device(each.answer, sockets[name])) for name, each in devices.items()
        }
        site, stop = Site(tmp_path, ports), asyncio.Event()
        ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        run = asyncio.create_task(site.engine.run(ready.set_result, stop))
        url = await ready
        client = await site.client(url)
        try:
            for each in devices.values():
                await each.next_readings(3)
            yield Running(site, client, devices, sockets)
        finally:
            await client.close()
            stop.set()
            await run


async def test_a_connection_that_did_not_change_loses_no_sample_and_no_socket(running: Running) -> None:
    site, x, y = running.site, running.devices["x"], running.devices["y"]
    site.change("tags", "Y", scale=2.0)
    report = await running.reload()
    assert report.connections == ("y",)
    assert report.changes == ("tags: Y: scale: 1.0 -> 2.0",)
    await asyncio.gather(x.next_readings(5), y.next_readings(5))
    assert (running.sockets["x"].made, running.sockets["y"].made) == (1, 2)
    await asyncio.sleep(0)
    rows = site.engine.ingest.drain_history()
    seen = [row.value for row in rows if row.tag == "X"]
    stored = [row.value for row in (await running.client.raw(m.RawRequest("X", 0, 2**62, newest_first=False))).rows]
    values = [value for value in (*stored, *seen) if value is not None]
    assert values == sorted(values)
    assert values[-1] - values[0] == len(values) - 1  # type: ignore[operator]
    known = site.engine.values.get("Y")
    assert known is not None
    assert known.value is not None
    assert known.value > y.readings  # type: ignore[operator]


async def test_what_no_connector_looks_at_restarts_none(running: Running) -> None:
    running.site.change("tags", "Y", description=LocalText("level"), unit="m")
    assert (await running.reload()).connections == ()
    assert running.sockets["y"].made == 1


async def test_alarms_that_did_not_change_stay_acknowledged_and_changed_ones_are_judged_anew(running: Running) -> None:
    site, client = running.site, running.client
    await running.log_in(Role.ENGINEER)
    [alarm] = [each for each in await client.alarms() if each.id == "X.H"]
    await client.acknowledge([(alarm.id, alarm.event_id)])
    site.change("alarms", "Y.H", limit=0.5)
    await running.reload()
    await site.until(lambda: running.state("Y.H") is AnnunciationState.UNACKNOWLEDGED)
    [still] = [each for each in await client.alarms() if each.id == "X.H"]
    assert (still.state, still.event_id, still.active) == (AnnunciationState.ACKNOWLEDGED, alarm.event_id, True)
    site.change("alarms", "X.H", limit=60_000.0)
    await running.reload()
    assert running.state("X.H") is None
    site.plant = replace(site.plant, alarms={"X.H": site.plant.alarms["X.H"]})
    await running.reload()
    assert running.state("Y.H") is None
    await site.until(lambda: any(shot.id == "Y.H" and not shot.active for event in site.events for shot in told(event)))


def told(event: m.LinkEvent) -> tuple[AlarmSnapshot, ...]:
    """Return the alarms that an event is about."""
    if isinstance(event, m.AlarmsChanged):
        return event.snapshots
    return (event.snapshot,) if isinstance(event, m.AlarmChanged) else ()


async def test_a_tag_without_alarms_gets_one_that_hears_of_later_samples(running: Running) -> None:
    site = running.site
    limit = 2.0 * running.devices["x"].readings + 40.0
    site.plant = replace(site.plant, alarms={**site.plant.alarms, "C.H": high("C", limit)})
    await running.reload()
    assert running.state("C.H") is None
    await site.until(lambda: running.state("C.H") is AnnunciationState.UNACKNOWLEDGED)


async def test_connections_come_and_go(running: Running) -> None:
    site, x = running.site, running.devices["x"]
    old = site.plant
    moved = {**old.tags, "Y": replace(old.tags["Y"], connection="x", address="hr1")}
    site.plant = replace(old, connections={"x": old.connections["x"]}, tags=moved)
    assert set((await running.reload()).connections) == {"x", "y"}
    assert [each.id for each in site.engine.connections.statuses()] == ["x"]
    assert len(running.sockets["y"]) == 0
    await x.next_readings(3)
    site.plant = old
    await running.reload()
    await running.devices["y"].next_readings(3)
    assert [each.id for each in site.engine.connections.statuses()] == ["x", "y"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda plant: replace(plant, history=HistorySettings(spool_mib=1)), "spool_mib"),
        (lambda plant: replace(plant, id="q"), "another project"),
    ],
)
async def test_what_needs_a_restart_is_refused_whole(
    running: Running, change: Callable[[Plant], Plant], words: str
) -> None:
    site = running.site
    before = site.engine.configuration.plant
    site.change("alarms", "Y.H", limit=0.5)
    site.plant = change(site.plant)
    with pytest.raises(EnvironmentProblem, match="must be restarted") as refused:
        await running.reload()
    assert words in str(refused.value)
    assert "重启" in (refused.value.text.zh or "")
    assert site.engine.configuration.plant is before
    assert running.state("Y.H") is None
    assert running.sockets["x"].made == running.sockets["y"].made == 1


async def test_tags_come_go_and_move_while_a_connection_goes_on(running: Running) -> None:
    site, x = running.site, running.devices["x"]
    with StoreReader(site.store) as old:
        site.tags(Tag("N", connection="y", address="hr1", scan_ms=50), "C", Tag("M"), "X")
        site.plant = replace(site.plant, alarms={"X.H": site.plant.alarms["X.H"]}, commands={})
        report = await running.reload()
        assert not old.is_current()
    assert report.changes == (
        "tags: + N", "tags: + M", "tags: - Y", "alarms: - Y.H", "commands: - SET", "tags: in another order",
    )  # fmt: skip
    assert report.connections == ("y",)
    await asyncio.gather(x.next_readings(5), running.devices["y"].next_readings(3))
    await site.until_known("N")
    assert running.sockets["x"].made == 1
    readings = site.ring("X")
    assert readings == [readings[0] + count for count in range(len(readings))]
    assert len(readings) > 7
    await site.until_known("C", above=2 * readings[-1])  # it goes on
    assert set(site.ring("C")) <= {2.0 * each for each in range(x.readings + 1)}
    assert min(site.ring("N")) > 3  # it began after the other readings of that device
    assert site.ring("M") == []
    assert site.engine.values.get("M") == Sample(None, st.BAD_WAITING_FOR_INITIAL_DATA, 0, 0)
    assert site.engine.values.get("Y") is None
    assert running.state("X.H") is AnnunciationState.UNACKNOWLEDGED
    assert (await running.client.status()).tags == 4


async def test_another_type_begins_as_an_old_value_of_that_type(running: Running) -> None:
    site, y = running.site, running.devices["y"]
    before = site.engine.values.get("Y")
    assert before is not None
    site.change("tags", "Y", data_type=DataType.INT)
    site.plant = replace(site.plant, connections={"x": site.plant.connections["x"]})
    site.change("tags", "Y", connection="")
    site.plant = replace(site.plant, commands={})
    await running.reload()
    assert y.readings > 0
    old = site.engine.values.get("Y")
    assert old is not None
    assert (type(old.value), old.status) == (int, st.BAD_NO_COMMUNICATION)
    with StoreReader(site.store) as reader:
        assert reader.sample(reader.slot("Y")).status == st.BAD_NO_COMMUNICATION
    site.change("tags", "Y", data_type=DataType.STRING)
    await running.reload()
    old = site.engine.values.get("Y")
    assert old is not None
    assert (old.value, old.status) == (None, st.BAD_WAITING_FOR_INITIAL_DATA)


async def test_another_retention_keeps_the_samples_and_every_connection(running: Running) -> None:
    site, x = running.site, running.devices["x"]
    site.plant = replace(site.plant, retention={"default": Retention("default", (4096, 300))})
    assert (await running.reload()).connections == ()
    await x.next_readings(3)
    readings = site.ring("X")
    assert readings == [readings[0] + count for count in range(len(readings))]
    assert len(readings) > 5
    assert running.sockets["x"].made == running.sockets["y"].made == 1


async def test_means_are_reckoned_from_the_new_store(running: Running) -> None:
    site = running.site
    site.tags(Tag("N"), "X", "Y", Tag("AVG", expression="mean(X, 60s)", scan_ms=100), "C")
    await running.reload()
    mean = await site.until_known("AVG")
    site.tags("AVG", "C", "Y", "X")
    await running.reload()
    assert mean < await site.until_known("AVG", above=mean + 2.0) < running.devices["x"].readings
    site.tags("X", "Y", Tag("N"), Tag("AVG", expression="mean(N, 60s)", scan_ms=100), "C")
    await running.reload()
    with StoreReader(site.store) as reader:
        assert reader.sample(reader.slot("N")).value is None  # nothing of what was in that place before
    await asyncio.gather(*(each.next_readings(5) for each in running.devices.values()))
    known = site.engine.values.get("AVG")
    assert known is not None
    assert st.is_bad(known.status)


async def test_a_substitute_of_a_tag_that_is_gone_ends_and_the_others_stay(running: Running) -> None:
    site = running.site
    await running.log_in(Role.ENGINEER)
    for tag in ("X", "C"):
        await running.client.substitute(tag, 7.0, "test", 3600.0)
    site.tags("Y", Tag("N"), "X")
    await running.reload()
    assert [each.substitution.tag for each in site.engine.substitutions.active()] == ["X"]
    await running.devices["x"].next_readings(3)
    known, beneath = site.engine.values.get("X"), site.engine.conditioning.device("X")
    assert known is not None
    assert beneath is not None
    assert (known.value, known.status) == (7.0, st.UNCERTAIN_SUBSTITUTE)
    assert beneath.value == running.devices["x"].readings - 1 or beneath.value == running.devices["x"].readings
    await site.until(lambda: any(isinstance(e, m.SubstitutionChanged) and e.ended for e in site.events))
    note = await running.client.annotate(known.source_ns, "a new one", "N")
    assert note.tag == "N"


async def test_where_there_is_no_room_for_the_store_nothing_changes(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = running.site
    before = site.engine.configuration.plant

    def full(*_: object, **__: object) -> None:
        raise StoreError("cannot claim 1 bytes")

    monkeypatch.setattr(StoreWriter, "successor", full)
    site.tags(Tag("N"), "X", "Y", "C")
    site.change("alarms", "Y.H", limit=0.5)
    with pytest.raises(EnvironmentProblem, match="cannot claim"):
        await running.reload()
    assert site.engine.configuration.plant is before
    assert running.state("Y.H") is None
    await running.devices["x"].next_readings(3)
    readings = site.ring("X")
    assert readings == [readings[0] + count for count in range(len(readings))]
    monkeypatch.undo()
    assert len((await running.reload()).changes) == 2


async def test_a_command_that_begins_while_the_store_is_made_comes_first(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, make = running.site, StoreWriter.successor

    def begin(*arguments: Any, **more: Any) -> Any:
        monkeypatch.setattr(Dispatcher, "is_busy", True)
        return make(*arguments, **more)

    monkeypatch.setattr(StoreWriter, "successor", begin)
    site.tags(Tag("N"), "X", "Y", "C")
    with pytest.raises(EnvironmentProblem, match="a command is under way"):
        await running.reload()
    assert [each.name for each in site.store.parent.glob("store*")] == ["store.trend"]
    assert list(site.engine.configuration.plant.tags) == ["X", "Y", "C"]
    monkeypatch.undo()
    assert (await running.reload()).changes == ("tags: + N",)


async def test_a_project_with_mistakes_is_refused_and_the_old_one_goes_on(running: Running) -> None:
    running.site.problem = ProjectError("tags.csv, line 3: no such connection")
    with pytest.raises(EnvironmentProblem, match="line 3"):
        await running.reload()
    await running.devices["x"].next_readings(2)
    running.site.problem = None
    assert (await running.reload()).changes == ()


async def test_the_age_limit_of_history_is_taken(running: Running) -> None:
    running.site.plant = replace(running.site.plant, history=HistorySettings(keep_days=7))
    assert (await running.reload()).changes == ("plant: history.keep_days: 400 -> 7",)
    assert running.site.engine._keep_days() == 7


async def test_the_journal_is_kept_as_long_as_the_changed_project_says(running: Running) -> None:
    engine = running.site.engine
    assert engine._journal_keep_days() == 0
    running.site.plant = replace(running.site.plant, journal=JournalSettings(keep_days=30))
    assert (await running.reload()).changes == ("plant: journal.keep_days: 0 -> 30",)
    assert engine._journal_keep_days() == 30
    old = JournalRow(0, JournalKind.SYSTEM, "start", "engine", 5, 5, 5)
    with Database(running.site.url) as database:
        database.journal.append([old])
    assert not await engine._prune_journal(engine.clock.now_ns() - 30 * DAY_NS)
    with Database(running.site.url) as database:
        [removed] = database.journal.page(JournalQuery(events=("retention",))).rows
        assert removed.value == 1
        assert old.source_ns not in {row.source_ns for row in database.journal.page(JournalQuery()).rows}


async def test_nothing_is_taken_while_a_command_is_under_way(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    running.site.change("alarms", "Y.H", limit=0.5)
    monkeypatch.setattr(Dispatcher, "is_busy", True)
    with pytest.raises(EnvironmentProblem, match="a command is under way"):
        await running.reload()
    assert running.state("Y.H") is None
    monkeypatch.undo()
    assert len((await running.reload()).changes) == 1


async def test_a_change_is_told_journalled_and_audited(running: Running) -> None:
    site = running.site
    site.change("tags", "Y", scale=2.0)
    await running.reload()
    await site.until(lambda: ProjectChanged(1) in site.events)
    await asyncio.to_thread(site.engine.stores.journal.wait_delivered, 5.0)

    def rows() -> tuple[list[str], list[AuditEntry]]:
        with Database(site.url) as database:
            journal = database.journal.page(JournalQuery(None, None, limit=100)).rows
            entries = [each.entry for each in database.audit.tail() if each.entry.action == "configuration"]
            return [each.user for each in journal if each.event == "configuration"], entries

    users: list[str] = []
    entries: list[AuditEntry] = []
    while not (users and entries):
        users, entries = await asyncio.to_thread(rows)
    assert users == ["os:anna"]
    assert (entries[0].user, entries[0].new) == ("os:anna", "tags: Y: scale: 1.0 -> 2.0")


async def test_a_client_that_is_logged_in_must_be_an_engineer(running: Running) -> None:
    await running.log_in(Role.OPERATOR)
    with pytest.raises(AccessDenied, match="engineer"):
        await running.reload()
