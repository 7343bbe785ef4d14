"""What a kind of condition has to tell, and what several kinds share."""

import math
from typing import Protocol, TypeAlias

from app.alarms.conditions.joint import Joint
from app.model import status as st
from app.model.sample import Sample

Band: TypeAlias = tuple[float, float]
"""From which to which number, both included."""


class Judge(Protocol):
    """Tells of one alarm whether its condition is met now, before counting and delays.

    ``latched`` is whether the condition stands: its dead-band applies then. None is no knowledge: nothing may be raised
    or cleared by it.
    """

    remembers: bool
    """Whether every number must be remembered, also one by which the judgement stays: ``absorb`` is for it."""
    joint: Joint | None
    """Of one that compares two tags and nothing else: which; None of all others."""
    due_ns: int | None
    """When ``wake`` must be called, as time alone changes the judgement then; None: it does not."""

    def hear(self, tag: str, sample: Sample, now_ns: int, *, latched: bool) -> bool | None:
        """Take the next sample of one of the tags looked at."""

    def note(self, tag: str, sample: Sample) -> None:
        """Take a sample that changes nothing, or that was there before the alarm was."""

    def again(self, now_ns: int, *, latched: bool) -> bool | None:
        """Judge by what is known already."""

    def wake(self, *, latched: bool) -> tuple[bool | None, int]:
        """Judge at ``due_ns``, and set the next; returns the time of the source at that moment too."""

    def band(self, tag: str, met: bool, *, latched: bool) -> Band | None:
        """Return where the numbers lie by which the judgement stays ``met``, as long as the other tags stay.

        None: every sample of the tag must be heard. Bad samples and what is no number lie in no band.
        """

    def absorb(self, number: float, source_ns: int, now_ns: int, met: bool | None, *, latched: bool) -> bool:
        """Remember a number of its only tag if the judgement stays ``met`` by it; else do nothing and return False."""


def number_of(sample: Sample) -> float | None:
    """Return the number that may raise or clear an alarm; None: it is bad, text, missing or not a number."""
    if st.is_bad(sample.status):
        return None
    number = sample.number
    return None if number is None or math.isnan(number) else number


def good_number_of(sample: Sample) -> float | None:
    """Return the number that may be the limit of others: that of a good sample only."""
    return number_of(sample) if st.is_good(sample.status) else None


class Untimed:
    """Base of judges to whom time alone tells nothing."""

    __slots__ = ()
    remembers: bool = False
    due_ns: int | None = None
    joint: Joint | None = None

    def absorb(self, number: float, source_ns: int, now_ns: int, met: bool | None, *, latched: bool) -> bool:
        """Never called: the band says it."""
        return False

    def wake(self, *, latched: bool) -> tuple[bool | None, int]:
        """Never called: nothing is due."""
        raise NotImplementedError


class Comparing(Untimed):
    """Base of judges of several tags by what is known of each; nothing is concluded while one is not known."""

    __slots__ = ()

    def note(self, tag: str, sample: Sample) -> None:
        """Take a sample that changes nothing."""
        raise NotImplementedError

    def again(self, now_ns: int, *, latched: bool) -> bool | None:
        """Judge by what is known."""
        raise NotImplementedError

    def known(self, tag: str) -> float | None:
        """Return what counts of one of the tags."""
        raise NotImplementedError

    def hear(self, tag: str, sample: Sample, now_ns: int, *, latched: bool) -> bool | None:
        """Take a sample of any of the tags."""
        self.note(tag, sample)
        return self.again(now_ns, latched=latched)

    def band(self, tag: str, met: bool, *, latched: bool) -> Band | None:
        """Return the present value only: what it is compared with moves too."""
        known = self.known(tag)
        return None if known is None else (known, known)
