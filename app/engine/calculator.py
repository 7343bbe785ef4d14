"""Calculated tags: reckoned from other tags at their scan period, in an order in which each follows what it uses."""

import asyncio
import graphlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from app.model import status as st
from app.model.clock import Clock
from app.model.expressions import Calculation, Counter, Outcome, Windowed
from app.model.sample import Sample, SampleSink, SlotSample, Value
from app.model.tag import DataType, Tag

TICK_S: Final = 0.1
REFRESH_S: Final = 10.0
"""A value that does not change is delivered again after this time, so that trends have points."""
_HOUR_S: Final = 3600.0

Read = Callable[[str], Sample | None]
Windows = Callable[[str, float], Windowed | None]


class Calculator:
    """Reckons all calculated tags of a plant; used from the engine's event loop.

    Args:
        tags: all tags, in the order of their slots. read: returns the last sample of a tag.
        windows: returns what a tag was over the last so many seconds; None where it cannot be told.
        sink: takes the samples.

    """

    def __init__(self, tags: Sequence[Tag], read: Read, windows: Windows, sink: SampleSink, clock: Clock) -> None:
        self._read, self._windows, self._sink, self._clock = read, windows, sink, clock
        self._tags = _in_order(tags)
        self._fresh: dict[str, Sample] = {}

    def redefine(self, tags: Sequence[Tag]) -> None:
        """Take other tags; those calculated as before go on from where they are, whatever their slots are now."""
        before = {each.name: each for each in self._tags}
        made = _in_order(tags)
        self._tags = [each.going_on(before.get(each.name)) for each in made]

    def __len__(self) -> int:
        return len(self._tags)

    async def run(self) -> None:
        """Reckon until cancelled."""
        while True:
            self.tick()
            await asyncio.sleep(TICK_S)

    def tick(self) -> None:
        """Reckon what is due, and deliver what changed."""
        now, now_ns = self._clock.monotonic(), self._clock.now_ns()
        batch: list[SlotSample] = []
        for each in self._tags:
            if now < each.due:
                continue
            each.due = due if (due := each.due + each.period_s) > now else now + each.period_s
            outcome = each.counted(self, now)
            sample = each.sample(outcome, self._read(each.name), now_ns)
            if sample is None and now < each.again:
                continue
            each.again = now + REFRESH_S
            sample = sample or each.last(now_ns)
            self._fresh[each.name] = sample
            batch.append((each.slot, sample))
        self._fresh.clear()
        if batch:
            self._sink(batch)

    def sample(self, name: str) -> Sample | None:
        """Return a tag's sample as of this tick."""
        return self._fresh.get(name) or self._read(name)

    def window(self, name: str, seconds: float) -> Windowed | None:
        """Return what a tag was over a window that ends now."""
        return self._windows(name, seconds)


@dataclass
class _Calculated:
    """One tag: its calculation, when it is due, what it said last, and what it has counted."""

    slot: int
    name: str
    data_type: DataType
    period_s: float
    source: str
    calculation: Calculation
    due: float = float("-inf")
    again: float = float("-inf")
    said: tuple[Value, int] | None = None
    total: float | None = None
    held: bool | None = None
    """Whether the condition of a counter held at the last look; None: it was not good, or there was none."""
    looked: float = 0.0

    @classmethod
    def of(cls, slot: int, tag: Tag) -> "_Calculated":
        return cls(slot, tag.name, tag.data_type, tag.scan_ms / 1000, tag.expression, Calculation.parse(tag.expression))

    def going_on(self, before: "_Calculated | None") -> "_Calculated":
        """Return the one of before, in this one's slot, where it is calculated in the same way; else this one."""
        mine = (self.source, self.data_type, self.period_s)
        if before is None or mine != (before.source, before.data_type, before.period_s):
            return self
        before.slot = self.slot
        return before

    def counted(self, scope: Calculator, now: float) -> Outcome:
        """Evaluate; of a counter, go on from what was counted last, in this run or the one before."""
        outcome = self.calculation.evaluate(scope)
        if self.calculation.counter is None:
            return outcome
        if self.total is None:
            known = scope.sample(self.name)
            self.total = (known.number if known is not None else None) or 0.0
        holds = outcome.is_true if outcome.is_good else None
        if self.calculation.counter is Counter.HOURS:
            self.total += (now - self.looked) / _HOUR_S if self.held else 0.0
        else:
            self.total += self.held is False and holds is True
        self.held, self.looked = holds, now
        return Outcome(self.total, st.GOOD if outcome.is_good else st.UNCERTAIN_LAST_USABLE)

    def sample(self, outcome: Outcome, known: Sample | None, now_ns: int) -> Sample | None:
        """Return the sample of an outcome, None where it says what was said last. A bad one keeps the last value."""
        bad = st.is_bad(outcome.status)
        value = (None if known is None else known.value) if bad else self._typed(outcome.value)
        if (value, outcome.status) == self.said:
            return None
        self.said = value, outcome.status
        return self.last(now_ns)

    def last(self, now_ns: int) -> Sample:
        """Return what was said last, as of now."""
        value, status = self.said or (None, st.BAD_WAITING_FOR_INITIAL_DATA)
        return Sample(value, status, now_ns, now_ns)

    def _typed(self, value: float | bool) -> Value:
        if self.data_type is DataType.BOOL:
            return bool(value)
        return float(value) if self.data_type is DataType.FLOAT else round(value)


def _in_order(tags: Sequence[Tag]) -> list[_Calculated]:
    """Return the calculated tags, each after those that it uses; a checked project has no circle."""
    found = {tag.name: _Calculated.of(slot, tag) for slot, tag in enumerate(tags) if tag.expression}
    uses = {name: each.calculation.names & found.keys() for name, each in found.items()}
    return [found[name] for name in graphlib.TopologicalSorter(uses).static_order()]
