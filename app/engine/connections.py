"""All connections of the plant, each under a supervisor of its own."""

import asyncio
import contextlib
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from app.engine.layout import Layout
from app.engine.supervisor import Supervisor
from app.engine.tasks import end_tasks
from app.model.browsing import BrowseResult
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
from app.model.external_alarm import AlarmCall, AlarmCallResult, ExternalEvent
from app.model.sample import Sample, SampleSink, Value
from app.model.status import BAD_NOT_CONNECTED
from app.model.tag import Limits, Tag
from app.model.text import LocalText

_UNSEEN: Final[dict[str, Any]] = {
    "description": LocalText(), "area": "", "unit": "", "decimals": 0, "limits": Limits(), "retention": "",
    "frozen_s": 0.0, "valid_low": None, "valid_high": None, "equipment": "", "member": "",
}  # fmt: skip
"""A change of these restarts no connector."""


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
        self._factories, self._clock = factories, clock
        self._sink, self._read, self._on_status = sink, read, on_status
        self._alarm_sink: Callable[[str, ExternalEvent], None] | None = None
        self._tags = _by_connection(connections, tags)
        self._supervisors = {name: self._supervisor(each) for name, each in connections.items()}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._defect: asyncio.Future[None] | None = None

    async def run(self) -> None:
        """Run every connection until cancelled; raises where a supervisor ends by itself, which is a defect."""
        self._defect = asyncio.get_running_loop().create_future()
        for name in self._supervisors:
            self._start(name)
        try:
            await self._defect
        finally:
            self._defect.cancel()
            ending = asyncio.ensure_future(end_tasks(tuple(self._running.values())))
            while not ending.done():  # bounded, whatever is said meanwhile: none may deliver once the store is closed
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.wait({ending})

    def relocate(self, layout: Layout) -> None:
        """Let what connectors deliver from now on reach the slots that their tags have now; ``redefine`` afterwards."""
        for each in self._supervisors.values():
            each.relocate(layout)

    async def redefine(self, connections: Mapping[str, Connection], tags: Sequence[Tag]) -> tuple[str, ...]:
        """Take other connections and tags; return which connections were ended, made or made anew.

        All others go on and notice nothing.
        """
        wanted = _by_connection(connections, tags)
        same = {
            name
            for name, each in connections.items()
            if name in self._supervisors
            and each == self._supervisors[name].connection
            and _seen(wanted[name]) == _seen(self._tags[name])
        }
        touched = [name for name in (*self._supervisors, *connections) if name not in same]
        ended = [self._running.pop(name) for name in dict.fromkeys(touched) if name in self._running]
        await end_tasks(ended)
        before, self._tags = self._supervisors, wanted
        self._supervisors = {
            name: before[name] if name in same else self._supervisor(each, known=True)
            for name, each in connections.items()
        }
        if self._defect is not None:
            for name in connections.keys() - same:
                self._start(name)
        return tuple(dict.fromkeys(touched))

    def watch_alarms(self, sink: Callable[[str, ExternalEvent], None]) -> None:
        """Tell the sink, with the connection's name, what devices say of alarms that they judge."""
        self._alarm_sink = sink
        for name, supervisor in self._supervisors.items():
            supervisor.alarm_sink = functools.partial(sink, name)

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

    async def call_alarm(self, name: str, call: AlarmCall, timeout_s: float) -> AlarmCallResult:
        """Ask a connection's device once for something about one of its alarms; fails at once where it does not run."""
        supervisor = self._supervisors.get(name)
        if supervisor is None:
            return AlarmCallResult(BAD_NOT_CONNECTED, message=LocalText(f"there is no connection '{name}'"))
        return await supervisor.call_alarm(call, timeout_s)

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

    async def browse(self, name: str, address: str, depth: int) -> BrowseResult:
        """Return what stands below a node of a connection's server, through the session that the connector holds.

        Raises:
            EnvironmentProblem: there is no such connection, it does not run or cannot be browsed, or the server does
                not know the node.

        """
        supervisor = self._supervisors.get(name)
        if supervisor is None:
            raise EnvironmentProblem(f"no such connection: {name}")
        return await supervisor.browse(address, depth)

    def _supervisor(self, connection: Connection, *, known: bool = False) -> Supervisor:
        bindings = [
            Binding(slot, tag, self._read(tag.name) if known else None)
            for slot, tag in self._tags[connection.id].items()
        ]
        factory = self._factories[connection.driver]
        made = Supervisor(connection, bindings, factory, self._sink, self._read, self._on_status, self._clock)
        if self._alarm_sink is not None:
            made.alarm_sink = functools.partial(self._alarm_sink, connection.id)
        return made

    def _start(self, name: str) -> None:
        task = asyncio.create_task(self._supervisors[name].run(), name=f"connection-{name}")
        self._running[name] = task
        task.add_done_callback(functools.partial(self._ended, name))

    def _ended(self, name: str, task: "asyncio.Task[None]") -> None:
        defect = self._defect
        if self._running.get(name) is not task or task.cancelled() or defect is None or defect.done():
            return
        defect.set_exception(task.exception() or RuntimeError(f"the supervisor of connection {name} ended by itself"))


def _by_connection(connections: Mapping[str, Connection], tags: Sequence[Tag]) -> dict[str, dict[int, Tag]]:
    """Return the tags of each connection by slot."""
    found: dict[str, dict[int, Tag]] = {name: {} for name in connections}
    for slot, tag in enumerate(tags):
        if tag.connection:
            found[tag.connection][slot] = tag
    return found


def _seen(tags: Mapping[int, Tag]) -> dict[str, Tag]:
    """Return tags by name without what no connector looks at; neither does any look at slots."""
    return {tag.name: replace(tag, **_UNSEEN) for tag in tags.values()}
