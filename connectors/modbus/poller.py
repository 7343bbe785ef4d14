"""Reads all blocks of a line in time: rounds, silent units, and addresses that the device does not have."""

import asyncio
import math
from collections.abc import Iterator, Sequence
from typing import Final

from app.model import status as st
from app.model.clock import Clock
from app.model.connection import ScanStatus
from app.model.text import LocalText
from connectors.backoff import Backoff
from connectors.health import Health
from connectors.heartbeat import Heartbeat
from connectors.ledger import Ledger
from connectors.modbus.delivery import Delivery
from connectors.modbus.errors import SilenceError, WireError
from connectors.modbus.line import Line
from connectors.modbus.plan import Block, Item, split, unreadable
from connectors.modbus.refusal import DeviceRefusal
from connectors.modbus.schedule import ScanClass, around, most_urgent, scan_classes
from connectors.modbus.settings import ModbusSettings
from connectors.modbus.units import Units
from connectors.modbus.verdict import judge
from connectors.reasons import NEXT_ROUND, TO_ANSWER, TO_CONNECT

IDLE_PROBE_S: Final = 2.0
"""A line without anything due for so long is asked for one block all the same, to know that it lives."""
WRITE_S: Final = 10.0
"""Longest time that a write may keep the line."""
_DIVISIBLE: Final = frozenset({2, 3})
"""Exceptions that one illegal address in a block, or a block too large, may cause."""


class Poller:
    """Reads what the items want from a line, until the line is lost.

    Args:
        items: what is wanted, with the wanted periods (ms).
        invalid: indices of tags whose address is none.

    """

    def __init__(
        self,
        items: Sequence[tuple[Item, int]],
        invalid: frozenset[int],
        line: Line,
        ledger: Ledger,
        health: Health,
        heartbeat: Heartbeat,
        settings: ModbusSettings,
        clock: Clock,
    ) -> None:
        self._line = line
        self._ledger = ledger
        self._health = health
        self._heartbeat = heartbeat
        self._settings = settings
        self._clock = clock
        self._unusable = invalid | {item.index for item in unreadable((item for item, _ in items), settings.limits)}
        self._classes = scan_classes(items, settings.limits)
        self._class_of = {item.index: cls for cls in self._classes for item in cls.items}
        self._units = Units({block.span.unit for _, block in self._blocks()}, settings.retry_s)
        self._delivery = Delivery(ledger, clock, settings.refresh_s)
        self._illegal: dict[int, tuple[Block, float, DeviceRefusal]] = {}
        """Of a refused address: what reads it alone, when that is tried again, and how it was refused."""
        self._failing: dict[Block, DeviceRefusal] = {}

    async def run(self, backoff: Backoff) -> None:
        """Poll until the line is lost; the wait between attempts to connect is reset by every answer.

        Raises:
            WireError: it is.

        """
        for index in self._unusable:
            self._ledger.spoil(index, st.BAD_CONFIGURATION_ERROR)
        self._ledger.flush()
        self._units.wake()
        self._illegal = {index: (block, 0.0, error) for index, (block, _, error) in self._illegal.items()}
        for each in self._classes:
            each.reset()
        self._promise(0.0, TO_CONNECT)
        await self._line.open()
        while True:
            scan = await self._next_due()
            if scan is not None:
                await self._step(scan, backoff)
            else:
                await self._prove_life(backoff)

    def lost(self) -> None:
        """Note that every tag was given a bad status."""
        self._failing.clear()
        self._delivery.forget()

    async def _next_due(self) -> ScanClass | None:
        """Wait until a class is due; None where the line must prove first that it lives."""
        while True:
            now = self._clock.monotonic()
            if (urgent := most_urgent(self._classes, now)) is not None:
                return urgent
            if self._doubted() is not None:
                return None
            next_due = min(self._classes, key=lambda scan: scan.due, default=None)
            due = math.inf if next_due is None else next_due.due
            if self._settings.close_after_poll and next_due is not None:
                self._promise(min(due, self._units.next_wake(now)) - now, NEXT_ROUND)
                await self._line.rest()
                await asyncio.sleep(min(due, self._units.next_wake(now)) - self._clock.monotonic())
                continue
            await self._line.open()
            wake = min(due, now + IDLE_PROBE_S, self._units.next_wake(now))
            self._promise(wake - now, NEXT_ROUND)
            if await self._line.wait_closed(wake - now):
                return None
            if wake == due and next_due is not None:
                return next_due
            if wake == now + IDLE_PROBE_S:
                return None

    def _doubted(self) -> tuple[ScanClass, Block] | None:
        """Return a block of a unit that was silent once, or whose rest is over."""
        if not (doubted := self._units.doubted(self._clock.monotonic())):
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

    async def _step(self, scan: ScanClass, backoff: Backoff) -> None:
        """Read the next block of a class, and after the last one the single addresses that are to be tried again."""
        if not scan.under_way:
            scan.begin(self._clock.monotonic())
            self._tell_period()
        block = scan.next()
        if block is not None:
            await self._poll(scan, block, backoff)
        if not scan.under_way:
            await self._retry(scan, backoff)

    def _tell_period(self) -> None:
        self._health.scans = tuple(_status(scan) for scan in self._classes)
        self._health.period_ms = self._health.scans[0].achieved_ms

    async def _retry(self, scan: ScanClass, backoff: Backoff) -> None:
        now = self._clock.monotonic()
        tried = [i for i, (_, due, _) in self._illegal.items() if due <= now and self._class_of[i] is scan]
        for index in tried:
            if index in self._illegal:
                await self._poll(scan, self._illegal[index][0], backoff)
        if any(index not in self._illegal for index in tried):
            scan.combine(self._settings.limits, self._illegal.keys())
            self._delivery.forget()
            read = {block for _, block in self._blocks()}
            self._failing = {block: error for block, error in self._failing.items() if block in read}

    async def _poll(self, scan: ScanClass, block: Block, backoff: Backoff) -> None:
        """Read one block and deliver it; a block that is refused as illegal is divided until the address is found.

        Raises:
            WireError: the line is lost.

        """
        refusal = await self._try(block, backoff)
        if refusal is None:
            return
        parts: list[Block] = []
        if refusal.code in _DIVISIBLE:
            found = await self._divide(block, refusal, parts, backoff)
            if found and len(block.items) > 1:  # the rest is read in as few requests as go around them
                parts = around(block.items, self._settings.limits, found)
        if block in scan.blocks and refusal.code in _DIVISIBLE:
            scan.replace(block, parts)
            self._delivery.forget()
        self._judge()

    async def _divide(self, block: Block, refusal: DeviceRefusal, parts: list[Block], backoff: Backoff) -> set[int]:
        """Find what a block was refused for: return the tags whose addresses are illegal; ``parts`` gets the rest."""
        self._failing.pop(block, None)
        halves = split(block)
        if halves is None:
            index = block.items[0].index
            self._illegal[index] = (block, self._clock.monotonic() + self._settings.retry_s, refusal)
            self._delivery.spoil([block], refusal.status)
            return {index}
        found: set[int] = set()
        for half in halves:
            error = await self._try(half, backoff)
            if error is not None and error.code in _DIVISIBLE:
                found |= await self._divide(half, error, parts, backoff)
            else:
                parts.append(half)
        return found

    async def _try(self, block: Block, backoff: Backoff) -> DeviceRefusal | None:
        """Read a block and deliver it, unless its unit rests; return how the device refused it.

        Raises:
            WireError: the line is lost.

        """
        unit = block.span.unit
        if self._units.rests(unit, self._clock.monotonic()):
            await asyncio.sleep(0)  # a line that is always behind must not hold up the loop
            return None
        self._promise(0.0, TO_ANSWER)
        await self._line.open()
        try:
            data = await self._line.read(block.span)
        except SilenceError as error:
            self._silent(block, error)
            return None
        except DeviceRefusal as error:
            self._units.answered(unit)
            backoff.reset()
            if error.code not in _DIVISIBLE:
                self._failing[block] = error
                self._delivery.spoil([block], error.status)
            return error
        if data is None:
            return None
        self._health.round_trip_ms = self._line.round_trip_ms
        self._units.answered(unit)
        backoff.reset()
        self._failing.pop(block, None)
        if len(block.items) == 1:
            self._illegal.pop(block.items[0].index, None)
        self._delivery.take(block, data)
        self._judge()
        return None

    def _promise(self, seconds: float, awaited: LocalText) -> None:
        """Promise to go on after a wait: the line may first be opened, and have a write under way."""
        self._health.promise(seconds + WRITE_S + 3 * self._settings.timeout_s + self._settings.request_delay_s, awaited)

    def _silent(self, block: Block, error: SilenceError) -> None:
        """Mark a block that was not answered; a unit that stays silent rests, and with all resting the line is lost.

        Raises:
            WireError: no unit of the line answers.

        """
        unit = block.span.unit
        gone = self._units.was_silent(unit, self._clock.monotonic())
        of_unit = [each for _, each in self._blocks() if each.span.unit == unit]
        self._delivery.spoil(of_unit if gone else [block], st.BAD_COMMUNICATION_ERROR)
        if gone and self._units.none_answers:
            raise WireError(
                LocalText(
                    f"{error.text.en} from any unit: see whether the device hangs, and that its unit number is right",
                    f"所有从站{error.text.get('zh')}：请检查设备是否停止响应，以及站号是否正确",
                )
            )
        if self._health.is_up:
            self._judge()

    def _judge(self) -> None:
        """Say whether the line is whole: every unit answers and every address exists."""
        sound = not (self._units.silent or self._illegal or self._failing or self._unusable)
        if sound and self._health.is_whole and not self._heartbeat.is_wanted:
            return
        refused = {index: error for index, (_, _, error) in self._illegal.items()}
        verdict = judge(self._ledger.tags, self._units.silent, refused, self._failing, self._unusable)
        if not self._health.is_up:
            self._heartbeat.begin()
        self._health.enter(*self._heartbeat.judge(*verdict))


def _status(scan: ScanClass) -> ScanStatus:
    achieved = scan.achieved_s
    return ScanStatus(
        target_ms=scan.period_s * 1000,
        achieved_ms=None if achieved is None else achieved * 1000,
        tags=len(scan.items),
        requests=len(scan.blocks),
    )
