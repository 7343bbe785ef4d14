"""HH, H, L and LL: above or below a limit, which is a number or the value of another tag."""

import math

from app.alarms.conditions.joint import ABOVE, BELOW, Joint
from app.alarms.conditions.judge import Band, Comparing, Untimed, good_number_of, number_of
from app.model.alarm import AlarmDefinition, AlarmKind
from app.model.sample import Sample

_HIGH = frozenset({AlarmKind.HIGH, AlarmKind.HIGH_HIGH})


def is_high(kind: AlarmKind) -> bool:
    """Tell whether a kind looks for numbers above its limit; L and LL look below."""
    return kind in _HIGH


class FixedLimit(Untimed):
    """A high alarm is met above its limit and left at limit minus dead-band, a low one mirrored."""

    __slots__ = ("_deadband", "_high", "_limit", "_number")

    def __init__(self, definition: AlarmDefinition) -> None:
        self._high = is_high(definition.kind)
        self._limit = definition.limit
        self._deadband = definition.deadband
        self._number: float | None = None

    def hear(self, tag: str, sample: Sample, now_ns: int, *, latched: bool) -> bool | None:
        """Take a sample."""
        self._number = number_of(sample)
        return _met(self._high, self._number, self._limit, self._deadband if latched else 0.0)

    def note(self, tag: str, sample: Sample) -> None:
        """Take a sample that changes nothing."""
        self._number = number_of(sample)

    def again(self, now_ns: int, *, latched: bool) -> bool | None:
        """Judge by the last sample."""
        return _met(self._high, self._number, self._limit, self._deadband if latched else 0.0)

    def band(self, tag: str, met: bool, *, latched: bool) -> Band | None:
        """Return the side of the limit on which the number lies."""
        if self._limit is None:
            return -math.inf, math.inf
        deadband = self._deadband if latched else 0.0
        if self._high:
            edge = self._limit - deadband
            return (math.nextafter(edge, math.inf), math.inf) if met else (-math.inf, edge)
        edge = self._limit + deadband
        return (-math.inf, math.nextafter(edge, -math.inf)) if met else (edge, math.inf)


class BoundLimit(Comparing):
    """The same with a limit that is the present value of another tag; while that is not good, nothing is known."""

    __slots__ = ("_deadband", "_high", "_limit", "_limit_tag", "_number", "joint")

    def __init__(self, definition: AlarmDefinition) -> None:
        self._high = is_high(definition.kind)
        self._limit_tag = definition.limit_tag
        self._deadband = definition.deadband
        self._number: float | None = None
        self._limit: float | None = None
        side = ABOVE if self._high else BELOW
        self.joint = Joint(definition.tag, self._limit_tag, side, 0.0, self._deadband, only_good=True)

    def note(self, tag: str, sample: Sample) -> None:
        """Take a sample that changes nothing."""
        if tag == self._limit_tag:
            self._limit = good_number_of(sample)
        else:
            self._number = number_of(sample)

    def again(self, now_ns: int, *, latched: bool) -> bool | None:
        """Judge by the last samples."""
        return _met(self._high, self._number, self._limit, self._deadband if latched else 0.0)

    def known(self, tag: str) -> float | None:
        """Return the limit or the value."""
        return self._limit if tag == self._limit_tag else self._number


def _met(high: bool, number: float | None, limit: float | None, deadband: float) -> bool | None:
    if number is None or limit is None:
        return None
    return number > limit - deadband if high else number < limit + deadband
