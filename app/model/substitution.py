"""Values that an operator puts in the place of a bad sensor's, for a limited time."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from app.model.clock import SECOND_NS
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


_WRITTEN: Final = "%Y-%m-%dT%H:%M:%SZ"
_ENDED: Final = re.compile(r"until (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ): (.*)", re.DOTALL)


def with_end(reason: str, until_ns: int) -> str:
    """Return a reason as journal and audit keep it: with the time (UTC, whole seconds) at which the substitute ends."""
    return f"until {datetime.fromtimestamp(until_ns // SECOND_NS, UTC):{_WRITTEN}}: {reason}"


def end_and_reason(kept: str) -> tuple[int | None, str]:
    """Return what ``with_end`` was given; None for the end where a text has none, as rows from before."""
    found = _ENDED.fullmatch(kept)
    if found is None:
        return None, kept
    try:
        end = datetime.strptime(found[1], _WRITTEN).replace(tzinfo=UTC)
    except ValueError:  # somebody's own words
        return None, kept
    return round(end.timestamp()) * SECOND_NS, found[2]
