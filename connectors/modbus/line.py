"""Owner of one line: its socket or port, who may use it now, and the pause between two requests."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from app.model.clock import Clock
from connectors.modbus.errors import SilenceError, WireError
from connectors.modbus.plan import Span
from connectors.modbus.settings import ModbusSettings
from connectors.modbus.wire import ModbusWire
from connectors.reasons import CLOSED


class NotSentError(Exception):
    """A request was not sent, because the line is not open; the text says why."""


class BusyError(NotSentError):
    """A request was not sent, because others were in flight all the time that it had."""


class Line:
    """One request in flight at a time, whichever unit it is for; used from one event loop.

    Attributes:
        round_trip_ms: duration of the last read.
        resting: the socket was closed on purpose, because nothing is due.

    """

    def __init__(self, settings: ModbusSettings, clock: Clock) -> None:
        self.round_trip_ms: float | None = None
        self.resting = False
        self._settings = settings
        self._clock = clock
        self._wire: ModbusWire | None = None
        self._in_flight = asyncio.Lock()
        self._not_before = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the socket is connected."""
        return self._wire is not None and self._wire.is_open

    async def open(self) -> None:
        """Open a fresh socket where there is none, or the last one was dropped by us.

        Raises:
            WireError: the other side closed the last one, or the new one cannot be opened.

        """
        self.resting = False  # a write that opened the line meanwhile leaves it open
        if self.is_open:
            return
        if self._wire is not None and not self._wire.dropped_by_us:
            raise WireError(CLOSED)
        async with self._in_flight:
            if not self.is_open:
                await self._open()

    async def read(self, span: Span) -> Sequence[int] | Sequence[bool] | None:
        """Read a block; None where the socket was dropped meanwhile, so that nothing was sent.

        Raises:
            DeviceRefusal, WireError: as ModbusWire.read.

        """
        async with self._in_flight:
            await self._pause()
            wire = self._wire
            if wire is None or not wire.is_open:
                return None
            before = self._clock.monotonic()
            silent = False
            try:
                return await wire.read(span, self._settings.timeout_s)
            except SilenceError:
                silent = True
                raise
            finally:
                self.round_trip_ms = (self._end(silent) - before) * 1000

    @asynccontextmanager
    async def turn(self, timeout_s: float) -> AsyncIterator[ModbusWire]:
        """Wait for the turn of a request of one's own, and give the socket that it goes over.

        Raises:
            BusyError: the line was busy for so long.
            NotSentError: it is not open, or was lost meanwhile: another socket is not what the operator saw connected.

        """
        wire = self._wire
        try:
            async with asyncio.timeout(timeout_s):
                await self._in_flight.acquire()
        except TimeoutError:
            raise BusyError("the line was busy") from None
        try:
            await self._pause()
            if self.resting:
                try:
                    wire = await self._open()
                except WireError as error:
                    raise NotSentError(str(error)) from None
                self.resting = True
            elif wire is None or not self._serves(wire):
                raise NotSentError("the connection was lost meanwhile")
            silent = False
            try:
                yield wire
            except SilenceError:
                silent = True
                raise
            finally:
                self._end(silent)
        finally:
            if self.resting:
                self.drop()
            self._in_flight.release()

    async def rest(self) -> None:
        """Close the socket until something is due, or is written."""
        if not self.resting:
            async with self._in_flight:
                self.drop()
                self.resting = True

    async def wait_closed(self, timeout_s: float) -> bool:
        """Wait, at most ``timeout_s``, for the socket to be closed by the other side; tell whether it was."""
        return self._wire is not None and await self._wire.wait_closed(timeout_s)

    def drop(self) -> None:
        """Close the socket, if there is one, and forget it."""
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    def _serves(self, wire: ModbusWire) -> bool:
        return self._wire is wire and wire.is_open

    async def _open(self) -> ModbusWire:
        self.drop()
        self.resting = False
        wire = ModbusWire(self._settings.path)
        await wire.open(self._settings.timeout_s)
        self._wire = wire
        return wire

    async def _pause(self) -> None:
        """Leave the devices the time they need since the last request ended."""
        wait_s = self._not_before - self._clock.monotonic()
        if wait_s > 0:
            await asyncio.sleep(wait_s)

    def _end(self, silent: bool) -> float:
        """Note that a request ends, and return the time (monotonic seconds).

        Where answers have no transaction number, a late one must not meet the next request: the line is left alone.
        """
        now = self._clock.monotonic()
        pause_s = self._settings.request_delay_s
        if silent and self._settings.path.late_answers:
            pause_s = max(pause_s, self._settings.timeout_s)
        self._not_before = now + pause_s
        return now
