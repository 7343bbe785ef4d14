"""Composition root of the engine: makes every part, connects them, runs them, stops them in order."""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from app.alarms.definitions import with_connection_alarms
from app.alarms.engine import AlarmEngine
from app.alarms.externalplace import ExternalPlaces
from app.dispatch.dispatcher import Dispatcher
from app.engine.access import Access
from app.engine.alarmactions import AlarmActionService
from app.engine.alarmdesk import AlarmDesk
from app.engine.alarmgate import AlarmGate
from app.engine.alarmservice import AlarmService
from app.engine.alarmteller import AlarmTeller
from app.engine.alive import Alive
from app.engine.annotations import AnnotationService
from app.engine.calculator import Calculator
from app.engine.commandservice import CommandService
from app.engine.conditioning import LOOK_S, Conditioning
from app.engine.configured import ChangingStore, Configured
from app.engine.connections import Connections
from app.engine.database import DatabaseWorker
from app.engine.externalalarms import ExternalAlarmService
from app.engine.floodwatch import FloodWatch
from app.engine.handlers import LinkHandlers
from app.engine.ingest import Ingest
from app.engine.intake import Store
from app.engine.pulse import Pulse
from app.engine.reconfiguration import Reconfiguration
from app.engine.records import Records
from app.engine.retention import keep_within
from app.engine.shortfalls import shortfalls
from app.engine.stores import Stores
from app.engine.substitutionservice import SubstitutionService
from app.engine.tasks import end_tasks
from app.engine.values import Values
from app.engine.windows import StoreWindows
from app.link.messages import (
    CommandFinished,
    ConnectionChanged,
    FloodChanged,
    ProjectChanged,
    SessionEnded,
)
from app.link.server import LinkServer
from app.model.clock import Clock
from app.model.connection import ConnectionState, ConnectionStatus, ConnectorFactory
from app.model.engine import EngineStatus
from app.model.errors import DatabaseError
from app.model.plant import Plant
from app.model.sample import Sample
from app.model.user import Role, Session

log = logging.getLogger(__name__)

HISTORY_PERIOD_S: Final = 0.5


class StoreWriter(Store, ChangingStore, Protocol):
    """What the engine asks of the trend store's writer."""

    def heartbeat(self, now_ns: int) -> object:
        """Show that the writer lives."""

    def close(self) -> None:
        """Close the store; it stays for readers."""


@dataclass(frozen=True)
class Parts:
    """What main gives to the engine: everything that touches the world."""

    plant: Plant
    store: StoreWriter
    known: Mapping[str, Sample]
    """Last sample of every tag as the run before left it in the store."""
    known_until_ns: int
    """When that run last heard of any tag, as far as the store has it: a checkpoint ends before its engine did."""
    alive: Alive
    """When that run ended for certain."""
    store_path: Path
    open_database: Callable[[], Any]
    database_name: str
    spool_folder: Path
    connectors: Mapping[str, ConnectorFactory]
    clock: Clock
    version: str
    pid: int
    recent_errors: Callable[[], tuple[str, ...]]
    load: Callable[[Path], Plant]
    """Reads and checks the project folder again, in a thread; raises ProjectError."""
    port: int = 0


class Engine:
    """The engine of one project. Make it and ``run`` it in an event loop."""

    def __init__(self, parts: Parts) -> None:
        plant, self.clock = parts.plant, parts.clock
        self._parts = parts
        self._started_ns = self.clock.now_ns()
        self._states: dict[str, ConnectionState] = {}
        self._told: dict[str, tuple[ConnectionState, str]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        tags = list(plant.tags.values())
        self.values = Values(plant.tags, parts.known)
        self.database = DatabaseWorker(parts.open_database)
        self.stores = Stores(self.database, parts.open_database, parts.spool_folder, plant.history)
        self._records = Records(self.database, self.stores.journal, self.clock)
        alarm_engine = AlarmEngine(with_connection_alarms(plant.alarms.values(), plant.connections.values()))
        gate = AlarmGate(alarm_engine, tags, self.values.get)
        self._flood = FloodWatch(self._records, lambda state: self._server.announce(FloodChanged(state)), self.clock)
        self.alarm_teller = AlarmTeller(lambda: self._server)
        self.alarms = AlarmService(
            alarm_engine, self.database, self.stores.journal,
            self.alarm_teller.changed, self.clock, gate.wake, self._flood,
        )  # fmt: skip
        self.ingest = Ingest(
            tags, parts.store, self.values, gate, self.alarms.take, self.clock,
            known_until_ns=parts.known_until_ns, lost_ns=parts.alive.until_ns,
        )  # fmt: skip
        self.conditioning = Conditioning(tags, self.ingest.take, self.values.get, self.clock)
        self.connections = Connections(
            plant.connections, parts.connectors, tags, self.conditioning.take, self.conditioning.device,
            self._on_status, self.clock,
        )  # fmt: skip
        self._external = ExternalAlarmService(
            ExternalPlaces(plant), self.alarms.take, self.connections.call_alarm, self._records, self.clock
        )
        self.connections.watch_alarms(self._external.take)
        actions = AlarmActionService(alarm_engine, self.alarms.keep, self._approve, self._records, self.clock)
        self.desk = AlarmDesk(self.alarms, actions, self._external, self._flood)
        self._windows = StoreWindows(parts.store_path, self.clock)
        self._calculator = Calculator(tags, self.values.get, self._windows, self.conditioning.take, self.clock)
        self._dispatcher = Dispatcher(plant.commands, plant.tags, self.values.get, self.connections.is_up, self.clock)
        self.commands = CommandService(
            plant, self._dispatcher, self.values, self.connections.write, self._records,
            lambda result: self._server.announce(CommandFinished(result)), self.clock,
        )  # fmt: skip
        self.access = Access(
            self.database, self._records, self._dispatcher.cancel_session,
            lambda peer, ended, why: self._server.tell(peer, SessionEnded(ended, why)), self.clock,
        )  # fmt: skip
        self.secret = secrets.token_urlsafe(32)
        self._server = LinkServer(LinkHandlers(self).table(), self.secret, self.access.closed, parts.port)
        self.annotations = AnnotationService(
            self.database, self.stores.queries, self._records, plant.tags, self._server.announce, self.clock
        )
        self.substitutions = SubstitutionService(
            self.database, self._records, plant.tags, self.conditioning, self._server.announce, self.clock
        )
        self.configuration = Reconfiguration(
            plant,
            Configured(
                parts.store, self.values, self.conditioning, self.ingest, self._calculator, self._windows, gate,
                self.alarms, self._dispatcher, self.commands, self.substitutions, self.annotations, self._external,
                self.connections, self.clock,
            ),
            parts.load, self._records, self._announce_change,
        )  # fmt: skip
        self._pulse = Pulse(parts.store.heartbeat, self.clock)

    async def run(self, on_ready: Callable[[str], None], stop: asyncio.Event) -> None:
        """Serve until ``stop`` is set; ``on_ready`` gets the URL of the link."""
        self.stores.start()
        try:
            await self._restore()
            url = await self._server.start()
            self._records.system("start", self._parts.version, self._parts.pid)
            self._start("pulse", self._pulse.run())
            self._start("alive", self._parts.alive.run())
            self._start("alarms", self.alarms.run())
            self._start("calculations", self._calculator.run())
            self._start("history", self._write_history())
            self._start("conditioning", self._condition())
            self._start("substitutions", self.substitutions.run())
            self._start("retention", keep_within(self._keep_days, self.stores.prune_history, self.clock))
            self._start("journal retention", keep_within(self._journal_keep_days, self._prune_journal, self.clock))
            self._start("accounts", self.access.watch_accounts())
            self._start("connections", self.connections.run())
            on_ready(url)
            await self._until(stop)
        finally:
            await self._stop()

    async def _approve(self, user: str, password: str, role: Role, session: Session) -> str:
        return await self.access.approve(user, password, role, session)

    def shared_by(self, area: str) -> tuple[str, ...]:
        """Return the connections that serve an area, perhaps among others, and their alarms."""
        alarms = [each for each in self.configuration.plant.alarms.values() if area in each.areas]
        return tuple(name for each in alarms for name in (each.id, each.connection))

    def status(self) -> EngineStatus:
        """Return a snapshot of everything."""
        active, unacknowledged = self.desk.counts()
        store_bytes = 0
        with contextlib.suppress(OSError):
            store_bytes = self._parts.store_path.stat().st_size
        return EngineStatus(
            pid=self._parts.pid,
            version=self._parts.version,
            project_id=self._parts.plant.id,
            started_ns=self._started_ns,
            now_ns=self.clock.now_ns(),
            tags=len(self.configuration.plant.tags),
            samples=self.ingest.samples,
            late=self.ingest.late,
            sample_rate=self.ingest.rate(),
            store_path=str(self._parts.store_path),
            store_bytes=store_bytes,
            database=self._parts.database_name,
            database_error=self.stores.problem.en,
            database_error_zh=self.stores.problem.get("zh"),
            journal_pending=self.stores.journal.pending,
            history_pending=self.stores.history.pending,
            spool_bytes=self.stores.spool_bytes,
            rows_dropped=self.stores.dropped,
            rows_refused=self.stores.refused,
            clients=self._server.clients,
            active_alarms=active,
            unacknowledged_alarms=unacknowledged,
            loop_lag_ms=self._pulse.lag_ms,
            errors=self._parts.recent_errors(),
            connections=(connections := self.connections.statuses()),
            shortfalls=shortfalls(self.ingest, self.stores, self._server.dropped, connections, self.connections),
            substitutions=len(self.substitutions),
            frozen=self.conditioning.frozen,
        )

    async def _restore(self) -> None:
        try:
            await self.alarms.restore()
            await self._flood.restore(self.database)
        except DatabaseError as error:
            log.error("alarm states of the last run cannot be restored yet: %s", error)
        try:
            await self.substitutions.restore()
        except DatabaseError as error:
            log.error("substitutions of the last run cannot be restored yet: %s", error)

    def _start(self, name: str, work: Any) -> None:
        self._tasks.append(asyncio.ensure_future(work))
        self._tasks[-1].set_name(name)

    async def _until(self, stop: asyncio.Event) -> None:
        """Wait for the order to stop; a task of the engine that ends by itself is a defect and ends the engine."""
        stopping = asyncio.create_task(stop.wait(), name="stop")
        try:
            done, _ = await asyncio.wait([stopping, *self._tasks], return_when=asyncio.FIRST_COMPLETED)
            for task in done - {stopping}:
                task.result()
                raise RuntimeError(f"task {task.get_name()} ended by itself")
        finally:
            stopping.cancel()

    async def _stop(self) -> None:
        await self._server.close()
        await self.commands.close()
        await end_tasks(self._tasks)
        self._windows.close()
        self._flush_history()
        self._records.system("stop", self._parts.version, self._parts.pid)
        await asyncio.to_thread(self.stores.close)

    async def _condition(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            for change in self.conditioning.look():
                self._records.frozen(self.configuration.plant.tags[change.tag], change)

    async def _write_history(self) -> None:
        while True:
            await asyncio.sleep(HISTORY_PERIOD_S)
            self._flush_history()
            self.ingest.rate()

    def _flush_history(self) -> None:
        rows = self.ingest.drain_history()
        if rows:
            self.stores.history.offer(rows)

    def _keep_days(self) -> int:
        return self.configuration.plant.history.keep_days

    def _journal_keep_days(self) -> int:
        return self.configuration.plant.journal.keep_days

    async def _prune_journal(self, before_ns: int) -> bool:
        return await self.stores.prune_journal(before_ns, self.clock.now_ns())

    def _announce_change(self, event: ProjectChanged) -> None:
        known = self.configuration.plant.connections
        self._states = {name: state for name, state in self._states.items() if name in known}
        self._server.announce(event)

    def _on_status(self, status: ConnectionStatus) -> None:
        before = self._states.get(status.id)
        self._states[status.id] = status.state
        if (told := (status.state, status.error)) != self._told.get(status.id):  # a new reason in the same state, too
            self._told[status.id] = told
            log.info("connection %s: %s %s", status.id, status.state.value, status.error)
        if status.state is ConnectionState.LOST:
            self._dispatcher.connection_lost(status.id)
        if status.state is not before:
            self._records.connection(before.value if before else "", status)
            self.alarms.connection_changed(status)
        self._server.announce(ConnectionChanged(status))
