"""Which blocks to read for a set of addresses; pure.

Addresses that lie close together are read by one request, up to the limits of the protocol and the device.
Nothing between two wanted addresses is read beyond ``max_gap``, and never anything in a forbidden range.

**No plan has fewer requests.** Items are taken by start, then end, and each joins the block before it where it may.
An item that may not join ends beyond everything in that block (one that ends within it always may), so it must begin a
block in every plan, or be in one that began earlier and reaches no further: such a block minus its first items is still
allowed, for what they bridged the new item bridges too. So no plan is ever ahead of this one. An item that is passed
over, as one inside a longer item may be, is served by the block of that longer item at no cost.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from app.model.address import ModbusAddress

BIT_TABLES: Final = frozenset({"co", "di"})
BITS_PER_GAP: Final = 16


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of one table of one unit."""

    unit: int
    table: str
    start: int
    stop: int

    def touches(self, other: "Span") -> bool:
        """Tell whether both share an address."""
        return (
            self.unit == other.unit
            and self.table == other.table
            and self.start < other.stop
            and other.start < self.stop
        )


@dataclass(frozen=True, slots=True)
class PlanLimits:
    """How far reads may be combined.

    Attributes:
        max_registers, max_bits: largest request (the protocol allows 125 and 2000; many devices less).
        max_gap: unwanted registers (bits: sixteen times as many) that may be read between two wanted ones.
        forbidden: ranges that must never be read; an address that lies in one is left out.
        unit_registers, unit_bits: largest request of single units, where they differ.

    """

    max_registers: int = 125
    max_bits: int = 2000
    max_gap: int = 8
    forbidden: tuple[Span, ...] = ()
    unit_registers: Mapping[int, int] = field(default_factory=dict)
    unit_bits: Mapping[int, int] = field(default_factory=dict)

    def largest(self, unit: int, table: str) -> int:
        """Return the most addresses of a table that one request to a unit may have."""
        if table in BIT_TABLES:
            return self.unit_bits.get(unit, self.max_bits)
        return self.unit_registers.get(unit, self.max_registers)

    def gap(self, table: str) -> int:
        """Return the most unwanted addresses between two wanted ones."""
        return self.max_gap * BITS_PER_GAP if table in BIT_TABLES else self.max_gap

    def with_forbidden(self, spans: Iterable[Span]) -> "PlanLimits":
        """Return the same limits with further forbidden ranges."""
        return replace(self, forbidden=(*self.forbidden, *spans))


@dataclass(frozen=True, slots=True)
class Item:
    """A wanted address, and the index of the tag that wants it."""

    index: int
    address: ModbusAddress

    @property
    def span(self) -> Span:
        """The range that the value occupies."""
        address = self.address
        return Span(address.unit, address.table, address.offset, address.offset + address.count)


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """One read request and the items it serves; compared by identity."""

    span: Span
    items: tuple[Item, ...]

    @property
    def count(self) -> int:
        """Number of registers or bits."""
        return self.span.stop - self.span.start


class _Closed:
    """The forbidden ranges of one table, sorted and joined, for a quick look."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._starts: list[int] = []
        self._stops: list[int] = []
        for span in sorted(spans, key=lambda span: span.start):
            if self._stops and span.start <= self._stops[-1]:
                self._stops[-1] = max(self._stops[-1], span.stop)
            else:
                self._starts.append(span.start)
                self._stops.append(span.stop)

    def touches(self, start: int, stop: int) -> bool:
        at = bisect_left(self._starts, stop) - 1
        return at >= 0 and self._stops[at] > start


def plan(items: Iterable[Item], limits: PlanLimits) -> list[Block]:
    """Combine items into blocks, ordered by unit, table and offset; items that cannot be read are left out."""
    tables: dict[tuple[int, str], list[Item]] = defaultdict(list)
    for item in items:
        tables[item.address.unit, item.address.table].append(item)
    closed: dict[tuple[int, str], list[Span]] = defaultdict(list)
    for span in limits.forbidden:
        closed[span.unit, span.table].append(span)
    return [
        block
        for key in sorted(tables)
        for block in _plan_table(tables[key], limits.largest(*key), limits.gap(key[1]), _Closed(closed[key]))
    ]


def unreadable(items: Iterable[Item], limits: PlanLimits) -> list[Item]:
    """Return the items that lie in forbidden ranges, or are longer than the largest request."""
    return [
        item
        for item in items
        if item.address.count > limits.largest(item.address.unit, item.address.table)
        or any(item.span.touches(span) for span in limits.forbidden)
    ]


def split(block: Block) -> tuple[Block, Block] | None:
    """Halve a block between two items, for finding the illegal address in it; None where it cannot be divided.

    Items that share an address stay together, unless all of them do; then the block is divided by items.
    """
    if len(block.items) < 2:
        return None
    items = sorted(block.items, key=lambda item: (item.span.start, item.span.stop))
    middle = len(items) // 2
    return _block(items[:middle]), _block(items[middle:])


def _plan_table(items: list[Item], largest: int, gap: int, closed: _Closed) -> list[Block]:
    spans = [(item.address.offset, item.address.offset + item.address.count, item) for item in items]
    readable = [each for each in spans if each[1] - each[0] <= largest and not closed.touches(*each[:2])]
    readable.sort(key=lambda each: each[:2])
    blocks: list[Block] = []
    current: list[Item] = []
    first = reached = 0
    for start, stop, item in readable:
        joined = max(reached, stop)
        if current and start - reached <= gap and joined - first <= largest and not closed.touches(first, joined):
            reached = joined
        else:
            if current:
                blocks.append(_spanning(current, first, reached))
            current, first, reached = [], start, stop
        current.append(item)
    if current:
        blocks.append(_spanning(current, first, reached))
    return blocks


def _spanning(items: list[Item], start: int, stop: int) -> Block:
    return Block(Span(items[0].address.unit, items[0].address.table, start, stop), tuple(items))


def _block(items: list[Item]) -> Block:
    return _spanning(items, items[0].span.start, max(item.span.stop for item in items))
