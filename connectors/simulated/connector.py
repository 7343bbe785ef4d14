"""The connector of a simulated connection: made-up values, and writes that come back as a device's would."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.model import status as st
from app.model.clock import Clock
from app.model.command import CommandDefinition, CommandKind
from app.model.connection import (
    Binding,
    Connection,
    ConnectionState,
    ConnectionStatus,
    ConnectorFactory,
    Promise,
    WriteResult,
)
from app.model.sample import SampleSink, Value
from app.model.tag import DataType, Tag
from app.model.text import LocalText
from connectors.health import Health
from connectors.ledger import Ledger
from connectors.reasons import NEXT_ROUND
from connectors.simulated.signals import Signals

STATUS: Final = st.GOOD_LOCAL_OVERRIDE
"""Of every value: good, so that interlocks and commands work, and yet none that a device gave."""
REMOTE: Final = 1
"""State of a local/remote switch that permits commands."""
_NOTE: Final = LocalText("simulated: its values are made up, no device is asked", "仿真：数值为模拟产生，未与设备通信")
_NUMERIC: Final = frozenset({DataType.FLOAT, DataType.INT})
_STATES: Final = frozenset({DataType.BOOL, DataType.ENUM})


class SimulatedConnector:
    """Implements app.model.connection.Connector without a device; used from one event loop.

    What is measured moves within its range, states of an enum change; a boolean rests, for it is mostly a fault.
    What is written stays so, and so do the feedbacks of commands: each becomes what its command waits for.
    """

    def __init__(
        self,
        connection: Connection,
        bindings: Sequence[Binding],
        sink: SampleSink,
        on_status: Callable[[ConnectionStatus], None],
        clock: Clock,
        commands: Callable[[], Iterable[CommandDefinition]] = tuple,
    ) -> None:
        """``commands`` tells those of the plant as it is now: a reload may change them while this goes on."""
        self._clock = clock
        self._ledger = Ledger(bindings, sink, clock)
        self._health = Health(connection.id, self._ledger, on_status, clock)
        self._tags = self._ledger.tags
        self._signals = Signals(self._tags)
        self._index = {tag.name: index for index, tag in enumerate(self._tags)}
        self._all_commands = commands
        known = self._commands()
        switches = {command.local_remote for command in known}
        self._switches = [self._index[name] for name in switches if name in self._index]
        held = {self._index[command.feedback] for command in known if command.feedback in self._index}
        held |= {i for i, tag in enumerate(self._tags) if tag.writable or tag.data_type is DataType.BOOL}
        self._held = sorted(held)
        self._classes = self._scan_classes(held)

    async def run(self) -> None:
        """Serve until cancelled."""
        self._ledger.announce()
        self._health.enter(ConnectionState.SIMULATED, _NOTE)
        self._begin()
        due_s = [self._clock.monotonic()] * len(self._classes)
        while True:
            now_s = self._clock.monotonic()
            for number, (period_s, numbers, states) in enumerate(self._classes):
                if due_s[number] <= now_s:
                    due_s[number] = max(now_s, due_s[number] + period_s)
                    self._bring(numbers, states, now_s)
            self._ledger.flush()
            wait_s = max(0.001, min(due_s, default=now_s + 1.0) - self._clock.monotonic())
            self._health.promise(wait_s, NEXT_ROUND)
            await asyncio.sleep(wait_s)

    async def write(self, tag: Tag, value: Value, timeout_s: float) -> WriteResult:
        """Take a value, and let the feedbacks of the tag's commands follow at once."""
        index = self._ledger.index_of(tag)
        if index is None or not tag.writable:
            return WriteResult(st.BAD_NOT_WRITABLE, message=f"{tag.name} is not writable by its configuration")
        if not self._health.is_up:
            return WriteResult(st.BAD_NOT_CONNECTED, message="the simulation does not run")
        self._put(index, value)
        for command in self._commands():
            if command.target == tag.name and command.feedback in self._index:
                follows = _feedback(command, value)
                if follows is not None:
                    self._put(self._index[command.feedback], follows)
        self._ledger.flush()
        return WriteResult(st.GOOD)

    def status(self) -> ConnectionStatus:
        """Return a snapshot."""
        return self._health.snapshot()

    def promise(self) -> Promise | None:
        """Return the promise of the wait that it is in."""
        return self._health.promised

    def _commands(self) -> list[CommandDefinition]:
        return [command for command in self._all_commands() if command.target in self._index]

    def _scan_classes(self, held: set[int]) -> list[tuple[float, NDArray[np.uint32], list[int]]]:
        """Return of each scan class its period (s), and the numbers and states that move."""
        classes = []
        for scan_ms in sorted({tag.scan_ms for tag in self._tags}):
            moving = [i for i, tag in enumerate(self._tags) if tag.scan_ms == scan_ms and i not in held]
            numbers = [index for index in moving if self._tags[index].data_type in _NUMERIC]
            states = [index for index in moving if self._tags[index].data_type is DataType.ENUM]
            classes.append((scan_ms / 1000.0, np.array(numbers, np.uint32), states))
        return classes

    def _begin(self) -> None:
        """Give what does not move its value."""
        for index in self._held:
            tag = self._tags[index]
            if tag.data_type in _NUMERIC:
                self._put(index, self._signals.rest(index))
            elif tag.data_type in _STATES:
                self._put(index, self._signals.first_state(index))
        for index in self._switches:
            self._put(index, REMOTE)
        for command in self._commands():
            low, high = command.low, command.high
            if command.kind is CommandKind.SETPOINT and low is not None and high is not None:
                for name in (command.target, command.feedback):
                    if name in self._index:
                        self._put(self._index[name], (low + high) / 2.0)
        for index, tag in enumerate(self._tags):
            if tag.data_type is DataType.STRING:
                self._put(index, "simulated")
        self._ledger.flush()

    def _bring(self, numbers: NDArray[np.uint32], states: Sequence[int], now_s: float) -> None:
        now_ns, count = self._clock.now_ns(), len(numbers)
        status, times = np.full(count, STATUS, np.uint32), np.full(count, now_ns, np.int64)
        self._ledger.put_columns(numbers.copy(), self._signals.numbers(numbers, now_s), status, times, now_ns)
        for index in states:
            state = self._signals.state(index, now_s)
            last = self._ledger.last(index)
            if last.status != STATUS or last.number != state:
                self._put(index, state)

    def _put(self, index: int, value: Value) -> None:
        data_type = self._tags[index].data_type
        if value is not None and not isinstance(value, str):
            value = {DataType.BOOL: bool, DataType.INT: int, DataType.ENUM: int}.get(data_type, float)(value)
        self._ledger.put(index, value, STATUS, None, self._clock.now_ns())


def _feedback(command: CommandDefinition, value: Value) -> Value:
    """Return what the feedback of a command shows once this value was written; None: it was another command."""
    if command.kind is CommandKind.SETPOINT:
        return value
    wrote_it = command.value is not None and value is not None and not isinstance(value, str)
    if wrote_it and command.value == value and command.expect:
        return command.expect[0]
    return None


def factory(commands: Callable[[], Iterable[CommandDefinition]]) -> ConnectorFactory:
    """Return what makes simulated connectors; ``commands`` tells those of the plant as it is now."""

    def make(
        connection: Connection,
        bindings: Sequence[Binding],
        sink: SampleSink,
        on_status: Callable[[ConnectionStatus], None],
        clock: Clock,
    ) -> SimulatedConnector:
        return SimulatedConnector(connection, bindings, sink, on_status, clock, commands)

    return make
