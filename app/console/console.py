"""Makes and owns the shared objects and the window; joins link events to the views."""

import logging
import os
from functools import partial
from pathlib import Path
from typing import Final, cast

from PySide6.QtCore import QObject, QTimer, QTranslator, Signal
from PySide6.QtWidgets import QApplication

from app.console.acknowledger import Acknowledger
from app.console.alarm_intake import AlarmIntake
from app.console.bridge import EngineBridge, LinkState
from app.console.context import Context
from app.console.flood import FloodWatch
from app.console.garbage import GarbageRounds
from app.console.page import Page
from app.console.placement import keep_on_screen
from app.console.places import Place
from app.console.ports import BridgePort
from app.console.session import SessionHolder
from app.console.settings import ConsoleSettings
from app.console.substitutions import Substitutions
from app.console.supervisor import EngineSupervisor
from app.console.translation import load_qt_translator, load_translator
from app.console.window import MainWindow
from app.model.connection import ConnectionStatus
from app.model.engine import EngineEndpoint, EngineStatus
from app.model.errors import HaiheError
from app.model.plant import Plant
from widgets.alarms.book import AlarmBook
from widgets.live import LiveSource, TagHub
from widgets.theme import ThemeManager
from widgets.wording import Wording

log = logging.getLogger(__name__)

STATUS_MS: Final = 2000


def find_engine(project_id: str) -> EngineEndpoint | None:
    """Return the endpoint of the running engine; imports the link only when it is first asked."""
    from app.link.endpoint import find_engine as find

    return find(project_id)


def open_store(project_id: str) -> LiveSource:
    """Open the plant's trend store for reading; raises StoreError where there is none."""
    from app.trend import StoreReader
    from app.trend.location import store_path

    return cast(LiveSource, StoreReader(store_path(project_id)))


class Console(QObject):
    """The console of one project. ``start`` before the event loop, ``stop`` after it.

    Signals:
        reopen_wanted(): the operator wants a console with the project as it is now, in place of this one.

    """

    reopen_wanted = Signal()

    def __init__(
        self,
        plant: Plant,
        settings_path: Path,
        *,
        theme: str = "",
        language: str = "",
        supervise: bool = True,
        supervisor: EngineSupervisor | None = None,
    ) -> None:
        """``supervisor``: of the console before, which this one takes the place of; with the engine that it started."""
        super().__init__()
        settings = ConsoleSettings(settings_path)
        find = partial(find_engine, plant.id)
        bridge = EngineBridge(find, self)
        self.supervisor = supervisor or (EngineSupervisor(plant.folder, find) if supervise else None)
        if self.supervisor is not None:
            self.supervisor.setParent(self)
        port, book = BridgePort(bridge), AlarmBook(plant.alarms, self)
        wording = Wording(plant.time_zone, language or settings.language)
        session = SessionHolder(bridge, settings.desk)
        self.context = Context(
            plant=plant,
            hub=TagHub(plant, partial(open_store, plant.id), parent=self),
            bridge=bridge,
            port=port,
            session=session,
            acknowledger=Acknowledger(port, book, wording),
            book=book,
            flood=FloodWatch(bridge, self),
            themes=ThemeManager(theme or settings.theme, self),
            wording=wording,
            settings=settings,
            substitutions=Substitutions(plant, bridge, session, wording, self),
        )
        self._intake = AlarmIntake(book, self)
        self._garbage = GarbageRounds(self)
        book.taken.connect(lambda snapshots: self._garbage.stayed(len(snapshots)))
        self.window: MainWindow | None = None
        self._translators: list[QTranslator] = []
        self._connections: dict[str, ConnectionStatus] = {}
        self._changes = 0
        self._status_timer = QTimer(self)
        self._status_timer.setInterval(STATUS_MS)
        self._connect()

    def start(self, place: Place | None = None) -> MainWindow:
        """Dress the application, show the window, and begin to look for the engine."""
        context = self.context
        context.themes.apply()
        window = self.open_window(place)
        context.hub.start()
        context.bridge.start()
        self._status_timer.start()
        if self.supervisor is not None:
            self.supervisor.start()
        self._garbage.start()
        return window

    def stop(self) -> None:
        """End threads and a child engine; the application speaks English again."""
        self._end()
        if self.supervisor is not None:
            self.supervisor.stop()

    def hand_over(self) -> EngineSupervisor | None:
        """End everything but a child engine, for the console that takes the place; return what keeps the engine."""
        self._end()
        supervisor, self.supervisor = self.supervisor, None
        if supervisor is not None:
            supervisor.changed.disconnect(self._show_connections)
            supervisor.setParent(None)
        return supervisor

    def _end(self) -> None:
        self._keep_layout()
        self._garbage.stop()
        self._translate("en")
        self._status_timer.stop()
        self.context.hub.stop()
        self.context.bridge.stop()

    def open_window(self, place: Place | None = None) -> MainWindow:
        """Make the window in the current language and show it."""
        context = self.context
        self._translate(context.wording.language)
        window = MainWindow(context)
        geometry = context.settings.geometry
        if geometry is None or not window.restoreGeometry(geometry):
            window.resize(1920, 1080)
        keep_on_screen(window)
        window.language_chosen.connect(self.change_language)
        window.closed.connect(self._keep_layout)
        window.reopen_wanted.connect(self.reopen_wanted)
        if self._changes:
            window.notice.say_changed(self._changes)
        self.window = window
        window.navigator.go(place.workspace if place else "overview", place.display if place else "")
        self._show_connections()
        window.show()
        window.workspaces.setFocus()
        return window

    def change_language(self, language: str) -> None:
        """Replace the window by one in another language, at the same place."""
        old = self.window
        if old is None or language == self.context.wording.language:
            return
        self._keep_layout()
        equipment = old.dock.equipment
        self.context.wording.language = language
        self.context.settings.language = language
        window = self.open_window(old.place)
        window.workspaces.take_over(old.workspaces)
        old.dispose()
        if equipment:
            window.navigator.open_equipment(equipment)

    def refresh_status(self) -> None:
        """Ask the engine for its status; shown in the header, and on the system page while it is visible."""
        self.context.bridge.call(lambda client: client.status(), self._take_status, self._no_status, self)

    def _connect(self) -> None:
        context = self.context
        context.bridge.state_changed.connect(self._link_changed)
        context.bridge.alarms_changed.connect(self._intake.take)
        context.bridge.connection_changed.connect(self._take_connection)
        context.bridge.project_changed.connect(self._project_changed)
        context.book.taken.connect(context.hub.change_alarms)
        context.hub.ticked.connect(self._tick)
        context.themes.changed.connect(self._theme_changed)
        self._status_timer.timeout.connect(self.refresh_status)
        if self.supervisor is not None:
            self.supervisor.changed.connect(self._show_connections)

    def _link_changed(self, state: LinkState) -> None:
        if state is LinkState.CONNECTED:
            self._intake.begin()
            self.context.bridge.call(
                lambda client: client.all_alarms(), lambda _: self._intake.complete(), self._failed, self
            )
            self.refresh_status()
            self._log_in_by_environment()
        else:
            self._intake.forget()

    def _log_in_by_environment(self) -> None:
        """Log in as the demo's operator: ``haihe demo`` gives its console the password that it has just made."""
        user, password = os.environ.get("HAIHE_LOGIN_USER", ""), os.environ.get("HAIHE_LOGIN_PASSWORD", "")
        if user and password:
            self.context.session.login(user, password, lambda: None, self._failed, self)

    def _take_connection(self, status: ConnectionStatus) -> None:
        self._connections[status.id] = status
        self._show_connections()

    def _project_changed(self, changes: int) -> None:
        self._changes += changes
        if self.window is not None:
            self.window.notice.say_changed(self._changes)

    def _take_status(self, status: EngineStatus) -> None:
        self._connections = {one.id: one for one in status.connections}
        self.context.substitutions.follow(status.substitutions)
        self._show_connections()
        if (page := self._page()) is not None:
            page.status(status, self._restarts, self.context.bridge.reconnections)

    def _no_status(self, error: HaiheError) -> None:
        if (page := self._page()) is not None:
            page.status_lost(
                self.context.bridge.state,
                (self.supervisor.note if self.supervisor else "") or self.context.wording.error(error),
            )

    def _failed(self, error: HaiheError) -> None:
        log.warning("%s", error)

    def _page(self) -> Page | None:
        return self.window.workspaces.current if self.window is not None else None

    @property
    def _restarts(self) -> int:
        return self.supervisor.restarts if self.supervisor is not None else 0

    def _show_connections(self) -> None:
        if self.window is not None:
            self.window.show_connections(self._connections, self._restarts)

    def _tick(self, now_ns: int) -> None:
        if self.window is not None:
            self.window.tick(now_ns)

    def _theme_changed(self) -> None:
        self.context.settings.theme = self.context.themes.theme.name

    def _keep_layout(self) -> None:
        if self.window is not None:
            self.context.settings.geometry = self.window.saveGeometry()
            if self.window.place is not None:
                self.context.settings.workspace = self.window.place.workspace

    def _translate(self, language: str) -> None:
        application = QApplication.instance()
        if application is None:
            return
        for translator in self._translators:
            application.removeTranslator(translator)
        found = load_qt_translator(language, self), load_translator(language, self)  # the last is asked first
        self._translators = [translator for translator in found if translator is not None]
        for translator in self._translators:
            application.installTranslator(translator)
