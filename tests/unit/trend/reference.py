"""A plain numpy model of a slot: what the store must give back, computed from every sample appended."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as some
from numpy.typing import NDArray

from app.trend import Envelope, RetentionClass, StoreEnvelope, StoreWriter

SMALL = RetentionClass("small", 64, (64, 64))
CLASSES = (
    RetentionClass("raw", 64, ()),
    RetentionClass("one", 100, (64,)),
    SMALL,
    RetentionClass("3", 64, (70, 64, 64)),
)
BAD = 0x80000000
FAN_OUT = 16

STEP = some.tuples(
    some.integers(0, 5),
    some.one_of(some.floats(-1e6, 1e6), some.sampled_from([float("nan"), float("inf"), -float("inf")])),
    some.sampled_from([0, 0x40000000, BAD]),
)
Steps = list[tuple[int, float, int]]


def samples_of(level: int) -> int:
    """Return the raw samples of an item of a level of the store: 1, 16, 64, 256, ..."""
    return FAN_OUT * 4 ** (level - 1) if level else 1


@dataclass(frozen=True, eq=False)
class Series:
    """Samples of one slot in the order of their appending."""

    t: NDArray[np.int64]
    value: NDArray[np.float64]
    status: NDArray[np.uint32]

    @classmethod
    def of(cls, steps: Steps, repeat: int) -> "Series":
        """Make the series of these steps (seconds since the one before, value, status), repeated."""
        t = np.cumsum(np.tile([gap for gap, _, _ in steps], repeat), dtype=np.int64) * 1_000_000_000
        value = np.tile(np.array([value for _, value, _ in steps], np.float64), repeat)
        return cls(t, value, np.tile(np.array([code for _, _, code in steps], np.uint32), repeat))

    @property
    def good(self) -> NDArray[np.bool_]:
        """Which samples are no gaps."""
        return np.isfinite(self.value) & (self.status < BAD)

    def append_to(self, writer: StoreWriter, slot: int = 0) -> None:
        """Append everything; nothing may be refused."""
        assert writer.append_batch(np.full(len(self.t), slot, np.uint32), self.t, self.value, self.status, 0) == 0
        writer.heartbeat(int(self.t[-1]))

    def retained(self, kept: RetentionClass) -> list[int]:
        """Return the first sample that each level still has, raw first."""
        result, head = [], len(self.t)
        for level, capacity in enumerate(kept.capacities):
            closed = head if level == 0 else (head - 1) // samples_of(level)
            result.append(max(closed - (capacity - 1), 0) * samples_of(level))
        return result

    def row_agrees(self, rows: Envelope | StoreEnvelope, row: int, first: int) -> bool:
        """Tell whether a row is exactly the samples from `first` on, as many as it counts."""
        part = slice(first, first + int(rows.count[row]))
        last = part.stop - 1
        if last >= len(self.t) or (rows.t_first[row], rows.t_last[row]) != (self.t[first], self.t[last]):
            return False
        values = self.value[part][self.good[part]]
        extremes = (values.min(), values.max()) if len(values) else (np.nan, np.nan)
        found = [rows.minimum[row], rows.maximum[row], rows.last[row], rows.status[row]]
        expected = [*extremes, self.value[last] if self.good[last] else np.nan, self.status[part].max()]
        return bool(np.array_equal(found, expected, equal_nan=True))

    def place(self, rows: Envelope | StoreEnvelope, latest_begin: int, earliest_stop: int) -> list[int]:
        """Return where each row begins and where the last ends; rows must follow one another without a hole.

        They must begin and end where asked or further out. Of equal samples any may be meant.
        """
        lengths = np.concatenate(([0], np.cumsum(rows.count))).astype(int)
        for begin in np.flatnonzero(self.t[: latest_begin + 1] == rows.t_first[0])[::-1]:
            enough = begin + lengths[-1] >= earliest_stop
            if enough and all(self.row_agrees(rows, row, int(begin) + lengths[row]) for row in range(len(rows.count))):
                return [int(begin) + int(length) for length in lengths]
        raise AssertionError(f"rows are not the run of samples from {latest_begin} to {earliest_stop}: {rows}")


def borders(start: int, end: int, columns: int) -> list[int]:
    """Return where the columns of a window begin (exact integers), and the end of the last."""
    span = end - start
    return [start + span // columns * n + span % columns * n // columns for n in range(columns)] + [end + 1]
