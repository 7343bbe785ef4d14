"""What the compiled curves must equal, plainly in numpy: from an envelope to points and their segments."""

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.model import status as st
from app.model.clock import SECOND_NS

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
_UNCERTAIN: Final = 1
_BAD: Final = 2


@dataclass(frozen=True, slots=True)
class Points:
    """Points of one pen.

    Attributes:
        x, y: seconds since the epoch, engineering units.
        solid, dashed: whether the segment from point i to point i + 1 is drawn so (the last entry is False).
        known: whether the point has a value; in a gap y is only a place holder.
        ends: whether the point is the last of its row: these alone are the line within the band of an envelope.
        marked: whether the value was substituted, forced or filled in later (status of its row).
        is_raw: whether every row is one sample; then there is no band.

    """

    x: Floats
    y: Floats
    solid: Flags
    dashed: Flags
    known: Flags
    ends: Flags
    marked: Flags
    is_raw: bool = True


_NONE: Final = np.empty(0, dtype=bool)
EMPTY: Final = Points(np.empty(0), np.empty(0), _NONE, _NONE, _NONE, _NONE, _NONE)
_MARKED: Final = np.array([st.GOOD_LOCAL_OVERRIDE, st.UNCERTAIN_SUBSTITUTE], dtype=np.uint32)
_HISTORIAN: Final = (0x400, 0x1F)
"""InfoType DataValue, and its historian bits: calculated, interpolated, partial, extra (OPC UA Part 11, 6.4.2)."""


def points_of(envelope: Any, discrete: bool, now_ns: int, dense_ns: int) -> Points:
    """Turn an envelope into at most four points a column.

    ``now_ns``: the newest value holds until then (0: until its own time). ``dense_ns``: those further apart are not
    joined.
    """
    first = np.asarray(envelope.t_first, dtype=np.int64)
    if len(first) == 0:
        return EMPTY
    last = np.asarray(envelope.t_last, dtype=np.int64)
    low, high = np.asarray(envelope.minimum, dtype=float), np.asarray(envelope.maximum, dtype=float)
    end = np.asarray(envelope.last, dtype=float)
    status = np.asarray(envelope.status, dtype=np.uint32)
    single = (low == high) & (first == last)
    severity, tail = _severity(status, low, high, end, single)
    mixed = (severity < _BAD) & ((status >> 30 >= _BAD) | ~np.isfinite(end)) & ~single
    if discrete:
        parts = _steps(first, last, low, high, end, single)
    else:
        parts = _held(_columns(first, last, low, high, end, single), severity, tail, first[1:] - last[:-1] > dense_ns)
    x, y, row, place = parts
    if now_ns / SECOND_NS > x[-1]:
        x, y = np.append(x, now_ns / SECOND_NS), np.append(y, y[-1])
        row, place = np.append(row, row[-1]), np.append(place, _HOLD)
    s = np.where(place == _WITHIN, severity[row], tail[row])
    inside = mixed & (np.append(_BAD, tail[:-1]) < _BAD)
    apart = inside[row] & np.isin(place, (_LAST, _LAST_AND_END))
    drawn, solid, dashed = _connect(s, apart)
    ends, marked = np.isin(place, (_HOLD, _LAST_AND_END, _ALONE)), _is_marked(status)[row]
    return Points(x, np.where(np.isfinite(y), y, 0.0), solid, dashed, drawn, ends, marked, bool(single.all()))


def _severity(
    status: NDArray[np.uint32], low: Floats, high: Floats, end: Floats, single: Flags
) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """Return how bad each row is, and how bad it is left: one with good samples is never as bad as its worst."""
    severity = np.minimum(status >> 30, _BAD).astype(np.int8)
    some, ends_good = np.isfinite(low) & np.isfinite(high), np.isfinite(end)
    bad = (severity == _BAD) | ~ends_good
    severity = np.where(~some | (bad & single), _BAD, np.where(bad, 0, severity)).astype(np.int8)
    return severity, np.where(ends_good, severity, _BAD).astype(np.int8)


def _is_marked(status: NDArray[np.uint32]) -> Flags:
    historian = (status & _HISTORIAN[0] != 0) & (status & _HISTORIAN[1] != 0)
    return np.asarray(np.isin(status & 0xFFFF0000, _MARKED) | historian)


_WITHIN, _LAST, _LAST_AND_END, _HOLD, _ALONE = range(5)
_Parts: TypeAlias = tuple[Floats, Floats, NDArray[np.intp], NDArray[np.intp]]
"""Times, values, the row that a point is of, and its place there: in the bar, the last value, held, a row of one."""


def _steps(
    first: NDArray[np.int64], last: NDArray[np.int64], low: Floats, high: Floats, end: Floats, single: Flags
) -> _Parts:
    """Hold each value until the next one: two points at each change; states between are shown as a bar."""
    count = np.where(single, 2, 5)
    row = np.repeat(np.arange(len(single)), count)
    place = np.cumsum(count) - count
    x, y = np.repeat(first / SECOND_NS, count), np.empty(len(row))
    before = np.concatenate((end[:1], end[:-1]))
    y[place], y[place + count - 1] = before, end
    at = place[~single]
    y[at + 1], y[at + 2], y[at + 3] = low[~single], high[~single], end[~single]
    x[at + 3] = x[at + 4] = last[~single] / SECOND_NS
    row[place[1:]] -= 1
    what = np.full(len(row), _WITHIN)
    what[place], what[place + count - 1] = _HOLD, np.where(single, _ALONE, _HOLD)
    what[at + 3] = _LAST
    return x[1:], y[1:], row[1:], what[1:]


def _columns(
    first: NDArray[np.int64], last: NDArray[np.int64], low: Floats, high: Floats, end: Floats, single: Flags
) -> _Parts:
    """Span each column from its minimum to its maximum, then leave it at its last value."""
    count = np.where(single, 1, 3)
    place = np.cumsum(count) - count
    row = np.repeat(np.arange(len(single)), count)
    x, y = np.empty(len(row)), np.empty(len(row))
    a, b = first / SECOND_NS, last / SECOND_NS
    x[place], y[place] = np.where(single, b, a), np.where(single, end, low)
    at = place[~single]
    x[at + 1], y[at + 1] = (a[~single] + b[~single]) / 2, high[~single]
    x[at + 2], y[at + 2] = b[~single], end[~single]
    what = np.full(len(row), _WITHIN)
    what[place + count - 1] = np.where(single, _ALONE, _LAST_AND_END)
    return x, y, row, what


def _held(
    points: _Parts, severity: NDArray[np.int8], tail: NDArray[np.int8],
    far: Flags,
) -> _Parts:  # fmt: skip
    """Hold the last value until a gap, or until the next value where nothing was reported for long."""
    x, y, row, what = points
    ends = (severity == _BAD) | np.append(False, far)
    cut = np.flatnonzero((tail[row[:-1]] < _BAD) & ends[row[1:]] & (np.diff(row) > 0)) + 1
    if not len(cut):
        return points
    x, y = np.insert(x, cut, x[cut]), np.insert(y, cut, y[cut - 1])
    return x, y, np.insert(row, cut, row[cut - 1]), np.insert(what, cut, _HOLD)


def _connect(severity: NDArray[np.int8], apart: Flags) -> tuple[Flags, Flags, Flags]:
    """Draw a segment as bad as its start: a value holds with its status until the next one."""
    drawn = np.asarray(severity < _BAD)
    solid = np.zeros(len(drawn), dtype=bool)
    dashed = np.zeros(len(drawn), dtype=bool)
    both = drawn[:-1] & drawn[1:] & ~apart[1:]
    uncertain = (severity[:-1] == _UNCERTAIN) & both
    solid[:-1], dashed[:-1] = both & ~uncertain, uncertain
    return drawn, solid, dashed
