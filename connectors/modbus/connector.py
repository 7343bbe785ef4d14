"""Owner of one Modbus TCP line: connect, poll, recover, write."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from app.model import status as st
from app.model.address import AddressError, ModbusAddress
from app.model.clock import Clock
from app.model.connection import Binding, Connection, ConnectionState, ConnectionStatus, ConnectorFactory, WriteResult
from app.model.sample import SampleSink, Value
from app.model.tag import Tag
from app.model.text import LocalText
from connectors.backoff import Backoff
from connectors.health import Health
from connectors.ledger import Ledger
from connectors.modbus.codec import extract
from connectors.modbus.plan import Block, Item, forbidden, split
from connectors.modbus.schedule import ScanClass, scan_classes
from connectors.modbus.settings import ModbusSettings
from connectors.modbus.units import Units
from connectors.modbus.wire import DeviceRefusal, ModbusWire, SilenceError, WireError, quieten_library
from connectors.modbus.writing import prepare
from connectors.reasons import CLOSED
from connectors.recovery import serve_until_cancelled
from connectors.scaling import ValueRefused, to_engineering

_LOG = logging.getLogger(__name__)

IDLE_PROBE_S: Final = 2.0
"""A line without anything due for so long is asked for one block all the same, to know that it lives."""
_DIVISIBLE: Final = frozenset({2, 3})
"""Exceptions that one illegal address in a block, or a block too large, may cause."""


class ModbusConnector:
    """Implements app.model.connection.Connector over Modbus TCP; used from one event loop."""

    def __init__(
        self,
        connection: Connection,
        bindings: Sequence[Binding],
        sink: SampleSink,
        on_status: Callable[[ConnectionStatus], None],
        clock: Clock,
    ) -> None:
        quieten_library()
        self._connection = connection
        self._settings = ModbusSettings.of(connection)
        self._clock = clock
        self._ledger = Ledger(bindings, sink, clock)
        self._health = Health(connection.id, self._ledger, on_status, clock)
        self._addresses = tuple(_parse(tag) for tag in self._ledger.tags)
        items = [
            (Item(index, address), self._ledger.tags[index].scan_ms)
            for index, address in enumerate(self._addresses)
            if address is not None
        ]
        closed = {item.index for item in forbidden((item for item, _ in items), self._settings.limits)}
        self._unusable = closed | {index for index, address in enumerate(self._addresses) if address is None}
        self._classes = scan_classes(items, self._settings.limits)
        self._class_of = {item.index: cls for cls in self._classes for block in cls.blocks for item in block.items}
        self._units = Units({block.span.unit for _, block in self._blocks()}, self._settings.retry_s)
        self._illegal: dict[int, tuple[Block, float]] = {}
        self._failing: dict[Block, DeviceRefusal] = {}
        self._delivered = [float("-inf")] * len(self._ledger)
        self._wire: ModbusWire | None = None
        self._in_flight = asyncio.Lock()

    async def run(self) -> None:
        """Serve until cancelled; on cancellation the socket is closed."""
        self._health.enter(ConnectionState.CONNECTING)
        self._ledger.announce()
        await serve_until_cancelled(
            self._connection.id, self._serve, self._lose, _trouble, self._settings.reconnect_max_s
        )

    async def write(self, tag: Tag, value: Value, timeout_s: float) -> WriteResult:
        """Write one value once; see app.model.connection.Connector."""
        index = self._ledger.index_of(tag)
        address = None if index is None else self._addresses[index]
        if address is None:
            return WriteResult(st.BAD_CONFIGURATION_ERROR, message=f"{tag.name} has no address on this connection")
        if not tag.writable:
            return WriteResult(st.BAD_NOT_WRITABLE, message=f"{tag.name} is not writable by its configuration")
        wire = self._wire
        if wire is None or not self._is_line_open or not self._health.is_up:
            return WriteResult(st.BAD_NOT_CONNECTED, message="not connected; nothing was sent")
        deadline = self._clock.monotonic() + timeout_s
        try:
            send = prepare(tag, address, value, self._settings.mask_write)
            async with asyncio.timeout(timeout_s):
                await self._in_flight.acquire()
        except ValueRefused as error:
            return WriteResult(error.status, message=str(error))
        except TimeoutError:
            return WriteResult(st.BAD_TIMEOUT, message="the line was busy; nothing was sent")
        try:
            if not wire.is_open:  # another one, opened meanwhile, is not what the operator saw connected
                return WriteResult(st.BAD_NOT_CONNECTED, message="the connection was lost meanwhile; nothing was sent")
            await send(wire, max(0.01, deadline - self._clock.monotonic()))
        except DeviceRefusal as error:
            return WriteResult(error.status, known=error.decided, message=str(error))
        except WireError as error:
            status = st.BAD_TIMEOUT if isinstance(error, SilenceError) else st.BAD_COMMUNICATION_ERROR
            return WriteResult(status, known=False, message=str(error))
        finally:
            self._in_flight.release()
        return WriteResult(st.GOOD)

    def status(self) -> ConnectionStatus:
        """Return a snapshot."""
        return self._health.snapshot()

    async def _serve(self, backoff: Backoff) -> None:
        """Connect, and poll until the line is lost.

        Raises:
            WireError: it is.

        """
        for index in self._unusable:
            self._ledger.spoil(index, st.BAD_CONFIGURATION_ERROR)
        self._ledger.flush()
        self._units.wake()
        self._illegal = {index: (block, 0.0) for index, (block, _) in self._illegal.items()}
        for scan in self._classes:
            scan.reset()
        try:
            while True:
                await self._open()
                due = await self._next_due()
                if due is not None:
                    await self._round(due, backoff)
                else:
                    await self._prove_life(backoff)
        finally:
            self._drop_wire()

    @property
    def _is_line_open(self) -> bool:
        return self._wire is not None and self._wire.is_open

    async def _open(self) -> None:
        """Open a fresh socket where there is none, or the last one was dropped by us."""
        if self._is_line_open:
            return
        if self._wire is not None and not self._wire.dropped_by_us:
            raise WireError(CLOSED)
        async with self._in_flight:
            self._drop_wire()
            wire = ModbusWire(self._settings.host, self._settings.port)
            await wire.open(self._settings.timeout_s)
            self._wire = wire

    async def _next_due(self) -> ScanClass | None:
        """Wait until a class is due; None where the line must prove first that it lives."""
        scan = min(self._classes, key=lambda each: each.due, default=None)
        wait_s = IDLE_PROBE_S if scan is None else scan.due - self._clock.monotonic()
        if wait_s <= 0:
            await asyncio.sleep(0)
            return scan
        if self._doubted() is not None:
            return None
        closed = self._wire is not None and await self._wire.wait_closed(min(wait_s, IDLE_PROBE_S))
        return None if closed or wait_s > IDLE_PROBE_S else scan

    def _doubted(self) -> tuple[ScanClass, Block] | None:
        """Return a block of a unit that was silent once."""
        if not (doubted := self._units.doubted):
            return None
        return next(((scan, block) for scan, block in self._blocks() if block.span.unit in doubted), None)

    async def _prove_life(self, backoff: Backoff) -> None:
        """Read one block before its time."""
        now = self._clock.monotonic()
        awake = ((scan, block) for scan, block in self._blocks() if not self._units.rests(block.span.unit, now))
        chosen = self._doubted() or next(awake, None)
        if chosen is not None:
            await self._poll(*chosen, backoff)
        elif not self._units:
            self._judge()

    def _blocks(self) -> Iterator[tuple[ScanClass, Block]]:
        return ((scan, block) for scan in self._classes for block in scan.blocks)

    async def _round(self, scan: ScanClass, backoff: Backoff) -> None:
        """Read all blocks of a class once, and single addresses whose time for another try has come."""
        now = self._clock.monotonic()
        scan.begin(now)
        for block in tuple(scan.blocks):
            await self._poll(scan, block, backoff)
        tried = [index for index, (_, due) in self._illegal.items() if due <= now and self._class_of[index] is scan]
        for index in tried:
            await self._poll(scan, self._illegal[index][0], backoff)
        if any(index not in self._illegal for index in tried):
            scan.combine(self._settings.limits, self._illegal.keys())
            read = {block for _, block in self._blocks()}
            self._failing = {block: error for block, error in self._failing.items() if block in read}
        fastest = self._classes[0].achieved_s if self._classes else None
        self._health.period_ms = None if fastest is None else fastest * 1000

    async def _poll(self, scan: ScanClass, block: Block, backoff: Backoff) -> None:
        """Read one block and deliver it; a block that is refused as illegal is divided until the address is found.

        Raises:
            WireError: the line is lost.

        """
        unit = block.span.unit
        if self._units.rests(unit, self._clock.monotonic()):
            return
        await self._open()
        try:
            async with self._in_flight:
                wire = self._wire
                if wire is None or not self._is_line_open:
                    return
                before = self._clock.monotonic()
                data = await wire.read(block.span, self._settings.timeout_s)
                self._health.round_trip_ms = (self._clock.monotonic() - before) * 1000
        except SilenceError as error:
            self._silent(block, error.text)
        except DeviceRefusal as error:
            self._units.answered(unit)
            backoff.reset()
            await self._refused(scan, block, error, backoff)
        else:
            self._units.answered(unit)
            backoff.reset()
            self._failing.pop(block, None)
            if len(block.items) == 1:
                self._illegal.pop(block.items[0].index, None)
            self._deliver(block, data)
            self._judge()

    def _deliver(self, block: Block, data: Sequence[int] | Sequence[bool]) -> None:
        """Hand on what changed, and what was not handed on for the refresh time."""
        receive_ns, now = self._clock.now_ns(), self._clock.monotonic()
        for item in block.items:
            value: Value
            last = self._ledger.last(item.index)
            try:
                raw = extract(item.address, data, block.span.start)
                value, status = to_engineering(self._ledger.tags[item.index], raw), st.GOOD
            except ValueRefused as error:
                value, status = last.value, error.status
            old = now - self._delivered[item.index] >= self._settings.refresh_s
            if old or value != last.value or status != last.status:
                self._delivered[item.index] = now
                self._ledger.put(item.index, value, status, None, receive_ns)
        self._ledger.flush()

    async def _refused(self, scan: ScanClass, block: Block, error: DeviceRefusal, backoff: Backoff) -> None:
        self._failing.pop(block, None)
        halves = split(block) if error.code in _DIVISIBLE else None
        if halves is not None:
            scan.replace(block, halves)
            for half in halves:
                await self._poll(scan, half, backoff)
            return
        if error.code in _DIVISIBLE:
            if block in scan.blocks:
                scan.replace(block, ())
            self._illegal[block.items[0].index] = (block, self._clock.monotonic() + self._settings.retry_s)
        else:
            self._failing[block] = error
        for item in block.items:
            self._ledger.spoil(item.index, error.status)
        self._ledger.flush()
        self._judge()

    def _silent(self, block: Block, reason: LocalText) -> None:
        """Mark a block that was not answered; a unit that stays silent rests, and with all resting the line is lost.

        Raises:
            WireError: no unit of the line answers.

        """
        unit = block.span.unit
        gone = self._units.was_silent(unit, self._clock.monotonic())
        for item in self._items_of(unit) if gone else block.items:
            self._ledger.spoil(item.index, st.BAD_COMMUNICATION_ERROR)
        self._ledger.flush()
        if gone and self._units.none_answers:
            raise WireError(reason)
        if self._health.is_up:
            self._judge()

    def _items_of(self, unit: int) -> list[Item]:
        return [item for _, block in self._blocks() if block.span.unit == unit for item in block.items]

    def _judge(self) -> None:
        """Say whether the line is whole: every unit answers and every address exists."""
        if self._units.silent:
            units = ", ".join(map(str, self._units.silent))
            reason = LocalText(f"no answer from unit {units}", f"从站 {units} 无应答")
            self._health.enter(ConnectionState.DEGRADED, reason)
        elif self._illegal:
            first = self._ledger.tags[min(self._illegal)]
            count, what = len(self._illegal), f"{first.name} ({first.address})"
            reason = LocalText(
                f"{count} addresses refused, first {what}: illegal data address",
                f"{count} 个地址被拒绝，首个为 {what}：非法数据地址",
            )
            self._health.enter(ConnectionState.DEGRADED, reason)
        elif self._failing:
            block, error = next(iter(self._failing.items()))
            where = f"{block.span.table}{block.span.start}"
            reason = LocalText(f"{where}: {error}", f"{where}：设备返回异常 {error.code}")
            self._health.enter(ConnectionState.DEGRADED, reason)
        elif self._unusable:
            first = self._ledger.tags[min(self._unusable)]
            reason = LocalText(
                f"{len(self._unusable)} tags cannot be read, first {first.name}: its address is invalid or forbidden",
                f"{len(self._unusable)} 个位号无法读取，首个为 {first.name}：地址无效或不允许读取",
            )
            self._health.enter(ConnectionState.DEGRADED, reason)
        else:
            self._health.enter(ConnectionState.CONNECTED)

    def _lose(self, reason: LocalText, state: ConnectionState = ConnectionState.LOST) -> None:
        self._drop_wire()
        self._failing.clear()
        self._health.enter(state, reason)
        self._ledger.spoil_all(st.BAD_NO_COMMUNICATION)

    def _drop_wire(self) -> None:
        if self._wire is not None:
            self._wire.close()
            self._wire = None


create: ConnectorFactory = ModbusConnector
"""Raises ProjectError where the endpoint or an option is not allowed."""


def _trouble(error: Exception) -> LocalText | None:
    return error.text if isinstance(error, WireError) else None


def _parse(tag: Tag) -> ModbusAddress | None:
    try:
        return ModbusAddress.parse(tag.address)
    except AddressError as error:
        _LOG.error("tag %s: %s", tag.name, error)
        return None
