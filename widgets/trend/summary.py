"""Time-weighted figures of a window from ring and history together. Pure; times are ns since the epoch, UTC."""

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from app.model.clock import SECOND_NS
from widgets.trend.joining import Stretch
from widgets.trend.source import WindowRequest

_HOLE: Final = 2.0
_PART_NS: Final = 2**46
"""History is asked in parts that end at multiples of this (19.5 h): the database reads every sample of them."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A stretch of time: value x seconds, for how long a value was held, and the extremes (NaN where none was)."""

    area: float = 0.0
    good_ns: float = 0.0
    minimum: float = math.nan
    maximum: float = math.nan

    def __add__(self, other: "Summary") -> "Summary":
        """Return both stretches together."""
        low, high = float(np.fmin(self.minimum, other.minimum)), float(np.fmax(self.maximum, other.maximum))
        return Summary(self.area + other.area, self.good_ns + other.good_ns, low, high)

    @property
    def mean(self) -> float:
        """Over the good time; NaN where there is none."""
        return self.area / self.good_ns * SECOND_NS if self.good_ns > 0 else math.nan


def absent(ring: Any | None, start_ns: int, end_ns: int, columns: int) -> list[Stretch]:
    """Return what the ring does not have of a window: before its oldest row, and holes behind a bad sample.

    In such a hole the ring counts no good time: what history has of it is more, and nothing counts twice.
    """
    if end_ns <= start_ns:
        return []
    if ring is None or not len(ring.t_first):
        return [(start_ns, end_ns)]
    following = np.append(ring.t_first[1:], end_ns)
    long = following - ring.t_last > _HOLE * (end_ns - start_ns) / columns
    holes = np.flatnonzero((ring.status >> 31 == 1) & np.isnan(ring.last) & long)
    found = [(start_ns, int(ring.t_first[0])), *zip((ring.t_last[holes] + 1).tolist(), following[holes].tolist(),
             strict=True)]  # fmt: skip
    cut = ((max(begin, start_ns), min(end, end_ns)) for begin, end in found)
    return [(begin, end) for begin, end in cut if begin < end]


def summaries_of(name: str, stretches: Iterable[Stretch]) -> list[WindowRequest]:
    """Return what to ask of history for stretches; what lies between two multiples of a part can be used again."""
    found = []
    for start, end in stretches:
        borders = [start, *range((start // _PART_NS + 1) * _PART_NS, end, _PART_NS), end]
        found += [WindowRequest(name, a, b, 1, weighted=True) for a, b in itertools.pairwise(borders)]
    return found
