"""When which blocks are read: one scan class per wanted period; pure apart from the time that it is told."""

from collections import defaultdict, deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

from connectors.modbus.plan import Block, Item, PlanLimits, Span, plan

ROUNDS_KEPT: Final = 11
"""Starts of rounds that the achieved period is the mean of."""


@dataclass(slots=True)
class ScanClass:
    """Blocks that are read with one period.

    Attributes:
        period_s: wanted period.
        items: all that is wanted with this period, whether it can be read now or not.
        blocks: what is read.
        due: monotonic time of the next round (s).

    """

    period_s: float
    items: tuple[Item, ...]
    blocks: list[Block]
    due: float = 0.0
    _starts: deque[float] = field(default_factory=lambda: deque(maxlen=ROUNDS_KEPT), repr=False)
    _left: deque[Block] = field(default_factory=deque, repr=False)

    @property
    def achieved_s(self) -> float | None:
        """Mean period of the last rounds, or None before the second one."""
        rounds = len(self._starts) - 1
        return (self._starts[-1] - self._starts[0]) / rounds if rounds > 0 else None

    @property
    def under_way(self) -> bool:
        """Whether a round has begun and blocks of it are left."""
        return bool(self._left)

    def wants(self, now: float) -> bool:
        """Tell whether there is something to read now."""
        return self.under_way or self.due <= now

    @property
    def deadline(self) -> float:
        """When the round that is wanted, or under way, should be over (monotonic seconds)."""
        return self.due if self._left else self.due + self.period_s

    def begin(self, now: float) -> None:
        """Note that a round begins; rounds that were missed are left out, never caught up in a burst."""
        self._starts.append(now)
        self.due = max(self.due + self.period_s, now) if self.due else now + self.period_s
        self._left.extend(self.blocks)

    def next(self) -> Block | None:
        """Return the next block of the round; None where all were read."""
        return self._left.popleft() if self._left else None

    def reset(self) -> None:
        """Make the class due at once, after a new connection."""
        self.due = 0.0
        self._starts.clear()
        self._left.clear()

    def combine(self, limits: PlanLimits, without: Collection[int]) -> None:
        """Plan anew as if nothing had been divided, around the items with these indices."""
        self.blocks = around(self.items, limits, without)

    def replace(self, block: Block, parts: Sequence[Block]) -> None:
        """Put other blocks in the place of one, from the next round on."""
        at = self.blocks.index(block)
        self.blocks[at : at + 1] = parts


def around(items: Sequence[Item], limits: PlanLimits, without: Collection[int]) -> list[Block]:
    """Plan the items but for those with these indices, and read none of the addresses that only those have."""
    good = [item for item in items if item.index not in without]
    wanted = {
        (item.address.unit, item.address.table, offset)
        for item in good
        for offset in range(item.span.start, item.span.stop)
    }
    holes = {
        Span(item.address.unit, item.address.table, offset, offset + 1)
        for item in items
        if item.index in without
        for offset in range(item.span.start, item.span.stop)
        if (item.address.unit, item.address.table, offset) not in wanted
    }
    return plan(good, limits.with_forbidden(holes))


def scan_classes(items: Sequence[tuple[Item, int]], limits: PlanLimits) -> list[ScanClass]:
    """Group items (with their scan_ms) into classes, fastest first."""
    by_period: dict[int, list[Item]] = defaultdict(list)
    for item, scan_ms in items:
        by_period[max(1, scan_ms)].append(item)
    return [
        ScanClass(period / 1000, tuple(by_period[period]), plan(by_period[period], limits))
        for period in sorted(by_period)
    ]


def most_urgent(classes: Sequence[ScanClass], now: float) -> ScanClass | None:
    """Return the class to read a block of now: that whose round should be over first.

    A long round of a slow class does not hold up a fast one, and on a line that cannot keep up all fall behind
    evenly: the deadline of a class that waits stands still, so that its turn comes.
    """
    return min((each for each in classes if each.wants(now)), key=lambda each: each.deadline, default=None)
