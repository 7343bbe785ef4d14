"""The connector of one Modbus line: parts put together, recovery, and writes."""

import functools
import logging
from collections.abc import Callable, Sequence
from typing import Final

from app.model import status as st
from app.model.address import AddressError, ModbusAddress
from app.model.clock import Clock
from app.model.connection import (
    Binding,
    Connection,
    ConnectionState,
    ConnectionStatus,
    ConnectorFactory,
    Promise,
    WriteResult,
)
from app.model.errors import EnvironmentProblem
from app.model.keystore import Keystore
from app.model.sample import SampleSink, Value
from app.model.tag import Tag
from app.model.text import LocalText
from connectors.backoff import Backoff
from connectors.health import Health
from connectors.heartbeat import Heartbeat
from connectors.ledger import Ledger
from connectors.modbus.errors import SilenceError, WireError
from connectors.modbus.line import BusyError, Line, NotSentError
from connectors.modbus.plan import Item, Span
from connectors.modbus.poller import Poller
from connectors.modbus.probe import probe
from connectors.modbus.refusal import DeviceRefusal
from connectors.modbus.settings import ModbusSettings
from connectors.modbus.wire import quieten_library
from connectors.modbus.writing import prepare
from connectors.reasons import located
from connectors.recovery import serve_until_cancelled
from connectors.scaling import ValueRefused

_LOG = logging.getLogger(__name__)

PROBE_TIMEOUT_S: Final = 5.0
"""How long a probe waits for its turn."""


class ModbusConnector:
    """Implements app.model.connection.Connector over Modbus; used from one event loop."""

    def __init__(
        self,
        connection: Connection,
        bindings: Sequence[Binding],
        sink: SampleSink,
        on_status: Callable[[ConnectionStatus], None],
        clock: Clock,
        keystore: Keystore | None = None,
    ) -> None:
        quieten_library()
        self._connection = connection
        self._settings = ModbusSettings.of(connection, keystore)
        self._clock = clock
        self._ledger = Ledger(bindings, sink, clock)
        self._health = Health(connection.id, self._ledger, on_status, clock)
        self._addresses = tuple(_parse(tag) for tag in self._ledger.tags)
        self._line = Line(self._settings, clock)
        heartbeat = Heartbeat(connection, self._ledger, clock)
        self._poller = Poller(
            [
                (Item(index, address), self._ledger.tags[index].scan_ms)
                for index, address in enumerate(self._addresses)
                if address is not None
            ],
            frozenset(index for index, address in enumerate(self._addresses) if address is None),
            self._line, self._ledger, self._health, heartbeat, self._settings, clock,
        )  # fmt: skip

    async def run(self) -> None:
        """Serve until cancelled; on cancellation the socket is closed."""
        self._health.enter(ConnectionState.CONNECTING)
        self._ledger.announce()
        await serve_until_cancelled(
            self._connection.id, self._serve, self._lose, _trouble, self._settings.reconnect_max_s, self._health.promise
        )

    async def write(self, tag: Tag, value: Value, timeout_s: float) -> WriteResult:
        """Write one value once; see app.model.connection.Connector."""
        index = self._ledger.index_of(tag)
        address = None if index is None else self._addresses[index]
        if address is None:
            return WriteResult(st.BAD_CONFIGURATION_ERROR, message=f"{tag.name} has no address on this connection")
        if not tag.writable:
            return WriteResult(st.BAD_NOT_WRITABLE, message=f"{tag.name} is not writable by its configuration")
        if not self._health.is_up or not (self._line.is_open or self._line.resting):
            return WriteResult(st.BAD_NOT_CONNECTED, message="not connected; nothing was sent")
        deadline = self._clock.monotonic() + timeout_s
        try:
            send = prepare(tag, address, value, self._settings.write_functions)
            async with self._line.turn(timeout_s) as wire:
                await send(wire, max(0.01, deadline - self._clock.monotonic()))
        except ValueRefused as error:
            return WriteResult(error.status, message=str(error))
        except NotSentError as error:
            status = st.BAD_TIMEOUT if isinstance(error, BusyError) else st.BAD_NOT_CONNECTED
            return WriteResult(status, message=f"{error}; nothing was sent")
        except DeviceRefusal as error:
            return WriteResult(error.status, known=error.decided, message=str(error))
        except WireError as error:
            status = st.BAD_TIMEOUT if isinstance(error, SilenceError) else st.BAD_COMMUNICATION_ERROR
            return WriteResult(status, known=False, message=str(error))
        return WriteResult(st.GOOD)

    async def probe(self, address: str) -> tuple[int, ...]:
        """Read what lies at an address; see app.model.connection.Prober."""
        if not self._health.is_up or not (self._line.is_open or self._line.resting):
            why = self._health.snapshot().error
            raise EnvironmentProblem(f"connection '{self._connection.id}' is not connected{why and f': {why}'}")

        async def read(span: Span) -> Sequence[int] | Sequence[bool]:
            try:
                async with self._line.turn(PROBE_TIMEOUT_S) as wire:
                    return await wire.read(span, self._settings.timeout_s)
            except NotSentError as error:
                raise EnvironmentProblem(f"{error}; nothing was read") from None

        return await probe(address, self._settings.limits, read)

    def status(self) -> ConnectionStatus:
        """Return a snapshot."""
        return self._health.snapshot()

    def promise(self) -> Promise | None:
        """Return what is waited for now."""
        return self._health.promised

    async def _serve(self, backoff: Backoff) -> None:
        """Connect, and poll until the line is lost; raises WireError then."""
        try:
            await self._poller.run(backoff)
        finally:
            self._line.drop()

    def _lose(self, reason: LocalText, state: ConnectionState = ConnectionState.LOST) -> None:
        self._line.drop()
        self._poller.lost()
        self._health.enter(state, located(reason, self._connection.endpoint))
        self._ledger.spoil_all(st.BAD_NO_COMMUNICATION)


create: ConnectorFactory = ModbusConnector
"""For connections without a private key. Raises ProjectError where the endpoint or an option is not allowed."""


def factory(keystore: Keystore) -> ConnectorFactory:
    """Return what makes connectors that find the pass phrases of their keys there."""
    return functools.partial(ModbusConnector, keystore=keystore)


def _trouble(error: Exception) -> LocalText | None:
    return error.text if isinstance(error, WireError) else None


def _parse(tag: Tag) -> ModbusAddress | None:
    try:
        return ModbusAddress.parse(tag.address)
    except AddressError as error:
        _LOG.error("tag %s: %s", tag.name, error)
        return None
