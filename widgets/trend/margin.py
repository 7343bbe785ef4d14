"""The left margin of a plot: the names of lanes stand beside them, where they cover no data."""

import math
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from widgets.theme import Theme, font
from widgets.trend.lanes import lane_name
from widgets.trend.pens import PenSet
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


@dataclass(frozen=True, slots=True)
class Label:
    """A text of the margin; ``bottom`` and ``top`` of its place are shares of the height, upwards."""

    text: str
    bottom: float
    top: float


class Margin:
    """Says how wide the margin must be, and paints it. GUI thread."""

    def __init__(self, pens: PenSet, wording: Wording) -> None:
        self._pens, self._wording = pens, wording
        self._font = font(13)
        self._metrics = QFontMetricsF(self._font)

    def labels(self) -> tuple[Label, ...]:
        """Return what stands in the margin now."""
        return tuple(Label(lane_name(pen, self._wording), *self._pens.place(pen)) for pen in self._pens.lanes())

    def width(self, labels: tuple[Label, ...], plot_px: float) -> int:
        """Return the width (device independent pixels) for these in a plot of this width, margin included."""
        needed = max((math.ceil(self._metrics.horizontalAdvance(one.text)) for one in labels), default=0) + 2 * _PAD_PX
        return round(max(LEAST_PX, min(needed, _MOST_PX, _MOST_SHARE * plot_px)))

    def paint(self, painter: QPainter, theme: Theme, size: QSizeF, labels: tuple[Label, ...]) -> None:
        """Paint into a margin of this size with its corner at the origin."""
        painter.setFont(self._font)
        for one in labels:
            top, bottom = ((1.0 - share) * size.height() for share in (one.top, one.bottom))
            if bottom - top >= _LOW_PX:
                self._write(painter, theme.color("ink"), one.text, (top + bottom) / 2, size.width())

    def _write(self, painter: QPainter, color: QColor, text: str, middle: float, width: float) -> None:
        box = QRectF(_PAD_PX, middle - _LINE_PX / 2, width - 2 * _PAD_PX, _LINE_PX)
        painter.setPen(color)
        cut = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, cut)
