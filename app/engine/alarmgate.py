"""What keeps from the alarm engine the samples by which nothing can change, so that bursts cost it nothing."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

from app.alarms.engine import AlarmEngine
from app.model.alarm_state import AlarmTransition
from app.model.batch import SampleBatch
from app.model.columns import are_bad
from app.model.sample import Sample
from app.model.tag import Tag


class AlarmGate:
    """Stands before an alarm engine, for tags by slot. Belongs to the event loop.

    A sample in columns is kept away where the tag has no alarm and suppresses none, or where none of its alarms is
    active or pending and the value lies between their limits. The engine hears of the last one kept away before
    anything else looks at it: the transitions are those of an engine that gets every sample.
    """

    def __init__(self, engine: AlarmEngine, tags: Sequence[Tag], read: Callable[[str], Sample | None]) -> None:
        """``read`` returns the last sample of a tag that counted."""
        self._engine = engine
        self._read = read
        self._names = [tag.name for tag in tags]
        self.redefine()

    def redefine(self) -> None:
        """Look anew what the alarms depend on; call after ``wake`` and the change of the alarms, for the same tags."""
        engine, count = self._engine, len(self._names)
        slots = {name: slot for slot, name in enumerate(self._names)}
        self._is_free = np.array([not engine.evaluation.looks_at(name) for name in self._names], np.bool_)
        self._free = self._is_free.tolist()
        self._low, self._high = np.full(count, math.nan), np.full(count, math.inf)  # no value lies above NaN
        self._is_behind = np.zeros(count, np.bool_)
        self._lows = cast("memoryview[float]", self._low.data)  # the same memory, faster for one at a time
        self._behind = self._is_behind.data
        self._suppressed = {
            slot: [slots[each] for each in sorted(engine.evaluation.suppressed_by(name)) if each in slots]
            for slot, name in enumerate(self._names)
            if engine.evaluation.suppressed_by(name)
        }
        self._suppresses = np.isin(np.arange(count), list(self._suppressed))

    def process(self, slot: int, sample: Sample, now_ns: int) -> list[AlarmTransition]:
        """Evaluate the alarms of a tag with one sample, whatever it is."""
        if self._free[slot]:
            return []
        if slot in self._suppressed:
            self._wake_slots(self._suppressed[slot])
        self._close(slot)
        return self._engine.process(self._names[slot], sample, now_ns)

    def sift(self, batch: SampleBatch, alone: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
        """Tell which samples must be processed, in order of arrival; the others count as processed.

        Call it before their values can be read. ``alone``: samples that are processed in any case, or late.
        """
        slots, values = batch.slots, batch.values
        suppresses = self._suppresses[slots]
        if suppresses.any():
            for slot in set(slots[suppresses].tolist()):
                self._wake_slots(self._suppressed[slot])
        quiet = (values >= self._low[slots]) & (values <= self._high[slots])
        if batch.status.any():
            quiet &= ~are_bad(batch.status)
        quiet |= self._is_free[slots]
        if alone is not None:
            quiet &= ~alone
        if quiet.all():
            self._is_behind[slots] = True
            return ~quiet
        lively = np.zeros(len(self._names), np.bool_)
        lively[slots[~quiet]] = True
        result: NDArray[np.bool_] = lively[slots]
        self._is_behind[slots[~result]] = True
        return result

    def settle(self, slots: Iterable[int]) -> None:
        """Look anew which of these tags, just processed, are quiet now."""
        for slot in slots:
            band = self._engine.evaluation.quiet_band(self._names[slot])
            if band is not None:
                self._low[slot], self._high[slot] = band

    def wake(self) -> None:
        """Let the engine know the last sample of every tag, and get the next of each: its states change otherwise."""
        self._wake_slots(np.flatnonzero(self._is_behind & ~self._is_free).tolist())
        self._low[:] = math.nan

    def _wake_slots(self, slots: Iterable[int]) -> None:
        for slot in slots:
            if self._behind[slot]:
                sample = self._read(self._names[slot])
                if sample is not None:
                    self._engine.evaluation.note(self._names[slot], sample)
            self._close(slot)

    def _close(self, slot: int) -> None:
        self._lows[slot] = math.nan
        self._behind[slot] = False
