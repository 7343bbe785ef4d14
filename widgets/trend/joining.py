"""Where history counts beside the ring, and the rows of both as one. Pure numpy; times are ns since the epoch, UTC."""

from dataclasses import replace
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.model.status import BAD_WAITING_FOR_INITIAL_DATA, GOOD
from app.trend.types import Envelope
from widgets.trend.parts import EMPTY, FIELDS, concatenated, rows_at

Stretch: TypeAlias = tuple[int, int]
_WIDE: Final = 1.5
"""A row of the ring that is wider than so many columns is a bucket of samples that history has singly."""
_FOREVER: Final = 2**62
_ALWAYS: Final = (-_FOREVER, _FOREVER)


def wanted(ring: Any | None, start_ns: int, end_ns: int, column_ns: float) -> list[Stretch]:
    """Return the stretches of a window for which history is to be asked, oldest first.

    Before the oldest row of the ring; where it has buckets wider than a column (one whose values are all the same has
    nothing more to tell); and in holes, which may be what came between a checkpoint and a reboot. A hole begins with a
    bad sample, lies behind its row or within it, and may hide an extreme however narrow it is.
    """
    if ring is None or not len(ring.t_first):
        return [(start_ns, end_ns)]
    first, last = ring.t_first, ring.t_last
    holes = np.flatnonzero(_bad(ring))
    wide = np.flatnonzero(wide_rows(ring, column_ns))
    begins = np.concatenate(([start_ns], np.where(_may_hide(ring), first, last + 1)[holes], first[wide]))
    ends = np.concatenate((first[:1], _next(ring)[holes], last[wide] + 1))
    begins, ends = np.maximum(begins, start_ns), np.minimum(ends, end_ns)
    found: list[Stretch] = []
    for begin, end in sorted(zip(begins.tolist(), ends.tolist(), strict=True)):
        if begin >= end:
            continue
        if found and begin - found[-1][1] <= column_ns:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return found


def joined(
    ring: Any | None, history: Envelope, column_ns: float, tolerance: float = 0.0, window: Stretch = _ALWAYS
) -> Any:
    """Return one envelope; rows do not overlap, and a column stands in it once. ``window``: that of the answers.

    The ring's rows win, but for buckets wider than a column of which history has both extremes, to a tolerance (the
    dead-band), and for the end of a store that was made from a checkpoint: history goes on behind it.
    A row of history that reaches into the ring is cut there: its extremes stay. A row of the ring with a hole in it
    gets those that history has within it.
    """
    if ring is None or not len(ring.t_first):
        return history
    if not len(history.t_first):
        return ring
    breaks = _bad(ring)
    ring, gone = _going_on(_widened(ring, history), history)
    places = np.flatnonzero(~(gone | _replaced(ring, history, column_ns, tolerance, window)))
    kept = rows_at(ring, places)
    if not len(kept.t_first):
        return history
    # The gaps between the rows kept in which history counts: before the first, in a hole, where a bucket was taken out.
    low = np.concatenate(([-_FOREVER], kept.t_last + 1))
    high = np.concatenate((kept.t_first, [_FOREVER])) - 1
    taken_out = np.append(places[1:], len(ring.t_first)) != places + 1
    opened = np.append(True, breaks[places] | taken_out)
    gap = np.searchsorted(high, history.t_first, side="left")
    # A row that begins within a row of the ring may still reach into the gap behind it.
    begin, end = np.maximum(history.t_first, low[gap]), np.minimum(history.t_last, high[gap])
    inside = opened[gap] & (begin <= end)
    arrays = {name: getattr(history, name)[inside] for name in FIELDS}
    arrays["t_first"], arrays["t_last"] = begin[inside], end[inside]
    both = concatenated([kept, Envelope(**arrays, is_raw=history.is_raw)])
    return rows_at(both, np.argsort(both.t_first, kind="stable"))


def in_order(parts: list[Envelope]) -> Envelope:
    """Return the rows of parts by time; the samples next to a part are in its neighbour too, and stand once."""
    if not parts:
        return EMPTY
    rows = concatenated(parts)
    rows = rows_at(rows, np.lexsort((-rows.t_last, rows.t_first)))
    # A sample next to a part is a row of one; in its neighbour it is in a row that may be of more. Where rows of both
    # overlap, the later is cut: its extremes stay.
    reached = np.append(np.int64(-_FOREVER), np.maximum.accumulate(rows.t_last)[:-1])
    more = rows.t_last > reached
    rows = rows_at(rows, more)
    return replace(rows, t_first=np.maximum(rows.t_first, reached[more] + 1))


def cut_open(rows: Envelope, missing: list[Stretch]) -> Envelope:
    """Return rows with a gap wherever history is not there yet behind some that is: no line goes across it."""
    known = [(begin, end) for begin, end in missing if len(rows.t_first) and begin > rows.t_first[0]]
    if not known:
        return rows
    begins, ends = np.array(sorted(known), dtype=np.int64).T
    place = np.searchsorted(begins, rows.t_first, side="right") - 1
    rows = rows_at(rows, (place < 0) | (rows.t_last >= ends[np.maximum(place, 0)]))
    none = np.full(len(begins), np.nan)
    status = np.full(len(begins), BAD_WAITING_FOR_INITIAL_DATA, dtype=np.uint32)
    gaps = Envelope(begins, ends - 1, none, none, none, status, np.zeros(len(begins), np.uint64), True)
    both = concatenated([rows, gaps])
    return rows_at(both, np.argsort(both.t_first, kind="stable"))


def _widened(ring: Any, history: Envelope) -> Any:
    """Return the ring with the extremes that history has within rows that may hide a hole."""
    rows = np.flatnonzero(_may_hide(ring))
    begin = np.searchsorted(history.t_last, ring.t_first[rows], side="left")
    end = np.searchsorted(history.t_first, ring.t_last[rows], side="right")
    some = end > begin
    rows, begin, end = rows[some], begin[some], end[some]
    if not len(rows):
        return ring
    low, high = _extremes(history, begin, end)
    minimum, maximum = ring.minimum.copy(), ring.maximum.copy()
    minimum[rows], maximum[rows] = np.fmin(minimum[rows], low), np.fmax(maximum[rows], high)
    return replace(concatenated([ring]), minimum=minimum, maximum=maximum)


def _extremes(history: Envelope, begin: Any, end: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return minimum and maximum of history from each row ``begin`` to before ``end``, which is greater."""
    pairs = np.column_stack((begin, end)).ravel()
    low = np.fmin.reduceat(np.append(history.minimum, np.nan), pairs)[::2]
    high = np.fmax.reduceat(np.append(history.maximum, np.nan), pairs)[::2]
    return low, high


def _going_on(ring: Any, history: Envelope) -> tuple[Any, NDArray[np.bool_]]:
    """Return the ring with the ends of which history knows better, for it has more behind and is good there.

    Also which of them are nothing but an end, and go. A run that began with a checkpoint put "not known from here on"
    behind it, where the run before still knew.
    """
    ends = np.flatnonzero(_bad(ring) & np.isnan(ring.last))
    held = np.searchsorted(history.t_first, ring.t_last[ends], side="right") - 1
    ends, held = ends[held >= 0], held[held >= 0]
    begin = np.append(history.t_first, _FOREVER)[held + 1]
    reaches = history.t_last[held] > ring.t_last[ends]
    more = (begin < _next(ring)[ends]) | reaches
    wrong = more & np.where(reaches, ~_bad(history)[held], np.isfinite(history.last[held]))
    ends, held = ends[wrong], held[wrong]
    gone = np.zeros(len(ring.t_first), dtype=bool)
    if not len(ends):
        return ring, gone
    gone[ends] = np.isnan(ring.minimum[ends])
    last, status = ring.last.copy(), ring.status.copy()
    last[ends], status[ends] = history.last[held], np.where(_bad(history)[held], GOOD, history.status[held])
    return replace(concatenated([ring]), last=last, status=status), gone


def _replaced(ring: Any, history: Envelope, column_ns: float, tolerance: float, window: Stretch) -> NDArray[np.bool_]:
    """Tell which rows of the ring history has in full: wide ones of whose extremes it has both.

    Of one that reaches over a border of the window only a part is asked: there it is enough that history has some.
    """
    found = np.zeros(len(ring.t_first), dtype=bool)
    wide = np.flatnonzero(wide_rows(ring, column_ns))
    if not len(wide):
        return found
    begin = np.searchsorted(history.t_first, ring.t_first[wide], side="left")
    end = np.searchsorted(history.t_first, ring.t_last[wide], side="right")
    some = end > begin
    wide, begin, end = wide[some], np.maximum(begin[some] - 1, 0), end[some]  # with the value held before it
    if not len(wide):
        return found
    low, high = _extremes(history, begin, end)
    least, most = ring.minimum[wide], ring.maximum[wide]
    both = ~(low > least + tolerance) & ~(high < most - tolerance)
    first, last = ring.t_first[wide], ring.t_last[wide]
    cut = ((first < window[0]) & (last >= window[0])) | ((first <= window[1]) & (last > window[1]))
    found[wide] = (both | cut) & (np.isfinite(low) | np.isnan(least))
    return found


def wide_rows(ring: Any, column_ns: float) -> NDArray[np.bool_]:
    """Tell which rows of the ring are wider than a column, and of more than one value."""
    same = (ring.minimum == ring.maximum) & ~_bad(ring)
    return np.asarray((ring.t_last - ring.t_first > _WIDE * column_ns) & ~same)


def _bad(ring: Any) -> NDArray[np.bool_]:
    return np.asarray(ring.status >> 31 == 1)


def _may_hide(ring: Any) -> NDArray[np.bool_]:
    """Tell which rows of the ring have a bad sample among others: a hole may lie between."""
    return np.asarray(_bad(ring) & (ring.t_last > ring.t_first))


def _next(ring: Any) -> NDArray[np.int64]:
    return np.append(ring.t_first[1:], _FOREVER)
