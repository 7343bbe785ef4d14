"""The system page: connections, engine, store, database. An engineer finds out here what is wrong."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.console.bridge import LinkState
from app.console.connectionlist import ConnectionList
from app.console.context import Context
from app.console.navigator import Navigator
from app.console.page import Page
from app.console.substitutionlist import SubstitutionList
from app.model.engine import EngineStatus, Shortfall
from app.model.text import LocalText
from widgets.theme import GAP, HALF, LARGE, STEP

_DASH: Final = "—"


class SystemPage(QWidget):
    """Shows the newest EngineStatus; ``show_status`` is called about once in two seconds while visible."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._facts: dict[str, QLabel] = {}
        self._shortfalls = QLabel(_DASH)
        self._shortfalls.setWordWrap(True)
        self._shortfalls.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._error = QLabel()
        self._error.setWordWrap(True)
        self._connections = ConnectionList(context)
        inside = QWidget()
        inside.setProperty("look", "canvas")
        inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        box = QVBoxLayout(inside)
        box.setContentsMargins(LARGE, GAP, LARGE, GAP)
        box.setSpacing(STEP)
        box.addWidget(self._heading(self.tr("Connections")))
        box.addWidget(self._connections)
        box.addWidget(SubstitutionList(context))
        box.addWidget(self._heading(self.tr("Engine")))
        box.addLayout(self._make_facts())
        box.addWidget(self._heading(self.tr("Dropped, refused or late")))
        box.addWidget(self._shortfalls)
        box.addWidget(self._error)
        box.addStretch(1)
        area = QScrollArea()  # many connections and substitutes are higher than a small screen
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)

    def show_status(self, status: EngineStatus, restarts: int, reconnections: int) -> None:
        """Show a status."""
        self._connections.show_statuses(status.connections)
        word = self._context.wording
        number = word.number
        running = word.duration((status.now_ns - status.started_ns) / 1e9)
        values = {
            "process": self.tr("pid {0}, version {1}").format(status.pid, status.version),
            "running": running + (self.tr(", restarted {0}×").format(restarts) if restarts else ""),
            "tags": self._tags(status),
            "samples": self.tr("{0} ({1}/s), {2} late").format(
                number(status.samples, 0), number(status.sample_rate, 1), number(status.late, 0)
            ),
            "lag": f"{number(status.loop_lag_ms, 1)} ms",
            "clients": self.tr("{0}; this one reconnected {1}×").format(status.clients, reconnections),
            "alarms": self.tr("{0} active, {1} unacknowledged").format(
                status.active_alarms, status.unacknowledged_alarms
            ),
            "store": f"{status.store_path}, {number(status.store_bytes / 2**20, 1)} MiB",
            "database": word.text(LocalText(status.database_error, status.database_error_zh)) or status.database,
            "journal": self.tr("{0} rows wait").format(number(status.journal_pending, 0)),
        }
        for key, text in values.items():
            self._facts[key].setText(text)
        self._shortfalls.setText(
            self._shortfall_lines(status.shortfalls) or self.tr("Nothing since the engine's start")
        )
        self._error.setText("\n".join(f"✗ {error}" for error in status.errors[-5:]))

    def show_lost(self, state: LinkState, note: str) -> None:
        """Say that nothing is known."""
        for label in self._facts.values():
            label.setText(_DASH)
        self._shortfalls.setText(_DASH)
        text = self.tr("Engine starting…") if state is LinkState.STARTING else self.tr("There is no link to the engine")
        self._error.setText(f"✗ {text}" + (f"\n{note}" if note else ""))

    def _shortfall_lines(self, shortfalls: tuple[Shortfall, ...]) -> str:
        """Return a line for each place where something did not get through."""
        word, lines = self._context.wording, []
        for each in shortfalls:
            if each.count:
                known = self._context.plant.connections.get(each.connection)
                name = (word.text(known.title) if known is not None else "") or each.connection
                text = self.tr("{0} {1}: {2}").format(
                    word.number(each.count, 0), word.text(each.what), word.text(each.remedy)
                )
                lines.append(f"{name} · {text}" if name else text)
        return "\n".join(lines)

    def _tags(self, status: EngineStatus) -> str:
        number, texts = self._context.wording.number, []
        if status.substitutions:
            texts.append(self.tr("{0} substituted").format(number(status.substitutions, 0)))
        if status.frozen:
            texts.append(self.tr("{0} frozen").format(number(status.frozen, 0)))
        return ", ".join([number(status.tags, 0), *texts])

    @staticmethod
    def _heading(text: str) -> QLabel:
        label = QLabel(text)
        label.setProperty("look", "heading")
        return label

    def _make_facts(self) -> QGridLayout:
        titles = {
            "process": self.tr("Process"), "running": self.tr("Running for"), "tags": self.tr("Tags"),
            "samples": self.tr("Samples"), "lag": self.tr("Worst loop delay (10 s)"), "clients": self.tr("Clients"),
            "alarms": self.tr("Alarms"), "store": self.tr("Trend store"), "database": self.tr("Database"),
            "journal": self.tr("Journal"),
        }  # fmt: skip
        grid = QGridLayout()
        grid.setHorizontalSpacing(LARGE)
        grid.setVerticalSpacing(HALF)
        for number, (key, title) in enumerate(titles.items()):
            caption, value = QLabel(title), QLabel(_DASH)
            caption.setProperty("look", "label")
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setWordWrap(True)
            grid.addWidget(caption, number % 5, number // 5 * 2)
            grid.addWidget(value, number % 5, number // 5 * 2 + 1)
            self._facts[key] = value
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        return grid


def make(context: Context, _navigator: Navigator) -> Page:
    """Make the page."""
    page = SystemPage(context)
    return Page(page, status=page.show_status, status_lost=page.show_lost)
