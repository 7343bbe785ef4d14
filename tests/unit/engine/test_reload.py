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
from app.link import messages as m
from app.link.client import EngineClient
from app.link.messages import ProjectChanged
from app.model.alarm import AlarmDefinition, AlarmKind, AnnunciationState, Priority
from app.model.alarm_state import AlarmSnapshot
from app.model.clock import SystemClock
from app.model.command import CommandDefinition, CommandKind
from app.model.connection import Connection, Protocol_
from app.model.engine import EngineEndpoint
from app.model.errors import AccessDenied, EnvironmentProblem, ProjectError
from app.model.journal import JournalQuery
from app.model.plant import HistorySettings, Plant, Retention
from app.model.tag import DataType, Tag
from app.model.text import LocalText
from app.model.user import Role
from app.security import AuditEntry, UserRecord, hash_password
from app.storage import Database
from app.trend import StoreWriter, slots_of
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
        store = folder / "store.trend"
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

    async def client(self, url: str) -> EngineClient:
        return await EngineClient.connect(EngineEndpoint(1, url, self.engine.secret, "", "p", "", 0, "0"), self.heard)

    def change(self, part: str, name: str, **fields: Any) -> None:
        """Change one thing in the project folder."""
        items = dict(getattr(self.plant, part))
        items[name] = replace(items[name], **fields)
        self.plant = cast("Plant", replace(cast(Any, self.plant), **{part: items}))


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
        (lambda plant: replace(plant, tags={**plant.tags, "N": Tag("N")}), "new tags: N"),
        (lambda plant: replace(plant, tags={"X": plant.tags["X"], "Y": plant.tags["Y"]}), "tags that are no more: C"),
        (lambda plant: replace(plant, tags=dict(reversed(plant.tags.items()))), "another order"),
        (
            lambda plant: replace(plant, tags={**plant.tags, "X": replace(plant.tags["X"], data_type=DataType.INT)}),
            "another data type: X",
        ),
        (
            lambda plant: replace(plant, retention={"default": Retention("default", (4096, 128))}),
            "another retention: X, Y, C",
        ),
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
