"""What the course shown is compared with: an earlier day at the same wall-clock time, or a picked time."""

from dataclasses import dataclass
from enum import Enum
from zoneinfo import ZoneInfo

from widgets.trend.period import same_wall_time


class Compared(Enum):
    """What to compare with."""

    NOTHING = 0
    YESTERDAY = 1
    LAST_WEEK = 7
    PICKED = -1


@dataclass(frozen=True, slots=True)
class Comparison:
    """A choice; ``picked_s`` is the end of the picked window (seconds since the epoch)."""

    what: Compared = Compared.NOTHING
    picked_s: float = 0.0

    def shift_s(self, end_s: float, zone: ZoneInfo) -> float:
        """Return how long before a view that ends then the compared course is (s); 0 for none.

        The same time of day stays the same when the clocks change in between.
        """
        if self.what is Compared.NOTHING:
            return 0.0
        if self.what is Compared.PICKED:
            return end_s - self.picked_s
        return end_s - same_wall_time(end_s, self.what.value, zone)
