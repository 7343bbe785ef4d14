"""The trend workspace: joins pens, time, plot, legend and tools. What each does is in its own module."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from app.model.clock import SECOND_NS, Clock, SystemClock
from app.model.plant import Plant
from app.model.sample import Sample
from widgets.drag import dragged_tags
from widgets.theme import GAP, HALF, ThemeManager
from widgets.trend.actions import add_actions, shown
from widgets.trend.compare import Comparison
from widgets.trend.exporter import TrendExporter
from widgets.trend.feed import TrendFeed
from widgets.trend.groupbox import GroupBox
from widgets.trend.groups import GroupBook, GroupStore
from widgets.trend.keys import add_keys
from widgets.trend.legend import TrendLegend
from widgets.trend.markers import Markers, MarkerSource
from widgets.trend.navigation import TimeNavigator
from widgets.trend.penbar import PenBar
from widgets.trend.penmenu import pen_menu
from widgets.trend.pens import MAX_PENS, Pen, PenSet
from widgets.trend.plot import TrendPlot
from widgets.trend.source import LateSource, TrendSource
from widgets.trend.timebar import PRESETS_S, TimeBar
from widgets.wording import Wording

_QUERY_MS: Final = 30
_LIVE_MS: Final = 100
_STILL_TICKS: Final = 10
"""A live view that has not moved by a pixel is read again after so many ticks: its last column still grows."""


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
        markers: MarkerSource | None = None,
        store: GroupStore | None = None,
    ) -> None:
        super().__init__()
        self.plant, self.source, self.wording, self.themes = plant, source, wording, themes
        self._clock = clock or SystemClock()
        self._comparison = Comparison()
        self._still = 0
        self.pens = PenSet()
        self.pens.setParent(self)
        self.navigator = TimeNavigator(self._clock, parent=self)
        self.feed = TrendFeed(self.pens, source, late)
        self.plot = TrendPlot(self.pens, themes, wording)
        self.legend = TrendLegend(self.pens, source, read, themes, wording)
        self.markers = Markers(markers, self)
        self.plot.layers.append(self.markers.paint)
        self.plot.tip = self.marker_tip
        self.groups = GroupBook(plant, self.pens, self.navigator, store, self)
        self.group_box = GroupBox(self.groups, wording)
        self.times = TimeBar(self.navigator, wording)
        self.tools = PenBar(self.pens, self.plot, self.group_box, finder, wording, self._clock.now_ns)
        self.picture = QSplitter(Qt.Orientation.Vertical)
        self.exporter = TrendExporter(self.picture, source, wording, lambda: shown(self))
        self._query = QTimer(self, singleShot=True, interval=_QUERY_MS)
        self._query.timeout.connect(self.query)
        self._follow_timer = QTimer(self, interval=_LIVE_MS)
        self._follow_timer.timeout.connect(self._follow)
        self.setAcceptDrops(True)
        self._lay_out()
        self._connect()
        self._add_keys()
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
        """Show the pens and the time of another trend."""
        self.pens.replace([pen.tag for pen in other.pens.pens])
        view = other.navigator.view
        self.navigator.show_until(None if view.live else view.end_s, view.span_s)

    def say(self, text: str) -> None:
        """Show a short note."""
        self.tools.note.setText(text)
        self.tools.note.setToolTip(text)

    def show_span(self, seconds: float) -> None:
        """Show the last so many seconds, or as many around the middle while scrolled back."""
        self.navigator.show_span(seconds)

    def compare(self, comparison: Comparison) -> None:
        """Draw another course dashed beside the one shown."""
        self._comparison = comparison
        self._query.start()

    def query(self) -> None:
        """Read every visible pen's window from the store at pixel width, and draw."""
        self._query.stop()
        self._still = 0
        start, end = self.plot.span
        now_ns = self._clock.now_ns()
        past = self._comparison.shift_s(end, self.wording.zone)
        self.feed.query(start, end, self.plot.columns, now_ns, past)
        self._show_data()
        start_ns, end_ns = int(start * SECOND_NS), int(end * SECOND_NS)
        self.legend.refresh_statistics(start_ns, min(end_ns, now_ns))
        self.markers.want(start_ns, end_ns, [pen.tag.name for pen in self.pens.pens if pen.visible])

    def showEvent(self, event: QShowEvent) -> None:
        """Follow while visible."""
        self._follow_timer.start()
        self._follow()
        self._query.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while hidden."""
        self._follow_timer.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for the new width."""
        self._query.start()

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
        split.setStretchFactor(0, 4)
        split.setStretchFactor(1, 1)
        split.setChildrenCollapsible(False)
        split.setSizes([640, 230])
        box = QVBoxLayout(self)
        box.setContentsMargins(GAP, GAP, GAP, GAP)
        box.setSpacing(HALF)
        box.addWidget(self.tools)
        box.addWidget(self.times)
        box.addWidget(split, 1)

    def _connect(self) -> None:
        self.plot.range_changed.connect(self._ranged)
        self.plot.boxed.connect(self.navigator.show_range)
        self.plot.resized.connect(self._query.start)
        self.plot.rulers.moved.connect(self._show_rulers)
        self.navigator.changed.connect(self._move_plot)
        self.navigator.moved.connect(self._move_plot)
        self.pens.changed.connect(self._query.start)
        self.feed.taken.connect(self._show_data)
        self.feed.waiting_changed.connect(self._show_waiting)
        self.markers.changed.connect(self.plot.redraw_soon)
        self.legend.menu_wanted.connect(self._show_pen_menu)
        self.times.refused.connect(self.say)
        self.times.box_wanted.connect(self.plot.box.set_box_mode)
        self.tools.refused.connect(self.say)
        self.tools.remove_wanted.connect(self._remove)
        self.tools.compared.connect(self.compare)
        self.groups.said.connect(self.say)
        self.exporter.finished.connect(self.say)

    def _add_keys(self) -> None:
        go, rulers = self.navigator, self.plot.rulers
        keys: dict[str, Callable[[], object]] = {
            str(number): partial(go.show_span, seconds) for number, seconds in enumerate(PRESETS_S, 1)
        }
        keys |= {
            "L": go.go_live, "End": go.go_live, "Backspace": go.back, "Shift+Backspace": go.forward,
            "+": lambda: go.zoom(0.5), "=": lambda: go.zoom(0.5), "-": lambda: go.zoom(2.0),
            "PgUp": lambda: go.pan(-1.0), "PgDown": lambda: go.pan(1.0), "Z": self._zoom_to_rulers,
            "R": lambda: self._place_ruler(0), "B": lambda: self._place_ruler(1), "Esc": rulers.clear,
            ",": lambda: self._step_ruler(-1), ".": lambda: self._step_ruler(1),
            "F": self.pens.fit, "U": self.pens.full, "X": self.tools.shared.toggle, "S": self.tools.staggered.toggle,
            "A": self.tools.axes.toggle, "T": self.times.period.setFocus, "E": self.times.end.setFocus,
            "Delete": self._remove, "F10": self.tools.more.click,
        }  # fmt: skip
        add_keys(self, keys | add_actions(self, self.exporter))
        add_keys(self.plot, {"Left": lambda: go.pan(-0.1), "Right": lambda: go.pan(0.1)})

    def _show_data(self) -> None:
        self.plot.redraw()
        self.legend.refresh_rulers(self.plot.rulers.at_s)

    def _show_rulers(self) -> None:
        self.legend.refresh_rulers(self.plot.rulers.at_s)

    def _show_waiting(self, count: int) -> None:
        self.say(self.tr("History: {0} pens still loading…").format(count) if count else "")

    def _show_pen_menu(self, pen: Pen, at: Any) -> None:
        pen_menu(self.pens, pen, self.themes.theme, self).popup(at)

    def _remove(self) -> None:
        pen = self.legend.current() or self.pens.current
        if pen is not None:
            self.pens.remove(pen)

    def _zoom_to_rulers(self) -> None:
        a, b = self.plot.rulers.at_s
        if a is not None and b is not None and a != b:
            self.navigator.show_range(min(a, b), max(a, b))
        else:
            self.times.box.toggle()

    def _place_ruler(self, number: int) -> None:
        start, end = self.plot.span
        self.plot.rulers.set(number, start + (end - start) * (0.5 if number == 0 else 0.75))

    def _step_ruler(self, pixels: int) -> None:
        rulers, (start, end) = self.plot.rulers, self.plot.span
        at = rulers.at_s[rulers.active]
        if at is None:
            self._place_ruler(rulers.active)
        else:
            rulers.set(rulers.active, at + pixels * (end - start) / self.plot.columns)

    def _ranged(self, by_user: bool) -> None:
        if by_user:
            self.navigator.drag(*self.plot.span)
        self._query.start()

    def _move_plot(self) -> None:
        view = self.navigator.view
        if self.plot.span != (view.start_s, view.end_s):
            self.plot.show_range(view.start_s, view.end_s)
        self._query.start()

    def _follow(self) -> None:
        self._still += 1
        if not self.navigator.follow(self.plot.columns) and self.navigator.view.live and self._still >= _STILL_TICKS:
            self.query()
        self.legend.refresh_live()

    def marker_tip(self, position: QPointF) -> str:
        """Return what the markers at a position of the plot say."""
        start, end = self.plot.span
        near = self.markers.near(self.plot.time_at(position), (end - start) / self.plot.columns)
        return "\n".join(f"{self.wording.date_time(one.at_ns)}  {one.text}" for one in near[:8])
