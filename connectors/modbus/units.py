"""Which units of a line answer; pure apart from the time that it is told."""

import math
from collections.abc import Collection
from typing import Final

SILENCES_TO_REST: Final = 2


class Units:
    """Silences of the units of one line, and until when those that stay silent are left in peace.

    Args:
        known: the units that have something to read.
        longest_rest_s: longest rest of a silent unit.

    """

    def __init__(self, known: Collection[int], longest_rest_s: float) -> None:
        self._known = frozenset(known)
        self._longest_rest_s = longest_rest_s
        self._silences: dict[int, int] = {}
        self._rest_until: dict[int, float] = {}

    def __bool__(self) -> bool:
        """Tell whether there is any unit to read."""
        return bool(self._known)

    @property
    def silent(self) -> tuple[int, ...]:
        """The units that rest, or will when they do not answer now."""
        return tuple(sorted(self._rest_until))

    def doubted(self, now: float) -> set[int]:
        """Return the units that are asked at once: silent once so far, or their rest is over."""
        return {
            unit
            for unit, count in self._silences.items()
            if count < SILENCES_TO_REST or self._rest_until.get(unit, math.inf) <= now
        }

    def next_wake(self, now: float) -> float:
        """Return when the next rest ends (monotonic seconds); infinity where none does."""
        return min((until for until in self._rest_until.values() if until > now), default=math.inf)

    @property
    def none_answers(self) -> bool:
        """Whether every unit of the line stays silent."""
        return self._known <= self._rest_until.keys()

    def rests(self, unit: int, now: float) -> bool:
        """Tell whether a unit is not to be asked now (monotonic seconds)."""
        return self._rest_until.get(unit, 0.0) > now

    def answered(self, unit: int) -> None:
        """Note that a unit answered."""
        self._silences.pop(unit, None)
        self._rest_until.pop(unit, None)

    def was_silent(self, unit: int, now: float) -> bool:
        """Note that a unit did not answer; tell whether it is given up for a while (1 s, doubling)."""
        count = self._silences[unit] = self._silences.get(unit, 0) + 1
        gone = count >= SILENCES_TO_REST
        if gone:
            self._rest_until[unit] = now + min(2.0 ** min(count - SILENCES_TO_REST, 16), self._longest_rest_s)
        return gone

    def wake(self) -> None:
        """End every rest, after a new connection; one more silence is then enough to rest again."""
        self._rest_until.clear()
