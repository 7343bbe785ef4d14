"""What the course shown is compared with: an earlier day at the same wall-clock time, or a picked time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from itertools import pairwise
from zoneinfo import ZoneInfo

from widgets.trend.wallclock import DAY_S, changes, exact, offset_s


class Compared(Enum):
    """What to compare with."""

    NOTHING = 0
    YESTERDAY = 1
    LAST_WEEK = 7
    PICKED = -1


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the time shown (seconds since the epoch), and how long before it the compared course is (s)."""

    start_s: float
    end_s: float
    shift_s: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """A choice; ``picked_s`` is the end of the picked window (seconds since the epoch)."""

    what: Compared = Compared.NOTHING
    picked_s: float = 0.0

    def pieces(self, start_s: float, end_s: float, zone: ZoneInfo) -> list[Piece]:
        """Return the parts of a view beside which another course is drawn, oldest first; none for no comparison.

        Equal wall-clock times stand at one place also where the clocks change in the view or in what it is compared
        with: an hour that only one of them has is left out, and beside one that comes twice the other stands twice.
        """
        back_s = float(self.what.value * DAY_S)
        if self.what is Compared.PICKED:
            back_s = end_s + offset_s(end_s, zone) - self.picked_s - offset_s(self.picked_s, zone)
        if self.what is Compared.NOTHING or not back_s:
            return []
        found: list[Piece] = []
        for begin, end in pairwise(_borders(start_s, end_s, back_s, zone)):
            shift = _shift((begin + end) / 2, back_s, zone)
            if shift is None:
                continue
            if found and found[-1].end_s == begin and found[-1].shift_s == shift:
                found[-1] = Piece(found[-1].start_s, end, shift)
            else:
                found.append(Piece(begin, end, shift))
        return found


def _borders(start_s: float, end_s: float, back_s: float, zone: ZoneInfo) -> list[float]:
    """Return the times between which the shift is one, first and last included."""
    own = list(changes(start_s, end_s, zone))
    offsets = {offset_s(at, zone) for at in (start_s, *own)}
    borders: Iterator[float] = (
        change + offset_s(change + side, zone) + back_s - offset
        for change in changes(start_s - back_s - DAY_S, end_s - back_s + DAY_S, zone)
        for side in (-1.0, 0.0)
        for offset in offsets
    )
    return [start_s, *sorted({at for at in (*own, *borders) if start_s < at < end_s}), end_s]


def _shift(at_s: float, back_s: float, zone: ZoneInfo) -> float | None:
    """Return how long ago the clocks said what they say then less ``back_s``; None where they never did."""
    offset = offset_s(at_s, zone)
    then = datetime.fromtimestamp(at_s + offset - back_s, UTC).replace(tzinfo=zone)
    if exact(then) is None:
        return None
    past = then.utcoffset()
    return back_s + (past.total_seconds() if past is not None else 0.0) - offset
