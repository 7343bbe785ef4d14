"""Keeps the connector of one connection running: one that fails, ends or hangs is replaced, the others go on."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from app.engine.layout import NOWHERE, Layout, Translation
from app.engine.tasks import end_tasks
from app.model.browsing import Browser, BrowseResult
from app.model.clock import Clock
from app.model.connection import (
    Binding,
    Connection,
    ConnectionState,
    ConnectionStatus,
    Connector,
    ConnectorFactory,
    Prober,
    Promise,
    WriteResult,
)
from app.model.errors import EnvironmentProblem, HaiheError
from app.model.external_alarm import (
    AlarmCall,
    AlarmCallResult,
    ConditionsUnknown,
    ExternalAlarmSource,
    ExternalEvent,
    ExternalSink,
)
from app.model.sample import Sample, Samples, SampleSink, Value
from app.model.status import BAD_NO_COMMUNICATION, BAD_NOT_CONNECTED, is_stale
from app.model.tag import Tag
from app.model.text import LocalText

log = logging.getLogger(__name__)

FIRST_RETRY_S: Final = 1.0
LAST_RETRY_S: Final = 30.0
CHECK_S: Final = 1.0
GRACE_S: Final = 5.0
"""A promise may be broken by so much: the machine may be busy."""
FIRST_PROMISE_S: Final = 10.0
"""A connector that has not promised anything by then hangs."""
CANCEL_S: Final = 3.0
"""A connector that was cancelled has so long to close its session; then it is left behind."""

_NOTHING_YET: Final = LocalText("its first step", "首次执行")
_ENDED: Final = LocalText("the connector ended by itself", "通信驱动自行结束")


class Supervisor:
    """Runs the connector of one connection, one at a time. Belongs to the event loop.

    Attributes:
        failures: connectors that failed, ended or hung, since start.
        alarm_sink: is told what the device says of alarms that it judges; set before ``run``.
        abandoned: of these, those that did not end when they were cancelled. Nothing more is taken from them.

    """

    def __init__(
        self,
        connection: Connection,
        bindings: Sequence[Binding],
        factory: ConnectorFactory,
        sink: SampleSink,
        read: Callable[[str], Sample | None],
        on_status: Callable[[ConnectionStatus], None],
        clock: Clock,
    ) -> None:
        self.connection = connection
        self.failures = self.abandoned = 0
        self.alarm_sink: ExternalSink = _ignore
        self._bindings = list(bindings)
        self._factory, self._sink, self._read = factory, sink, read
        self._on_status, self._clock = on_status, clock
        self._connector: Connector | None = None
        self._gate: _Gate | None = None
        self._failed = ConnectionStatus(connection.id, ConnectionState.STOPPED, clock.now_ns())
        self._left_behind: set[asyncio.Task[None]] = set()

    def relocate(self, layout: Layout) -> None:
        """Take other slots for its tags; its connector goes on with those that it was made with.

        What that one delivers of tags that are gone, or of another type, is not heard any more.
        """
        self._bindings = list(_relocated(self._bindings, layout))
        if self._gate is not None:
            self._gate.relocate(layout)

    @property
    def is_up(self) -> bool:
        """Whether the connection can carry a command now."""
        return self._connector is not None and self._connector.status().state.is_up

    def status(self) -> ConnectionStatus:
        """Return a snapshot."""
        if self._connector is not None:
            return self._connector.status()
        return self._failed

    async def write(self, tag: Tag, value: Value, timeout_s: float) -> WriteResult:
        """Write once; fails at once where the connector does not run."""
        if self._connector is None:
            return WriteResult(BAD_NOT_CONNECTED, message=f"connection '{self.connection.id}' is not running")
        return await self._connector.write(tag, value, timeout_s)

    async def call_alarm(self, call: AlarmCall, timeout_s: float) -> AlarmCallResult:
        """Ask the device once for something about one of its alarms; fails at once where the connector does not run."""
        connector: object = self._connector
        if isinstance(connector, ExternalAlarmSource):
            return await connector.call_alarm(call, timeout_s)
        name = self.connection.id
        reason = LocalText(f"connection '{name}' is not running", f"连接 '{name}' 未运行")
        return AlarmCallResult(BAD_NOT_CONNECTED, message=reason)

    async def probe(self, address: str) -> tuple[int, ...]:
        """Read what lies at an address of the device now.

        Raises:
            EnvironmentProblem: not running, no such addresses, no answer, or refused.

        """
        connector, name = self._connector, self.connection.id
        if connector is None:
            raise EnvironmentProblem(f"connection '{name}' is not running: {self.status().error}")
        if not isinstance(connector, Prober):
            raise EnvironmentProblem(f"connection '{name}' is {self.connection.protocol.value}, not Modbus")
        return await connector.probe(address)

    async def browse(self, address: str, depth: int) -> BrowseResult:
        """Return what stands below a node of the device's server, through the session that the connector holds.

        Raises:
            EnvironmentProblem: not running, cannot be browsed, or the server does not know the node.

        """
        connector, name = self._connector, self.connection.id
        if connector is None:
            raise EnvironmentProblem(f"connection '{name}' is not running: {self.status().error}")
        if not isinstance(connector, Browser):
            raise EnvironmentProblem(f"connection '{name}' is {self.connection.driver}, not OPC UA")
        return await connector.browse(address, depth)

    async def run(self) -> None:
        """Keep a connector running until cancelled."""
        wait = FIRST_RETRY_S
        try:
            while True:
                began = self._clock.monotonic()
                reason, last = await self._serve()
                self.failures += 1
                self._lose(last, reason)
                if self._clock.monotonic() - began > LAST_RETRY_S * 2:
                    wait = FIRST_RETRY_S
                await asyncio.sleep(wait)
                wait = min(LAST_RETRY_S, wait * 2)
                # The next one must not announce that nothing is known of its tags.
                self._bindings = [replace(each, known=self._read(each.tag.name)) for each in self._bindings]
        finally:
            await end_tasks(self._left_behind, CANCEL_S)

    async def _serve(self) -> tuple[LocalText, ConnectionStatus | None]:
        """Run one connector to its end; return why it ended, and what it said last."""
        gate = self._gate = _Gate(self._sink, self._on_status, self.alarm_sink)
        name, last = self.connection.id, None
        try:
            connector = self._factory(self.connection, self._bindings, gate.take, gate.tell, self._clock)
            if isinstance(connector, ExternalAlarmSource):
                connector.watch_alarms(gate.hear)
            task = asyncio.create_task(connector.run(), name=f"connector-{name}")
            self._connector = connector
            try:
                hangs_at = await self._watch(task, connector)
            finally:
                await self._end(task)
                gate.close()
                self._connector, last = None, connector.status()
            if hangs_at is not None:
                return _hangs(hangs_at), last
            task.result()
        except HaiheError as error:
            log.error("connection %s: %s", name, error.text.en)
            return error.text, last
        except Exception as error:  # top of a connector: one that breaks must not take the others along
            what = f"{type(error).__name__}: {error}"
            log.exception("connection %s: the connector failed and is started again", name)
            return LocalText(f"defect in the connector: {what}", f"通信驱动内部错误：{what}"), last
        log.error("connection %s: %s", name, _ENDED.en)
        return _ENDED, last

    async def _watch(self, task: "asyncio.Task[None]", connector: Connector) -> LocalText | None:
        """Wait until a connector ends (None), or does not keep a promise: what it was waiting for."""
        first = Promise(self._clock.monotonic() + FIRST_PROMISE_S, _NOTHING_YET)
        broken: Promise | None = None
        while not task.done():
            await asyncio.wait({task}, timeout=CHECK_S)
            promise = connector.promise() or first
            if self._clock.monotonic() <= promise.due + GRACE_S:
                broken = None
            elif promise is broken:  # at two looks: between them it had its turn, though the loop was held up before
                text = "connection %s: the connector hangs, waiting for %s since it should have ended %.0f s ago"
                log.error(text, self.connection.id, promise.awaited.en, self._clock.monotonic() - promise.due)
                return None if task.done() else promise.awaited
            else:
                broken = promise
        return None

    async def _end(self, task: "asyncio.Task[None]") -> None:
        """End a connector, or leave it behind where it (a library that it uses) swallows its cancellation."""
        if not task.done():
            task.cancel()
            try:
                await asyncio.wait({task}, timeout=CANCEL_S)
            except asyncio.CancelledError:  # the engine stops and says so again: so do we
                task.cancel()
                await asyncio.wait({task}, timeout=CANCEL_S)
                raise
        if not task.done():
            self.abandoned += 1
            log.error("connection %s: the connector does not end and is left behind", self.connection.id)
            self._left_behind.add(task)
            task.add_done_callback(self._gone)

    def _gone(self, task: "asyncio.Task[None]") -> None:
        self._left_behind.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("connection %s: the connector left behind ended with %s", self.connection.id, error)

    def _lose(self, last: ConnectionStatus | None, reason: LocalText) -> None:
        now_ns = self._clock.now_ns()
        status = last or ConnectionStatus(self.connection.id, ConnectionState.LOST, now_ns)
        status = replace(status, state=ConnectionState.LOST, since_ns=now_ns, error=reason.en, error_zh=reason.zh)
        self._failed = status
        self._on_status(status)
        self.alarm_sink(ConditionsUnknown())
        batch = []
        for binding in self._bindings:
            known = self._read(binding.tag.name)
            lost = Sample(None if known is None else known.value, BAD_NO_COMMUNICATION, now_ns, now_ns)
            if known is not None and known.value is not None and is_stale(known.status):
                lost = replace(lost, source_ns=known.source_ns)  # its age counts from the first loss
            batch.append((binding.slot, lost))
        self._sink(batch)


class _Gate:
    """Stands between a connector and the engine: one that was left behind must not be heard when it wakes up.

    It knows where the connector's slots are now.
    """

    def __init__(
        self, sink: SampleSink, on_status: Callable[[ConnectionStatus], None], alarm_sink: ExternalSink
    ) -> None:
        self._sink, self._on_status, self._alarm_sink = sink, on_status, alarm_sink
        self._translate = Translation()
        self._open = True

    def relocate(self, layout: Layout) -> None:
        self._translate.relocate(layout)

    def close(self) -> None:
        self._open = False

    def take(self, samples: Samples) -> None:
        if self._open and (samples := self._translate(samples)):
            self._sink(samples)

    def tell(self, status: ConnectionStatus) -> None:
        if self._open:
            self._on_status(status)

    def hear(self, event: ExternalEvent) -> None:
        if self._open:
            self._alarm_sink(event)


def _relocated(bindings: Iterable[Binding], layout: Layout) -> Iterator[Binding]:
    for each in bindings:
        slot = int(layout.target[each.slot])
        if slot != NOWHERE:
            yield replace(each, slot=slot)


def _ignore(_event: ExternalEvent) -> None:
    """Hear nothing of alarms."""


def _hangs(awaited: LocalText) -> LocalText:
    return LocalText(
        f"the connector hung, waiting for {awaited.en}; it was started again",
        f"通信驱动在等待“{awaited.get('zh')}”时停止响应，已重新启动",
    )
