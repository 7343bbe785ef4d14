"""Owner of one line: its socket, who may use it now, and the pause between two requests."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from app.model.clock import Clock
from connectors.modbus.plan import Span
from connectors.modbus.settings import ModbusSettings
from connectors.modbus.wire import ModbusWire, WireError
from connectors.reasons import CLOSED


class Line:
    """One request in flight at a time, whichever unit it is for; used from one event loop.

    Attributes:
        round_trip_ms: duration of the last read that was answered.

    """

    def __init__(self, settings: ModbusSettings, clock: Clock) -> None:
        self.round_trip_ms: float | None = None
        self._settings = settings
        self._clock = clock
        self._wire: ModbusWire | None = None
        self._in_flight = asyncio.Lock()

    @property
    def is_open(self) -> bool:
        """Whether the socket is connected."""
        return self._wire is not None and self._wire.is_open

    @property
    def wire(self) -> ModbusWire | None:
        """The socket, or the last one; None where none was opened or it was dropped for good."""
        return self._wire

    async def open(self) -> None:
        """Open a fresh socket where there is none, or the last one was dropped by us.

        Raises:
            WireError: the other side closed the last one, or the new one cannot be opened.

        """
        if self.is_open:
            return
        if self._wire is not None and not self._wire.dropped_by_us:
            raise WireError(CLOSED)
        async with self._in_flight:
            if not self.is_open:
                await self._open()

    async def read(self, span: Span) -> Sequence[int] | Sequence[bool] | None:
        """Read a block; None where a write dropped the socket meanwhile, so that nothing was sent.

        Raises:
            DeviceRefusal, WireError: as ModbusWire.read.

        """
        async with self._in_flight:
            wire = self._wire
            if wire is None or not wire.is_open:
                return None
            before = self._clock.monotonic()
            data = await wire.read(span, self._settings.timeout_s)
            self.round_trip_ms = (self._clock.monotonic() - before) * 1000
            return data

    @asynccontextmanager
    async def turn(self, timeout_s: float) -> AsyncIterator[None]:
        """Wait for the turn of a request of one's own.

        Raises:
            TimeoutError: the line was busy for so long.

        """
        async with asyncio.timeout(timeout_s):
            await self._in_flight.acquire()
        try:
            yield
        finally:
            self._in_flight.release()

    def serves(self, wire: ModbusWire) -> bool:
        """Tell whether requests still go over this socket."""
        return self._wire is wire and wire.is_open

    async def wait_closed(self, timeout_s: float) -> bool:
        """Wait, at most ``timeout_s``, for the socket to be closed by the other side; tell whether it was."""
        return self._wire is not None and await self._wire.wait_closed(timeout_s)

    def drop(self) -> None:
        """Close the socket, if there is one, and forget it."""
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    async def _open(self) -> None:
        self.drop()
        wire = ModbusWire(self._settings.host, self._settings.port)
        await wire.open(self._settings.timeout_s)
        self._wire = wire
