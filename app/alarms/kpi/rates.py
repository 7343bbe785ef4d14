"""How many alarms came when: ten minutes and hours of the clock, floods, and the most in any ten minutes."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.alarms.kpi.definitions import FLOOD_BEGINS_ABOVE, FLOOD_ENDS_BELOW
from app.model.alarm_kpi import TEN_MINUTES_NS, FloodSpan

Times: TypeAlias = NDArray[np.int64]


def count_windows(times: Times, from_ns: int, to_ns: int, width_ns: int) -> NDArray[np.int64]:
    """Return how many times lie in each window from ``from_ns`` on; windows cover all of ``to_ns`` (excluded)."""
    windows = max(0, -(-(to_ns - from_ns) // width_ns))
    inside = times[(times >= from_ns) & (times < to_ns)]
    return np.bincount((inside - from_ns) // width_ns, minlength=windows).astype(np.int64)


def find_floods(bins: Sequence[int], start_ns: int, from_ns: int, to_ns: int) -> list[FloodSpan]:
    """Return the floods in a period, cut to it; ``bins`` are of ten minutes each, from ``start_ns`` (before it) on.

    A flood begins with the first window of more than ten, and ends before the first one after it of fewer than five.
    """
    found: list[FloodSpan] = []
    begin: int | None = None
    for at, count in enumerate([*bins, 0]):
        if begin is None and count > FLOOD_BEGINS_ABOVE:
            begin = at
        elif begin is not None and count < FLOOD_ENDS_BELOW:
            first = max(begin, (from_ns - start_ns) // TEN_MINUTES_NS)
            if at > first:
                inside = bins[first:at]
                span_ns = (start_ns + first * TEN_MINUTES_NS, min(to_ns, start_ns + at * TEN_MINUTES_NS))
                found.append(FloodSpan(*span_ns, int(sum(inside)), int(max(inside))))
            begin = None
    return found


def most_within(times: Times, width_ns: int) -> tuple[int, int]:
    """Return the most times (in order) in any window of a width, end excluded, and when the first such began."""
    if not len(times):
        return 0, 0
    ends = np.searchsorted(times, times + width_ns, "left")
    counts = ends - np.arange(len(times))
    best = int(np.argmax(counts))
    return int(counts[best]), int(times[best])
