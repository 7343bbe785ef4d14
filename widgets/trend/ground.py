"""Ground of the picture: grid, the band of normal operation, limits of the current pen.

Bands fill the plot only where no other curve runs over them. Where several do, they stand in a strip beside the axis,
and the names have the pen's colour: another tag's curve must not seem to be in alarm because it crosses them.

The names of limits stand beside the axis, over the curves on a ground of their own, and never over one another: at the
newer end they would be under the mark of an alarm that is just raised.
"""

from collections.abc import Callable, Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from widgets.theme import Theme, font
from widgets.trend.curves import rows
from widgets.trend.frame import Frame, mixed, packed
from widgets.trend.pens import Pen, PenSet
from widgets.trend.ticks import Tick
from widgets.wording import Wording

_SHARES: Final = (0.35, 0.05, 0.09)
"""Of the colours of normal operation, of alarm and of the higher alarm, over the whole plot."""
_STRIP_SHARES: Final = (0.8, 0.2, 0.4)
_BORDER: Final = 0.6
_NAME_PX: Final = 17
_PAD_PX: Final = 5
_BESIDE_PX: Final = 8
"""From the axis, of which the ticks reach into the plot."""
_STRIP_PX: Final = 6
_LEAST_PX: Final = 80
"""A lower band has lines without names."""

Row = NDArray[np.uint32]


def paint_ground(frame: Frame, pens: PenSet, ticks: Iterable[Tick], shares: Iterable[float]) -> None:
    """Fill the picture with the ground, bands of the current pen, and the grid at ticks and shares of the height."""
    theme = frame.theme
    field, grid = theme.color("field"), theme.color("grid")
    line, day = mixed(grid, field, 0.7), packed(theme.color("edge"))
    upright = {int(frame.x_of(tick.at_s)): day if tick.day else line for tick in ticks}
    places = [x for x in upright if 0 <= x < frame.width]
    colors = [upright[x] for x in places]

    def row(color: int) -> Row:
        """Return a row of the ground with the grid in it: a line down the picture would touch a page at every pixel."""
        found = np.full(frame.width, color, dtype=np.uint32)
        found[places] = colors
        return found

    frame.pixels[:] = row(packed(field))
    pen = _limited(pens)
    if pen is not None:
        _bands(frame, pens, pen, row)
    across = row(line)
    for share in shares:
        frame.pixels[min(frame.height - 1, max(0, round(frame.y_of(share))))] = across
    _divide(frame, pens)


def paint_limits(frame: Frame, pens: PenSet, wording: Wording) -> None:
    """Paint the limits of the current pen with their names."""
    pen = _limited(pens)
    if pen is None:
        return
    limits = pen.tag.limits
    named = (("HH", limits.high_high), ("H", limits.high), ("L", limits.low), ("LL", limits.low_low))
    if all(value is None for _, value in named):
        return
    factor, offset, top, bottom = rows(frame, pens, pen)
    painter = frame.painter()
    painter.setFont(font(13))
    width = frame.width / frame.ratio
    names: list[tuple[float, str]] = []
    for name, value in named:
        if value is None or not top <= value * factor + offset <= bottom:
            continue
        y = (value * factor + offset) / frame.ratio
        painter.setPen(QPen(frame.theme.color("limit"), 0.0, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(0.0, y, width, y))
        names.append((y, f"{name} {wording.number(value, pen.tag.decimals)}"))
    ink = frame.theme.color("ink") if _alone(pens) else frame.theme.curve_color(pen.color)
    if (bottom - top) / frame.ratio >= _LEAST_PX:
        middles = apart([y for y, _ in names], top / frame.ratio, bottom / frame.ratio, _NAME_PX)
        for middle, (_, text) in zip(middles, names, strict=True):
            paint_name(painter, frame.theme, text, middle, ink)
    painter.end()


def paint_name(painter: QPainter, theme: Theme, text: str, middle: float, ink: QColor) -> None:
    """Write a name beside the axis, on a ground of its own, so that nothing runs through it."""
    broad = painter.fontMetrics().horizontalAdvance(text) + 2 * _PAD_PX
    box = QRectF(_BESIDE_PX, middle - _NAME_PX / 2, broad, _NAME_PX)
    painter.fillRect(box, theme.color("field"))
    painter.setPen(ink)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def apart(wanted: list[float], top: float, bottom: float, height: float) -> list[float]:
    """Return middles (downwards, in order) as near to those wanted as fit, within bounds and none over another.

    Where there is no room for all, they stand as from the top.
    """
    found: list[float] = []
    for number, middle in enumerate(wanted):
        last = bottom - height * (len(wanted) - number - 0.5)
        least = found[-1] + height if found else top + height / 2
        found.append(max(least, min(middle, last)))
    return found


def _divide(frame: Frame, pens: PenSet) -> None:
    """Draw the borders between the bands of staggered pens."""
    if pens.staggered:
        border = mixed(frame.theme.color("edge"), frame.theme.color("field"), _BORDER)
        for pen in pens.curves():
            frame.pixels[min(frame.height - 1, max(0, round(frame.y_of(pens.place(pen)[0]))))] = border


def _limited(pens: PenSet) -> Pen | None:
    pen = pens.current
    return pen if pen is not None and pen.visible and not pen.tag.is_discrete else None


def _alone(pens: PenSet) -> bool:
    """Tell whether the current pen has its part of the plot for itself."""
    return pens.staggered or len(pens.curves()) <= 1


def _bands(frame: Frame, pens: PenSet, pen: Pen, row: Callable[[int], Row]) -> None:
    limits, theme = pen.tag.limits, frame.theme
    field, alarm = theme.color("field"), theme.color("limit")
    low, high = pens.scale(pen)
    factor, offset, top, bottom = rows(frame, pens, pen)
    alone = _alone(pens)
    broad = frame.width if alone else round(_STRIP_PX * frame.ratio)
    normal, lower, higher = _SHARES if alone else _STRIP_SHARES
    for start, end, color in (
        (limits.normal_low, limits.normal_high, mixed(theme.color("normal_band"), field, normal)),
        (limits.high, limits.high_high if limits.high_high is not None else high, mixed(alarm, field, lower)),
        (limits.high_high, high, mixed(alarm, field, higher)),
        (limits.low_low if limits.low_low is not None else low, limits.low, mixed(alarm, field, lower)),
        (low, limits.low_low, mixed(alarm, field, higher)),
    ):
        if start is None or end is None:
            continue
        y0, y1 = round(end * factor + offset), round(start * factor + offset)
        y0, y1 = max(top, y0), min(bottom, y1)
        if y1 >= y0:
            frame.pixels[y0 : y1 + 1, :broad] = row(color)[:broad]
