"""Curves into pixels: every column's span from its lowest to its highest point, filled straight into the picture.

QPainter strokes a curve wider than one pixel as one polygon: seconds for an envelope. Spans cost what they cover.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from widgets.trend.shape import Flags, Floats

Pixels = NDArray[np.uint32]
_SCATTER: Final = 300_000
"""Pixels from which on a mask over the whole picture is cheaper than an index a pixel."""


def column_spans(x: Floats, y: Floats, connect: Flags, alone: Flags, columns: int) -> tuple[Floats, Floats]:
    """Return the least and the greatest y of a curve in each column; inf and -inf where there is none.

    Args:
        x: points (pixels), not decreasing.
        y: points (pixels).
        connect: whether the segment from point i to i + 1 is drawn.
        alone: points that are drawn without one.
        columns: width of the picture.

    """
    low, high = np.full(columns, np.inf), np.full(columns, -np.inf)
    if not len(x):
        return low, high
    shown = connect | alone
    shown[1:] |= connect[:-1]
    shown &= (x >= 0) & (x < columns)
    column, value = x[shown].astype(np.intp), y[shown]
    if len(column):
        starts = np.flatnonzero(np.diff(column, prepend=-1))
        low[column[starts]] = np.minimum.reduceat(value, starts)
        high[column[starts]] = np.maximum.reduceat(value, starts)
    borders = np.arange(columns + 1, dtype=float)
    before = np.searchsorted(x, borders, side="right") - 1
    crossed = np.flatnonzero((before >= 0) & connect[before] & (before < len(x) - 1))
    before = before[crossed]
    rise = (y[before + 1] - y[before]) / (x[before + 1] - x[before])
    value = y[before] + (borders[crossed] - x[before]) * rise
    for place, inside in ((crossed, crossed < columns), (crossed - 1, crossed > 0)):
        at = place[inside]
        low[at] = np.minimum(low[at], value[inside])
        high[at] = np.maximum(high[at], value[inside])
    return low, high


def widened(low: Floats, high: Floats, width: int) -> tuple[Floats, Floats]:
    """Return the spans of a pen of so many pixels: a column takes what its neighbours draw."""
    if width <= 1:
        return low, high
    wide_low, wide_high = low.copy(), high.copy()
    for shift in range(1, width):
        np.minimum(wide_low[shift:], low[:-shift], out=wide_low[shift:])
        np.maximum(wide_high[shift:], high[:-shift], out=wide_high[shift:])
    before = (width - 1) // 2
    return wide_low - before, wide_high + (width - 1 - before)


def fill(pixels: Pixels, low: Floats, high: Floats, color: int, top: int, bottom: int) -> None:
    """Fill spans with a colour between two rows (both included); what is outside is cut off."""
    columns = np.flatnonzero((low <= bottom + 0.5) & (high >= top - 0.5))
    if not len(columns):
        return
    first = np.clip(np.floor(low[columns] + 0.5), top, bottom).astype(np.intp)
    last = np.clip(np.floor(high[columns] + 0.5), top, bottom).astype(np.intp)
    lengths = last - first + 1
    total = int(lengths.sum())
    height, width = pixels.shape
    if total > _SCATTER:
        rows = np.arange(top, min(bottom + 1, height))[:, None]
        part = pixels[top : bottom + 1]
        all_first, all_last = np.full(width, height), np.full(width, -1)
        all_first[columns], all_last[columns] = first, last
        part[(rows >= all_first) & (rows <= all_last)] = color
        return
    ends = np.cumsum(lengths)
    place = np.arange(total)
    place -= np.repeat(ends - lengths, lengths)
    place *= width
    place += np.repeat(first * width + columns, lengths)
    pixels.reshape(-1)[place] = color


def patterned(low: Floats, high: Floats, on: int, off: int, phase: int) -> tuple[Floats, Floats]:
    """Return the spans that a pattern of so many columns on and off leaves."""
    if not off:
        return low, high
    away = (np.arange(len(low)) + phase) % (on + off) >= on
    return np.where(away, np.inf, low), np.where(away, -np.inf, high)
