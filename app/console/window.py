"""The main window: header, rail, workspaces, dock at the right, banner at the foot. It only composes."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from app.console.context import Context
from app.console.dock import SideDock
from app.console.header import Header
from app.console.horn import Horn
from app.console.navigator import Navigator
from app.console.notice import ChangeNotice
from app.console.places import Place
from app.console.rail import NavigationRail
from app.console.shortcuts import add_shortcuts
from app.console.trend_period import TrendPeriod
from app.console.workspaces import WORKSPACES, Workspaces
from app.model.connection import ConnectionStatus
from app.model.journal import JournalQuery
from app.model.text import LocalText
from widgets.alarms.banner import AlarmBanner
from widgets.faceplate.faceplate import Faceplate


class MainWindow(QMainWindow):
    """One window of the console.

    Signals:
        language_chosen(str): the console makes a new window in that language.
        closed(): by the operator.
        reopen_wanted(): the console shall be made anew, with the project as it is now.

    """

    language_chosen = Signal(str)
    closed = Signal()
    reopen_wanted = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.setWindowTitle(context.wording.text(context.plant.title))
        self.navigator = Navigator(context.plant, self)
        self.header = Header(context)
        self.notice = ChangeNotice()
        self.rail = NavigationRail(context.themes)
        self.workspaces = Workspaces(context, self.navigator)
        self.dock = SideDock(context)
        self.banner = AlarmBanner(context.plant, context.book, context.themes, context.wording)
        self.horn = Horn(context.book, self)
        self.banner.set_horn(False)
        self._lay_out()
        self._connect()
        self._add_shortcuts()
        self._session_changed()

    @property
    def place(self) -> Place | None:
        """Where the window is."""
        return self.navigator.place

    @property
    def faceplate(self) -> Faceplate | None:
        """The faceplate shown at the right."""
        return self.dock.faceplate

    def show_connections(self, connections: dict[str, ConnectionStatus], restarts: int) -> None:
        """Show the states of the connections, and that the engine was restarted."""
        self.header.show_connections(connections, restarts)
        self.dock.detail.show_connections(connections)

    def tick(self, now_ns: int) -> None:
        """Refresh what is live; driven by the hub's one timer."""
        self.header.show_time(now_ns)
        self.dock.tick()

    def dispose(self) -> None:
        """Release what lives (subscriptions), then go; the console stays."""
        self.blockSignals(True)
        self.dock.release()
        self.workspaces.release()
        self.hide()
        self.deleteLater()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the dock what the page leaves free."""
        super().resizeEvent(event)
        self._fit_dock()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell the console; layout is kept by it."""
        self.dock.close_faceplate()
        self.closed.emit()
        super().closeEvent(event)

    def _lay_out(self) -> None:
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addWidget(self.workspaces, 1)
        middle.addWidget(self.dock)
        centre = QWidget()
        centre.setProperty("look", "canvas")
        box = QVBoxLayout(centre)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.header)
        box.addWidget(self.notice)
        box.addLayout(middle, 1)
        box.addWidget(self.banner)
        self.setCentralWidget(centre)
        self.setMinimumSize(1024, 640)

    def _connect(self) -> None:
        context, to = self._context, self.navigator
        to.moved.connect(self._show)
        to.equipment_chosen.connect(self.dock.open_equipment)
        to.trend_chosen.connect(self._add_trend)
        to.period_chosen.connect(self._show_period)
        to.rows_chosen.connect(self._show_rows)
        self.rail.chosen.connect(to.go)
        self.rail.tags_dropped.connect(to.open_trends)
        self.notice.reopen_wanted.connect(self.reopen_wanted)
        self.header.back.connect(to.back)
        self.header.forward.connect(to.forward)
        self.header.login_wanted.connect(self._log_in)
        self.header.theme_chosen.connect(context.themes.apply)
        self.header.language_chosen.connect(self.language_chosen)
        self.header.system_wanted.connect(partial(to.go, "system"))
        self.header.finder.chosen.connect(to.open_found)
        self.dock.detail.opened.connect(to.open_alarm)
        self.dock.equipment_changed.connect(self._select)
        self.dock.trend_wanted.connect(to.open_trend)
        self.banner.opened.connect(to.open_alarm)
        self.banner.list_wanted.connect(partial(to.go, "alarms"))
        self.banner.acknowledge.connect(context.acknowledger.acknowledge)
        self.banner.silence.connect(self.horn.silence)
        self.horn.changed.connect(self.banner.set_horn)
        context.hub.blinked.connect(self.banner.blink)
        context.flood.changed.connect(self.banner.show_flood)
        context.acknowledger.refused.connect(self.banner.show_refusals)
        context.session.changed.connect(self._session_changed)
        context.session.ended.connect(self._session_ended)

    def _add_shortcuts(self) -> None:
        to = self.navigator
        add_shortcuts(self, {f"Ctrl+{number}": partial(to.go, name) for number, name in enumerate(WORKSPACES, 1)})
        add_shortcuts(
            self,
            {
                "Ctrl+K": self.header.finder.setFocus, "Ctrl+L": self.header.login.click,
                "Alt+Left": to.back, "Alt+Right": to.forward,
                "Ctrl+Return": self.banner.acknowledge_first, "Ctrl+M": self.banner.silence.emit,
                "Ctrl+T": self._context.themes.toggle, "F11": self._full_screen, "Esc": self.dock.close_faceplate,
            },
        )  # fmt: skip

    def _show(self, place: Place) -> None:
        """Show a place: its page, where we are in rail and header, what stands beside it."""
        page = self.workspaces.show_place(place)
        plant, wording = self._context.plant, self._context.wording
        entry = plant.displays.get(place.display)
        if entry is not None:
            area = plant.areas.get(entry.area)
            parts = ([wording.text(area.title)] if area else []) + [wording.text(entry.title)]
            rail = "overview" if place.display == plant.home_display else "areas"
        else:
            rail = place.workspace
            parts = [self.rail.buttons[rail].text()] if rail in self.rail.buttons else []
        self.rail.show_current(rail)
        self.header.show_place(list(dict.fromkeys(parts)))
        self.header.show_history(*self.navigator.can_go)
        page.select(self.dock.equipment)
        self.dock.show_display(entry, page.tags())
        self._fit_dock()

    def _fit_dock(self) -> None:
        page = self.workspaces.current
        if page is not None:
            height = self.height() - self.header.height() - self.banner.height()
            self.dock.fit(self.width() - self.rail.width(), height, page.aspect)

    def _select(self, equipment: str) -> None:
        if self.workspaces.current is not None:
            self.workspaces.current.select(equipment)

    def _add_trend(self, tag: str) -> None:
        if self.workspaces.current is not None:
            self.workspaces.current.add_tag(tag)

    def _show_period(self, period: TrendPeriod) -> None:
        if self.workspaces.current is not None:
            self.workspaces.current.show_period(period)

    def _show_rows(self, query: JournalQuery) -> None:
        if self.workspaces.current is not None:
            self.workspaces.current.show_rows(query)

    def _log_in(self, why: str = "") -> None:
        from app.console.login import LoginDialog

        dialog = LoginDialog(self._context.session, self._context.settings.user, self, self._context.wording.error)
        dialog.tell(why)
        dialog.accepted.connect(self._logged_in)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _logged_in(self) -> None:
        session = self._context.session.session
        if session is not None:
            self._context.settings.user = session.user

    def _session_ended(self, reason: LocalText) -> None:
        self._log_in(self.tr("You were logged out: {0}").format(self._context.wording.text(reason)))

    def _session_changed(self) -> None:
        self.banner.set_may_acknowledge(self._context.session.may_operate)

    def _full_screen(self) -> None:
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()
