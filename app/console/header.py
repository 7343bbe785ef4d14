"""The header: plant, where we are, find, state of the links, who is here, what time it is."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QActionGroup, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QToolButton, QWidget

from app.console.bridge import LinkState
from app.console.context import Context
from app.console.finder import FindBox
from app.console.settings import LANGUAGES
from app.model.connection import ConnectionState, ConnectionStatus
from app.model.user import Role
from widgets.alarms.banner import ElidedLabel
from widgets.theme import GAP, LARGE, STEP, load_theme, theme_names

HEIGHT: Final = 52
_MOST_TOLD: Final = 20
_NARROW: Final = 1500
"""Under this width (px) what is flagged is said in short."""
_FIND, _FIND_NARROW = 180, 120
"""Least width (px) of the field to find things."""


class Header(QWidget):
    """Chrome at the top of the window.

    Signals:
        back(), forward(): navigation. login_wanted(): the button, while logged out.
        language_chosen(str), theme_chosen(str): from the settings menu. system_wanted(): click on the link state.

    """

    back = Signal()
    forward = Signal()
    login_wanted = Signal()
    language_chosen = Signal(str)
    theme_chosen = Signal(str)
    system_wanted = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._connections: dict[str, ConnectionStatus] = {}
        self._restarts = 0
        self.setProperty("look", "chrome")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        plant, wording = context.plant, context.wording
        self._title = QLabel(wording.text(plant.title))
        self._title.setProperty("look", "name")
        self._crumb = ElidedLabel()
        self.finder = FindBox(plant, wording)
        self.finder.setMinimumWidth(_FIND)
        self.finder.setMaximumWidth(360)
        self.flags = QPushButton()
        self.flags.setProperty("look", "notice")
        self.flags.hide()
        self._links = QPushButton()
        self._links.setProperty("look", "flat")
        self._who = ElidedLabel()
        self.login = QPushButton()
        self._clock = QLabel()
        self._clock.setProperty("look", "heading")
        self._back, self._forward = (
            self._arrow("‹", self.tr("Back (Alt+Left)")),
            self._arrow("›", self.tr("Forward (Alt+Right)")),
        )
        self._settings = self._make_menu()
        self._lay_out()
        self._back.clicked.connect(self.back)
        self._forward.clicked.connect(self.forward)
        self._links.clicked.connect(self.system_wanted)
        self.flags.clicked.connect(self.system_wanted)
        context.substitutions.changed.connect(self._show_flags)
        self.login.clicked.connect(self._log_in_or_out)
        context.session.changed.connect(self._show_who)
        context.bridge.state_changed.connect(self._show_links)
        context.hub.engine_alive.connect(self._show_links)
        self._show_who()
        self._show_links()

    def show_place(self, parts: list[str]) -> None:
        """Show the breadcrumb."""
        self._crumb.show_text(" › ".join(parts), parts[-1] if parts else "")

    def show_history(self, back: bool, forward: bool) -> None:
        """Enable back and forward."""
        self._back.setEnabled(back)
        self._forward.setEnabled(forward)

    def show_time(self, now_ns: int) -> None:
        """Show the time in the plant's zone."""
        text = self._context.wording.time(now_ns)
        if self._clock.text() != text:
            self._clock.setText(text)
            self._clock.setToolTip(f"{self._context.wording.date(now_ns)} {self._context.plant.time_zone}")

    def show_connections(self, connections: dict[str, ConnectionStatus], restarts: int) -> None:
        """Show how many PLCs are connected, and that the engine was restarted."""
        self._connections, self._restarts = connections, restarts
        self._show_links()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say in short what a narrow window has no room for."""
        super().resizeEvent(event)
        self._show_flags()

    def _arrow(self, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setProperty("look", "flat")
        button.setEnabled(False)
        return button

    def _make_menu(self) -> QToolButton:
        button = QToolButton()
        button.setText("☰")
        button.setProperty("look", "flat")
        button.setToolTip(self.tr("Settings"))
        button.setAccessibleName(self.tr("Settings"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        themes = QActionGroup(menu)
        for name in theme_names():
            action = menu.addAction(self._context.wording.text(load_theme(name).title))
            action.setCheckable(True)
            action.setChecked(name == self._context.themes.theme.name)
            action.triggered.connect(lambda _=False, chosen=name: self.theme_chosen.emit(chosen))
            themes.addAction(action)
        menu.addSeparator()
        languages = QActionGroup(menu)
        for name, title in LANGUAGES.items():
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(name == self._context.wording.language)
            action.triggered.connect(lambda _=False, chosen=name: self.language_chosen.emit(chosen))
            languages.addAction(action)
        button.setMenu(menu)
        return button

    def _lay_out(self) -> None:
        box = QHBoxLayout(self)
        box.setContentsMargins(LARGE, STEP, GAP, STEP)
        box.setSpacing(STEP)
        box.addWidget(self._title)
        box.addSpacing(GAP)
        box.addWidget(self._back)
        box.addWidget(self._forward)
        box.addWidget(self._crumb, 3)
        box.addStretch(1)
        box.addWidget(self.finder, 3)
        box.addStretch(1)
        box.addWidget(self.flags)
        box.addWidget(self._links)
        box.addWidget(self._who, 2)
        box.addWidget(self.login)
        box.addSpacing(STEP)
        box.addWidget(self._clock)
        box.addWidget(self._settings)

    def _log_in_or_out(self) -> None:
        if self._context.session.session is None:
            self.login_wanted.emit()
        else:
            self._context.session.logout()

    def _show_who(self) -> None:
        session = self._context.session.session
        roles = {
            Role.VIEWER: self.tr("viewer"), Role.OPERATOR: self.tr("operator"),
            Role.SUPERVISOR: self.tr("supervisor"), Role.ENGINEER: self.tr("engineer"),
        }  # fmt: skip
        desk = self._context.session.desk
        self._who.show_text(f"{desk} · {session.user} · {roles[session.role]}" if session else desk)
        self.login.setText(self.tr("Log out") if session else self.tr("Log in"))
        self.login.setEnabled(self._context.bridge.state is LinkState.CONNECTED)

    def _show_links(self) -> None:
        simulated = self._simulated()
        up = sum(each.state.is_up and name not in simulated for name, each in self._connections.items())
        total = len(self._context.plant.connections) - len(simulated)
        if self._context.bridge.state is LinkState.STARTING:
            text = self.tr("◌ Engine starting…")
        elif self._context.bridge.state is LinkState.LOST:
            text = self.tr("✗ Engine lost, reconnecting…")
        else:
            text = ("● " if up == total else "◐ ") + self.tr("{0} of {1} PLCs").format(up, total)
            if simulated and not total:
                text = self.tr("○ no PLC")
        if self._restarts:
            text += "  " + self.tr("engine restarted {0}×").format(self._restarts)
        self._links.setText(text)
        self._show_flags()
        self._show_who()

    def _simulated(self) -> dict[str, str]:
        """Return the titles of the connections whose values are made up, by id."""
        plant, states = self._context.plant, self._connections
        return {
            name: self._context.wording.text(each.title) or name
            for name, each in plant.connections.items()
            if each.simulate or (name in states and states[name].state is ConnectionState.SIMULATED)
        }

    def _show_flags(self) -> None:
        """Say what must not be taken for the plant: connections that are simulated, values that are substituted."""
        simulated, substituted = self._simulated(), self._context.substitutions.active
        texts, narrow = [], self.width() < _NARROW
        if simulated:
            texts.append(self.tr("≈ SIMULATED") if narrow else self.tr("≈ SIMULATED: {0}").format(len(simulated)))
        if substituted:
            text = self.tr("S {0}") if narrow else self.tr("S substituted: {0}")
            texts.append(text.format(len(substituted)))
        self.flags.setText("   ".join(texts))
        self.finder.setMinimumWidth(_FIND_NARROW if narrow else _FIND)
        tips = [self.tr("Values of these are made up: {0}").format(", ".join(simulated.values()))] if simulated else []
        tips += [each.substitution.tag for each in substituted[:_MOST_TOLD]]
        self.flags.setToolTip("\n".join(tips))
        self.flags.setVisible(bool(texts))
