"""What goes into the store and what comes out. Times are ns since the epoch, UTC; arrays own their memory."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.trend._core import Envelope as StoreEnvelope

__all__ = [
    "DEFAULT",
    "DETAILED",
    "MIN_ITEMS",
    "Counters",
    "Coverage",
    "Envelope",
    "LiveTable",
    "RetentionClass",
    "Samples",
    "SlotSpec",
    "StoreEnvelope",
    "WindowStatistics",
]

MIN_ITEMS = 64
"""Of any ring."""


@dataclass(frozen=True)
class RetentionClass:
    """How much of a tag the store keeps.

    Attributes:
        name: as in the project.
        raw: raw samples (20 bytes each).
        levels: buckets of each coarser level (64 bytes each); the nth are over 16**n raw samples each. Between two
            of them the store has one over 4 buckets of the finer, which reaches as far back as that.

    """

    name: str
    raw: int
    levels: tuple[int, ...]

    @property
    def capacities(self) -> list[int]:
        """Items of every ring of the store, level 0 first: over 1, 16, 64, 256, 1024, ... raw samples each."""
        rings = [self.raw]
        for level, items in enumerate(self.levels):
            if level:
                rings.append(max(MIN_ITEMS, -(-self.levels[level - 1] // 4)))
            rings.append(items)
        return rings


DEFAULT = RetentionClass("default", 3000, (528, 500, 500, 490))
"""About 209 KiB a tag: at 1 Hz 50 minutes raw, 2.3 hours, 1.5 days, 24 days and a year in buckets."""

DETAILED = RetentionClass("detailed", 28_800, (5_600, 10_400, 7_800))
"""About 2.2 MiB a tag: at 1 Hz 8 hours raw, and 25 hours, a month and a year at the resolution of a screen."""


@dataclass(frozen=True)
class SlotSpec:
    """A slot to have in the store: name of the tag (at most 127 bytes of UTF-8) and how much to keep."""

    name: str
    retention: RetentionClass = DEFAULT


@dataclass(frozen=True, eq=False)
class LiveTable:
    """Last sample of each slot asked for; every row is consistent in itself. Kind: see ``app.trend.KIND_*``."""

    source_ns: NDArray[np.int64]
    receive_ns: NDArray[np.int64]
    value: NDArray[np.float64]
    status: NDArray[np.uint32]
    kind: NDArray[np.uint8]
    sequence: NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Envelope:
    """A window of a trend, one row a column that has samples, oldest first.

    The first row may be the sample before the window and the last row the one after it, so that a line can be
    drawn to both borders. ``minimum``/``maximum`` are NaN where a row holds only gaps, ``last`` where its last
    sample is a gap. ``status`` is the worst. With ``is_raw`` every row is one sample.

    What the store answers, a ``StoreEnvelope``, has the same attributes. It makes each array whenever it is asked for
    it, and a curve needs none: keep the array in a loop.
    """

    t_first: NDArray[np.int64]
    t_last: NDArray[np.int64]
    minimum: NDArray[np.float64]
    maximum: NDArray[np.float64]
    last: NDArray[np.float64]
    status: NDArray[np.uint32]
    count: NDArray[np.uint64]
    is_raw: bool


@dataclass(frozen=True, eq=False)
class Samples:
    """Raw samples, oldest first. ``complete``: the ring still reaches back to the start of the window;
    ``truncated``: more followed than the limit.
    """  # noqa: D205

    t_ns: NDArray[np.int64]
    value: NDArray[np.float64]
    status: NDArray[np.uint32]
    complete: bool
    truncated: bool


@dataclass(frozen=True)
class WindowStatistics:
    """Time-weighted figures of a window; a value holds until the next sample, the newest until the heartbeat.

    Attributes:
        mean: over the good time; NaN when there is none.
        minimum, maximum: of values held or sampled in the window; NaN when there is none.
        good_fraction: good or uncertain time over the length of the window, 0 to 1; pass an end not after now.
        total: integral, value x seconds.
        count: samples in the window, gaps included.
        exact: False when a border fell into a bucket whose samples are gone; it then counts in proportion.

    """

    mean: float
    minimum: float
    maximum: float
    good_fraction: float
    total: float
    count: int
    exact: bool


@dataclass(frozen=True)
class Coverage:
    """How far back a slot reaches, raw and in buckets, and its newest sample; None when it has no sample."""

    raw_from_ns: int | None
    from_ns: int | None
    newest_ns: int | None


@dataclass(frozen=True)
class Counters:
    """Samples refused: older than the newest of their slot, or with an unusable time; and the change sequence."""

    late: int
    rejected: int
    change_sequence: int
