"""Whether more alarms come than an operator can answer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FloodState:
    """State of the flood detection; times in ns since the epoch, UTC.

    Attributes:
        active: whether there is a flood now.
        since_ns: when it began, or the last one did; 0: there was none.
        count: alarms annunciated in the last 10 minutes.
        ended_ns: when the last one ended; None while there is one, or where there was none.

    """

    active: bool = False
    since_ns: int = 0
    count: int = 0
    ended_ns: int | None = None
