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
_COUNTED: Final = 64
"""So many holes are counted however short they are; beyond, the time of one shorter than two columns is left out."""
_NEAR: Final = 20.0
"""Stretches of which the extremes alone are wanted are asked as one where fewer columns lie between."""
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
    def extremes(self) -> "Summary":
        """The extremes alone, which may be added where the time counts already."""
        return Summary(minimum=self.minimum, maximum=self.maximum)

    @property
    def mean(self) -> float:
        """Over the good time; NaN where there is none."""
        return self.area / self.good_ns * SECOND_NS if self.good_ns > 0 else math.nan


@dataclass(frozen=True, slots=True)
class Absent:
    """What the ring does not have of a window.

    Attributes:
        long, short: the ring counts no good time there: what history has of it is more, and nothing counts twice. Who
            cannot ask history may do without the short ones, which are mostly nothing but bad samples.
        extremes: history may have an extreme there that the ring has not, and what the ring has lies there too.

    """

    long: list[Stretch]
    short: list[Stretch]
    extremes: list[Stretch]

    @property
    def counted(self) -> list[Stretch]:
        """Those of which history counts whole, oldest first."""
        return sorted(self.long + self.short)


def absent(ring: Any | None, start_ns: int, end_ns: int, columns: int) -> Absent:
    """Return what the ring does not have of a window: before its oldest row, and holes behind and amid bad samples.

    ``columns``: into how many parts the window is thought to be divided, to tell short holes from long ones.
    """
    if end_ns <= start_ns:
        return Absent([], [], [])
    if ring is None or not len(ring.t_first):
        return Absent([(start_ns, end_ns)], [], [])
    column_ns = (end_ns - start_ns) / columns
    following = np.append(ring.t_first[1:], end_ns)
    bad = ring.status >> 31 == 1
    width = np.where(bad & np.isnan(ring.last), following - ring.t_last - 1, 0)
    long = width + 1 > _HOLE * column_ns
    short = np.zeros(len(width), np.bool_)
    short[np.argsort(-width, kind="stable")[:_COUNTED]] = True
    short &= ~long & (width > 0)
    rest = (width > 0) & ~long & ~short
    behind, within = (ring.t_last + 1, following), (ring.t_first, ring.t_last + 1)
    window = start_ns, end_ns
    hidden = [*_pairs(*behind, rest), *_pairs(*within, bad & (ring.t_last > ring.t_first))]
    return Absent(
        _within([(start_ns, int(ring.t_first[0])), *_pairs(*behind, long)], window),
        _within(_pairs(*behind, short), window),
        _united(_within(hidden, window), _NEAR * column_ns),
    )


def _pairs(begins: Any, ends: Any, which: Any) -> list[Stretch]:
    return list(zip(begins[which].tolist(), ends[which].tolist(), strict=True))


def _within(stretches: list[Stretch], window: Stretch) -> list[Stretch]:
    cut = ((max(begin, window[0]), min(end, window[1])) for begin, end in stretches)
    return sorted((begin, end) for begin, end in cut if begin < end)


def _united(stretches: list[Stretch], near_ns: float) -> list[Stretch]:
    found: list[Stretch] = []
    for begin, end in stretches:
        if found and begin - found[-1][1] < near_ns:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((begin, end))
    return found


def summaries_of(name: str, stretches: Iterable[Stretch]) -> list[WindowRequest]:
    """Return what to ask of history for stretches; what lies between two multiples of a part can be used again."""
    found = []
    for start, end in stretches:
        borders = [start, *range((start // _PART_NS + 1) * _PART_NS, end, _PART_NS), end]
        found += [WindowRequest(name, a, b, 1, weighted=True) for a, b in itertools.pairwise(borders)]
    return found
