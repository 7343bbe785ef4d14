"""What the compiled raster must paint, plainly in numpy: spans of columns, width, pattern, fill."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tests.unit.trend.curve_reference import Flags, Floats, Points

Pixels = NDArray[np.uint32]
_MARKS_APART: Final = 6


def column_spans(x: Floats, y: Floats, connect: Flags, alone: Flags, columns: int) -> tuple[Floats, Floats]:
    """Return the least and the greatest y in each column; inf and -inf where there is none."""
    low, high = np.full(columns, np.inf), np.full(columns, -np.inf)
    shown = connect | alone
    shown[1:] |= connect[:-1]
    shown &= (x >= 0) & (x < columns)
    np.minimum.at(low, x[shown].astype(np.intp), y[shown])
    np.maximum.at(high, x[shown].astype(np.intp), y[shown])
    borders = np.arange(columns + 1)
    before = np.searchsorted(x, borders, side="right") - 1
    crossed = np.flatnonzero((before >= 0) & connect[before])
    at = before[crossed]
    value = y[at] + (borders[crossed] - x[at]) * ((y[at + 1] - y[at]) / (x[at + 1] - x[at]))
    for column in (crossed, crossed - 1):
        inside = (column >= 0) & (column < columns)
        np.minimum.at(low, column[inside], value[inside])
        np.maximum.at(high, column[inside], value[inside])
    return low, high


def widened(low: Floats, high: Floats, width: int) -> tuple[Floats, Floats]:
    """Return the spans of a pen of so many pixels: a column takes what those before it draw."""
    if width <= 1:
        return low, high
    wide_low, wide_high = low.copy(), high.copy()
    for shift in range(1, width):
        np.minimum(wide_low[shift:], low[:-shift], out=wide_low[shift:])
        np.maximum(wide_high[shift:], high[:-shift], out=wide_high[shift:])
    before = (width - 1) // 2
    return wide_low - before, wide_high + (width - 1 - before)


def patterned(low: Floats, high: Floats, on: int, off: int, phase: int) -> tuple[Floats, Floats]:
    """Return the spans that a pattern of so many columns on and off leaves."""
    if not off:
        return low, high
    away = (np.arange(len(low)) + phase) % (on + off) >= on
    return np.where(away, np.inf, low), np.where(away, -np.inf, high)


def fill(pixels: Pixels, low: Floats, high: Floats, color: int, top: int, bottom: int) -> None:
    """Fill spans with a colour between two rows (both included)."""
    first, last = np.maximum(np.rint(low), top), np.minimum(np.rint(high), bottom)
    for column in np.flatnonzero(first <= last).tolist():
        pixels[int(first[column]) : int(last[column]) + 1, column] = color


def line(points: Points) -> tuple[Floats, Floats, Flags, Flags, Flags, Flags]:
    """Return the line through the last value of each row: x, y, solid, dashed, lone points, marked points."""
    drawn = points.solid | points.dashed
    alone = points.known & ~drawn
    alone[1:] &= ~drawn[:-1]
    at = np.arange(len(points.x)) if points.is_raw else np.flatnonzero(points.ends)
    marked = points.marked & points.known
    # From the end of one row to that of the next, where that is joined to what is before it in its row.
    whole = np.append(drawn[at[1:] - 1], False)
    return points.x[at], points.y[at], points.solid[at] & whole, points.dashed[at] & whole, alone[at], marked[at]


def marks(x: Floats, y: Floats, half: float, columns: int) -> tuple[Floats, Floats]:
    """Return the spans of bars across the curve at marked values, at most one every few columns."""
    inside = (x >= 0) & (x < columns)
    _, first = np.unique(x[inside].astype(np.intp) // _MARKS_APART, return_index=True)
    at, middle = x[inside][first].astype(np.intp), y[inside][first]
    low, high = np.full(columns, np.inf), np.full(columns, -np.inf)
    low[at], high[at] = middle - half, middle + half
    return low, high
