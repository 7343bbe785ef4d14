"""The stack of workspaces: each is made when it is first shown."""

import importlib
from typing import Final

from PySide6.QtWidgets import QStackedWidget

from app.console.bridge import LinkState
from app.console.context import Context
from app.console.navigator import Navigator
from app.console.page import Page
from app.console.places import Place

WORKSPACES: Final = ("overview", "areas", "trends", "alarms", "journal", "kpi", "system")
"""In the order of the rail. ``overview`` shows displays; every other has a module in ``app.console.pages``."""


class Workspaces(QStackedWidget):
    """Makes and keeps pages, and passes on to them what they may want to know."""

    def __init__(self, context: Context, navigator: Navigator) -> None:
        super().__init__()
        self._context, self._navigator = context, navigator
        self._pages: dict[Place, Page] = {}
        self.current: Page | None = None
        context.session.changed.connect(self._session_changed)
        context.bridge.state_changed.connect(self._link_changed)

    def show_place(self, place: Place) -> Page:
        """Show a place, made now if it is new."""
        page = self.current = self._page(place)
        self.setCurrentWidget(page.widget)
        return page

    def take_over(self, old: "Workspaces") -> None:
        """Show again what the pages of a window that is about to go keep."""
        for place, kept in old.kept():
            self._page(place).show_again(kept)

    def kept(self) -> list[tuple[Place, object]]:
        """Return what the pages keep for a new window."""
        found = [(place, page.kept()) for place, page in self._pages.items()]
        return [(place, kept) for place, kept in found if kept is not None]

    def _page(self, place: Place) -> Page:
        page = self._pages.get(place)
        if page is None:
            page = self._pages[place] = self._make(place)
            self.addWidget(page.widget)
        return page

    def release(self) -> None:
        """Release every subscription; called before the window goes."""
        for page in self._pages.values():
            page.release()

    def _make(self, place: Place) -> Page:
        if place.workspace == "overview":
            from app.console.pages.display import make

            return make(self._context, self._navigator, place.display)
        module = importlib.import_module(f"app.console.pages.{place.workspace}")
        page: Page = module.make(self._context, self._navigator)
        return page

    def _session_changed(self) -> None:
        for page in self._pages.values():
            page.session_changed()

    def _link_changed(self, state: LinkState) -> None:
        for page in self._pages.values():
            page.link_changed(state)
