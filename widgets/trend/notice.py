"""The short note in a trend's row of controls: what was refused, what is awaited, what does not come."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel

from widgets.tips import plain_tip
from widgets.trend.feed import TrendFeed
from widgets.trend.markers import Markers
from widgets.wording import Wording


class Notice(QObject):
    """Writes the note; what feed and markers tell is written by itself."""

    def __init__(self, label: QLabel, feed: TrendFeed, markers: Markers, wording: Wording) -> None:
        super().__init__(label)
        self._label, self._feed, self._wording = label, feed, wording
        feed.waiting_changed.connect(self._show_waiting)
        feed.problem_changed.connect(self._show_problem)
        markers.cut.connect(self._show_cut)

    def say(self, text: str) -> None:
        """Show a short note."""
        self._label.setText(text)
        self._label.setToolTip(plain_tip(text))

    def _show_waiting(self, count: int) -> None:
        if not self._feed.archive.problem:
            self.say(self.tr("History: {0} pens still loading…").format(count) if count else "")

    def _show_problem(self, problem: str) -> None:
        if problem:
            self.say(self.tr("No history: {0}").format(problem))
        else:
            self._show_waiting(self._feed.archive.waiting)

    def _show_cut(self, cut_ns: int) -> None:
        self.say(self.tr("Marks before {0} are too many to show; zoom in").format(self._wording.date_time(cut_ns)))
