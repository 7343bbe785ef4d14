"""From an envelope to lines: gaps where the status is bad, dashes where it is uncertain, steps for discrete tags.

Pure numpy. Times in the result are float seconds since the epoch (UTC): exact to a fraction of a microsecond.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.model.clock import SECOND_NS

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
_UNCERTAIN: Final = 1
_BAD: Final = 2


@dataclass(frozen=True, slots=True)
class Lines:
    """Points of one pen.

    Attributes:
        x, y: seconds since the epoch, engineering units.
        solid, dashed: whether the segment from point i to point i + 1 is drawn so (the last entry is False).
        known: whether the point has a value; in a gap y is only a place holder.

    """

    x: Floats
    y: Floats
    solid: Flags
    dashed: Flags
    known: Flags

    def bounds(self) -> tuple[float, float] | None:
        """Return the lowest and highest value drawn, or None where there is none."""
        drawn = self.solid | self.dashed
        drawn[1:] |= drawn[:-1]
        values = self.y[drawn] if len(self.y) > 1 else self.y
        values = values[np.isfinite(values)]
        return (float(values.min()), float(values.max())) if len(values) else None

    def solid_parts(self) -> Iterator[tuple[Floats, Floats]]:
        """Yield unbroken runs that are drawn solid."""
        return self._parts(self.solid)

    def dashed_parts(self) -> Iterator[tuple[Floats, Floats]]:
        """Yield unbroken runs that are drawn dashed."""
        return self._parts(self.dashed)

    def _parts(self, connect: Flags) -> Iterator[tuple[Floats, Floats]]:
        if len(connect) < 2:
            return
        edges = np.diff(np.concatenate(([0], connect[:-1].astype(np.int8), [0])))
        for start, end in zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True):
            yield self.x[start : end + 1], self.y[start : end + 1]


EMPTY: Final = Lines(np.empty(0), np.empty(0), *(np.empty(0, dtype=bool) for _ in range(3)))


def polyline(envelope: Any, discrete: bool, now_ns: int) -> Lines:
    """Turn an envelope into at most four points a column.

    ``now_ns``: the newest value holds until then (0: until its own time).
    """
    first = np.asarray(envelope.t_first, dtype=np.int64)
    if len(first) == 0:
        return EMPTY
    last = np.asarray(envelope.t_last, dtype=np.int64)
    low, high = np.asarray(envelope.minimum, dtype=float), np.asarray(envelope.maximum, dtype=float)
    end = np.asarray(envelope.last, dtype=float)
    severity = np.minimum(np.asarray(envelope.status, dtype=np.uint32) >> 30, _BAD).astype(np.int8)
    severity[~(np.isfinite(low) & np.isfinite(high) & np.isfinite(end))] = _BAD
    if discrete:
        x, y, s = _steps(last, end, severity)
    else:
        x, y, s = _columns(first, last, low, high, end, severity)
    if now_ns / SECOND_NS > x[-1]:
        x, y, s = np.append(x, now_ns / SECOND_NS), np.append(y, y[-1]), np.append(s, s[-1])
    return _connect(x, y, s)


def _steps(t: NDArray[np.int64], v: Floats, s: NDArray[np.int8]) -> tuple[Floats, Floats, NDArray[np.int8]]:
    """Hold each value until the next one: two points at each change."""
    x = np.repeat(t / SECOND_NS, 2)[1:]
    y = np.repeat(v, 2)[:-1]
    status = np.repeat(s, 2)[:-1]
    return x, y, status


def _columns(
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    low: Floats,
    high: Floats,
    end: Floats,
    severity: NDArray[np.int8],
) -> tuple[Floats, Floats, NDArray[np.int8]]:
    """Span each column from its minimum to its maximum, then leave it at its last value."""
    single = (low == high) & (first == last)
    count = np.where(single, 1, 3)
    place = np.cumsum(count) - count
    total = int(count.sum())
    x, y = np.empty(total), np.empty(total)
    a, b = first / SECOND_NS, last / SECOND_NS
    x[place], y[place] = np.where(single, b, a), np.where(single, end, low)
    wide = ~single
    at = place[wide]
    x[at + 1], y[at + 1] = (a[wide] + b[wide]) / 2, high[wide]
    x[at + 2], y[at + 2] = b[wide], end[wide]
    return x, y, np.repeat(severity, count)


def _connect(x: Floats, y: Floats, severity: NDArray[np.int8]) -> Lines:
    """Draw a segment as bad as its start: a value holds with its status until the next one."""
    drawn = severity < _BAD
    y = np.where(np.isfinite(y), y, 0.0)
    solid = np.zeros(len(x), dtype=bool)
    dashed = np.zeros(len(x), dtype=bool)
    if len(x) > 1:
        both = drawn[:-1] & drawn[1:]
        uncertain = (severity[:-1] == _UNCERTAIN) & both
        solid[:-1], dashed[:-1] = both & ~uncertain, uncertain
    return Lines(x, y, solid, dashed, drawn)
