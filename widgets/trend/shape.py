"""From an envelope to lines: gaps where the status is bad, dashes where it is uncertain, steps for discrete tags.

The compiled core makes the points; what needs them as arrays (discrete lanes, sparklines) asks for them.
Times are float seconds since the epoch (UTC): exact to a fraction of a microsecond.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.model.tag import Tag
from app.trend.raster import Curve
from app.trend.types import StoreEnvelope

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Lines:
    """Points of one pen; arrays are made when they are first asked for.

    Attributes:
        curve: the points in the core.
        is_raw: whether every row is one sample; then there is no band.

    """

    def __init__(self, curve: Curve) -> None:
        self.curve = curve
        self.is_raw = curve.is_raw

    def __len__(self) -> int:
        return len(self.curve)

    @cached_property
    def x(self) -> Floats:
        """Seconds since the epoch."""
        return self.curve.x()

    @cached_property
    def y(self) -> Floats:
        """Engineering units."""
        return self.curve.y()

    @cached_property
    def solid(self) -> Flags:
        """Whether the segment from point i to point i + 1 is drawn solid (the last entry is False)."""
        return self.curve.solid()

    @cached_property
    def dashed(self) -> Flags:
        """Whether the segment from point i to point i + 1 is drawn dashed (the last entry is False)."""
        return self.curve.dashed()

    def bounds(self) -> tuple[float, float] | None:
        """Return the lowest and highest value drawn, or None where there is none."""
        return self.curve.bounds()

    def value_at(self, seconds: float) -> float | None:
        """Return the value of the last point at or before a time; None in a gap."""
        return self.curve.value_at(seconds)

    def solid_parts(self) -> Iterator[tuple[Floats, Floats]]:
        """Yield unbroken runs that are drawn solid."""
        return self._parts(self.solid)

    def dashed_parts(self) -> Iterator[tuple[Floats, Floats]]:
        """Yield unbroken runs that are drawn dashed."""
        return self._parts(self.dashed)

    def _parts(self, connect: Flags) -> Iterator[tuple[Floats, Floats]]:
        if len(connect) < 2:
            return
        edges = np.diff(np.concatenate(([0], connect[:-1].astype(np.int8), [0])))
        for start, end in zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True):
            yield self.x[start : end + 1], self.y[start : end + 1]


_TIMES: Final = np.empty(0, dtype=np.int64)
_VALUES: Final = np.empty(0)
EMPTY: Final = Lines(Curve(_TIMES, _TIMES, _VALUES, _VALUES, _VALUES, np.empty(0, dtype=np.uint32), False, 0, 0))


def polyline(envelope: Any, tag: Tag, now_ns: int) -> Lines:
    """Turn an envelope into at most five points a column: steps for a discrete tag, and where the tag stood still.

    ``now_ns``: the newest value holds until then (0: until its own time).
    """
    if isinstance(envelope, StoreEnvelope):
        return Lines(Curve(envelope, tag.is_discrete, now_ns, tag.dense_ns))
    if len(envelope.t_first) == 0:
        return EMPTY
    return Lines(Curve(envelope.t_first, envelope.t_last, envelope.minimum, envelope.maximum, envelope.last,
                       envelope.status, tag.is_discrete, now_ns, tag.dense_ns))  # fmt: skip
