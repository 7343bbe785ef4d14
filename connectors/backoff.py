"""Waiting times between attempts to connect."""


class Backoff:
    """Doubles from ``first_s`` to ``cap_s`` (seconds) until it is reset."""

    def __init__(self, first_s: float = 0.5, cap_s: float = 5.0) -> None:
        self._first_s = min(first_s, cap_s)
        self._cap_s = cap_s
        self._next_s = self._first_s

    def next(self) -> float:
        """Return how long to wait now (seconds)."""
        wait_s = self._next_s
        self._next_s = min(wait_s * 2, self._cap_s)
        return wait_s

    def reset(self) -> None:
        """Begin again with the shortest wait."""
        self._next_s = self._first_s
