"""Conditions that count only once they were met so many times within a while."""

from collections import deque

from app.model.clock import SECOND_NS


class Repeats:
    """Counts how often a condition became true, in the time of the source.

    It counts from the time on which it is so for the ``count``-th time within ``count_s``, until it is false.
    """

    __slots__ = ("_enough", "_times", "_within_ns", "is_true")

    def __init__(self, count: int, count_s: float) -> None:
        self._within_ns = round(count_s * SECOND_NS)
        self._times: deque[int] = deque(maxlen=count)
        self._enough = False
        self.is_true = False
        """Whether the condition was true when it was known last, counted or not."""

    def take(self, met: bool | None, source_ns: int) -> bool | None:
        """Return what a judgement is after counting; without knowledge nothing begins and nothing ends."""
        if met is None:
            return None
        if met and not self.is_true:
            self._times.append(source_ns)
            self._enough = len(self._times) == self._times.maxlen and source_ns - self._times[0] <= self._within_ns
        self.is_true = met
        return met and self._enough

    def restore(self, active: bool) -> None:
        """Begin with a condition that counts already, or with none."""
        self.is_true = self._enough = active
