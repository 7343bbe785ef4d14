"""The stack of workspaces: each is made when it is first shown."""

import logging
from collections.abc import Callable

from PySide6.QtWidgets import QLabel, QStackedWidget, QWidget

from app.console.bridge import LinkState
from app.console.context import Context
from app.console.places import Place
from app.model.errors import HaiheError
from app.model.journal import JournalPage, JournalQuery
from widgets.live import Subscription
from widgets.trend.source import HubSource

log = logging.getLogger(__name__)


class Workspaces(QStackedWidget):
    """Makes and keeps workspaces; ``window`` is told what they want through the given callbacks."""

    def __init__(
        self,
        context: Context,
        open_equipment: Callable[[str], None],
        open_display: Callable[[str], None],
        open_tag: Callable[[str, str], None],
        open_trend: Callable[[str], None],
        acknowledge: Callable[[list[tuple[str, str]], str], None],
    ) -> None:
        super().__init__()
        self._context = context
        self._open_equipment, self._open_display = open_equipment, open_display
        self._open_tag, self._open_trend, self._acknowledge = open_tag, open_trend, acknowledge
        self._subscriptions: list[Subscription] = []
        self._pages: dict[Place, QWidget] = {}
        context.session.changed.connect(self._session_changed)
        context.bridge.state_changed.connect(self._link_changed)

    def show_place(self, place: Place) -> QWidget:
        """Show a place, made now if it is new."""
        page = self._pages.get(place)
        if page is None:
            page = self._make(place)
            self._pages[place] = page
            self.addWidget(page)
        self.setCurrentWidget(page)
        return page

    def page(self, workspace: str) -> QWidget | None:
        """Return a workspace's page if it has been made."""
        return self._pages.get(Place(workspace))

    def release(self) -> None:
        """Release every subscription; called before the window goes."""
        from app.console.display_page import DisplayPage

        for subscription in self._subscriptions:
            subscription.close()
        for page in self._pages.values():
            if isinstance(page, DisplayPage):
                page.mimic.close_display()

    def _session_changed(self) -> None:
        from widgets.alarms.list_view import AlarmListPage

        page = self.page("alarms")
        if isinstance(page, AlarmListPage):
            page.set_may_acknowledge(self._context.session.may_operate)

    def _link_changed(self, state: LinkState) -> None:
        """Fill a journal that was opened before there was a link."""
        from widgets.alarms.journal_view import JournalView

        page = self.page("journal")
        if state is LinkState.CONNECTED and isinstance(page, JournalView) and not page.model.rows:
            page.reload()

    def _make(self, place: Place) -> QWidget:
        makers: dict[str, Callable[[], QWidget]] = {
            "areas": self._make_areas,
            "trends": self._make_trends,
            "alarms": self._make_alarms,
            "journal": self._make_journal,
            "system": self._make_system,
        }
        maker = makers.get(place.workspace)
        return maker() if maker is not None else self._make_display(place.display)

    def _make_display(self, display: str) -> QWidget:
        from app.console.display_page import make_display_page

        entry = self._context.plant.displays.get(display)
        if entry is None:
            label = QLabel(self.tr("There is no display '{0}'").format(display))
            label.setProperty("look", "heading")
            return label
        return make_display_page(self._context, entry, self._open_equipment, self._open_display, self._open_trend)

    def _make_areas(self) -> QWidget:
        from app.console.areas_page import AreasPage

        page = AreasPage(self._context)
        page.display_chosen.connect(self._open_display)
        page.equipment_chosen.connect(self._open_equipment)
        return page

    def _make_trends(self) -> QWidget:
        from app.console.finder import FindBox, FoundKind
        from widgets.trend.workspace import TrendWorkspace

        context = self._context
        finder = FindBox(context.plant, context.wording, FoundKind.TAG, self.tr("Add tag…"))
        page = TrendWorkspace(
            context.plant, HubSource(context.hub), context.hub.sample, context.themes, context.wording, finder
        )
        finder.chosen.connect(lambda found: page.add_tag(found.name))
        self._subscriptions.append(context.hub.subscribe(context.plant.tags, lambda _: None))
        return page

    def _make_alarms(self) -> QWidget:
        from widgets.alarms.list_view import AlarmListPage

        context = self._context
        page = AlarmListPage(context.plant, context.book, context.themes, context.wording)
        page.acknowledge.connect(self._acknowledge)
        page.opened.connect(self._open_tag)
        page.set_may_acknowledge(context.session.may_operate)
        return page

    def _make_journal(self) -> QWidget:
        from widgets.alarms.journal_view import JournalView

        page = JournalView(self._context.plant, self._context.wording)

        def fetch(query: JournalQuery) -> None:
            def done(answer: JournalPage) -> None:
                page.take(query, answer)

            def failed(error: HaiheError) -> None:
                page.fail(self._context.wording.error(error))

            self._context.bridge.call(lambda client: client.journal(query), done, failed, page)

        page.wanted.connect(fetch)
        page.opened.connect(lambda tag: self._open_tag(tag, ""))
        page.reload()
        return page

    def _make_system(self) -> QWidget:
        from app.console.system_page import SystemPage

        return SystemPage(self._context)
