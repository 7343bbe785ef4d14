"""Axes: time in the plant's zone, and values of a pen in its engineering units."""

from collections.abc import Callable
from typing import Any, Final

import pyqtgraph as pg
from PySide6.QtGui import QColor

from widgets.theme import Theme, font
from widgets.trend.pens import Pen, PenSet
from widgets.trend.ticks import Tick, time_ticks
from widgets.wording import Wording

_WIDTH: Final = 72
_NARROW: Final = 60
_LEAST_PX: Final = 64
"""A lower band (staggered pens) has one tick in its middle."""


class TimeAxis(pg.AxisItem):  # type: ignore[misc]
    """Seconds since the epoch, written in the plant's zone; ticks on its round hours and midnights."""

    def __init__(self, wording: Wording) -> None:
        super().__init__("bottom")
        self._wording = wording
        self._texts: dict[float, str] = {}
        self.setStyle(tickFont=font(13), tickLength=-5)
        self.enableAutoSIPrefix(False)

    def ticks(self, start_s: float, end_s: float, pixels: float) -> list[Tick]:
        """Return the ticks of a range, as the axis shows them."""
        return time_ticks(start_s, end_s, pixels, self._wording.zone)

    def tickValues(self, minimum: float, maximum: float, size: float) -> list[tuple[float, list[float]]]:
        """Return ticks at round times of the plant's zone."""
        ticks = self.ticks(minimum, maximum, size)
        self._texts = {tick.at_s: tick.text for tick in ticks}
        return [(1.0, [tick.at_s for tick in ticks])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Return the texts: seconds only where they tell something, the date at midnight."""
        return [self._texts.get(value, "") for value in values]


class ValueAxis(pg.AxisItem):  # type: ignore[misc]
    """The plot is 0 to 1 for every pen; this axis writes one pen's engineering units over its place."""

    def __init__(self, pens: PenSet, wording: Wording, pen: Callable[[], Pen | None], side: str = "left") -> None:
        super().__init__(side)
        self._pens, self._wording, self._whose = pens, wording, pen
        self._state: tuple[object, ...] = ()
        self.setStyle(tickFont=font(13), tickLength=-5)
        self.setWidth(_WIDTH if side == "left" else _NARROW)
        self.enableAutoSIPrefix(False)

    def shares(self, size: float) -> list[float]:
        """Return where the ticks are, as shares of the height upwards."""
        return [share for _, values in self.tickValues(0.0, 1.0, size) for share in values]

    def tickValues(self, minimum: float, maximum: float, size: float) -> list[Any]:
        """Return ticks that are round in engineering units."""
        pen = self._whose()
        if pen is None or not pen.visible:
            return []
        bottom, top = self._pens.place(pen)
        low, high = self._pens.scale(pen)
        if pen.tag.is_discrete:
            return []
        factor = (top - bottom) / (high - low)
        if size * (top - bottom) < _LEAST_PX:
            return [((top - bottom) / 2, [(bottom + top) / 2])]
        levels: list[Any] = super().tickValues(low, high, size * (top - bottom))
        return [(step * factor, [bottom + (v - low) * factor for v in values]) for step, values in levels[:1]]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Return the texts."""
        pen = self._whose()
        if pen is None:
            return ["" for _ in values]
        bottom, top = self._pens.place(pen)
        low, high = self._pens.scale(pen)
        factor = (high - low) / (top - bottom)
        step = spacing * factor
        decimals = 0 if step >= 1 else min(6, max(0, len(f"{step:.6f}".rstrip("0")) - 2))
        return [self._wording.number(low + (value - bottom) * factor, decimals) for value in values]

    def refresh(self, theme: Theme) -> None:
        """Take the pen's colour and scale; nothing is done where they are as before."""
        pen = self._whose()
        shown = pen is not None and pen.visible
        scale = (*self._pens.scale(pen), *self._pens.place(pen)) if pen is not None and shown else ()
        state = (pen, theme.name, scale, pen.color if pen is not None else 0)
        if state == self._state:
            return
        self._state = state
        self.picture = None
        dress(self, theme, theme.curve_color(pen.color) if pen is not None else None)
        self.update()


def dress(axis: pg.AxisItem, theme: Theme, text: QColor | None = None) -> None:
    """Give an axis the theme's colours."""
    axis.setPen(theme.color("edge"))
    axis.setTextPen(text or theme.color("dim"))
