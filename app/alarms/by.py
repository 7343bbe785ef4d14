"""Who did what is done to an alarm, and when."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class By:
    """A user at a desk, or nobody (``user`` empty): then it happened by itself.

    Attributes:
        at_ns: when, in the time of the engine (ns since the epoch, UTC).
        comment: what the user wrote: the reason, where one is needed.

    """

    at_ns: int
    user: str = ""
    desk: str = ""
    comment: str = ""
