"""The analog pens in the picture: band of an envelope, its line, dashes where uncertain, marks where substituted."""

from typing import Final

import numpy as np

from widgets.trend.frame import Frame, mixed, packed
from widgets.trend.pens import Pen, PenSet
from widgets.trend.raster import fill, fill_all, patterned, spans_of_all, widened
from widgets.trend.shape import Flags, Floats, Lines

_UNCERTAIN: Final = (5, 4)
_COMPARED: Final = (9, 6)
_BAND: Final = 0.45
_PAST: Final = 0.65
_MARK_PX: Final = 3


def paint_curves(frame: Frame, pens: PenSet) -> None:
    """Paint what is compared with, then bands, then lines; the current pen on top."""
    curves = sorted(pens.curves(), key=lambda pen: pen is pens.current)
    ground = frame.theme.color("field")
    for width in sorted({pen.width for pen in curves}):
        same = [pen for pen in curves if pen.width == width]
        past = [pen for pen in same if len(pen.past.x)]
        banded = [pen for pen in same if not pen.lines.is_raw]
        _lines(frame, pens, past, [pen.past for pen in past],
               [mixed(frame.theme.curve_color(pen.color), ground, _PAST) for pen in past],
               [_COMPARED] * len(past))  # fmt: skip
        _bands(frame, pens, banded, [mixed(frame.theme.curve_color(pen.color), ground, _BAND) for pen in banded])
        _lines(frame, pens, same, [pen.lines for pen in same],
               [packed(frame.theme.curve_color(pen.color)) for pen in same],
               [pen.style.value for pen in same])  # fmt: skip


def rows(frame: Frame, pens: PenSet, pen: Pen) -> tuple[float, float, int, int]:
    """Return factor and offset from a pen's values to pixels, and the rows it may use."""
    low, high = pens.scale(pen)
    bottom, top = pens.place(pen)
    y0, y1 = frame.y_of(bottom), frame.y_of(top)
    factor = (y1 - y0) / (high - low)
    return factor, y0 - low * factor, max(0, round(y1)), min(frame.height - 1, round(y0))


def _lines(
    frame: Frame, pens: PenSet, curves: list[Pen], drawn: list[Lines], colors: list[int], styles: list[tuple[int, int]]
) -> None:
    """Paint the lines of pens of one width."""
    if not curves:
        return
    places = [rows(frame, pens, pen) for pen in curves]
    ends = [_ends(lines) for lines in drawn]
    x = [frame.x(one[0]) for one in ends]
    y = [one[1] * place[0] + place[1] for one, place in zip(ends, places, strict=True)]
    tops, bottoms = [place[2] for place in places], [place[3] for place in places]
    phase = round(frame.start_s * frame.width / (frame.end_s - frame.start_s))
    width = max(1, round(curves[0].width * frame.ratio))
    for connect, alone, patterns in (
        ([one[2] for one in ends], [one[4] for one in ends], styles),
        ([one[3] for one in ends], [np.zeros_like(one[3]) for one in ends], [_UNCERTAIN] * len(ends)),
    ):
        if not any(one.any() for one in (*connect, *alone)):
            continue
        low, high = widened(*spans_of_all(x, y, connect, alone, frame.width), width)
        for number, (on, off) in enumerate(patterns):
            if off:
                low[number], high[number] = patterned(low[number], high[number], on, off, phase)
        fill_all(frame.pixels, low, high, colors, tops, bottoms)
    for number, one in enumerate(ends):
        if one[5].any():
            _mark(frame, x[number][one[5]], y[number][one[5]], colors[number], tops[number], bottoms[number])


def _bands(frame: Frame, pens: PenSet, curves: list[Pen], colors: list[int]) -> None:
    """Paint the bands of pens of one width."""
    if not curves:
        return
    places = [rows(frame, pens, pen) for pen in curves]
    x = [frame.x(pen.lines.x) for pen in curves]
    y = [pen.lines.y * place[0] + place[1] for pen, place in zip(curves, places, strict=True)]
    connect = [pen.lines.solid | pen.lines.dashed for pen in curves]
    low, high = spans_of_all(x, y, connect, [pen.lines.known for pen in curves], frame.width)
    low, high = widened(low, high, max(1, round(curves[0].width * frame.ratio)))
    fill_all(frame.pixels, low, high, colors, [place[2] for place in places], [place[3] for place in places])


def _ends(lines: Lines) -> tuple[Floats, Floats, Flags, Flags, Flags, Flags]:
    """Return the line through the last value of each row, its segments, lone points and marked points."""
    alone = lines.known & ~(lines.solid | lines.dashed)
    alone[1:] &= ~(lines.solid | lines.dashed)[:-1]
    marked = lines.marked & lines.known
    if lines.is_raw:
        return lines.x, lines.y, lines.solid, lines.dashed, alone, marked
    at = np.flatnonzero(lines.ends)
    return lines.x[at], lines.y[at], lines.solid[at], lines.dashed[at], alone[at], marked[at]


def _mark(frame: Frame, x: Floats, y: Floats, color: int, top: int, bottom: int) -> None:
    """Put a small bar across the curve at each marked value, at most one every few pixels."""
    inside = (x >= 0) & (x < frame.width)
    columns, first = np.unique(x[inside].astype(np.intp) // (2 * _MARK_PX), return_index=True)
    if not len(columns):
        return
    at, middle = x[inside][first].astype(np.intp), y[inside][first]
    low, high = np.full(frame.width, np.inf), np.full(frame.width, -np.inf)
    low[at], high[at] = middle - _MARK_PX * frame.ratio, middle + _MARK_PX * frame.ratio
    fill(frame.pixels, low, high, color, top, bottom)
