"""The analog pens in the picture: band of an envelope, its line, dashes where uncertain, marks where substituted."""

from typing import Final

import numpy as np

from widgets.trend.frame import Frame, mixed, packed
from widgets.trend.pens import Pen, PenSet
from widgets.trend.raster import column_spans, fill, patterned, widened
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
    for pen in curves:
        if len(pen.past.x):
            _line(frame, pens, pen, pen.past, mixed(frame.theme.curve_color(pen.color), ground, _PAST), _COMPARED)
    for pen in curves:
        if not pen.lines.is_raw:
            _band(frame, pens, pen, mixed(frame.theme.curve_color(pen.color), ground, _BAND))
    for pen in curves:
        _line(frame, pens, pen, pen.lines, packed(frame.theme.curve_color(pen.color)), pen.style.value)


def rows(frame: Frame, pens: PenSet, pen: Pen) -> tuple[float, float, int, int]:
    """Return factor and offset from a pen's values to pixels, and the rows it may use."""
    low, high = pens.scale(pen)
    bottom, top = pens.place(pen)
    y0, y1 = frame.y_of(bottom), frame.y_of(top)
    factor = (y1 - y0) / (high - low)
    return factor, y0 - low * factor, max(0, round(y1)), min(frame.height - 1, round(y0))


def _line(frame: Frame, pens: PenSet, pen: Pen, lines: Lines, color: int, pattern: tuple[int, int]) -> None:
    factor, offset, top, bottom = rows(frame, pens, pen)
    x, y, solid, dashed, alone, marked = _ends(lines)
    x, y = frame.x(x), y * factor + offset
    width = max(1, round(pen.width * frame.ratio))
    phase = round(frame.start_s * frame.width / (frame.end_s - frame.start_s))
    for connect, dots, style in ((solid, alone, pattern), (dashed, None, _UNCERTAIN)):
        if not connect.any() and (dots is None or not dots.any()):
            continue
        low, high = column_spans(x, y, connect, np.zeros_like(connect) if dots is None else dots, frame.width)
        low, high = patterned(*widened(low, high, width), *style, phase)
        fill(frame.pixels, low, high, color, top, bottom)
    if marked.any():
        _mark(frame, x[marked], y[marked], color, top, bottom)


def _band(frame: Frame, pens: PenSet, pen: Pen, color: int) -> None:
    lines = pen.lines
    factor, offset, top, bottom = rows(frame, pens, pen)
    connect = lines.solid | lines.dashed
    low, high = column_spans(frame.x(lines.x), lines.y * factor + offset, connect, lines.known, frame.width)
    fill(frame.pixels, *widened(low, high, max(1, round(pen.width * frame.ratio))), color, top, bottom)


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
