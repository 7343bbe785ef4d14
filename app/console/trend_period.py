"""Tags at a time, as an alarm or an incident of the journal wants to see them."""

from dataclasses import dataclass
from typing import Final

from app.model.clock import SECOND_NS

_AROUND_S: Final = 1800.0
"""So much before and after the beginning of an alarm is shown."""


@dataclass(frozen=True, slots=True)
class TrendPeriod:
    """What a trend is to show; times in seconds since the epoch, UTC.

    Attributes:
        own_window: in a window of its own, with these tags and no others; else added to what the workspace shows.

    """

    tags: tuple[str, ...]
    start_s: float
    end_s: float
    own_window: bool = False

    @classmethod
    def around(cls, tags: tuple[str, ...], at_ns: int) -> "TrendPeriod":
        """Return the time around a moment (ns since the epoch, UTC)."""
        at_s = at_ns / SECOND_NS
        return cls(tags, at_s - _AROUND_S, at_s + _AROUND_S)

    @classmethod
    def of_span(cls, tags: tuple[str, ...], first_ns: int, last_ns: int) -> "TrendPeriod":
        """Return, for a window of its own, a span with some time before and after it."""
        first_s, last_s = first_ns / SECOND_NS, last_ns / SECOND_NS
        margin = max(300.0, (last_s - first_s) * 0.25)
        return cls(tags, first_s - margin, last_s + margin, own_window=True)
