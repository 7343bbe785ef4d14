"""ROC: the value changed by more than the limit within a while."""

from collections import deque
from typing import Final

from app.alarms.conditions.joint import Joint
from app.alarms.conditions.judge import Band, good_number_of, number_of
from app.model.alarm import AlarmDefinition
from app.model.clock import SECOND_NS
from app.model.sample import Sample

RESOLUTION: Final = 500
"""Into so many parts the while is divided; of changes within one part the last is remembered. It bounds the memory."""


class RateOfChange:
    """Compares the value with that of ``rate_s`` ago, a value holding until the next; in the time of the source.

    What came before a bad sample, or before the source's clock was set back, is forgotten: as long as less than the
    while is known, a greater change is told and a smaller one is not, so that a standing alarm is not cleared by a gap.
    Between samples time goes on as the engine's.
    """

    __slots__ = (
        "_deadband", "_highs", "_is_short", "_lag_ns", "_last", "_limit", "_limit_tag", "_lows", "_part_ns",
        "_points", "_window_ns", "due_ns", "remembers",
    )  # fmt: skip

    joint: Joint | None = None

    def __init__(self, definition: AlarmDefinition) -> None:
        self._window_ns = round(definition.rate_s * SECOND_NS)
        self._part_ns = self._window_ns // RESOLUTION
        self._limit_tag = definition.limit_tag
        self._limit = definition.limit
        self._deadband = definition.deadband
        self._points: deque[tuple[int, float]] = deque()
        self._highs: deque[tuple[int, float]] = deque()  # falling: the greatest of the while, then what follows it
        self._lows: deque[tuple[int, float]] = deque()  # rising, mirrored
        self._last: float | None = None
        self._lag_ns = 0
        self._is_short = True
        self.due_ns: int | None = None
        self.remembers = not self._limit_tag

    def hear(self, tag: str, sample: Sample, now_ns: int, *, latched: bool) -> bool | None:
        """Take a sample of the value, or of the tag that is the limit; a value that is as before tells nothing new."""
        if tag == self._limit_tag:
            self._limit = good_number_of(sample)
            if self._last is None:
                return None
            self._forget(now_ns - self._lag_ns)  # without a limit nothing was due meanwhile
            return self._met(latched=latched)
        number = number_of(sample)
        if number is None:
            self._clear()
            self._last = self.due_ns = None
            return None
        if number != self._last:
            self._lag_ns = now_ns - sample.source_ns
            self._add(sample.source_ns, number)
            self._forget(sample.source_ns)
        return self._met(latched=latched)

    def note(self, tag: str, sample: Sample) -> None:
        """Take a sample that changes nothing, or the first one."""
        if tag == self._limit_tag:
            self._limit = good_number_of(sample)
        elif self._last is None and (number := number_of(sample)) is not None:
            self._lag_ns = sample.receive_ns - sample.source_ns
            self._add(sample.source_ns, number)
            self._forget(sample.source_ns)

    def again(self, now_ns: int, *, latched: bool) -> bool | None:
        """Judge by what is known."""
        return self._met(latched=latched)

    def wake(self, *, latched: bool) -> tuple[bool | None, int]:
        """Judge when the value of ``rate_s`` ago becomes another one, or the while is known whole."""
        source_ns = (self.due_ns or 0) - self._lag_ns
        self._forget(source_ns)
        return self._met(latched=latched), source_ns

    def band(self, tag: str, met: bool, *, latched: bool) -> Band | None:
        """Return the present value: it holds until the next anyway."""
        known = self._limit if tag == self._limit_tag else self._last
        return None if known is None else (known, known)

    def absorb(self, number: float, source_ns: int, now_ns: int, met: bool | None, *, latched: bool) -> bool:
        """Take a number that leaves the rate on its side of the limit."""
        if number == self._last:
            return True
        limit = self._limit
        if limit is None or not self._points:
            return False
        self._forget(source_ns)
        if latched:
            limit -= self._deadband
        beyond = abs(number - self._points[0][1]) > limit
        if (beyond or (None if self._is_short else False)) is not met:
            return False
        self._lag_ns = now_ns - source_ns
        self._add(source_ns, number)
        self._forget(source_ns)
        return True

    def _met(self, *, latched: bool) -> bool | None:
        if self._last is None or self._limit is None:
            return None
        limit = self._limit - self._deadband if latched else self._limit
        if abs(self._last - self._points[0][1]) > limit:
            return True
        return None if self._is_short else False

    def _add(self, source_ns: int, number: float) -> None:
        points = self._points
        if points and source_ns < points[-1][0]:  # the source's clock was set back: no change can be told from before
            self._clear()
        if len(points) > 1 and source_ns - points[-1][0] < self._part_ns:
            points[-1] = (points[-1][0], number)
        else:
            points.append((source_ns, number))
        while self._highs and self._highs[-1][1] <= number:
            self._highs.pop()
        while self._lows and self._lows[-1][1] >= number:
            self._lows.pop()
        self._highs.append((source_ns, number))
        self._lows.append((source_ns, number))
        self._last = number

    def _clear(self) -> None:
        for each in (self._points, self._highs, self._lows):
            each.clear()

    def _forget(self, source_ns: int) -> None:
        """Drop what no longer counts at a time."""
        points, begin_ns = self._points, source_ns - self._window_ns
        while len(points) > 1 and points[1][0] <= begin_ns:
            points.popleft()
        first_ns = points[0][0]
        for extremes in (self._highs, self._lows):
            while extremes[0][0] < first_ns:
                extremes.popleft()
        self._is_short = first_ns > begin_ns
        self._plan()

    def _plan(self) -> None:
        """Find when time alone may change the judgement: not while all of the while lies within the limit."""
        points = self._points
        self.due_ns = None
        if self._last is None:
            return
        if self._is_short:
            next_ns = points[0][0]
        elif len(points) == 1 or self._limit is None:
            return
        else:
            most = self._limit - self._deadband
            if self._highs[0][1] - self._last <= most and self._last - self._lows[0][1] <= most:
                return
            next_ns = points[1][0]
        self.due_ns = next_ns + self._window_ns + self._lag_ns
