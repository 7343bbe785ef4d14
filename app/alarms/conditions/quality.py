"""BAD: the value cannot be used; and what is the connection's alarm, not the tag's."""

import math
from typing import Final

from app.alarms.conditions.judge import Band, Untimed
from app.model import status as st
from app.model.sample import Sample

COMMUNICATION_STATUSES: Final = frozenset(
    {st.BAD_NO_COMMUNICATION, st.BAD_NOT_CONNECTED, st.BAD_WAITING_FOR_INITIAL_DATA}
)
"""Bad because the connection is away: that is the connection's alarm, never one of each tag."""


class BadQuality(Untimed):
    """Met while the status is bad, unless by the loss of the connection."""

    __slots__ = ("_status",)

    def __init__(self) -> None:
        self._status: int | None = None

    def hear(self, tag: str, sample: Sample, now_ns: int, *, latched: bool) -> bool | None:
        """Take a sample."""
        self._status = sample.status
        return self.again(now_ns, latched=latched)

    def note(self, tag: str, sample: Sample) -> None:
        """Take a sample that changes nothing."""
        self._status = sample.status

    def again(self, now_ns: int, *, latched: bool) -> bool | None:
        """Judge by the last sample."""
        if self._status is None:
            return None
        bad = st.is_bad(self._status)
        return None if bad and self._status & 0xFFFF0000 in COMMUNICATION_STATUSES else bad

    def band(self, tag: str, met: bool, *, latched: bool) -> Band | None:
        """Return all numbers while the value is sound; each sample of a bad one must be heard."""
        return None if met else (-math.inf, math.inf)


class Connection(Untimed):
    """COMM: told from outside (``Condition.offer``), samples say nothing of it."""

    __slots__ = ()

    def hear(self, tag: str, sample: Sample, now_ns: int, *, latched: bool) -> bool | None:
        """Tell nothing."""
        return None

    def note(self, tag: str, sample: Sample) -> None:
        """Do nothing."""

    def again(self, now_ns: int, *, latched: bool) -> bool | None:
        """Tell nothing."""
        return None

    def band(self, tag: str, met: bool, *, latched: bool) -> Band | None:
        """Return all numbers."""
        return -math.inf, math.inf
