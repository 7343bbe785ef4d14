"""The analog pens in the picture: band of an envelope, its line, dashes where uncertain, marks where substituted."""

from collections.abc import Iterator, Sequence
from typing import Final

from app.trend.raster import Part, Stroke, paint
from widgets.trend.frame import Frame, mixed, packed
from widgets.trend.pens import Pen, PenSet
from widgets.trend.shape import Lines

_UNCERTAIN: Final = (5, 4)
_COMPARED: Final = (9, 6)
_SOLID: Final = (1, 0)
_BAND: Final = 0.45
_PAST: Final = 0.65
_MARK_PX: Final = 3

Place = tuple[float, float, int, int]
Drawn = tuple[Pen, Lines, int, tuple[int, int]]
"""Pen, its lines, colour, pattern."""


def paint_curves(frame: Frame, pens: PenSet) -> None:
    """Paint what is compared with, then bands, then lines; the current pen on top. All in one call of the core."""
    curves = sorted(pens.curves(), key=lambda pen: pen is pens.current)
    theme, ground = frame.theme, frame.theme.color("field")
    places = {pen: rows(frame, pens, pen) for pen in curves}
    strokes: list[Stroke] = []
    for width in sorted({pen.width for pen in curves}):
        same = [pen for pen in curves if pen.width == width]
        pixels = max(1, round(width * frame.ratio))
        past: list[Drawn] = [
            (pen, pen.past, mixed(theme.curve_color(pen.color), ground, _PAST), _COMPARED)
            for pen in same if len(pen.past)
        ]  # fmt: skip
        now: list[Drawn] = [(pen, pen.lines, packed(theme.curve_color(pen.color)), pen.style.value) for pen in same]
        strokes += _lines(past, places, pixels, frame.ratio)
        for pen in same:
            if not pen.lines.is_raw:
                color = mixed(theme.curve_color(pen.color), ground, _BAND)
                strokes.append((pen.lines.curve, Part.BAND, *places[pen], color, pixels, *_SOLID))
        strokes += _lines(now, places, pixels, frame.ratio)
    paint(frame.pixels, frame.start_s, frame.end_s, strokes)


def rows(frame: Frame, pens: PenSet, pen: Pen) -> Place:
    """Return factor and offset from a pen's values to pixels, and the rows it may use."""
    low, high = pens.scale(pen)
    bottom, top = pens.place(pen)
    y0, y1 = frame.y_of(bottom), frame.y_of(top)
    factor = (y1 - y0) / (high - low)
    return factor, y0 - low * factor, max(0, round(y1)), min(frame.height - 1, round(y0))


def _lines(curves: Sequence[Drawn], places: dict[Pen, Place], width: int, ratio: float) -> Iterator[Stroke]:
    """Yield the strokes of lines: of all pens the solid ones, then the dashed ones, then marks."""
    mark = max(1, round(_MARK_PX * ratio))
    for pen, lines, color, pattern in curves:
        yield (lines.curve, Part.SOLID, *places[pen], color, width, *pattern)
    for pen, lines, color, _ in curves:
        yield (lines.curve, Part.DASHED, *places[pen], color, width, *_UNCERTAIN)
    for pen, lines, color, _ in curves:
        yield (lines.curve, Part.MARKS, *places[pen], color, mark, *_SOLID)
