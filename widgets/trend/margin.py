"""The left margin of a plot: names of lanes, where they cover no data, and of staggered pens each its own scale."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from widgets.theme import Theme, font
from widgets.trend.lanes import lane_name
from widgets.trend.pens import Pen, PenSet
from widgets.wording import Wording

LEAST_PX: Final = 72
"""Width for the figures of an axis."""
_MOST_PX: Final = 170
_MOST_SHARE: Final = 0.17
"""Of the width of the whole plot; a name that is longer is cut."""
_PAD_PX: Final = 5
_LINE_PX: Final = 17
_LOW_PX: Final = 12
"""Height below which a lane carries no text."""
_RANGE_PX: Final = 2 * _LINE_PX
"""A band that is lower has its ends in one line."""
_TICKS_PX: Final = 64
"""A band that is lower has its ends alone."""
_APART_PX: Final = 26
"""From one figure of a band to the next."""

Levels = Callable[[float, float, float], list[tuple[float, list[float]]]]
"""Round values between two for a length (device independent pixels): step and values, the coarsest first."""


@dataclass(frozen=True, slots=True)
class Label:
    """A text of the margin. Places are shares of the height, upwards.

    Attributes:
        at: where its middle is, or as near to that as it stays between ``bottom`` and ``top``.
        color: number of the theme's curve colour; None: ink. is_tick: the scale of a pen has a tick and a line there.

    """

    text: str
    at: float
    bottom: float
    top: float
    color: int | None = None
    is_tick: bool = False


class Margin:
    """Says what stands in the margin and how wide it must be, and paints it. GUI thread."""

    def __init__(self, pens: PenSet, wording: Wording) -> None:
        self._pens, self._wording = pens, wording
        self._font = font(13)
        self._metrics = QFontMetricsF(self._font)

    @property
    def has_scales(self) -> bool:
        """Whether scales stand here: of all pens beside their bands, or the current one's above lanes.

        There the lowest figure keeps clear of the first lane's name.
        """
        return self._pens.staggered or bool(self._pens.lanes())

    def labels(self, height: float, levels: Levels) -> tuple[Label, ...]:
        """Return what stands in the margin of a plot that is so high (device independent pixels)."""
        found = []
        for pen in self._pens.lanes():
            bottom, top = self._pens.place(pen)
            found.append(Label(lane_name(pen, self._wording), (bottom + top) / 2, bottom, top))
        if self.has_scales:
            found += [one for pen in self._scaled() for one in self._scale(pen, height, levels)]
        return tuple(found)

    def _scaled(self) -> list[Pen]:
        curves, current = self._pens.curves(), self._pens.current
        return curves if self._pens.staggered else [pen for pen in curves if pen is current]

    def width(self, labels: tuple[Label, ...], plot_px: float) -> int:
        """Return the width (device independent pixels) for these in a plot of this width, margin included."""
        needed = max((math.ceil(self._metrics.horizontalAdvance(one.text)) for one in labels), default=0) + 2 * _PAD_PX
        return round(max(LEAST_PX, min(needed, _MOST_PX, _MOST_SHARE * plot_px)))

    def paint(self, painter: QPainter, theme: Theme, size: QSizeF, labels: tuple[Label, ...]) -> None:
        """Paint into a margin of this size with its corner at the origin."""
        painter.setFont(self._font)
        for one in labels:
            top, middle, bottom = ((1.0 - share) * size.height() for share in (one.top, one.at, one.bottom))
            if bottom - top >= _LOW_PX:
                half = min(_LINE_PX, bottom - top) / 2
                middle = max(top + half, min(bottom - half, middle))
                color = theme.color("ink") if one.color is None else theme.curve_color(one.color)
                self._write(painter, color, one.text, middle, size.width())

    def _scale(self, pen: Pen, height: float, levels: Levels) -> Iterator[Label]:
        """Yield round values of a pen; the ends of its scale where there is no room for more; both in one at worst."""
        bottom, top = self._pens.place(pen)
        low, high = self._pens.scale(pen)
        size, number = height * (top - bottom), self._wording.number
        ends = number(low, pen.tag.decimals), number(high, pen.tag.decimals)
        if size < _RANGE_PX:
            yield Label(" – ".join(ends), (bottom + top) / 2, bottom, top, pen.color)
            return
        values: list[float] = []
        step = high - low
        if size >= _TICKS_PX:
            step, values = levels(low, high, size)[0]
            if step / (high - low) * size < _APART_PX:
                step *= 2
                values = [value for value in values if abs(math.remainder(value, step)) < step / 4]
        if len(values) >= 2:
            texts = [number(value, decimals_of(step)) for value in values]
        else:
            values, texts = [low, high], list(ends)
        for value, text in zip(values, texts, strict=True):
            yield Label(text, bottom + (value - low) * (top - bottom) / (high - low), bottom, top, pen.color, True)

    def _write(self, painter: QPainter, color: QColor, text: str, middle: float, width: float) -> None:
        box = QRectF(_PAD_PX, middle - _LINE_PX / 2, width - 2 * _PAD_PX, _LINE_PX)
        painter.setPen(color)
        cut = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, cut)


def decimals_of(step: float) -> int:
    """Return how many decimals the values of a scale need that are a round step apart."""
    return 0 if step >= 1 else min(6, max(0, len(f"{step:.6f}".rstrip("0")) - 2))
