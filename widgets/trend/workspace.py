"""The trend workspace: joins pens, time, plot, legend and tools. What each does is in its own module."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from app.model.clock import Clock, SystemClock
from app.model.plant import Plant
from app.model.sample import Sample
from widgets.drag import dragged_tags
from widgets.theme import GAP, HALF, ThemeManager
from widgets.trend.actions import add_actions, shown
from widgets.trend.analysis import Analyses
from widgets.trend.compare import Comparison
from widgets.trend.currentpen import CurrentPen
from widgets.trend.division import Division
from widgets.trend.exporter import TrendExporter
from widgets.trend.feed import TrendFeed
from widgets.trend.figures import Figures
from widgets.trend.groupbox import GroupBox
from widgets.trend.groups import GroupBook, GroupStore
from widgets.trend.keys import add_trend_keys
from widgets.trend.legend import TrendLegend
from widgets.trend.markers import Markers, MarkerSource
from widgets.trend.markertext import tip_at
from widgets.trend.navigation import TimeNavigator
from widgets.trend.notes import Notes, NoteStore
from widgets.trend.notice import Notice
from widgets.trend.penbar import PenBar
from widgets.trend.pens import MAX_PENS, PenSet
from widgets.trend.penstyle import copy_pens
from widgets.trend.plot import TrendPlot
from widgets.trend.refresher import Refresher
from widgets.trend.source import HistoryPages, LateSource, TrendSource
from widgets.trend.timebar import TimeBar
from widgets.trend.watch import TrendWatch
from widgets.wording import Wording


class TrendWorkspace(QWidget):
    """Pens over time; follows live until it is scrolled, and again at a click.

    Signals:
        window_wanted(): another trend window with the same pens and time.

    """

    window_wanted = Signal()

    def __init__(
        self,
        plant: Plant,
        source: TrendSource,
        read: Callable[[str], Sample | None],
        themes: ThemeManager,
        wording: Wording,
        finder: QWidget | None = None,
        *,
        clock: Clock | None = None,
        late: LateSource | None = None,
        pages: HistoryPages | None = None,
        markers: MarkerSource | None = None,
        store: GroupStore | None = None,
        notes: NoteStore | None = None,
    ) -> None:
        super().__init__()
        self.plant, self.source, self.wording, self.themes = plant, source, wording, themes
        self._clock = clock or SystemClock()
        self.pens = PenSet()
        self.pens.setParent(self)
        self.navigator = TimeNavigator(self._clock, parent=self)
        self.feed = TrendFeed(self.pens, source, late)
        self.plot = TrendPlot(self.pens, themes, wording)
        self.figures = Figures(self.pens, source, self.feed.ring, late, self._clock)
        self.legend = TrendLegend(self.pens, self.figures, read, themes, wording)
        self.markers = Markers(markers, self)
        self.plot.layers.append(self.markers.paint)
        self.plot.tip = partial(tip_at, self.plot, self.markers, wording)
        self.groups = GroupBook(plant, self.pens, self.navigator, store, self)
        self.group_box = GroupBox(self.groups, wording)
        self.times = TimeBar(self.navigator, wording)
        self.tools = PenBar(self.pens, self.plot, self.group_box, finder, wording, self._clock.now_ns)
        self.notice = Notice(self.tools.note, self.feed, self.markers, wording)
        self.say = self.notice.say
        self.current_pen = CurrentPen(self.pens, self.legend, themes, wording)
        self.notes = None
        if notes is not None:
            self.notes = Notes(notes, self.plot, self.pens, self.navigator, self.markers, wording, self.say)
        self.picture = QSplitter(Qt.Orientation.Vertical)
        self.division = Division(self.picture, self.legend)
        self.exporter = TrendExporter(self.picture, source, wording, lambda: shown(self), pages)
        self.analyses = Analyses(self, source, pages, wording)
        self.watch = TrendWatch(self.plot, self.navigator, self.feed, self._clock, wording, self)
        self.refresher = Refresher(self.pens, self.plot, self.legend, self.markers, self._clock)
        self.setAcceptDrops(True)
        self._lay_out()
        self._connect()
        add_trend_keys(self, add_actions(self, self.exporter))
        self.groups.show_first()

    def add_tag(self, name: str) -> bool:
        """Add a pen; tells False when there is no such tag or no room."""
        tag = self.plant.tags.get(name)
        if tag is None or self.pens.add(tag) is None:
            self.say(self.tr("Not added: already shown, or {0} pens reached").format(MAX_PENS))
            return False
        self.say("")
        return True

    def show_like(self, other: "TrendWorkspace") -> None:
        """Show the group, the pens and the time of another trend."""
        self.groups.follow(other.groups)
        copy_pens(self.pens, other.pens)
        view = other.navigator.view
        self.navigator.show_until(None if view.live else view.end_s, view.span_s)

    def show_span(self, seconds: float) -> None:
        """Show the last so many seconds, or as many around the middle while scrolled back."""
        self.navigator.show_span(seconds)

    def compare(self, comparison: Comparison) -> None:
        """Draw another course dashed beside the one shown."""
        self.watch.compare(comparison)

    def query(self) -> None:
        """Read every visible pen's window from the store at pixel width, and draw."""
        self.watch.query()

    def showEvent(self, event: QShowEvent) -> None:
        """Follow while visible."""
        self.watch.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while hidden."""
        self.watch.stop()
        self.markers.cancel()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for the new width."""
        self.watch.query_soon()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take tags."""
        if dragged_tags(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add the tags that were dropped."""
        for name in dragged_tags(event.mimeData()):
            self.add_tag(name)
        event.acceptProposedAction()

    def _lay_out(self) -> None:
        split = self.picture
        split.addWidget(self.plot)
        split.addWidget(self.legend)
        box = QVBoxLayout(self)
        box.setContentsMargins(GAP, GAP, GAP, GAP)
        box.setSpacing(HALF)
        box.addWidget(self.tools)
        box.addWidget(self.times)
        box.addWidget(split, 1)

    def _connect(self) -> None:
        self.plot.boxed.connect(self.navigator.show_range)
        self.plot.rulers.moved.connect(self.refresher.show_rulers)
        self.navigator.changed.connect(self.feed.resume)
        self.navigator.changed.connect(self.figures.resume)
        self.watch.read.connect(self.refresher.show_window)
        self.watch.ticked.connect(self.legend.refresh_live)
        self.pens.changed.connect(self.watch.query_soon)
        self.pens.changed.connect(self.division.apply)
        self.feed.taken.connect(self.refresher.show_data)
        self.markers.changed.connect(self.plot.redraw_soon)
        self.times.refused.connect(self.say)
        self.times.box_wanted.connect(self.plot.box.set_box_mode)
        self.tools.refused.connect(self.say)
        self.tools.remove_wanted.connect(self.current_pen.remove)
        self.tools.compared.connect(self.compare)
        self.groups.said.connect(self.say)
        self.exporter.finished.connect(self.say)
        self.exporter.progressed.connect(self.say)

    def stand_back(self) -> None:
        """Take the rulers away, and ask no more for what history still owes, nor write on."""
        self.plot.rulers.clear()
        self.feed.cancel()
        self.figures.cancel()
        self.exporter.cancel()
