"""An engine that is killed again and again, also half way through what operators ask, loses nothing that was told.

The device behind it stands still where the test does not move it, so each run must begin with the states in which the
run before ended: with the same occurrences, for a new one would be annunciated twice.
"""

import asyncio
import contextlib
import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.link.client import EngineClient
from app.link.endpoint import read_endpoint
from app.link.messages import AlarmActionRequest, AlarmChanged, AlarmsChanged, LinkEvent
from app.model.alarm import AlarmEventKind, Suppression
from app.model.alarm_action import AlarmAction
from app.model.alarm_state import AlarmSnapshot
from app.model.connection import Protocol_
from app.model.errors import LinkError
from app.model.journal import JournalKind, JournalQuery, JournalRow
from app.storage import Database
from tests.contract.harness import Server
from tests.system.harness import PASSWORD, Service, until

pytestmark = pytest.mark.system

ROUNDS = 8
TAGS = """\
name,data_type,connection,address,low,high,H,HH,scan_ms
B.LEVEL,int,bus,hr0,0,1000,100,500,50
B.COUNT,int,bus,hr1,0,1000,100,500,50
"""
PLANT = """
[plant]
id = "killed"
title = "Killed"
time_zone = "UTC"

[[connection]]
id = "bus"
protocol = "modbus-tcp"
endpoint = "{}"
"""
ALARMS = ("B.LEVEL.H", "B.LEVEL.HH", "B.COUNT.H", "B.COUNT.HH")
KIND_OF = {
    AlarmAction.ACKNOWLEDGE: AlarmEventKind.ACKNOWLEDGE,
    AlarmAction.COMMENT: AlarmEventKind.COMMENT,
    AlarmAction.SHELVE: AlarmEventKind.SHELVE,
    AlarmAction.UNSHELVE: AlarmEventKind.UNSHELVE,
    AlarmAction.REMOVE_FROM_SERVICE: AlarmEventKind.OUT_OF_SERVICE,
    AlarmAction.RETURN_TO_SERVICE: AlarmEventKind.IN_SERVICE,
}


class Works:
    """A device, and an engine that is killed and started again; ``known`` is what desks were told of its alarms."""

    def __init__(self, folder: Path, runner: asyncio.Runner) -> None:
        self.folder = folder
        self.runner = runner
        self.bus = Server(Protocol_.MODBUS_TCP)
        self.known: dict[str, AlarmSnapshot] = {}
        self.changed = asyncio.Event()
        self.engine: Service | None = None
        self.client: EngineClient | None = None
        self.project = folder / "project"
        self.project.mkdir()
        runner.run(self.bus.start())
        (self.project / "plant.toml").write_text(PLANT.format(self.bus.endpoint), encoding="utf-8")
        (self.project / "tags.csv").write_text(TAGS, encoding="utf-8")
        added = Service(["user", "add", str(self.project), "anna", "--role", "supervisor"], dict(os.environ))
        assert added.process.wait(60) == 0, added.lines
        added.end()

    def start(self) -> None:
        """Start the engine and log in."""
        self.engine = Service(["engine", str(self.project)], dict(os.environ))
        self.engine.ready()
        self.runner.run(self._connect())

    async def _connect(self) -> None:
        endpoint = read_endpoint(next((self.folder / "state").rglob("engine.json")))
        assert endpoint is not None
        self.client = await EngineClient.connect(endpoint, self._hear)
        await self.client.login("anna", PASSWORD, "desk-1")

    def _hear(self, event: LinkEvent) -> None:
        if isinstance(event, AlarmChanged | AlarmsChanged):
            told = (event.snapshot,) if isinstance(event, AlarmChanged) else event.snapshots
            self.known.update({each.id: each for each in told})
            self.changed.set()

    def kill(self) -> None:
        assert self.engine is not None
        self.engine.end(signal.SIGKILL)
        if self.client is not None:
            self.runner.run(self.client.close())

    def states(self) -> dict[str, AlarmSnapshot]:
        """Return the alarms that the engine tells now."""
        assert self.client is not None
        return {each.id: each for each in self.runner.run(self.client.alarms())}

    def own(self) -> dict[str, AlarmSnapshot]:
        """Return those of the tags."""
        return {name: each for name, each in self.states().items() if name in ALARMS}

    def all_hidden(self) -> bool:
        """Tell whether the alarms of all tags are hidden behind the loss of their connection."""
        shown = [each.display_suppression for each in self.own().values()]
        return shown == [Suppression.COMMUNICATION] * len(ALARMS)

    def expected(self) -> dict[str, AlarmSnapshot]:
        """Return what of the known states is still to be told."""
        return {name: each for name, each in self.known.items() if each.code != "NORM"}

    def move(self, tag: str, value: int) -> None:
        """Give the device another value, and wait until the alarms of the tag say so."""
        name, factor = {"B.LEVEL": ("level", 0.1), "B.COUNT": ("count", 1)}[tag]  # the server takes its unit
        self.runner.run(self.bus.do("set", name=name, value=value * factor))
        limits = {"H": 100, "HH": 500}

        def follows() -> bool:
            shots = {kind: self.known.get(f"{tag}.{kind}") for kind in limits}
            return all((shot is not None and shot.active) == (value > limits[kind]) for kind, shot in shots.items())

        self.runner.run(self._until(follows))

    async def _until(self, condition: "object") -> None:
        assert callable(condition)
        async with asyncio.timeout(30):
            while not condition():
                self.changed.clear()
                await self.changed.wait()

    def ask(self, action: AlarmAction, alarm: str, duration_s: float = 3600.0) -> bool:
        """Ask for something, and tell whether it was done."""
        assert self.client is not None
        report = self.runner.run(self.client.alarm_action(self.request(action, alarm, duration_s)))
        self.known.update({each.id: each for each in report.accepted})
        return bool(report.accepted)

    def request(self, action: AlarmAction, alarm: str, duration_s: float = 3600.0) -> AlarmActionRequest:
        known = self.known.get(alarm)
        return AlarmActionRequest(action, ((alarm, known.event_id if known else ""),), "why", duration_s, permit="P-1")

    def ask_and_kill(self, action: AlarmAction, alarm: str, after_s: float) -> AlarmSnapshot | None:
        """Kill the engine shortly after asking; returns what was done, None where no answer came, or a refusal."""

        async def both() -> AlarmSnapshot | None:
            assert self.client is not None
            assert self.engine is not None
            asking = asyncio.create_task(self.client.alarm_action(self.request(action, alarm)))
            await asyncio.wait({asking}, timeout=after_s)
            self.engine.process.send_signal(signal.SIGKILL)
            with contextlib.suppress(LinkError):
                report = await asking
                return report.accepted[0] if report.accepted else None
            return None

        done = self.runner.run(both())
        if done is not None:
            self.known[done.id] = done
        return done

    def written(self) -> tuple[list[JournalRow], list[str]]:
        """Return the journal's rows of alarms, oldest first, and the audited actions that succeeded."""
        with Database(f"sqlite:///{next((self.folder / 'state').rglob('haihe.db'))}") as database:
            query = JournalQuery(kinds=(JournalKind.ALARM,), limit=5_000)
            rows = list(reversed(database.journal.page(query).rows))
            audit = [each.entry for each in database.audit.tail(5_000)]
            assert database.audit.verify().problem == ""
        return rows, [each.action for each in audit if each.result == "success" and each.action in set(AlarmAction)]

    def close(self) -> None:
        if self.engine is not None:
            self.engine.end()
        if self.client is not None:
            self.runner.run(self.client.close())
        self.runner.run(self.bus.kill())


@pytest.fixture
def works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Works]:
    (tmp_path / "shm").mkdir()
    for name, value in (("STATE", "state"), ("SHM", "shm")):
        monkeypatch.setenv(f"HAIHE_{name}", str(tmp_path / value))
    monkeypatch.setenv("HAIHE_PASSWORD", PASSWORD)
    with asyncio.Runner() as runner:
        works = Works(tmp_path, runner)
        try:
            yield works
        finally:
            works.close()


def test_what_was_told_is_there_after_every_kill(works: Works) -> None:
    chance = random.Random(1)
    unanswered = 0
    works.start()
    for _ in range(ROUNDS):
        works.move("B.LEVEL", chance.choice([0, 200, 600]))
        works.move("B.COUNT", chance.choice([0, 200, 600]))
        for _ in range(3):
            works.ask(chance.choice(list(KIND_OF)), chance.choice(ALARMS))
        alarm = chance.choice(ALARMS)
        action = chance.choice(list(KIND_OF))
        done = works.ask_and_kill(action, alarm, chance.choice([0.0, 0.002, 0.005, 0.01, 0.03]))
        works.kill()
        works.start()
        found = works.states()
        told = {name: shot for name, shot in works.expected().items() if name != alarm or done is not None}
        assert {name: shot for name, shot in found.items() if name in told} == told
        assert set(found) <= {*told, alarm}
        unanswered += done is None
        if alarm in found:
            works.known[alarm] = found[alarm]
        else:
            works.known.pop(alarm, None)
    assert unanswered < ROUNDS
    works.kill()
    rows, audited = works.written()
    for action, kind in KIND_OF.items():
        by_users = [row for row in rows if row.event == kind.value and row.user]
        assert len(by_users) == audited.count(action), action
    begun = [row.correlation for row in rows if row.event == "ALM"]
    assert len(begun) == len(set(begun))


def test_a_shelving_that_ends_while_the_engine_is_dead_ends_when_it_is_back(works: Works) -> None:
    works.start()
    works.move("B.LEVEL", 200)
    first = works.known["B.LEVEL.H"]
    assert works.ask(AlarmAction.SHELVE, "B.LEVEL.H", 1.0)
    shelved = works.known["B.LEVEL.H"].shelved
    assert shelved is not None
    works.kill()
    until(lambda: time.time_ns() > (shelved.until_ns or 0), 10, "the shelving is over")
    works.start()
    until(lambda: works.states()["B.LEVEL.H"].code == "UNACK", 10, "annunciated anew")
    again = works.states()["B.LEVEL.H"]
    assert again.event_id != first.event_id
    works.kill()
    rows, _ = works.written()
    assert [row.event for row in rows if row.object == "B.LEVEL.H"] == ["ALM", "SHELVE", "UNSHELVE", "ALM"]


def test_a_lost_device_is_one_alarm_and_its_return_is_no_flood(works: Works) -> None:
    works.start()
    works.move("B.LEVEL", 600)
    works.move("B.COUNT", 600)
    assert works.ask(AlarmAction.ACKNOWLEDGE, "B.LEVEL.H")
    before = {name: works.known[name] for name in ALARMS}
    works.bus.freeze(True)
    until(works.all_hidden, 30, "hidden")
    assert works.states()["bus.COMM"].code == "UNACK"
    works.kill()  # the run in between knows of the loss by what it restores
    works.start()
    assert works.all_hidden()
    works.bus.freeze(False)
    until(lambda: not any(each.suppression for each in works.own().values()), 30, "shown again")
    assert works.own() == before
    works.kill()
    rows, _ = works.written()
    assert [row.event for row in rows if row.object in ALARMS].count("ALM") == 4
