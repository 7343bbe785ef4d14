"""Which samples history keeps: those that pass the dead-band of their tag, and late ones."""

import math
from collections.abc import Sequence
from itertools import repeat
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from app.engine.layout import Layout
from app.model.batch import SampleBatch
from app.model.columns import EXACT, typed
from app.model.history import LATE, HistoryRow
from app.model.latest import LatestSamples
from app.model.sample import Sample, Value
from app.model.tag import DataType, Tag

_NOTHING: Final = Sample(None, 0xFFFFFFFF, 0, 0)
"""Stands for a tag of which nothing was kept: no status is this one."""


_BEYOND: Final = math.inf
"""Stands for a number that may not be in a column as it is."""


class Recording:
    """Rows of history that wait to be fetched. The dead-band counts from the sample that was kept last."""

    def __init__(self, tags: Sequence[Tag], first_id: int) -> None:
        """``first_id``: beyond those of the runs before; every row has a greater one."""
        self._define(tags, [_NOTHING] * len(tags), np.full(len(tags), math.nan))
        self._rows: list[HistoryRow] = []
        self._row_id = first_id

    def redefine(self, tags: Sequence[Tag]) -> None:
        """Take the dead-bands of other definitions, in the same slots."""
        self._deadbands = [tag.deadband for tag in tags]
        self._deadband = np.array(self._deadbands)

    def relocate(self, layout: Layout) -> None:
        """Take other tags; rows that wait stay."""
        number = layout.column(self._number, math.nan)
        self._define(layout.tags, layout.each(self._last.all(), _NOTHING), number)

    def _define(self, tags: Sequence[Tag], last: Sequence[Sample], number: NDArray[np.float64]) -> None:
        self._types = [tag.data_type for tag in tags]
        self._names = np.array([tag.name for tag in tags], object)
        self._is_typed = np.array([data_type is not DataType.FLOAT for data_type in self._types], np.bool_)
        self._last = LatestSamples(self._types, last)
        self._number = number
        self._numbers = cast("memoryview[float]", number.data)  # the same memory, faster for one at a time
        self.redefine(tags)

    @property
    def waiting(self) -> int:
        """Rows that wait."""
        return len(self._rows)

    def drain(self) -> list[HistoryRow]:
        """Return the rows that wait, and forget them here."""
        rows, self._rows = self._rows, []
        return rows

    def record(self, slot: int, sample: Sample, place_ns: int) -> None:
        """Keep a sample that passes the dead-band."""
        last = self._last.get(slot)
        if sample.status != last.status or passes(last.value, sample.value, self._deadbands[slot]):
            self._last.put(slot, sample)
            self._numbers[slot] = _number(sample.value)
            self._queue(slot, sample, place_ns, 0)

    def record_late(self, slot: int, sample: Sample, place_ns: int) -> None:
        """Keep a sample that came after a newer one."""
        self._queue(slot, sample, place_ns, LATE)

    def can_compare(self, slots: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """Tell for which tags ``record_columns`` knows what was kept last."""
        known: NDArray[np.bool_] = self._number[slots] != _BEYOND
        return known

    def record_columns(
        self, batch: SampleBatch, place_ns: NDArray[np.int64], repeats: NDArray[np.bool_] | None
    ) -> None:
        """Keep samples that pass, placed at these times; all are finite numbers, of tags that ``can_compare``.

        ``repeats`` tells of each sample but the first whether it is of the same tag as the one before; None: no tag
        repeats. The samples of a tag are next to each other, in order.
        """
        slots, values, status = batch.slots, batch.values, batch.status
        last, last_status, deadband = self._number[slots], self._last.status[slots], self._deadband[slots]
        if repeats is not None:
            last[1:][repeats] = values[:-1][repeats]
            last_status[1:][repeats] = status[:-1][repeats]
        with np.errstate(invalid="ignore"):  # infinity less infinity
            kept = ~(np.abs(values - last) <= deadband) | (status != last_status)  # all differ from NaN
        if repeats is not None and deadband.any():
            self._count_from_kept(batch, repeats, deadband, kept)
        passing = batch
        if not kept.all():
            passing, place_ns = batch.select(kept), place_ns[kept]
        if not len(passing):
            return
        self._queue_columns(passing, place_ns)
        newest = passing if repeats is None else passing.select(_ends(passing.slots))
        self._number[newest.slots] = newest.values
        self._last.put_columns(newest.slots, newest.values, newest.status, newest.source_ns, newest.receive_ns)

    def _count_from_kept(
        self,
        batch: SampleBatch,
        repeats: NDArray[np.bool_],
        deadband: NDArray[np.float64],
        kept: NDArray[np.bool_],
    ) -> None:
        """Judge tags that repeat, one sample after another: a dead-band counts from the one kept last."""
        repeating = np.append(False, repeats) | np.append(repeats, False)
        slot, base, base_status = -1, 0.0, 0
        for position in np.flatnonzero(repeating & (deadband > 0.0)).tolist():
            if slot != int(batch.slots[position]):
                slot = int(batch.slots[position])
                base, base_status = self._numbers[slot], int(self._last.status[slot])
            value, status = float(batch.values[position]), int(batch.status[position])
            kept[position] = status != base_status or not abs(value - base) <= self._deadbands[slot]
            if kept[position]:
                base, base_status = value, status

    def _queue(self, slot: int, sample: Sample, place_ns: int, flags: int) -> None:
        self._row_id += 1
        times = (place_ns, self._row_id, sample.source_ns, sample.receive_ns)
        self._rows.append(HistoryRow(self._names[slot], *times, sample.value, sample.status, flags))

    def _queue_columns(self, batch: SampleBatch, place_ns: NDArray[np.int64]) -> None:
        count = len(batch)
        numbers: list[float] = batch.values.tolist()
        values: list[Value] = list(numbers)
        for position in np.flatnonzero(self._is_typed[batch.slots]).tolist():
            values[position] = typed(numbers[position], self._types[batch.slots[position]])
        names, source_ns = self._names[batch.slots].tolist(), batch.source_ns.tolist()
        ids = range(self._row_id + 1, self._row_id + 1 + count)
        self._row_id += count
        times = place_ns.tolist(), ids, source_ns, repeat(batch.receive_ns)
        columns = (names, *times, values, batch.status.tolist(), repeat(0))
        # As HistoryRow._make does it, without a call of Python for each row.
        self._rows += map(tuple.__new__, repeat(HistoryRow), zip(*columns, strict=False))


def passes(last: Value, value: Value, deadband: float) -> bool:
    """Tell whether a value differs from the last one by more than a dead-band; 0: whether it differs at all."""
    if value == last:
        return False
    if isinstance(value, int | float) and isinstance(last, int | float):
        if math.isnan(value) or math.isnan(last):
            return math.isnan(value) != math.isnan(last)
        return abs(value - last) > deadband
    return True


def _number(value: Value) -> float:
    """Return a value for comparison with numbers of columns; NaN: it differs from each of them."""
    if value is None or isinstance(value, str):
        return math.nan
    if isinstance(value, float):
        return _BEYOND if math.isinf(value) else value
    return float(value) if abs(value) <= EXACT else _BEYOND


def _ends(slots: NDArray[np.uint32]) -> NDArray[np.intp]:
    """Return the positions of the last sample of each tag, where those of a tag are next to each other."""
    return np.flatnonzero(np.append(slots[1:] != slots[:-1], True))
