"""Values that an operator puts in the place of a bad sensor's, for a limited time."""

from dataclasses import dataclass
from typing import Final

from app.model.sample import Sample, Value

MAX_SUBSTITUTION_S: Final = 86_400
"""Longest time (s); one that must last longer is set anew, by somebody who has looked."""
MAX_REASON: Final = 200
"""Most characters of a reason."""


@dataclass(frozen=True, slots=True)
class Substitution:
    """A substitute for what the device says of a tag; times are ns since the epoch, UTC.

    Attributes:
        value: in engineering units.
        reason: why, in the words of who set it.
        user, desk: who set it, and where.
        since_ns, until_ns: from when, and when it ends by itself.
        device_value: what the device said last when it was set.

    """

    tag: str
    value: Value
    reason: str
    user: str
    desk: str
    since_ns: int
    until_ns: int
    device_value: Value = None


@dataclass(frozen=True, slots=True)
class ActiveSubstitution:
    """A substitution in force, and what the device said last; the device's sample counts nowhere meanwhile."""

    substitution: Substitution
    device: Sample | None = None
