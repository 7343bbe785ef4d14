"""How many samples a second."""

from collections import deque
from typing import Final

from app.model.clock import SECOND_NS, Clock

RATE_WINDOW_S: Final = 10


class Rate:
    """Mean of the last ten whole seconds."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._counts: deque[tuple[int, int]] = deque()

    def add(self, count: int) -> None:
        """Count samples at this moment."""
        second = self._clock.now_ns() // SECOND_NS
        if self._counts and self._counts[-1][0] == second:
            self._counts[-1] = (second, self._counts[-1][1] + count)
        else:
            self._counts.append((second, count))
            self._forget(second)

    def per_second(self) -> float:
        """Return samples per second."""
        self._forget(self._clock.now_ns() // SECOND_NS)
        return sum(count for _, count in self._counts) / RATE_WINDOW_S

    def _forget(self, second: int) -> None:
        while self._counts and self._counts[0][0] <= second - RATE_WINDOW_S:
            self._counts.popleft()
