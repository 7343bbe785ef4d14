"""Values that stand still for longer than what they measure can: the sensor, or what reads it, has stopped."""

import math
from collections.abc import Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

from app.engine.layout import Layout
from app.model import status as st
from app.model.batch import SampleBatch
from app.model.sample import Sample
from app.model.tag import Tag


class FrozenDetector:
    """Tells which tags are frozen: good, and for ``frozen_s`` not changed by more than their dead-band.

    Only another value counts as life, a new time of the source does not. A sample that is not good begins anew.
    Times are seconds of a monotonic clock, so that a step of the wall clock freezes nothing.
    """

    def __init__(self, tags: Sequence[Tag]) -> None:
        self._keep(np.full(len(tags), math.nan), np.zeros(len(tags)), np.zeros(len(tags), np.bool_))
        self.redefine(tags)

    def relocate(self, layout: Layout) -> None:
        """Take other tags."""
        self._keep(
            layout.column(self._base, math.nan),
            layout.column(self._changed_s, 0.0),
            layout.column(self._is_frozen, False),
        )
        self.redefine(layout.tags)

    def _keep(self, base: NDArray[np.float64], changed_s: NDArray[np.float64], is_frozen: NDArray[np.bool_]) -> None:
        """Keep by slot the value that others are compared with (NaN: none), when it came (s), and what it came to."""
        self._base, self._changed_s, self._is_frozen = base, changed_s, is_frozen
        # The same memory, faster for one at a time.
        self._bases = cast("memoryview[float]", base.data)
        self._frozen = is_frozen.data

    def redefine(self, tags: Sequence[Tag], changed: Sequence[int] = ()) -> None:
        """Take other definitions of the same slots; of those that ``changed``, what was known is forgotten."""
        self._limit = np.array([tag.frozen_s for tag in tags])
        self.applies: NDArray[np.bool_] = self._limit > 0.0
        """By slot: whether the tag is looked at."""
        self._looked_at = np.flatnonzero(self.applies)
        self._deadband = np.array([tag.deadband for tag in tags])
        self._deadbands = self._deadband.data
        self._base[list(changed)] = math.nan
        self._is_frozen[list(changed)] = False

    @property
    def frozen(self) -> int:
        """Tags that are frozen now."""
        return int(self._is_frozen.sum())

    def is_frozen(self, slot: int) -> bool:
        """Tell whether a tag is frozen now."""
        return bool(self._frozen[slot])

    def hear(self, slot: int, sample: Sample, now_s: float) -> bool:
        """Take note of a sample; tells whether it goes on. Of a frozen tag, one with the same value tells nothing."""
        if not self.applies[slot]:
            return True
        number = sample.number if sample.is_good else None
        return self._hear(slot, math.nan if number is None else number, now_s)

    def hear_columns(self, batch: SampleBatch, now_s: float) -> NDArray[np.bool_] | None:
        """Take note of samples in order of arrival; tells which go on, None: all of them."""
        if not len(self._looked_at):
            return None
        places = np.flatnonzero(self.applies[batch.slots])
        if not len(places):
            return None
        slots = batch.slots[places]
        values = batch.values[places]
        if batch.status.any():
            values[batch.status[places] >= st.UNCERTAIN] = math.nan
        going_on = None
        if (frozen := self._is_frozen[slots]).any():
            going_on = np.ones(len(batch), np.bool_)
            for at in np.flatnonzero(frozen).tolist():  # they are few, or come seldom
                going_on[places[at]] = self._hear(int(slots[at]), float(values[at]), now_s)
            slots, values = slots[~frozen], values[~frozen]
        deadband = self._deadband[slots]
        moved = ~(np.abs(values - self._base[slots]) <= deadband)
        if not moved.any():
            return going_on
        self._changed_s[slots[moved]] = now_s
        exact = deadband == 0.0
        if exact.all():
            self._base[slots] = values  # of a tag that repeats, the last one
            return going_on
        self._base[slots[exact]] = values[exact]
        banded = slots[~exact]
        if len(np.unique(banded)) == len(banded):
            moved &= ~exact
            self._base[slots[moved]] = values[moved]
        else:  # a dead-band counts from the value that passed it last
            for slot, number in zip(banded.tolist(), values[~exact].tolist(), strict=True):
                self._hear(slot, number, now_s)
        return going_on

    def due(self, now_s: float) -> list[int]:
        """Return the slots of the tags that are frozen from now on."""
        slots = self._looked_at
        silent = now_s - self._changed_s[slots] >= self._limit[slots]
        found = slots[silent & ~self._is_frozen[slots] & ~np.isnan(self._base[slots])]
        self._is_frozen[found] = True
        return [int(slot) for slot in found]

    def _hear(self, slot: int, number: float, now_s: float) -> bool:
        if abs(number - self._bases[slot]) <= self._deadbands[slot]:
            return not self._frozen[slot]
        self._bases[slot] = number
        self._changed_s[slot] = now_s
        self._frozen[slot] = False
        return True
