"""Ground of the picture: grid, the band of normal operation, limits of the current pen."""

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QPen

from widgets.theme import font
from widgets.trend.curves import rows
from widgets.trend.frame import Frame, mixed, packed
from widgets.trend.pens import Pen, PenSet
from widgets.trend.ticks import Tick
from widgets.wording import Wording

_ALARM: Final = 0.05
_HIGHER: Final = 0.09
_NORMAL: Final = 0.35
_LEAST_PX: Final = 80
"""A lower band has lines without names."""


def paint_ground(frame: Frame, pens: PenSet, ticks: Iterable[Tick], shares: Iterable[float]) -> None:
    """Fill the picture with the ground, bands of the current pen, and the grid at ticks and shares of the height."""
    theme = frame.theme
    field, grid = theme.color("field"), theme.color("grid")
    frame.pixels.fill(packed(field))
    pen = _limited(pens)
    if pen is not None:
        _bands(frame, pens, pen)
    line, day = mixed(grid, field, 0.7), packed(theme.color("edge"))
    for share in shares:
        frame.pixels[min(frame.height - 1, max(0, round(frame.y_of(share))))] = line
    for tick in ticks:
        x = int(frame.x_of(tick.at_s))
        if 0 <= x < frame.width:
            frame.pixels[:, x] = day if tick.day else line


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
    for name, value in named:
        if value is None or not top <= value * factor + offset <= bottom:
            continue
        y = (value * factor + offset) / frame.ratio
        painter.setPen(QPen(frame.theme.color("limit"), 0.0, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(0.0, y, width, y))
        if (bottom - top) / frame.ratio < _LEAST_PX:
            continue
        painter.setPen(frame.theme.color("dim"))
        above = y - 18 if y - 18 > top / frame.ratio else y + 2
        text = f"{name} {wording.number(value, pen.tag.decimals)}"
        painter.drawText(QRectF(0, above, width - 6, 16), Qt.AlignmentFlag.AlignRight, text)
    painter.end()


def _limited(pens: PenSet) -> Pen | None:
    pen = pens.current
    return pen if pen is not None and pen.visible and not pen.tag.is_discrete else None


def _bands(frame: Frame, pens: PenSet, pen: Pen) -> None:
    limits, theme = pen.tag.limits, frame.theme
    field, alarm = theme.color("field"), theme.color("limit")
    low, high = pens.scale(pen)
    for start, end, color in (
        (limits.normal_low, limits.normal_high, mixed(theme.color("normal_band"), field, _NORMAL)),
        (limits.high, limits.high_high if limits.high_high is not None else high, mixed(alarm, field, _ALARM)),
        (limits.high_high, high, mixed(alarm, field, _HIGHER)),
        (limits.low_low if limits.low_low is not None else low, limits.low, mixed(alarm, field, _ALARM)),
        (low, limits.low_low, mixed(alarm, field, _HIGHER)),
    ):
        if start is None or end is None:
            continue
        factor, offset, top, bottom = rows(frame, pens, pen)
        y0, y1 = round(end * factor + offset), round(start * factor + offset)
        y0, y1 = max(top, y0), min(bottom, y1)
        if y1 >= y0:
            frame.pixels[y0 : y1 + 1] = color
