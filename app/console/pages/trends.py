"""The trend workspace as a page, and further trend windows that share its hub and source."""

from functools import partial
from typing import Final

from PySide6.QtCore import QCoreApplication, QObject, Qt

from app.console.context import Context
from app.console.finder import FindBox, FoundKind
from app.console.history_pages import LinkPages
from app.console.navigator import Navigator
from app.console.page import Page
from app.console.trend_groups import TrendGroupFiles
from app.console.trend_history import LinkHistory
from app.console.trend_markers import JournalMarkers
from app.console.trend_notes import EngineNotes
from app.console.trend_period import TrendPeriod
from widgets.trend.pens import MAX_PENS
from widgets.trend.source import HubSource
from widgets.trend.workspace import TrendWorkspace

_LEAST: Final = 600, 400
"""Least size of a trend window (px): its controls wrap down to that."""


class TrendWindows(QObject):
    """Makes trends; every window beyond the page's own is closed with it."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._source = HubSource(context.hub)
        self._store = TrendGroupFiles(context.plant, context.session, self)
        self._markers = JournalMarkers(context.plant, context.bridge, context.wording, self)
        self._notes = EngineNotes(context.bridge, context.session, context.wording, self)
        self._history = LinkHistory(context.bridge, context.wording, self)
        self._pages = LinkPages(context.bridge)
        self._subscription = context.hub.subscribe(context.plant.tags, lambda _: None)
        self.windows: list[TrendWorkspace] = []

    def make(self) -> TrendWorkspace:
        """Make a trend with its find box."""
        context = self._context
        finder = FindBox(
            context.plant, context.wording, FoundKind.TAG, QCoreApplication.translate("TrendsPage", "Add tag…")
        )
        trend = TrendWorkspace(
            context.plant, self._source, context.hub.sample, context.themes, context.wording, finder,
            late=self._history, pages=self._pages, markers=self._markers, store=self._store, notes=self._notes,
        )  # fmt: skip
        finder.chosen.connect(lambda found: trend.add_tag(found.name))
        trend.window_wanted.connect(lambda: self.open_window(trend))
        trend.division.keep(context.settings.trend_legend)
        trend.division.moved.connect(self._keep_division)
        return trend

    def open_window(self, like: TrendWorkspace) -> TrendWorkspace:
        """Open a window with the pens and the time of another trend."""
        trend = self.make()
        trend.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        trend.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        trend.setProperty("look", "canvas")
        trend.setWindowTitle(QCoreApplication.translate("TrendsPage", "Trend"))
        trend.show_like(like)
        trend.setMinimumSize(*_LEAST)
        trend.resize(1200, 760)
        self.windows.append(trend)
        trend.destroyed.connect(lambda: self._forget(trend))
        trend.show()
        return trend

    def show_period(self, page: TrendWorkspace, period: TrendPeriod) -> None:
        """Show tags at a time: beside what the page shows, or in a window of its own."""
        trend = self.open_window(page) if period.own_window else page
        if period.own_window:
            tags = self._context.plant.tags
            trend.pens.replace([tags[name] for name in period.tags if name in tags][:MAX_PENS])
        else:
            for name in period.tags:
                if not any(pen.tag.name == name for pen in trend.pens.pens):
                    trend.add_tag(name)
        now_s = trend.navigator.now_s
        if period.end_s >= now_s:
            trend.navigator.show_until(None, now_s - period.start_s)
        else:
            trend.navigator.show_range(period.start_s, period.end_s)

    def release(self, page: TrendWorkspace) -> None:
        """Close the windows, let the page rest and give the values back."""
        page.watch.stop()
        page.feed.cancel()
        page.markers.cancel()
        for window in list(self.windows):
            window.close()
        self._subscription.close()

    def session_changed(self, page: TrendWorkspace) -> None:
        """Show in the page and in every window where groups are saved now."""
        for trend in (page, *self.windows):
            trend.group_box.refresh()

    def show_again(self, page: TrendWorkspace, old: list[TrendWorkspace]) -> None:
        """Show what another page and its windows show, the page first; the windows where they are."""
        page.show_like(old[0])
        for window in old[1:]:
            self.open_window(window).setGeometry(window.geometry())

    def _keep_division(self, share: float) -> None:
        self._context.settings.trend_legend = share

    def _forget(self, trend: TrendWorkspace) -> None:
        if trend in self.windows:
            self.windows.remove(trend)


def make(context: Context, navigator: Navigator) -> Page:
    """Make the page; it wants the live values of every tag, since any may be added."""
    windows = TrendWindows(context)
    page = windows.make()
    windows.setParent(page)
    release = partial(windows.release, page)
    return Page(
        page, release=release, add_tag=page.add_tag, show_period=partial(windows.show_period, page),
        session_changed=partial(windows.session_changed, page),
        kept=lambda: [page, *windows.windows], show_again=partial(windows.show_again, page),
    )  # fmt: skip
