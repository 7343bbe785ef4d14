"""DISCRETE: the value is one of those that are abnormal."""

import math

from app.alarms.conditions.judge import Band, Untimed, number_of
from app.model.alarm import AlarmDefinition
from app.model.sample import Sample


class Discrete(Untimed):
    """Met while the value is one of ``states``, or equals ``limit`` where no states are given."""

    __slots__ = ("_abnormal", "_number")

    def __init__(self, definition: AlarmDefinition) -> None:
        limit = () if definition.limit is None else (definition.limit,)
        self._abnormal: tuple[float, ...] = definition.states or limit
        self._number: float | None = None

    def hear(self, tag: str, sample: Sample, now_ns: int, *, latched: bool) -> bool | None:
        """Take a sample."""
        self._number = number_of(sample)
        return self.again(now_ns, latched=latched)

    def note(self, tag: str, sample: Sample) -> None:
        """Take a sample that changes nothing."""
        self._number = number_of(sample)

    def again(self, now_ns: int, *, latched: bool) -> bool | None:
        """Judge by the last sample."""
        return None if self._number is None or not self._abnormal else self._number in self._abnormal

    def band(self, tag: str, met: bool, *, latched: bool) -> Band | None:
        """Return the gap between abnormal values in which the value lies; the value alone where it is abnormal."""
        if self._number is None:
            return None
        if met:
            return self._number, self._number
        below = [each for each in self._abnormal if each < self._number]
        above = [each for each in self._abnormal if each > self._number]
        return (
            math.nextafter(max(below), math.inf) if below else -math.inf,
            math.nextafter(min(above), -math.inf) if above else math.inf,
        )
