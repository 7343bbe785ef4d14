"""FROZEN: the value stands still for longer than what it measures can."""

import math

from app.alarms.conditions.joint import Joint
from app.alarms.conditions.judge import Band, number_of
from app.model.alarm import AlarmDefinition
from app.model.clock import SECOND_NS
from app.model.sample import Sample


class Frozen:
    """Met once the value was not bad and stayed within the dead-band of where it stood for ``frozen_s``.

    Only another value counts as life, a new time of the source does not. It runs in the engine's time; a bad sample
    stops it, and the next one that is not begins anew, without clearing what stands.
    """

    __slots__ = ("_deadband", "_frozen_ns", "_gap", "_high", "_is_frozen", "_low", "_since_ns", "due_ns")

    remembers: bool = True
    joint: Joint | None = None

    def __init__(self, definition: AlarmDefinition) -> None:
        self._frozen_ns = round(definition.frozen_s * SECOND_NS)
        self._deadband = definition.deadband
        self._low = self._high = math.nan
        self._is_frozen: bool | None = None
        self._gap = False
        self._since_ns = 0
        self.due_ns: int | None = None

    def hear(self, tag: str, sample: Sample, now_ns: int, *, latched: bool) -> bool | None:
        """Take a sample."""
        number = number_of(sample)
        if number is None:
            self.due_ns, self._gap = None, True
            return None
        if not self._low <= number <= self._high:
            self._low, self._high = number - self._deadband, number + self._deadband
            self._is_frozen = False
            self._begin(sample.source_ns, now_ns)
        elif self._is_frozen is None or self._gap:
            self._stand(sample.source_ns, now_ns, latched=latched)
        self._gap = False
        return self._is_frozen

    def note(self, tag: str, sample: Sample) -> None:
        """Take the first sample; of those that change nothing there is nothing to note."""
        number = number_of(sample)
        if self._is_frozen is None and number is not None:
            self._low, self._high = number - self._deadband, number + self._deadband

    def again(self, now_ns: int, *, latched: bool) -> bool | None:
        """Judge by what is known; a value that was only noted stands still from now on."""
        if self._is_frozen is None and not math.isnan(self._low):
            self._stand(now_ns, now_ns, latched=latched)
        return None if self._gap else self._is_frozen

    def wake(self, *, latched: bool) -> tuple[bool | None, int]:
        """Be frozen from now on."""
        self.due_ns = None
        self._is_frozen = True
        return True, self._since_ns + self._frozen_ns

    def band(self, tag: str, met: bool, *, latched: bool) -> Band | None:
        """Return the dead-band about the value at which it stands."""
        return None if self._is_frozen is None else (self._low, self._high)

    def absorb(self, number: float, source_ns: int, now_ns: int, met: bool | None, *, latched: bool) -> bool:
        """Take a move of a value that is not frozen, or none."""
        if met is None:
            return False
        if self._low <= number <= self._high:
            return True
        if met:
            return False
        self._low, self._high = number - self._deadband, number + self._deadband
        self._begin(source_ns, now_ns)
        return True

    def _stand(self, source_ns: int, now_ns: int, *, latched: bool) -> None:
        """Go on with a standstill that is known; begin anew with another."""
        if self._is_frozen is None:
            self._is_frozen = latched
        if not self._is_frozen:
            self._begin(source_ns, now_ns)

    def _begin(self, source_ns: int, now_ns: int) -> None:
        self._since_ns = source_ns
        self.due_ns = now_ns + self._frozen_ns
