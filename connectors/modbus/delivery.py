"""From blocks of registers to samples: what changed, and now and then what did not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from app.model import status as st
from app.model.clock import Clock
from app.model.sample import Value
from connectors.ledger import Ledger
from connectors.modbus.codec import extract
from connectors.modbus.plan import Block, Item
from connectors.scaling import ValueRefused, clamped, to_engineering

Data = Sequence[int] | Sequence[bool]

LOOKS: Final = 10
"""How often, within the refresh time, a block is searched for values to be handed on again."""

PIECE: Final = 8


@dataclass(slots=True)
class _Known:
    """What was read last of a block whose tags all have it, and the items that lie at each address of the block."""

    data: Data
    look: float
    items_at: tuple[tuple[Item, ...], ...]


class Delivery:
    """Hands on the values of blocks that were read, and the statuses of those that were not.

    Args:
        refresh_s: an unchanged value is handed on again within this time, so that trends have points.

    """

    def __init__(self, ledger: Ledger, clock: Clock, refresh_s: float) -> None:
        self._ledger = ledger
        self._clock = clock
        self._refresh_s = refresh_s
        self._due = [float("-inf")] * len(ledger)
        self._known: dict[Block, _Known] = {}

    def take(self, block: Block, data: Data) -> None:
        """Hand on what changed, and what was not handed on for the refresh time."""
        now = self._clock.monotonic()
        known = self._known.get(block)
        if known is None:
            self._known[block] = _Known(data, now + self._refresh_s / LOOKS, _items_at(block))
            self._hand_on(block.items, block.span.start, data, now)
        else:
            wanted = self._due_soon(block, known, now) if now >= known.look else {}
            if known.data != data:
                for at in _differing(data, known.data):
                    for item in known.items_at[at]:
                        wanted[item.index] = item
                known.data = data
            self._hand_on(wanted.values(), block.span.start, data, now)
        self._ledger.flush()

    def spoil(self, blocks: Iterable[Block], status: int) -> None:
        """Give the tags of blocks a bad status."""
        for block in blocks:
            self._known.pop(block, None)
            for item in block.items:
                self._ledger.spoil(item.index, status)
        self._ledger.flush()

    def forget(self) -> None:
        """Know nothing of any block any more: their tags were spoiled otherwise, or read in other blocks."""
        self._known.clear()

    def _due_soon(self, block: Block, known: _Known, now: float) -> dict[int, Item]:
        """Return the items that are to be handed on whatever their value, and set the time of the next look."""
        known.look = now + self._refresh_s / LOOKS
        return {item.index: item for item in block.items if self._due[item.index] <= known.look}

    def _hand_on(self, items: Iterable[Item], start: int, data: Data, now: float) -> None:
        receive_ns, ledger, tags, due = self._clock.now_ns(), self._ledger, self._ledger.tags, self._due
        soon = now + self._refresh_s / LOOKS
        for item in items:
            index = item.index
            last = ledger.last(index)
            value: Value
            try:
                tag = tags[index]
                value, status = to_engineering(tag, extract(item.address, data, start)), st.GOOD
                if tag.clamp:
                    value, status = clamped(tag, value)
            except ValueRefused as error:
                value, status = last.value, error.status
            if value != last.value or status != last.status or due[index] <= soon:
                due[index] = now + self._refresh_s
                ledger.put(index, value, status, None, receive_ns)


def _differing(data: Data, before: Data) -> list[int]:
    """Return where two reads of a block differ; looks at single values only in pieces that do."""
    return [
        at
        for start in range(0, len(data), PIECE)
        if data[start : start + PIECE] != before[start : start + PIECE]
        for at in range(start, min(start + PIECE, len(data)))
        if data[at] != before[at]
    ]


def _items_at(block: Block) -> tuple[tuple[Item, ...], ...]:
    found: list[list[Item]] = [[] for _ in range(block.count)]
    for item in block.items:
        at = item.address.offset - block.span.start
        for each in found[at : at + item.address.count]:
            each.append(item)
    return tuple(map(tuple, found))
