"""What the charts of the figures share: a pyqtgraph plot in the theme's colours, still, with keys."""

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QSizePolicy

from widgets.theme import Theme, font
from widgets.trend.axes import dress
from widgets.trend.ticks import time_ticks
from widgets.wording import Wording


class PlantTimeAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """Seconds since the epoch, written in the plant's zone."""

    def __init__(self, wording: Wording) -> None:
        super().__init__("bottom")
        self._wording = wording
        self._texts: dict[float, str] = {}
        self.enableAutoSIPrefix(False)

    def tickValues(self, minimum: float, maximum: float, size: float) -> list[Any]:
        """Return round times of the plant's clock."""
        ticks = time_ticks(minimum, maximum, size, self._wording.zone)
        self._texts = {tick.at_s: tick.text for tick in ticks}
        return [(1.0, list(self._texts))]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Return the texts."""
        return [self._texts.get(value, "") for value in values]


class FigurePlot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """A plot that is looked at: no menu, no zoom; it takes the focus for its keys."""

    def __init__(self, theme: Theme, axes: dict[str, Any] | None = None) -> None:
        super().__init__(background=theme.color("field"), axisItems=axes or {})
        self.theme = theme
        self.plot: Any = self.getPlotItem()
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.setMouseEnabled(False, False)
        self.plot.getViewBox().setDefaultPadding(0.0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, 140)
        self.setFrameShape(self.Shape.NoFrame)
        self.plot.layout.setContentsMargins(0, 8, 4, 0)
        self.dress()

    def dress(self) -> None:
        """Take the colours of the theme for ground and axes."""
        self.setBackground(self.theme.color("field"))
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.enableAutoSIPrefix(False)
            axis.setStyle(tickFont=font(13), tickLength=-4)
            dress(axis, self.theme)

    def show_theme(self, theme: Theme) -> None:
        """Take another theme; whoever draws more draws it anew."""
        self.theme = theme
        self.dress()
        self.redraw()

    def sizeHint(self) -> QSize:
        """Return a small size: it takes what the page has."""
        return QSize(320, 180)

    def redraw(self) -> None:
        """Draw what is shown anew."""
