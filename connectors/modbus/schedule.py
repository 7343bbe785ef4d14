"""When which blocks are read: one scan class per wanted period; pure apart from the time that it is told."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from connectors.modbus.plan import Block, Item, PlanLimits, plan


@dataclass(slots=True)
class ScanClass:
    """Blocks that are read with one period.

    Attributes:
        period_s: wanted period.
        items: all that is wanted with this period, whether it can be read now or not.
        blocks: what is read.
        due: monotonic time of the next round (s).
        achieved_s: period that was achieved last, or None before the second round.

    """

    period_s: float
    items: tuple[Item, ...]
    blocks: list[Block]
    due: float = 0.0
    achieved_s: float | None = None
    _started: float | None = field(default=None, repr=False)

    def begin(self, now: float) -> None:
        """Note that a round begins; rounds that were missed are left out, never caught up in a burst."""
        if self._started is not None:
            self.achieved_s = now - self._started
        self._started = now
        self.due = max(self.due + self.period_s, now) if self.due else now + self.period_s

    def reset(self) -> None:
        """Make the class due at once, after a new connection."""
        self.due, self.achieved_s, self._started = 0.0, None, None

    def combine(self, limits: PlanLimits, without: Collection[int]) -> None:
        """Plan anew as if nothing had been divided, leaving out the items with these indices."""
        self.blocks = plan((item for item in self.items if item.index not in without), limits)

    def replace(self, block: Block, parts: Sequence[Block]) -> None:
        """Put other blocks in the place of one, from the next round on."""
        at = self.blocks.index(block)
        self.blocks[at : at + 1] = parts


def scan_classes(items: Sequence[tuple[Item, int]], limits: PlanLimits) -> list[ScanClass]:
    """Group items (with their scan_ms) into classes, fastest first."""
    by_period: dict[int, list[Item]] = defaultdict(list)
    for item, scan_ms in items:
        by_period[max(1, scan_ms)].append(item)
    return [
        ScanClass(period / 1000, tuple(by_period[period]), plan(by_period[period], limits))
        for period in sorted(by_period)
    ]
