"""From blocks of registers to samples: what changed, and now and then what did not."""

from collections.abc import Iterable, Sequence

from app.model import status as st
from app.model.clock import Clock
from app.model.sample import Value
from connectors.ledger import Ledger
from connectors.modbus.codec import extract
from connectors.modbus.plan import Block
from connectors.scaling import ValueRefused, to_engineering

Data = Sequence[int] | Sequence[bool]


class Delivery:
    """Hands on the values of blocks that were read, and the statuses of those that were not.

    Args:
        refresh_s: an unchanged value is handed on again after this time, so that trends have points.

    """

    def __init__(self, ledger: Ledger, clock: Clock, refresh_s: float) -> None:
        self._ledger = ledger
        self._clock = clock
        self._refresh_s = refresh_s
        self._due = [float("-inf")] * len(ledger)
        self._known: dict[Block, tuple[Data, float]] = {}
        """Of a block whose tags all have what was read last: that, and when the first of them is due again."""

    def take(self, block: Block, data: Data) -> None:
        """Hand on what changed, and what was not handed on for the refresh time."""
        now = self._clock.monotonic()
        before, due = self._known.get(block, (None, now))
        if before == data and now < due:
            return
        receive_ns, tags, start = self._clock.now_ns(), self._ledger.tags, block.span.start
        for item in block.items:
            index, at = item.index, item.address.offset - start
            old = now >= self._due[index]
            if before is not None and not old:
                stop = at + item.address.count
                if before[at] == data[at] if stop == at + 1 else before[at:stop] == data[at:stop]:
                    continue
            last = self._ledger.last(index)
            value: Value
            try:
                value, status = to_engineering(tags[index], extract(item.address, data, start)), st.GOOD
            except ValueRefused as error:
                value, status = last.value, error.status
            if old or value != last.value or status != last.status:
                self._due[index] = now + self._refresh_s
                self._ledger.put(index, value, status, None, receive_ns)
        self._known[block] = (data, min(self._due[item.index] for item in block.items))
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
