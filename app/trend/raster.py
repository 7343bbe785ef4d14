"""Curves and pictures in the compiled core: envelopes become points, points become pixels. Face of ``_core``.

``Curve(first_ns, last_ns, minimum, maximum, last, status, stepped, now_ns, dense_ns)`` keeps the points of one pen, and
``Curve(envelope, stepped, now_ns, dense_ns)`` does of what the store answered;
``paint(pixels, start_s, end_s, strokes)`` paints them into a picture and lets other threads run meanwhile.
"""

from typing import TypeAlias

from app.trend._core import Curve, Part, paint

Stroke: TypeAlias = tuple[Curve, Part, float, float, int, int, int, int, int, int]
"""Curve, what of it, factor and offset from a value to a row of the picture, first and last row that it may use,
colour (0xffRRGGBB), width of the line or half the length of a mark (pixels), columns on and off (off 0: all on)."""

__all__ = ["Curve", "Part", "Stroke", "paint"]
