"""Keeps a trend at its time: asks for data when the view moved, follows while shown, rests while hidden."""

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from app.model.clock import SECOND_NS, Clock
from widgets.trend.compare import Comparison
from widgets.trend.feed import TrendFeed
from widgets.trend.navigation import TimeNavigator
from widgets.trend.plot import TrendPlot
from widgets.wording import Wording

_QUERY_MS: Final = 30
_LIVE_MS: Final = 100
_STILL_TICKS: Final = 10
"""A live view that has not moved by a pixel is read again after so many ticks: its last column still grows."""


class TrendWatch(QObject):
    """Moves the plot with the navigator, and reads what it shows.

    Signals:
        read(int, int): the window was read from the store: start and end (ns since the epoch, UTC).
        ticked(): time for what is live.

    """

    read = Signal(object, object)
    ticked = Signal()

    def __init__(
        self, plot: TrendPlot, navigator: TimeNavigator, feed: TrendFeed, clock: Clock, wording: Wording,
        parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._plot, self._navigator, self._feed = plot, navigator, feed
        self._clock, self._wording = clock, wording
        self._comparison = Comparison()
        self._still = 0
        self._soon = QTimer(self, singleShot=True, interval=_QUERY_MS)
        self._soon.timeout.connect(self.query)
        self._follow_timer = QTimer(self, interval=_LIVE_MS)
        self._follow_timer.timeout.connect(self._follow)
        plot.range_changed.connect(self._ranged)
        plot.resized.connect(self.query_soon)
        navigator.changed.connect(self._move_plot)
        navigator.moved.connect(self._move_plot)

    def start(self) -> None:
        """Follow the time."""
        self._follow_timer.start()
        self._move_plot()
        self._follow()
        self.query_soon()

    def stop(self) -> None:
        """Rest: what is to be read soon is read at the next start."""
        self._follow_timer.stop()
        self._soon.stop()

    def compare(self, comparison: Comparison) -> None:
        """Read another course beside the one shown."""
        self._comparison = comparison
        self.query_soon()

    def query_soon(self) -> None:
        """Read once for all that changes in this moment."""
        self._soon.start()

    def query(self) -> None:
        """Read every visible pen's window from the store at pixel width."""
        self._soon.stop()
        self._still = 0
        start, end = self._plot.span
        now_ns = self._clock.now_ns()
        past = self._comparison.pieces(start, end, self._wording.zone)
        self._feed.query(start, end, self._plot.columns, now_ns, past)
        self.read.emit(int(start * SECOND_NS), int(end * SECOND_NS))

    def _ranged(self, by_user: bool) -> None:
        if by_user:
            self._navigator.drag(*self._plot.span)
        self.query_soon()

    def _move_plot(self) -> None:
        view = self._navigator.view
        if self._plot.span != (view.start_s, view.end_s):
            self._plot.show_range(view.start_s, view.end_s)
        self.query_soon()

    def _follow(self) -> None:
        self._still += 1
        go = self._navigator
        if not go.follow(self._plot.columns) and go.view.live and self._still >= _STILL_TICKS:
            self.query()
        self.ticked.emit()
