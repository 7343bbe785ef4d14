"""Whether an alarm's condition holds: limit, deadband, states, quality, and the delays. No annunciation, no I/O."""

import math
from dataclasses import dataclass
from typing import Final

from app.model import status as st
from app.model.alarm import AlarmDefinition, AlarmKind
from app.model.clock import SECOND_NS
from app.model.sample import Sample

COMMUNICATION_STATUSES: Final = frozenset(
    {st.BAD_NO_COMMUNICATION, st.BAD_NOT_CONNECTED, st.BAD_WAITING_FOR_INITIAL_DATA}
)
"""Bad because the connection is away: that is the connection's alarm, never one of each tag."""

LIMIT_KINDS: Final = frozenset({AlarmKind.HIGH_HIGH, AlarmKind.HIGH, AlarmKind.LOW, AlarmKind.LOW_LOW})


def judge(definition: AlarmDefinition, sample: Sample, *, active: bool) -> bool | None:
    """Tell whether a sample meets the condition, before delays; None: it says nothing, hold.

    A bad sample neither raises nor clears a limit or state alarm. The deadband applies while ``active``: a high
    alarm is met above its limit and left at limit minus deadband, a low one mirrored.
    """
    kind = definition.kind
    bad = st.is_bad(sample.status)
    if kind is AlarmKind.BAD_QUALITY:
        return None if bad and sample.status & 0xFFFF0000 in COMMUNICATION_STATUSES else bad
    if bad or kind is AlarmKind.CONNECTION:
        return None
    number = sample.number
    if number is None or math.isnan(number):
        return None
    if kind is AlarmKind.DISCRETE:
        if definition.states:
            return number in definition.states
        return None if definition.limit is None else number == definition.limit
    limit = definition.limit
    if limit is None or kind not in LIMIT_KINDS:
        return None
    if kind in {AlarmKind.HIGH, AlarmKind.HIGH_HIGH}:
        return number > limit - definition.deadband if active else number > limit
    return number < limit + definition.deadband if active else number < limit


@dataclass(frozen=True, slots=True)
class Change:
    """The condition changed for good (after its delay); ``since_ns`` is the source time of the sample that began it."""

    active: bool
    since_ns: int


class DelayedCondition:
    """A condition with its on- and off-delay. Delays run in the engine's time (``now_ns``), not the source's."""

    __slots__ = ("_off_ns", "_on_ns", "_since_ns", "active", "due_ns")

    def __init__(self, on_delay_s: float, off_delay_s: float) -> None:
        self._on_ns = round(on_delay_s * SECOND_NS)
        self._off_ns = round(off_delay_s * SECOND_NS)
        self._since_ns = 0
        self.active = False
        self.due_ns: int | None = None
        """When a delay that runs now will end; None while none runs."""

    def offer(self, met: bool | None, source_ns: int, now_ns: int) -> Change | None:
        """Take the judgement of one sample, and return the change that it brings at once.

        Call ``expire`` first, so that a delay which ended before this sample is not lost. Without knowledge
        (None) a running delay is dropped: only samples that say so may raise or clear.
        """
        if met is None or met == self.active:
            self.due_ns = None
            return None
        if self.due_ns is None:
            self._since_ns = source_ns
            self.due_ns = now_ns + (self._on_ns if met else self._off_ns)
        return self.expire(now_ns)

    def expire(self, now_ns: int) -> Change | None:
        """Return the change of a delay that has ended by now."""
        if self.due_ns is None or now_ns < self.due_ns:
            return None
        self.due_ns = None
        self.active = not self.active
        return Change(self.active, self._since_ns)
