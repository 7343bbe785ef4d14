"""Values at a ruler, and between two."""

from collections.abc import Sequence
from dataclasses import dataclass

from widgets.trend.pens import Pen


@dataclass(frozen=True, slots=True)
class Between:
    """From ruler A to ruler B: the difference, and the rate (engineering units an hour)."""

    difference: float
    per_hour: float


def value_at(pen: Pen, seconds: float | None) -> float | None:
    """Return a pen's value at a time: the last at or before it; None in a gap or for no time."""
    return None if seconds is None else pen.lines.value_at(seconds)


def between(pen: Pen, at_s: Sequence[float | None], values: Sequence[float | None]) -> Between | None:
    """Return difference and rate of an analog pen; None unless both rulers stand on values."""
    (a_s, b_s), (a, b) = at_s, values
    if a is None or b is None or a_s is None or b_s is None or a_s == b_s or pen.tag.is_discrete:
        return None
    return Between(b - a, (b - a) / (b_s - a_s) * 3600.0)
