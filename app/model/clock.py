"""Time is an argument: logic asks a clock, so that tests can hold it still."""

import time
from dataclasses import dataclass
from typing import Protocol

SECOND_NS = 1_000_000_000


class Clock(Protocol):
    """Source of wall-clock and monotonic time."""

    def now_ns(self) -> int:
        """Return nanoseconds since the epoch, UTC."""

    def monotonic(self) -> float:
        """Return seconds of a clock that never steps back."""


class SystemClock:
    """The computer's clock."""

    def now_ns(self) -> int:
        """Return nanoseconds since the epoch, UTC."""
        return time.time_ns()

    def monotonic(self) -> float:
        """Return seconds of a clock that never steps back."""
        return time.monotonic()


@dataclass
class ManualClock:
    """A clock that moves only when told; for tests and replay."""

    ns: int = 1_700_000_000 * SECOND_NS

    def now_ns(self) -> int:
        """Return the set time."""
        return self.ns

    def monotonic(self) -> float:
        """Return the set time in seconds."""
        return self.ns / SECOND_NS

    def advance(self, seconds: float) -> None:
        """Move the clock forward."""
        self.ns += round(seconds * SECOND_NS)
