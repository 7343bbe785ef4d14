"""Alarms & Conditions against a server that has real ones (tests/servers_js/opcua)."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import connectors.opcua
from app.alarms.external import ExternalAlarms
from app.alarms.externalplace import ExternalPlaces
from app.model.alarm import AlarmEventKind, AnnunciationState, Suppression
from app.model.alarm_action import AlarmAction
from app.model.alarm_state import AlarmSnapshot, AlarmTransition
from app.model.clock import SystemClock
from app.model.connection import Connection, ConnectionState, ConnectionStatus, Protocol_
from app.model.external_alarm import (
    AlarmCall,
    AlarmCallResult,
    ConditionsUnknown,
    ExternalAlarmSource,
    ExternalEvent,
    RefreshEnded,
)
from app.model.plant import Plant
from app.model.text import LocalText
from tests.contract.harness import Server

SCRIPT = Path(__file__).parents[1] / "servers_js" / "opcua" / "alarms.js"
NODE = shutil.which("node")

pytestmark = pytest.mark.skipif(
    NODE is None or not (SCRIPT.parent / "node_modules").is_dir(), reason="npm ci in tests/servers_js/opcua first"
)


class AlarmServer(Server):
    """The server of node-opcua."""

    @property
    def program(self) -> tuple[str, ...]:
        assert NODE is not None
        return NODE, str(SCRIPT)


@dataclass
class Watcher:
    """What a connector tells of alarms, and what a desk would show of it."""

    events: list[ExternalEvent] = field(default_factory=list)
    transitions: list[AlarmTransition] = field(default_factory=list)
    states: list[ConnectionStatus] = field(default_factory=list)
    alarms: ExternalAlarms = field(
        default_factory=lambda: ExternalAlarms(ExternalPlaces(Plant(Path(), "p", LocalText("p"), "UTC")).definition)
    )
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, event: ExternalEvent) -> None:
        self.events.append(event)
        self.transitions += self.alarms.take("plc", event, 1)
        self._changed.set()

    def on_status(self, status: ConnectionStatus) -> None:
        self.states.append(status)
        self._changed.set()

    @property
    def shown(self) -> dict[str, AlarmSnapshot]:
        """Snapshots by the name of the tank; of earlier occurrences with their branch behind it."""
        found = {}
        for shot in self.alarms.snapshots():
            held = self.alarms.get(shot.id)
            assert held is not None
            found[held.condition.source.partition(":")[2] + held.condition.branch] = shot
        return found

    @property
    def is_up(self) -> bool:
        return bool(self.states) and self.states[-1].state is ConnectionState.CONNECTED

    @property
    def refreshes(self) -> int:
        return sum(isinstance(event, RefreshEnded) for event in self.events)

    async def until(self, condition: Callable[[], bool], within_s: float = 15.0) -> None:
        try:
            async with asyncio.timeout(within_s):
                while not condition():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"not within {within_s} s; last: {self.events[-3:]}, {self.states[-1:]}") from None


@dataclass
class Rig:
    server: AlarmServer
    connector: Any
    watch: Watcher

    async def set(self, name: str, value: float) -> None:
        assert await self.server.do("set", name=name, value=value) is True

    async def ask(self, action: AlarmAction, name: str, event: str = "", **more: Any) -> AlarmCallResult:
        shot = self.watch.shown[name]
        held = self.watch.alarms.get(shot.id)
        assert held is not None
        call = AlarmCall(action, held.condition.condition, event or held.condition.event, **more)
        result = await self.connector.call_alarm(call, 5.0)
        assert isinstance(result, AlarmCallResult)
        return result


@contextlib.asynccontextmanager
async def rig(notifier: str = "server") -> AsyncIterator[Rig]:
    server, watch = AlarmServer(Protocol_.OPCUA), Watcher()
    await server.start()
    try:
        connection = Connection(
            "plc", Protocol_.OPCUA, server.endpoint, options={"alarms": notifier, "retry_s": 1, "reconnect_max_s": 0.5}
        )
        connector = connectors.opcua.create(connection, [], lambda _samples: None, watch.on_status, SystemClock())
        assert isinstance(connector, ExternalAlarmSource)
        connector.watch_alarms(watch.take)
        task = asyncio.create_task(connector.run())
        try:
            await watch.until(lambda: watch.refreshes == 1 or (notifier != "server" and watch.is_up))
            yield Rig(server, connector, watch)
        finally:
            task.cancel()
            await asyncio.wait({task})
    finally:
        await server.kill()


async def test_an_alarm_is_acknowledged_confirmed_and_ends() -> None:
    async with rig() as r:
        watch = r.watch
        assert watch.shown == {}
        await r.set("Tank1", 90)
        await watch.until(lambda: "Tank1" in watch.shown)
        shot = watch.shown["Tank1"]
        assert (shot.state, shot.active) == (AnnunciationState.UNACKNOWLEDGED, True)
        assert shot.id == "plc/nsu=urn:test:contract;s=Tank1.alarm"

        assert await r.ask(AlarmAction.ACKNOWLEDGE, "Tank1", comment="seen") == AlarmCallResult(0)
        await watch.until(lambda: watch.shown["Tank1"].state is AnnunciationState.ACKNOWLEDGED)
        assert watch.shown["Tank1"].comment == "seen"
        assert watch.shown["Tank1"].event_id != shot.event_id

        await r.set("Tank1", 50)
        await watch.until(lambda: not watch.shown["Tank1"].active)
        external = watch.shown["Tank1"].external
        assert external is not None
        assert external.to_confirm
        assert await r.ask(AlarmAction.CONFIRM, "Tank1", comment="valve closed") == AlarmCallResult(0)
        await watch.until(lambda: watch.shown == {})
        assert [each.kind for each in watch.transitions if each.journalled] == [
            AlarmEventKind.ALARM,
            AlarmEventKind.ACKNOWLEDGE,
            AlarmEventKind.RETURN,
            AlarmEventKind.CONFIRM,
        ]
        assert watch.transitions[-1].snapshot.state is AnnunciationState.NORMAL


async def test_an_outdated_event_is_refused_with_the_servers_code() -> None:
    async with rig() as r:
        await r.set("Tank1", 90)
        await r.watch.until(lambda: "Tank1" in r.watch.shown)
        result = await r.ask(AlarmAction.ACKNOWLEDGE, "Tank1", event="00" * 16)
        assert result.known
        assert "BadEventIdUnknown" in result.message.en
        assert (await r.server.do("state", name="Tank1"))["acked"] is False


async def test_a_comment_is_added() -> None:
    async with rig() as r:
        await r.set("Tank1", 90)
        await r.watch.until(lambda: "Tank1" in r.watch.shown)
        assert await r.ask(AlarmAction.COMMENT, "Tank1", comment="看一下") == AlarmCallResult(0)
        await r.watch.until(lambda: r.watch.shown["Tank1"].comment == "看一下")
        assert (await r.server.do("state", name="Tank1"))["comment"] == "看一下"
        assert r.watch.transitions[-1].kind is AlarmEventKind.COMMENT


async def test_an_occurrence_that_came_again_unacknowledged_stays_beside_the_present_one() -> None:
    async with rig() as r:
        watch = r.watch
        for level in (90, 50, 97):
            await r.set("Tank1", level)
        await watch.until(lambda: len(watch.shown) == 2 and watch.shown["Tank1"].active)
        (earlier,) = watch.shown.keys() - {"Tank1"}
        assert all(shot.unacknowledged for shot in watch.shown.values())
        assert await r.ask(AlarmAction.ACKNOWLEDGE, earlier) == AlarmCallResult(0)
        await watch.until(lambda: not watch.shown[earlier].unacknowledged if earlier in watch.shown else True)
        assert watch.shown["Tank1"].state is AnnunciationState.UNACKNOWLEDGED


async def test_after_a_lost_connection_the_states_are_unknown_then_exactly_those_retained() -> None:
    async with rig() as r:
        watch = r.watch
        for name in ("Tank1", "Tank2"):
            await r.set(name, 90)
        await watch.until(lambda: watch.shown.keys() == {"Tank1", "Tank2"})
        await r.server.kill()
        await watch.until(lambda: isinstance(watch.events[-1], ConditionsUnknown))
        assert watch.shown.keys() == {"Tank1", "Tank2"}
        for shot in watch.shown.values():
            assert shot.external is not None
            assert not shot.external.known
            assert shot.state is AnnunciationState.UNACKNOWLEDGED
        refused = await r.ask(AlarmAction.ACKNOWLEDGE, "Tank1")
        assert (refused.known, refused.message.en) == (True, "not connected; nothing was sent")

        await r.server.start("Tank2=5", "Tank3=99")
        await watch.until(lambda: watch.refreshes == 2, 30)
        assert watch.shown.keys() == {"Tank2", "Tank3"} == set(await r.server.do("retained"))
        assert all(shot.external is not None and shot.external.known for shot in watch.shown.values())
        assert watch.transitions[-1].kind is AlarmEventKind.RETURN
        assert watch.states[-1].state is ConnectionState.CONNECTED


async def test_the_server_requires_a_refresh() -> None:
    async with rig() as r:
        await r.set("Tank1", 90)
        await r.watch.until(lambda: "Tank1" in r.watch.shown)
        assert await r.server.do("refresh_required") is True
        await r.watch.until(lambda: r.watch.refreshes == 2)
        assert r.watch.shown.keys() == {"Tank1"}


async def test_an_alarm_is_shelved_and_unshelved() -> None:
    async with rig() as r:
        watch = r.watch
        await r.set("Tank1", 90)
        await watch.until(lambda: "Tank1" in watch.shown)
        assert await r.ask(AlarmAction.SHELVE, "Tank1", duration_ms=60_000.0) == AlarmCallResult(0)
        await watch.until(lambda: watch.shown["Tank1"].suppression == {Suppression.SHELVED})
        again = await r.ask(AlarmAction.SHELVE, "Tank1", duration_ms=60_000.0)
        assert "BadConditionAlreadyShelved" in again.message.en
        assert await r.ask(AlarmAction.UNSHELVE, "Tank1") == AlarmCallResult(0)
        await watch.until(lambda: not watch.shown["Tank1"].suppression)
        assert "BadConditionNotShelved" in (await r.ask(AlarmAction.UNSHELVE, "Tank1")).message.en
        await r.set("Tank2", 90)
        await watch.until(lambda: "Tank2" in watch.shown)
        assert await r.ask(AlarmAction.SHELVE_ONCE, "Tank2") == AlarmCallResult(0)
        await watch.until(lambda: watch.shown["Tank2"].suppression == {Suppression.SHELVED})


async def test_the_alarms_of_one_notifier() -> None:
    async with rig("nsu=urn:test:contract;s=hall") as r:
        await r.set("Tank3", 5)
        await r.watch.until(lambda: "Tank3" in r.watch.shown)


async def test_an_unknown_notifier_is_said() -> None:
    server, watch = AlarmServer(Protocol_.OPCUA), Watcher()
    await server.start()
    connection = Connection("plc", Protocol_.OPCUA, server.endpoint, options={"alarms": "nsu=urn:test:contract;s=no"})
    task = asyncio.create_task(
        connectors.opcua.create(connection, [], lambda _samples: None, watch.on_status, SystemClock()).run()
    )
    try:
        await watch.until(lambda: bool(watch.states) and watch.states[-1].state is ConnectionState.DEGRADED)
        assert watch.states[-1].error == "the server does not tell its alarms: BadNodeIdUnknown"
    finally:
        task.cancel()
        await asyncio.wait({task})
        await server.kill()
