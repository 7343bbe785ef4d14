"""What an export writes: raw samples, bins, or values at even steps, with status. Times: ns since the epoch, UTC."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

import numpy as np

from app.model import status as st
from app.model.tag import Tag
from widgets.trend.source import TrendSource

RAW_LIMIT: Final = 1_000_000


class ExportKind(Enum):
    """How samples are written."""

    RAW = "raw"
    BINNED = "binned"
    INTERPOLATED = "interpolated"


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One row: values are empty (None) where there is no usable one.

    Attributes:
        value: sample, mean of the bin, or value at the step. low, high, good: of a bin; good is in per cent.

    """

    at_ns: int
    tag: Tag
    value: float | None
    status: str
    low: float | None = None
    high: float | None = None
    good: float | None = None


def rows(
    source: TrendSource, tags: Sequence[Tag], kind: ExportKind, start_ns: int, end_ns: int, steps: int
) -> Iterator[ExportRow]:
    """Yield the rows of all tags, one tag after another, oldest first; ``steps``: bins or steps over the window."""
    for tag in tags:
        if kind is ExportKind.RAW:
            yield from _raw(source, tag, start_ns, end_ns)
        elif kind is ExportKind.BINNED:
            yield from _binned(source, tag, start_ns, end_ns, steps)
        else:
            yield from _interpolated(source, tag, start_ns, end_ns, steps)


def _raw(source: TrendSource, tag: Tag, start_ns: int, end_ns: int) -> Iterator[ExportRow]:
    found = source.raw(tag.name, start_ns, end_ns, RAW_LIMIT)
    if found is None:
        return
    for at, value, status in zip(found.t_ns.tolist(), found.value.tolist(), found.status.tolist(), strict=True):
        usable = not st.is_bad(status) and np.isfinite(value)
        yield ExportRow(at, tag, value if usable else None, st.status_name(status))


def _binned(source: TrendSource, tag: Tag, start_ns: int, end_ns: int, steps: int) -> Iterator[ExportRow]:
    edges = np.linspace(start_ns, end_ns, steps + 1).astype(np.int64).tolist()
    for begin, end in itertools.pairwise(edges):
        found = source.statistics(tag.name, begin, end)
        if found is None:
            continue
        mean, low, high = (_finite(value) for value in (found.mean, found.minimum, found.maximum))
        good = float(found.good_fraction) * 100.0
        status = "Good" if good >= 99.95 else "Bad" if mean is None else "Uncertain"
        yield ExportRow(begin, tag, None if tag.is_discrete else mean, status, low, high, good)


def _interpolated(source: TrendSource, tag: Tag, start_ns: int, end_ns: int, steps: int) -> Iterator[ExportRow]:
    found = source.window(tag.name, start_ns, end_ns, max(steps * 4, 2000))
    if found is None or not len(found.t_last):
        return
    times = np.linspace(start_ns, end_ns, steps + 1).astype(np.int64)
    values, states = at_times(found, tag, times)
    for at, value, status in zip(times.tolist(), values.tolist(), states.tolist(), strict=True):
        yield ExportRow(at, tag, _finite(value), st.status_name(status))


def at_times(envelope: Any, tag: Tag, times: Any) -> tuple[Any, Any]:
    """Return values and statuses at times: on the line of an analog tag, held for a discrete one; NaN in a gap."""
    before = np.searchsorted(envelope.t_last, times, side="right") - 1
    known = before >= 0
    before = np.maximum(before, 0)
    value, status = envelope.last[before].astype(float), envelope.status[before].astype(np.int64)
    if not tag.is_discrete:
        after = np.minimum(before + 1, len(envelope.t_last) - 1)
        length = (envelope.t_last[after] - envelope.t_last[before]).astype(float)
        share = np.where(length > 0, (times - envelope.t_last[before]) / np.where(length > 0, length, 1.0), 0.0)
        usable = (envelope.status[after] >> 30) < 2
        step = np.where(usable & np.isfinite(envelope.last[after]), envelope.last[after] - value, 0.0)
        value = value + share * step
    bad = ~known | (status >> 30 >= 2)
    return np.where(bad, np.nan, value), np.where(known, status, st.BAD_WAITING_FOR_INITIAL_DATA)


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
