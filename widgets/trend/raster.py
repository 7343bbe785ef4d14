"""Curves into pixels: every column's span from its lowest to its highest point, filled straight into the picture.

QPainter strokes a curve wider than one pixel as one polygon: seconds for an envelope. Spans cost what they cover.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from widgets.trend.shape import Flags, Floats

Pixels = NDArray[np.uint32]
_SCATTER: Final = 300_000
"""Pixels from which on a mask over the whole picture is cheaper than an index a pixel."""


def column_spans(x: Floats, y: Floats, connect: Flags, alone: Flags, columns: int) -> tuple[Floats, Floats]:
    """Return the least and the greatest y of one curve in each column; inf and -inf where there is none."""
    low, high = spans_of_all([x], [y], [connect], [alone], columns)
    return low[0], high[0]


def spans_of_all(
    x: Sequence[Floats], y: Sequence[Floats], connect: Sequence[Flags], alone: Sequence[Flags], columns: int
) -> tuple[Floats, Floats]:
    """Return the least and the greatest y of each curve (row) in each column; inf and -inf where there is none.

    All curves go through at once: what numpy costs is the number of its calls.

    Args:
        x: points of each curve (pixels), not decreasing.
        y: points of each curve (pixels).
        connect: whether the segment from point i to i + 1 is drawn; False at the last point.
        alone: points that are drawn without one.
        columns: width of the picture.

    """
    count = len(x)
    low, high = np.full(count * columns, np.inf), np.full(count * columns, -np.inf)
    xs, ys, drawn = np.concatenate(x), np.concatenate(y), np.concatenate(connect)
    if not len(xs):
        return low.reshape(count, columns), high.reshape(count, columns)
    curve = np.repeat(np.arange(count), [len(one) for one in x])
    shown = drawn | np.concatenate(alone)
    shown[1:] |= drawn[:-1]
    shown &= (xs >= 0) & (xs < columns)
    column, value = xs[shown].astype(np.intp) + curve[shown] * columns, ys[shown]
    if len(column):
        starts = np.flatnonzero(np.diff(column, prepend=-1))
        at = column[starts]
        low[at], high[at] = np.minimum.reduceat(value, starts), np.maximum.reduceat(value, starts)
    # Curves stand one after another, further apart than any of them is long, so that one search serves them all.
    apart = 2.0 * (float(np.abs(xs).max()) + columns + 1.0)
    xs += curve * apart
    borders = (np.arange(count)[:, None] * apart + np.arange(columns + 1)).ravel()
    before = np.searchsorted(xs, borders, side="right") - 1
    crossed = np.flatnonzero((before >= 0) & drawn[before])
    before = before[crossed]
    rise = (ys[before + 1] - ys[before]) / (xs[before + 1] - xs[before])
    value = ys[before] + (borders[crossed] - xs[before]) * rise
    row, place = np.divmod(crossed, columns + 1)
    for at, inside in ((row * columns + place, place < columns), (row * columns + place - 1, place > 0)):
        here, there = at[inside], value[inside]
        low[here] = np.minimum(low[here], there)
        high[here] = np.maximum(high[here], there)
    return low.reshape(count, columns), high.reshape(count, columns)


def widened(low: Floats, high: Floats, width: int) -> tuple[Floats, Floats]:
    """Return the spans of pens of so many pixels: a column takes what its neighbours draw."""
    if width <= 1:
        return low, high
    wide_low, wide_high = low.copy(), high.copy()
    for shift in range(1, width):
        np.minimum(wide_low[..., shift:], low[..., :-shift], out=wide_low[..., shift:])
        np.maximum(wide_high[..., shift:], high[..., :-shift], out=wide_high[..., shift:])
    before = (width - 1) // 2
    return wide_low - before, wide_high + (width - 1 - before)


def fill_all(
    pixels: Pixels, low: Floats, high: Floats, colors: Sequence[int], tops: Sequence[int], bottoms: Sequence[int]
) -> None:
    """Fill the spans of all curves (rows); a later curve covers an earlier one. See ``fill``."""
    top, bottom = np.array(tops)[:, None], np.array(bottoms)[:, None]
    first, last = np.maximum(np.rint(low), top), np.minimum(np.rint(high), bottom)
    row, columns = np.nonzero(first <= last)
    begin = first[row, columns].astype(np.intp)
    lengths = last[row, columns].astype(np.intp) - begin + 1
    total = int(lengths.sum())
    if total > _SCATTER:
        for number, color in enumerate(colors):
            fill(pixels, low[number], high[number], color, tops[number], bottoms[number])
        return
    width = pixels.shape[1]
    place = np.arange(total)
    place *= width
    place += np.repeat((begin - (np.cumsum(lengths) - lengths)) * width + columns, lengths)
    pixels.reshape(-1)[place] = np.repeat(np.array(colors, dtype=np.uint32)[row], lengths)


def fill(pixels: Pixels, low: Floats, high: Floats, color: int, top: int, bottom: int) -> None:
    """Fill spans with a colour between two rows (both included); what is outside is cut off."""
    columns = np.flatnonzero((low <= bottom + 0.5) & (high >= top - 0.5))
    if not len(columns):
        return
    first = np.clip(np.rint(low[columns]), top, bottom).astype(np.intp)
    last = np.clip(np.rint(high[columns]), top, bottom).astype(np.intp)
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
