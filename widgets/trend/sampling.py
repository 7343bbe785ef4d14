"""What an export writes: raw samples, bins, or values at even steps, with status. Times: ns since the epoch, UTC."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

import numpy as np

from app.model import status as st
from app.model.sample import Value
from app.model.tag import DataType, Tag
from widgets.trend.whole import WholeSource

STEPS: Final = 1000
"""Bins, or steps between values, of a window."""


_WHOLE: Final = frozenset({DataType.INT, DataType.ENUM, DataType.BOOL})


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
    value: float | int | str | None
    status: str
    low: float | None = None
    high: float | None = None
    good: float | None = None


def rows(source: WholeSource, tags: Sequence[Tag], kind: ExportKind, steps: int = STEPS) -> Iterator[ExportRow]:
    """Yield the rows of all tags, one tag after another, oldest first; ``steps``: bins or steps over the window."""
    for tag in tags:
        if kind is ExportKind.RAW:
            yield from _raw(source, tag)
        elif kind is ExportKind.BINNED:
            yield from _binned(source, tag, steps)
        else:
            yield from _interpolated(source, tag, steps)


def _raw(source: WholeSource, tag: Tag) -> Iterator[ExportRow]:
    for at, value, status in source.samples(tag.name):
        yield ExportRow(at, tag, None if st.is_bad(status) else _exact(tag, value), st.status_name(status))


def _binned(source: WholeSource, tag: Tag, steps: int) -> Iterator[ExportRow]:
    for begin, end, found in source.bins(tag.name, steps, tag.deadband):
        mean, low, high = (_rounded(tag, value) for value in (found.mean, found.minimum, found.maximum))
        good = min(100.0, found.good_ns * 100.0 / (end - begin))
        status = "Good" if good >= 99.95 else "Bad" if mean is None else "Uncertain"
        yield ExportRow(begin, tag, None if tag.is_discrete else mean, status, low, high, good)


def _interpolated(source: WholeSource, tag: Tag, steps: int) -> Iterator[ExportRow]:
    found = source.window(tag.name, max(steps * 4, 2000), tag.deadband)
    if found is None or not len(found.t_last):
        return
    times = np.linspace(source.start_ns, source.end_ns, steps + 1).astype(np.int64)
    values, states = at_times(found, tag, times)
    for at, value, status in zip(times.tolist(), values.tolist(), states.tolist(), strict=True):
        yield ExportRow(at, tag, _rounded(tag, value), st.status_name(status))


def at_times(envelope: Any, tag: Tag, times: Any) -> tuple[Any, Any]:
    """Return values and statuses at times: on the line as it is drawn, held for a discrete tag; NaN in a gap."""
    before = np.searchsorted(envelope.t_last, times, side="right") - 1
    known = before >= 0
    before = np.maximum(before, 0)
    value, status = envelope.last[before].astype(float), envelope.status[before].astype(np.int64)
    if not tag.is_discrete:
        after = np.minimum(before + 1, len(envelope.t_last) - 1)
        length = (envelope.t_last[after] - envelope.t_last[before]).astype(float)
        share = np.where(length > 0, (times - envelope.t_last[before]) / np.where(length > 0, length, 1.0), 0.0)
        dense = envelope.t_first[after] - envelope.t_last[before] <= tag.dense_ns
        usable = dense & ((envelope.status[after] >> 30) < 2)
        step = np.where(usable & np.isfinite(envelope.last[after]), envelope.last[after] - value, 0.0)
        value = value + share * step
    bad = ~known | (status >> 30 >= 2)
    return np.where(bad, np.nan, value), np.where(known, status, st.BAD_WAITING_FOR_INITIAL_DATA)


def _exact(tag: Tag, value: Value) -> float | int | str | None:
    """Return a sample's value, whole where its tag's are: ring and history hold reals."""
    if value is None or isinstance(value, str):
        return value
    if not math.isfinite(value):
        return None
    return int(value) if tag.data_type in _WHOLE else value


def _rounded(tag: Tag, value: float) -> float | None:
    return round(value, tag.decimals + 2) if math.isfinite(value) else None
