"""All connections of the plant, each under a supervisor of its own."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from app.engine.supervisor import Supervisor
from app.model.clock import Clock
from app.model.connection import (
    Binding,
    Connection,
    ConnectionState,
    ConnectionStatus,
    ConnectorFactory,
    WriteResult,
)
from app.model.errors import EnvironmentProblem
from app.model.sample import Sample, SampleSink, Value
from app.model.status import BAD_NOT_CONNECTED
from app.model.tag import Tag


class Connections:
    """All connectors of the plant. Belongs to the event loop."""

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
        self._clock = clock
        bindings: dict[str, list[Binding]] = {name: [] for name in connections}
        for slot, tag in enumerate(tags):
            if tag.connection:
                bindings[tag.connection].append(Binding(slot, tag))
        self._supervisors = {
            name: Supervisor(each, bindings[name], factories[each.driver], sink, read, on_status, clock)
            for name, each in connections.items()
        }

    def tasks(self) -> list[tuple[str, Callable[[], "asyncio.Future[None]"]]]:
        """Return name and starter of one supervisor task a connection."""
        return [
            (f"connection-{name}", lambda each=each: asyncio.ensure_future(each.run()))  # type: ignore[misc]
            for name, each in self._supervisors.items()
        ]

    def replaced(self, name: str) -> tuple[int, int]:
        """Return how many connectors of a connection were replaced since start, and how many of them left behind."""
        supervisor = self._supervisors.get(name)
        return (0, 0) if supervisor is None else (supervisor.failures, supervisor.abandoned)

    def statuses(self) -> tuple[ConnectionStatus, ...]:
        """Return a snapshot of every connection, in the project's order."""
        return tuple(each.status() for each in self._supervisors.values())

    def status(self, name: str) -> ConnectionStatus:
        """Return a snapshot of one connection."""
        supervisor = self._supervisors.get(name)
        if supervisor is None:
            return ConnectionStatus(name, ConnectionState.STOPPED, self._clock.now_ns())
        return supervisor.status()

    def is_up(self, name: str) -> bool:
        """Tell whether a connection can carry a command now."""
        supervisor = self._supervisors.get(name)
        return supervisor is not None and supervisor.is_up

    async def write(self, tag: Tag, value: Value, timeout_s: float) -> WriteResult:
        """Write once through the tag's connection; fails at once where it does not run."""
        supervisor = self._supervisors.get(tag.connection)
        if supervisor is None:
            return WriteResult(BAD_NOT_CONNECTED, message=f"there is no connection '{tag.connection}'")
        return await supervisor.write(tag, value, timeout_s)

    async def probe(self, name: str, address: str) -> tuple[int, ...]:
        """Read what lies at an address of a connection's device, over the line that the connector holds.

        Raises:
            EnvironmentProblem: there is no such connection, it does not run, its devices have no such addresses, or
                the device does not answer or refuses.

        """
        supervisor = self._supervisors.get(name)
        if supervisor is None:
            raise EnvironmentProblem(f"no such connection: {name}")
        return await supervisor.probe(address)
