"""The main window: header, rail, workspaces, faceplate at the right, banner at the foot."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from app.console.context import Context
from app.console.detail import DetailPanel
from app.console.display_page import DisplayPage
from app.console.finder import Found, FoundKind
from app.console.header import Header
from app.console.horn import Horn
from app.console.places import Place, Places
from app.console.rail import NavigationRail
from app.console.workspaces import Workspaces
from app.link.messages import AcknowledgeReport
from app.model.connection import ConnectionStatus
from app.model.errors import HaiheError
from widgets.alarms.banner import AlarmBanner
from widgets.alarms.book import AlarmRow
from widgets.faceplate.faceplate import Faceplate
from widgets.live import Subscription
from widgets.trend.source import HubSource

FACEPLATE_WIDTH: Final = 360
WIDE: Final = 1600
"""From this width (px) on the dock stays open beside a display, with or without a selection."""
WORKSPACES: Final = ("overview", "areas", "trends", "alarms", "journal", "system")
_TREND_TICKS: Final = 20


class MainWindow(QMainWindow):
    """One window of the console.

    Signals:
        language_chosen(str): the console makes a new window in that language.
        closed(): by the operator.

    """

    language_chosen = Signal(str)
    closed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._places = Places()
        self._faceplate: Faceplate | None = None
        self._subscription: Subscription | None = None
        self._ticks = 0
        self.setWindowTitle(context.wording.text(context.plant.title))
        self.header = Header(context)
        self.rail = NavigationRail(context.themes)
        self.workspaces = Workspaces(
            context, self.open_equipment, self.open_display, self.open_tag, self.show_trend_of, self.acknowledge
        )
        self.banner = AlarmBanner(context.plant, context.book, context.themes, context.wording)
        self.horn = Horn(context.book, self)
        self.banner.set_horn(False)
        self._dock = QWidget()
        self._dock.setProperty("look", "panel")
        self._dock.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._dock.setFixedWidth(FACEPLATE_WIDTH)
        self._dock_box = QVBoxLayout(self._dock)
        self._dock_box.setContentsMargins(0, 0, 0, 0)
        self.detail = DetailPanel(context)
        self._dock_box.addWidget(self.detail)
        self._dock.hide()
        self._lay_out()
        self._connect()
        self._add_shortcuts()
        self._allow()

    @property
    def place(self) -> Place | None:
        """Where the window is."""
        return self._places.current

    @property
    def faceplate(self) -> Faceplate | None:
        """The faceplate shown at the right."""
        return self._faceplate

    def go(self, workspace: str, display: str = "") -> None:
        """Go to a workspace; ``overview`` takes a display, the home display by default."""
        if workspace == "overview" and not display:
            display = self._context.plant.home_display
        place = Place(workspace, display if workspace == "overview" else "")
        self._places.visit(place)
        self._show(place)

    def open_display(self, display: str) -> None:
        """Show a display."""
        self.go("overview", display)

    def open_equipment(self, name: str) -> None:
        """Show the faceplate of an equipment; of none when it is unknown."""
        equipment = self._context.plant.equipment.get(name)
        if equipment is None:
            return
        self.close_faceplate()
        context = self._context
        tags = [*equipment.members.values(), *([equipment.local_remote] if equipment.local_remote else [])]
        self._subscription = context.hub.subscribe(tags, lambda _: None)
        plate = Faceplate(
            context.plant, equipment, context.hub.sample, context.book, HubSource(context.hub), context.port,
            context.themes, context.wording, self.close_faceplate,
        )  # fmt: skip
        self._faceplate = plate
        self._dock_box.addWidget(plate)
        self._show_dock()
        self._allow()
        plate.refresh_trend()

    def close_faceplate(self) -> None:
        """Close the faceplate; a selection in it is given up."""
        plate, self._faceplate = self._faceplate, None
        if self._subscription is not None:
            self._subscription.close()
            self._subscription = None
        if plate is not None:
            plate.commands.give_up()
            self._dock_box.removeWidget(plate)
            plate.hide()
            plate.deleteLater()
        self._show_dock()

    def open_tag(self, tag: str, equipment: str = "") -> None:
        """Show where a tag belongs: its equipment's faceplate and its area's display, else its trend."""
        known = self._context.plant.tags.get(tag)
        owner = equipment or (known.equipment if known is not None else "")
        if owner:
            area = self._context.plant.equipment[owner].area if owner in self._context.plant.equipment else ""
            display = self._display_of(area)
            if display:
                self.open_display(display)
            self.open_equipment(owner)
        elif known is not None:
            self.show_trend_of(tag)

    def open_alarm(self, row: AlarmRow) -> None:
        """Show where an alarm belongs: its equipment, else its area's display, else its trend."""
        definition = row.definition
        display = self._display_of(definition.area)
        if definition.connection and not definition.tag:
            self.go("system")
        elif not definition.equipment and display and self.place != Place("overview", display):
            self.open_display(display)
        else:
            self.open_tag(definition.tag, definition.equipment)

    def show_connections(self, connections: dict[str, ConnectionStatus], restarts: int) -> None:
        """Show the states of the connections, and that the engine was restarted."""
        self.header.show_connections(connections, restarts)
        self.detail.show_connections(connections)

    def show_trend_of(self, tag: str) -> None:
        """Add a tag to the trend workspace and show that."""
        from widgets.trend.workspace import TrendWorkspace

        self.go("trends")
        page = self.workspaces.currentWidget()
        if isinstance(page, TrendWorkspace):
            page.add_tag(tag)

    def acknowledge(self, pairs: list[tuple[str, str]], comment: str) -> None:
        """Acknowledge occurrences; what was refused is said in the status line of the window's banner."""

        def done(report: AcknowledgeReport) -> None:
            for snapshot in report.accepted:
                self._context.book.apply(snapshot)
            self.banner.show_refusals([self._context.wording.text(refusal.reason) for refusal in report.refused])

        def failed(error: HaiheError) -> None:
            self.banner.show_refusals([self._context.wording.error(error)])

        self._context.port.acknowledge(pairs, comment, done, failed, self)

    def tick(self, now_ns: int) -> None:
        """Refresh what is live; driven by the hub's one timer."""
        self.header.show_time(now_ns)
        if self._faceplate is not None:
            self._faceplate.refresh()
            self._ticks += 1
            if self._ticks % _TREND_TICKS == 0:
                self._faceplate.refresh_trend()

    def dispose(self) -> None:
        """Release what lives (subscriptions), then go; the console stays."""
        self.blockSignals(True)
        self.close_faceplate()
        self.workspaces.release()
        self.hide()
        self.deleteLater()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Open or close the dock as there is room."""
        super().resizeEvent(event)
        self._show_dock()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell the console; layout is kept by it."""
        self.close_faceplate()
        self.closed.emit()
        super().closeEvent(event)

    def _lay_out(self) -> None:
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addWidget(self.workspaces, 1)
        middle.addWidget(self._dock)
        centre = QWidget()
        centre.setProperty("look", "canvas")
        box = QVBoxLayout(centre)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.header)
        box.addLayout(middle, 1)
        box.addWidget(self.banner)
        self.setCentralWidget(centre)
        self.setMinimumSize(1024, 640)

    def _connect(self) -> None:
        self.rail.chosen.connect(self.go)
        self.header.back.connect(self._back)
        self.header.forward.connect(self._forward)
        self.header.login_wanted.connect(self._log_in)
        self.header.theme_chosen.connect(self._context.themes.apply)
        self.header.language_chosen.connect(self.language_chosen)
        self.header.system_wanted.connect(lambda: self.go("system"))
        self.header.finder.chosen.connect(self._found)
        self.banner.opened.connect(self.open_tag)
        self.banner.acknowledge.connect(self.acknowledge)
        self.banner.silence.connect(self.horn.silence)
        self.detail.opened.connect(self.open_alarm)
        self.horn.changed.connect(self.banner.set_horn)
        self.banner.list_wanted.connect(lambda: self.go("alarms"))
        self._context.session.changed.connect(self._allow)
        self._context.hub.engine_alive.connect(self._allow)

    def _add_shortcuts(self) -> None:
        def add(keys: str, action: Callable[[], object]) -> None:
            QShortcut(QKeySequence(keys), self).activated.connect(action)

        for number, name in enumerate(WORKSPACES, 1):
            add(f"Ctrl+{number}", partial(self.go, name))
        add("Ctrl+K", self.header.finder.setFocus)
        add("Alt+Left", self._back)
        add("Alt+Right", self._forward)
        add("Ctrl+Return", self.banner.acknowledge_first)
        add("Ctrl+M", self.banner.silence.emit)
        add("Ctrl+T", self._context.themes.toggle)
        add("Ctrl+L", self.header.login.click)
        add("F11", self._full_screen)
        add("Esc", self.close_faceplate)

    def _show(self, place: Place) -> None:
        self.workspaces.show_place(place)
        plant, wording = self._context.plant, self._context.wording
        entry = plant.displays.get(place.display)
        if place.workspace == "overview" and entry is not None:
            area = plant.areas.get(entry.area)
            parts = ([wording.text(area.title)] if area else []) + [wording.text(entry.title)]
            rail = "overview" if place.display == plant.home_display else "areas"
        else:
            rail = place.workspace
            parts = [self.rail.buttons[rail].text()] if rail in self.rail.buttons else []
        self.rail.show_current(rail)
        self.header.show_place(parts)
        page = self.workspaces.currentWidget()
        if entry is not None and isinstance(page, DisplayPage):
            self.detail.show_display(entry, page.tags)
        self._show_dock()
        self.header.show_history(self._places.can_go_back, self._places.can_go_forward)

    def _display_of(self, area: str) -> str:
        return next((d.id for d in self._context.plant.displays.values() if area and d.area == area), "")

    def _show_dock(self) -> None:
        """Show the faceplate; without one the detail beside a display, where the window is wide."""
        place = self.place
        detail = self._faceplate is None and place is not None and bool(place.display) and self.width() >= WIDE
        self.detail.setVisible(detail)
        self._dock.setVisible(detail or self._faceplate is not None)

    def _back(self) -> None:
        place = self._places.back()
        if place is not None:
            self._show(place)

    def _forward(self) -> None:
        place = self._places.forward()
        if place is not None:
            self._show(place)

    def _found(self, found: Found) -> None:
        if found.kind is FoundKind.DISPLAY:
            self.open_display(found.name)
        elif found.kind is FoundKind.EQUIPMENT:
            self.open_tag("", found.name)
        else:
            self.open_tag(found.name)

    def _log_in(self) -> None:
        from app.console.login import LoginDialog

        dialog = LoginDialog(self._context.session, self._context.settings.user, self, self._context.wording.error)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(self._logged_in)
        dialog.open()

    def _logged_in(self) -> None:
        session = self._context.session.session
        if session is not None:
            self._context.settings.user = session.user

    def _allow(self) -> None:
        """Commands and acknowledgement stop at once when link, engine or session is gone."""
        session = self._context.session
        may = session.may_operate and self._context.hub.alive
        self.banner.set_may_acknowledge(session.may_operate)
        if self._faceplate is not None:
            self._faceplate.commands.set_may_operate(
                may, session.why_not or self.tr("The engine gives no sign of life")
            )

    def _full_screen(self) -> None:
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()
