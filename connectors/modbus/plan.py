"""Which blocks to read for a set of addresses; pure.

Addresses that lie close together are read by one request, up to the limits of the protocol and the device.
Nothing between two wanted addresses is read beyond ``max_gap``, and never anything in a forbidden range.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.model.address import ModbusAddress

BIT_TABLES: Final = frozenset({"co", "di"})


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

    """

    max_registers: int = 125
    max_bits: int = 2000
    max_gap: int = 8
    forbidden: tuple[Span, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Block:
    """One read request and the items it serves."""

    span: Span
    items: tuple[Item, ...]

    @property
    def count(self) -> int:
        """Number of registers or bits."""
        return self.span.stop - self.span.start


def plan(items: Iterable[Item], limits: PlanLimits) -> list[Block]:
    """Combine items into blocks, ordered by unit, table and offset; items in forbidden ranges are left out."""
    tables: dict[tuple[int, str], list[Item]] = defaultdict(list)
    for item in items:
        if not any(item.span.touches(span) for span in limits.forbidden):
            tables[item.address.unit, item.address.table].append(item)
    return [block for key in sorted(tables) for block in _plan_table(tables[key], limits)]


def forbidden(items: Iterable[Item], limits: PlanLimits) -> list[Item]:
    """Return the items that lie in forbidden ranges."""
    return [item for item in items if any(item.span.touches(span) for span in limits.forbidden)]


def split(block: Block) -> tuple[Block, Block] | None:
    """Halve a block between two items, for finding the illegal address in it; None where it cannot be divided.

    Items that share an address stay together, unless all of them do; then the block is divided by items.
    """
    if len(block.items) < 2:
        return None
    items = sorted(block.items, key=lambda item: (item.span.start, item.span.stop))
    middle = len(items) // 2
    return _block(items[:middle]), _block(items[middle:])


def _plan_table(items: list[Item], limits: PlanLimits) -> list[Block]:
    items.sort(key=lambda item: (item.span.start, item.span.stop))
    bits = items[0].address.table in BIT_TABLES
    largest = limits.max_bits if bits else limits.max_registers
    gap = limits.max_gap * 16 if bits else limits.max_gap
    blocks: list[Block] = []
    current: list[Item] = []
    span = items[0].span
    for item in items:
        joined = Span(span.unit, span.table, span.start, max(span.stop, item.span.stop))
        fits = (
            bool(current)
            and item.span.start - span.stop <= gap
            and joined.stop - joined.start <= largest
            and not any(joined.touches(closed) for closed in limits.forbidden)
        )
        if not fits and current:
            blocks.append(Block(span, tuple(current)))
            current = []
        span = joined if fits else item.span
        current.append(item)
    blocks.append(Block(span, tuple(current)))
    return blocks


def _block(items: list[Item]) -> Block:
    first = items[0].span
    return Block(Span(first.unit, first.table, first.start, max(item.span.stop for item in items)), tuple(items))
