"""Values outside the range of their instrument: what was measured is the failure of the sensor (NAMUR NE 43)."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from app.model import status as st
from app.model.batch import SampleBatch
from app.model.sample import Sample, Value
from app.model.tag import Tag


class ValidRange:
    """Gives a value outside ``valid_low`` to ``valid_high`` of its tag BadOutOfRange, and the last valid value."""

    def __init__(self, tags: Sequence[Tag]) -> None:
        self._low = np.array([-math.inf if tag.valid_low is None else tag.valid_low for tag in tags])
        self._high = np.array([math.inf if tag.valid_high is None else tag.valid_high for tag in tags])
        self.applies: NDArray[np.bool_] = np.isfinite(self._low) | np.isfinite(self._high)
        """By slot: whether the tag has such a range."""
        self._any = bool(self.applies.any())
        self._lows, self._highs = self._low.data, self._high.data  # the same memory, faster for one at a time

    def judge(self, slot: int, sample: Sample, last: Value) -> Sample:
        """Return a sample as it counts; ``last``: the value last known of the tag."""
        number = sample.number
        if number is None or st.is_bad(sample.status) or self._lows[slot] <= number <= self._highs[slot]:
            return sample
        return replace(sample, value=last, status=st.BAD_OUT_OF_RANGE)

    def judge_columns(self, batch: SampleBatch, last: Callable[[int], Value]) -> dict[int, Sample | None]:
        """Judge samples where they are; return by slot the last one outside as it came, None where it is inside again.

        ``last`` tells the value last known of a tag before this batch.
        """
        if not self._any:
            return {}
        slots, values, status = batch.slots, batch.values, batch.status
        outside = (values < self._low[slots]) | (values > self._high[slots])
        if not outside.any():
            return {}
        outside &= status < st.BAD
        concerned = np.zeros(len(self._low), np.bool_)
        concerned[slots[outside]] = True
        known: dict[int, float] = {}
        found: dict[int, Sample | None] = {}
        for position in np.flatnonzero(concerned[slots]).tolist():
            slot = int(slots[position])
            if not outside[position]:
                found[slot] = None
                if not math.isnan(values[position]):
                    known[slot] = float(values[position])
                continue
            if slot not in known:
                known[slot] = _number(last(slot))
            times = int(batch.source_ns[position]), batch.receive_ns
            found[slot] = Sample(float(values[position]), int(status[position]), *times)
            values[position], status[position] = known[slot], st.BAD_OUT_OF_RANGE
        return found


def _number(value: Value) -> float:
    return math.nan if value is None or isinstance(value, str) else float(value)
