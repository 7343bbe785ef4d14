"""An engine whose plant and whose clock follow orders: ``python -m tests.system.shift.process PROJECT AT_S``.

Everything is the product's but the clock and the connectors. Each order is a line of JSON on stdin,
``[until, events]``: the events happen, each at its second of the shift, and the clock stops at ``until``. It moves in
steps of half a second, and alarms are ticked at each. It is answered by ``DONE`` once all that came of it is stored.
An event is ``[second, tag, value, bad]``, or ``[second, connection, "lost" or "connected"]``.
"""

import asyncio
import json
import os
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from app.engine.alive import Alive
from app.engine.engine import Engine, Parts
from app.link.endpoint import process_identity, write_endpoint
from app.model.clock import SECOND_NS, Clock, ManualClock
from app.model.connection import (
    Binding,
    Connection,
    ConnectionState,
    ConnectionStatus,
    Promise,
    Protocol_,
    WriteResult,
)
from app.model.engine import EngineEndpoint
from app.model.sample import Sample, SampleSink, Value
from app.model.status import BAD_NO_COMMUNICATION, BAD_SENSOR_FAILURE, GOOD
from app.model.tag import Tag
from app.model.text import LocalText
from app.project import load_plant
from app.project.state import alive_path, checkpoint_path, database_path, endpoint_path, state_folder
from app.storage import Database
from app.trend import StoreReader, StoreWriter, slots_of, store_path

SHIFT_NS: Final = 1_772_402_400 * SECOND_NS
"""The shift begins on 2026-03-01 at 22:00 UTC: six in the morning in Tianjin."""
STEP_S: Final = 0.5


class ScriptedConnector:
    """Brings what it is told to."""

    def __init__(
        self, connection: Connection, bindings: Sequence[Binding], sink: SampleSink,
        on_status: Callable[[ConnectionStatus], None], clock: Clock,
    ) -> None:  # fmt: skip
        self._connection, self._sink, self._on_status, self._clock = connection, sink, on_status, clock
        self.slots = {binding.tag.name: binding.slot for binding in bindings}
        self._state = ConnectionState.CONNECTING
        self._last: dict[str, Value] = {}
        self.running = asyncio.Event()

    async def run(self) -> None:
        self.enter(ConnectionState.CONNECTED)
        self.running.set()
        await asyncio.Event().wait()

    def enter(self, state: ConnectionState) -> None:
        self._state = state
        if state is ConnectionState.LOST:
            for tag, value in self._last.items():
                self._put(tag, value, BAD_NO_COMMUNICATION)
        self._on_status(self.status())

    def bring(self, tag: str, value: Value, *, bad: bool) -> None:
        self._last[tag] = value
        self._put(tag, value, BAD_SENSOR_FAILURE if bad else GOOD)

    def _put(self, tag: str, value: Value, status: int) -> None:
        now_ns = self._clock.now_ns()
        self._sink([(self.slots[tag], Sample(value, status, now_ns, now_ns))])

    async def write(self, tag: Tag, value: Value, timeout_s: float) -> WriteResult:
        raise NotImplementedError

    def status(self) -> ConnectionStatus:
        return ConnectionStatus(self._connection.id, self._state, self._clock.now_ns())

    def promise(self) -> Promise | None:
        return Promise(self._clock.monotonic() + 60.0, LocalText("the next order", "下一指令"))


class Shift:
    """The engine, and what moves it."""

    def __init__(self, project: Path, at_s: float) -> None:
        self.clock = ManualClock(SHIFT_NS + round(at_s * SECOND_NS))
        self._at_s = at_s
        self._plant = plant = load_plant(project)
        self._connectors: dict[str, ScriptedConnector] = {}
        self._store = StoreWriter(
            store_path(plant.id), slots_of(plant), now_ns=self.clock.now_ns(), checkpoint=checkpoint_path(plant.id)
        )
        url = os.environ.get("HAIHE_DATABASE") or f"sqlite:///{database_path(plant.id)}"
        with StoreReader(store_path(plant.id)) as reader:
            known = {name: reader.sample(slot) for slot, name in enumerate(reader.names)}
        self.engine = Engine(
            Parts(
                plant=plant, store=self._store, known=known,
                known_until_ns=max((sample.receive_ns for sample in known.values()), default=0),
                alive=Alive(alive_path(plant.id), self.clock), store_path=store_path(plant.id),
                open_database=lambda: Database(url), database_name="", spool_folder=state_folder(plant.id) / "spool",
                connectors={each.value: self._connect for each in Protocol_}, clock=self.clock, version="0",
                pid=os.getpid(), recent_errors=tuple, load=load_plant,
            )
        )  # fmt: skip

    def _connect(self, connection: Connection, *rest: Any) -> ScriptedConnector:
        self._connectors[connection.id] = ScriptedConnector(connection, *rest)
        return self._connectors[connection.id]

    async def run(self) -> None:
        """Obey until stdin ends."""
        stop = asyncio.Event()
        ready = asyncio.Event()
        running = asyncio.create_task(self.engine.run(lambda link: self._ready(link, ready), stop))
        await ready.wait()
        await self._settle()
        for connector in self._connectors.values():
            await connector.running.wait()
        await self._settle()
        print("READY", flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            until_s, events = json.loads(line)
            await self._follow(until_s, events)
            print("DONE", flush=True)
        stop.set()
        await running
        self._store.close()

    def _ready(self, link: str, ready: asyncio.Event) -> None:
        plant = self._plant
        write_endpoint(
            endpoint_path(plant.id),
            EngineEndpoint(
                os.getpid(), link, self.engine.secret, str(store_path(plant.id)), plant.id, str(plant.folder),
                self.clock.now_ns(), "0", process_identity(os.getpid()),
            ),
        )  # fmt: skip
        ready.set()

    async def _follow(self, until_s: float, events: list[list[Any]]) -> None:
        left = sorted(events, key=lambda each: each[0])
        while self._at_s < until_s or left:
            following = min(self._at_s + STEP_S, until_s, left[0][0] if left else until_s)
            self._at_s = max(following, self._at_s)
            self.clock.ns = SHIFT_NS + round(self._at_s * SECOND_NS)
            await self._tick()  # delays that end now end before what comes now
            while left and left[0][0] <= self._at_s:
                self._happen(left.pop(0))
            await self._tick()
        await self._settle()

    def _happen(self, event: list[Any]) -> None:
        if len(event) == 3:
            self._connectors[event[1]].enter(ConnectionState(event[2]))
            return
        _, tag, value, bad = event
        next(each for each in self._connectors.values() if tag in each.slots).bring(tag, value, bad=bad)

    async def _tick(self) -> None:
        self.engine.alarms.take(())
        for _ in range(4):
            await asyncio.sleep(0)

    async def _settle(self) -> None:
        await asyncio.to_thread(self._wait_stored)
        await self._tick()

    def _wait_stored(self) -> None:
        while self.engine.stores.journal.pending:
            threading.Event().wait(0.002)


if __name__ == "__main__":
    asyncio.run(Shift(Path(sys.argv[1]), float(sys.argv[2])).run())
