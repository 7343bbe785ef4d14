"""What is drawn and written anew when data came, the window moved, or a ruler."""

from PySide6.QtCore import QObject

from app.model.clock import Clock
from widgets.trend.legend import TrendLegend
from widgets.trend.markers import Markers
from widgets.trend.pens import PenSet
from widgets.trend.plot import TrendPlot


class Refresher(QObject):
    """Keeps plot, legend and marks at what the pens hold."""

    def __init__(self, pens: PenSet, plot: TrendPlot, legend: TrendLegend, markers: Markers, clock: Clock) -> None:
        super().__init__(plot)
        self._pens, self._plot, self._legend, self._markers, self._clock = pens, plot, legend, markers, clock

    def show_data(self) -> None:
        """Show the lines of the pens, and the values at the rulers."""
        self._plot.redraw()
        self.show_rulers()

    def show_window(self, start_ns: int, end_ns: int) -> None:
        """Show a window that was read (ns since the epoch, UTC): its lines, figures and marks."""
        self.show_data()
        self._legend.refresh_statistics(start_ns, min(end_ns, self._clock.now_ns()))
        self._markers.want(start_ns, end_ns, [pen.tag.name for pen in self._pens.pens if pen.visible])

    def show_rulers(self) -> None:
        """Show the values at the rulers."""
        self._legend.refresh_rulers(self._plot.rulers.at_s)
