"""Axes: time in the plant's zone, and values of the current pen."""

from datetime import timedelta
from typing import Any, Final

import pyqtgraph as pg
from PySide6.QtGui import QColor

from widgets.theme import Theme, font
from widgets.trend.pens import PenSet
from widgets.wording import Wording

_STEPS_S: Final = (
    1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800,
    1209600, 2592000,
)  # fmt: skip
_LABEL_PX: Final = 96


class TimeAxis(pg.AxisItem):  # type: ignore[misc]
    """Seconds since the epoch, written in the plant's zone; ticks on its round hours and midnights."""

    def __init__(self, wording: Wording) -> None:
        super().__init__("bottom")
        self._wording = wording
        self.setStyle(tickFont=font(13), tickLength=-5)
        self.enableAutoSIPrefix(False)

    def tickValues(self, minimum: float, maximum: float, size: float) -> list[tuple[float, list[float]]]:
        """Return ticks at round times of the plant's zone."""
        span = maximum - minimum
        if span <= 0 or size <= 0:
            return []
        wanted = span * _LABEL_PX / size
        step = next((s for s in _STEPS_S if s >= wanted), _STEPS_S[-1])
        moment = self._wording.moment(round(minimum * 1e9))
        offset = (moment.utcoffset() or timedelta()).total_seconds()
        first = ((minimum + offset) // step + 1) * step - offset
        return [(float(step), [first + i * step for i in range(int((maximum - first) / step) + 1)])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Return the texts: seconds only where they tell something, the date at midnight."""
        texts = []
        for value in values:
            moment = self._wording.moment(round(value * 1e9))
            if moment.hour == moment.minute == moment.second == 0 or spacing >= 86400:
                texts.append(moment.strftime("%m-%d"))
            else:
                texts.append(moment.strftime("%H:%M:%S" if spacing < 60 else "%H:%M"))
        return texts


class ValueAxis(pg.AxisItem):  # type: ignore[misc]
    """The plot is 0 to 1 for every pen; this axis writes the current pen's engineering units."""

    def __init__(self, pens: PenSet, wording: Wording) -> None:
        super().__init__("left")
        self._pens, self._wording = pens, wording
        self.setStyle(tickFont=font(13), tickLength=-5)
        self.setWidth(72)
        self.enableAutoSIPrefix(False)

    def tickValues(self, minimum: float, maximum: float, size: float) -> list[Any]:
        """Return ticks that are round in engineering units."""
        low, high = self._scale()
        span = high - low
        levels: list[Any] = super().tickValues(low + minimum * span, low + maximum * span, size)
        return [(step / span, [(v - low) / span for v in values]) for step, values in levels[:1]]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Return the texts: digits, or states of a discrete tag."""
        low, high = self._scale()
        pen = self._pens.current
        if pen is None:
            return ["" for _ in values]
        numbers = [low + value * (high - low) for value in values]
        if pen.tag.is_discrete:
            return [self._wording.value(pen.tag, n) if abs(n - round(n)) < 1e-6 else "" for n in numbers]
        step = spacing * (high - low)
        decimals = 0 if step >= 1 else min(6, max(0, len(f"{step:.6f}".rstrip("0")) - 2))
        return [self._wording.number(n, decimals) for n in numbers]

    def _scale(self) -> tuple[float, float]:
        pen = self._pens.current
        return self._pens.scale(pen) if pen is not None else (0.0, 1.0)


def dress(axis: pg.AxisItem, theme: Theme, text: QColor | None = None) -> None:
    """Give an axis the theme's colours."""
    axis.setPen(theme.color("edge"))
    axis.setTextPen(text or theme.color("dim"))
