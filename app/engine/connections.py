"""Runs one connector a connection; one that fails is started again alone."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from app.model.clock import Clock
from app.model.connection import Binding, Connection, ConnectionState, ConnectionStatus, Connector, ConnectorFactory
from app.model.errors import EnvironmentProblem, HaiheError
from app.model.sample import Sample, SampleSink, Value
from app.model.status import BAD_NO_COMMUNICATION, BAD_NOT_CONNECTED, is_stale
from app.model.tag import Tag
from app.model.text import LocalText

from app.model.connection import Prober, WriteResult  # isort: skip

log = logging.getLogger(__name__)

FIRST_RETRY_S: Final = 1.0
LAST_RETRY_S: Final = 30.0
UP: Final = frozenset({ConnectionState.CONNECTED, ConnectionState.DEGRADED})


class Connections:
    """All connectors of the plant, each under its own supervisor task."""

    def __init__(
        self,
        connections: Mapping[str, Connection],
        factories: Mapping[str, ConnectorFactory],
        tags: Sequence[Tag],
        sink: SampleSink,
        read: Callable[[str], Sample | None],
        on_status: Callable[[ConnectionStatus], None],
        clock: Clock,
    ) -> None:
        self._connections = connections
        self._factories = factories
        self._sink = sink
        self._read = read
        self._on_status = on_status
        self._clock = clock
        self._bindings: dict[str, list[Binding]] = {name: [] for name in connections}
        for slot, tag in enumerate(tags):
            if tag.connection:
                self._bindings[tag.connection].append(Binding(slot, tag))
        self._running: dict[str, Connector] = {}
        self._failed: dict[str, ConnectionStatus] = {}

    def tasks(self) -> list[tuple[str, Callable[[], "asyncio.Future[None]"]]]:
        """Return name and starter of one supervisor task a connection."""
        return [
            (f"connection-{name}", lambda name=name: asyncio.ensure_future(self._supervise(name)))  # type: ignore[misc]
            for name in self._connections
        ]

    def statuses(self) -> tuple[ConnectionStatus, ...]:
        """Return a snapshot of every connection, in the project's order."""
        return tuple(self.status(name) for name in self._connections)

    def status(self, name: str) -> ConnectionStatus:
        """Return a snapshot of one connection."""
        connector = self._running.get(name)
        if connector is not None:
            return connector.status()
        stopped = ConnectionStatus(name, ConnectionState.STOPPED, self._clock.now_ns())
        return self._failed.get(name, stopped)

    def is_up(self, name: str) -> bool:
        """Tell whether a connection can carry a command now."""
        connector = self._running.get(name)
        return connector is not None and connector.status().state in UP

    async def write(self, tag: Tag, value: Value, timeout_s: float) -> WriteResult:
        """Write once through the tag's connection; fails at once where it does not run."""
        connector = self._running.get(tag.connection)
        if connector is None:
            return WriteResult(BAD_NOT_CONNECTED, message=f"connection '{tag.connection}' is not running")
        return await connector.write(tag, value, timeout_s)

    async def probe(self, name: str, address: str) -> tuple[int, ...]:
        """Read what lies at an address of a connection's device, over the line that the connector holds.

        Raises:
            EnvironmentProblem: there is no such connection, it does not run, its devices have no such addresses, or
                the device does not answer or refuses.

        """
        if name not in self._connections:
            raise EnvironmentProblem(f"no such connection: {name}")
        connector = self._running.get(name)
        if connector is None:
            raise EnvironmentProblem(f"connection '{name}' is not running: {self.status(name).error}")
        if not isinstance(connector, Prober):
            raise EnvironmentProblem(f"connection '{name}' is {self._connections[name].protocol.value}, not Modbus")
        return await connector.probe(address)

    async def _supervise(self, name: str) -> None:
        connection = self._connections[name]
        wait = FIRST_RETRY_S
        bindings = self._bindings[name]
        while True:
            began = self._clock.monotonic()
            try:
                factory = self._factories[connection.protocol.value]
                connector = factory(connection, bindings, self._sink, self._on_status, self._clock)
                self._running[name] = connector
                await connector.run()
                reason = LocalText("the connector ended by itself", "通信驱动自行结束")
                log.error("connection %s: %s", name, reason.en)
            except HaiheError as error:
                reason = error.text
                log.error("connection %s: %s", name, reason.en)
            except Exception as error:  # top of a connector: one that breaks must not take the others along
                what = f"{type(error).__name__}: {error}"
                reason = LocalText(f"defect in the connector: {what}", f"通信驱动内部错误：{what}")
                log.exception("connection %s: the connector failed and is started again", name)
            finally:
                last = self._running.pop(name, None)
            self._lose(name, last, reason)
            # The next one must not announce that nothing is known of its tags.
            bindings = [replace(each, known=self._read(each.tag.name)) for each in bindings]
            if self._clock.monotonic() - began > LAST_RETRY_S * 2:
                wait = FIRST_RETRY_S
            await asyncio.sleep(wait)
            wait = min(LAST_RETRY_S, wait * 2)

    def _lose(self, name: str, last: Connector | None, reason: LocalText) -> None:
        now_ns = self._clock.now_ns()
        status = last.status() if last is not None else ConnectionStatus(name, ConnectionState.LOST, now_ns)
        status = replace(status, state=ConnectionState.LOST, since_ns=now_ns, error=reason.en, error_zh=reason.zh)
        self._failed[name] = status
        self._on_status(status)
        batch = []
        for binding in self._bindings[name]:
            known = self._read(binding.tag.name)
            lost = Sample(None if known is None else known.value, BAD_NO_COMMUNICATION, now_ns, now_ns)
            if known is not None and known.value is not None and is_stale(known.status):
                lost = replace(lost, source_ns=known.source_ns)  # its age counts from the first loss
            batch.append((binding.slot, lost))
        self._sink(batch)
