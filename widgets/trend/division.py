"""How the height is divided between plot and legend: by what the legend needs, until an operator moves the border."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QSplitter

from widgets.trend.legend import TrendLegend

_MOST: Final = 0.45
"""Share of the height that the legend takes by itself at most."""
_LEAST_LINES: Final = 3


class Division(QObject):
    """Divides a splitter of plot and legend.

    Signals:
        moved(float): an operator moved the border; the legend has this share of the height.

    """

    moved = Signal(float)

    def __init__(self, split: QSplitter, legend: TrendLegend) -> None:
        super().__init__(split)
        self._split, self._legend = split, legend
        self._share: float | None = None
        split.setOrientation(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.splitterMoved.connect(self._take)
        split.installEventFilter(self)

    def keep(self, share: float | None) -> None:
        """Give the legend a share of the height; None: what it needs."""
        self._share = share if share is not None and 0.0 < share < 1.0 else None
        self.apply()

    def apply(self) -> None:
        """Divide the height anew."""
        height = self._split.height() - self._split.handleWidth()
        if self._share is not None:
            legend = round(self._share * height)
        else:
            legend = min(self._legend.height_of(max(_LEAST_LINES, self._legend.lines)), round(_MOST * height))
        self._split.setSizes([height - legend, legend])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the division when the height changes."""
        if event.type() is QEvent.Type.Resize:
            self.apply()
        return False

    def _take(self) -> None:
        plot, legend = self._split.sizes()
        self._share = legend / max(1, plot + legend)
        self.moved.emit(self._share)
