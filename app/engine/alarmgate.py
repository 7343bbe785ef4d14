"""What keeps from the alarm engine the samples by which nothing can change, so that bursts cost it nothing."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from app.alarms.engine import AlarmEngine
from app.engine.alarmjoints import Joints
from app.model.alarm_state import AlarmTransition
from app.model.batch import SampleBatch
from app.model.columns import are_bad
from app.model.sample import Sample
from app.model.tag import Tag

_NEVER: Final = np.iinfo(np.int64).max


class AlarmGate:
    """Stands before an alarm engine, for tags by slot. Belongs to the event loop.

    A sample in columns is kept away where no alarm looks at the tag, or where it lies in the band in which none of them
    changes: also of alarms that are active or wait for the end of a delay. Where values of two tags are compared, all
    samples of a batch are looked at together (``Joints``). The engine hears of the last sample kept away before
    anything else looks at it: the transitions are those of an engine that gets every sample.
    """

    def __init__(self, engine: AlarmEngine, tags: Sequence[Tag], read: Callable[[str], Sample | None]) -> None:
        """``read`` returns the last sample of a tag that counted."""
        self._engine = engine
        self._rules = engine.evaluation
        self._read = read
        engine.look = self.bring
        self.redefine(tags)

    def redefine(self, tags: Sequence[Tag] | None = None) -> None:
        """Look anew what the alarms depend on; call after ``wake`` and the change of the alarms.

        ``tags``: by slot, where they are others than before.
        """
        if tags is not None:
            self._names = [tag.name for tag in tags]
        names, rules, count = self._names, self._rules, len(self._names)
        self._slots = {name: slot for slot, name in enumerate(names)}
        self._is_free = np.array([not rules.looks_at(name) for name in names], np.bool_)
        self._free = self._is_free.tolist()
        self._low, self._high = np.full(count, math.nan), np.full(count, math.inf)  # no value lies above NaN
        self._due = np.full(count, _NEVER)
        self._is_behind = np.zeros(count, np.bool_)
        self._lows = cast("memoryview[float]", self._low.data)  # the same memory, faster for one at a time
        self._behind = self._is_behind.data
        self._dues = self._due.data
        along = {slot: rules.along_with(name) for slot, name in enumerate(names) if not self._free[slot]}
        self._along = {slot: sorted(self._slots[each] for each in found) for slot, found in along.items() if found}
        self._joints = Joints(rules.joints(), self._slots)
        self._has_kin = np.zeros(count, np.bool_)
        self._has_kin[[*self._along, *self._joints.partners]] = True
        drawn_in = {slot for found in self._along.values() for slot in found}
        self._remembers = np.zeros(count, np.bool_)
        self._is_restless = np.zeros(count, np.bool_)  # each sample is heard: its order counts too
        self._memories = {slot: rules.memories(names[slot]) for slot in np.flatnonzero(~self._is_free).tolist()}
        for slot in [slot for slot, found in self._memories.items() if found]:
            is_bound = self._has_kin[slot] or slot in drawn_in
            (self._is_restless if is_bound else self._remembers)[slot] = True

    def prepare(self, slot: int) -> None:
        """Let the engine know what it was not told of a tag; call it before another sample of that can be read."""
        if not self._free[slot]:
            self._note(slot)
            if self._has_kin[slot]:
                for each in self._kin(slot):
                    self._note(each)

    def process(self, slot: int, sample: Sample, now_ns: int) -> list[AlarmTransition]:
        """Evaluate the alarms of a tag with one sample, whatever it is. ``prepare`` or ``sift`` came before."""
        if self._free[slot]:
            return []
        self._lows[slot] = math.nan
        self._behind[slot] = False
        if self._has_kin[slot]:
            for each in self._kin(slot):
                self._lows[each] = math.nan
            self._joints.close(slot)
        return self._engine.process(self._names[slot], sample, now_ns)

    def sift(self, batch: SampleBatch, alone: NDArray[np.bool_] | None, now_ns: int) -> NDArray[np.bool_]:
        """Tell which samples must be processed, in order of arrival; the others count as processed.

        Call it before their values can be read. ``alone``: samples that are processed in any case, or late.
        """
        slots, values = batch.slots, batch.values
        quiet = (values >= self._low[slots]) & (values <= self._high[slots])
        quiet &= self._due[slots] > now_ns
        if batch.status.any():
            quiet &= ~are_bad(batch.status)
        quiet |= self._is_free[slots]
        if alone is not None:
            quiet &= ~alone
        self._absorb(batch, quiet, now_ns)
        moved = self._joints.moved_by(batch, now_ns)
        if moved is None and quiet.all():
            self._is_behind[slots] = True
            self._joints.take(quiet)
            return ~quiet
        lively = np.zeros(len(self._names), np.bool_)
        lively[slots[~quiet]] = True
        if moved is not None:
            lively[moved] = True
        self._draw_in(lively)
        result: NDArray[np.bool_] = lively[slots]
        result &= ~(quiet & self._remembers[slots])  # what was absorbed was before what was not
        self._is_behind[slots[~result]] = True
        self._joints.take(~result)
        return result

    def settle(self, slots: Iterable[int]) -> None:
        """Look anew which of these tags, just processed, are quiet now, and those that are looked at with them."""
        touched = set(slots)
        for slot in tuple(touched):
            if self._has_kin[slot]:
                touched.update(self._kin(slot))
        for slot in touched:
            self._settle(slot)
        self._joints.settle(touched, self._is_behind)

    def bring(self, tag: str) -> None:
        """Let the engine know the last sample of a tag, and get the next one: it is going to change its alarms."""
        slot = self._slots.get(tag)
        if slot is not None and not self._free[slot]:
            self._note(slot)
            self._lows[slot] = math.nan
            self._joints.close(slot)

    def wake(self) -> None:
        """Let the engine know the last sample of every tag, and get the next of each: its states change otherwise."""
        for slot in np.flatnonzero(self._is_behind & ~self._is_free).tolist():
            self._note(slot)
        self._low[:] = math.nan
        self._joints.close_all()

    def _settle(self, slot: int) -> None:
        name = self._names[slot]
        band = None if self._is_restless[slot] else self._rules.quiet_band(name)
        if band is None:
            self._lows[slot] = math.nan
            return
        self._low[slot], self._high[slot] = band
        due_ns = self._rules.due_ns(name)
        self._dues[slot] = _NEVER if due_ns is None else due_ns

    def _absorb(self, batch: SampleBatch, quiet: NDArray[np.bool_], now_ns: int) -> None:
        """Let alarms that remember take what is quiet; of a tag all that follow what they cannot take are lively."""
        remembering = self._remembers[batch.slots]
        if not remembering.any():
            return
        if not quiet.all():
            broken = np.zeros(len(self._names), np.bool_)
            broken[batch.slots[remembering & ~quiet]] = True
            quiet &= ~broken[batch.slots]
        chosen = np.flatnonzero(quiet & remembering)
        refused: set[int] = set()
        slots, values, times = batch.slots[chosen], batch.values[chosen], batch.source_ns[chosen]
        for at, slot, number, source_ns in zip(
            chosen.tolist(), slots.tolist(), values.tolist(), times.tolist(), strict=True
        ):
            if slot in refused or not self._take_in(slot, number, source_ns, now_ns):
                refused.add(slot)
                quiet[at] = False

    def _take_in(self, slot: int, number: float, source_ns: int, now_ns: int) -> bool:
        for rule in self._memories[slot]:
            if not self._rules.absorb(rule, number, source_ns, now_ns):
                return False
            due_ns = rule.condition.due_ns
            if due_ns is not None and due_ns < self._dues[slot]:
                self._dues[slot] = due_ns
        return True

    def _draw_in(self, lively: NDArray[np.bool_]) -> None:
        """Add what must be heard in order with what is lively, and bring all of it up to date."""
        for slot in np.flatnonzero(lively & self._has_kin).tolist():
            lively[self._along.get(slot, [])] = True
            for each in self._joints.partners.get(slot, ()):
                self._note(each)
        for slot in np.flatnonzero(lively & self._is_behind).tolist():
            self._note(slot)

    def _kin(self, slot: int) -> list[int]:
        return [*self._along.get(slot, []), *self._joints.partners.get(slot, ())]

    def _note(self, slot: int) -> None:
        if self._behind[slot]:
            self._behind[slot] = False
            if not self._free[slot]:
                sample = self._read(self._names[slot])
                if sample is not None:
                    self._rules.note(self._names[slot], sample)
