"""What stands at the right while no equipment is selected: the alarms of what is shown, and the connections."""

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.console.bridge import LinkState
from app.console.connection_words import connection_words
from app.console.context import Context
from app.model.connection import ConnectionStatus
from app.model.plant import DisplayEntry
from widgets.alarms.card import AlarmCard
from widgets.alarms.index import Mask
from widgets.alarms.row import AlarmRow
from widgets.theme import GAP, HALF, STEP

_REFRESH_MS: Final = 50
_MOST: Final = 24
"""More cards than this help nobody; the alarm list has the others."""


class DetailPanel(QWidget):
    """Heading, active alarms of the display's area (level 1: of all areas), state of every connection.

    Signals:
        opened(object): the AlarmRow of a card that was clicked.

    """

    opened = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._areas: frozenset[str] | None = None
        self._links: frozenset[str] = frozenset()
        self._cards: list[AlarmCard] = []
        self._states = {name: QLabel("—") for name in context.plant.connections}
        self._known: Mapping[str, ConnectionStatus] = {}
        self._heading, self._note, self._more = QLabel(), QLabel(wordWrap=True), QLabel()
        self._card_box = QVBoxLayout()
        self._lay_out()
        self._pending = QTimer(self, singleShot=True, interval=_REFRESH_MS)
        self._pending.timeout.connect(self._show_alarms)
        context.book.changed.connect(self._wait)
        context.bridge.state_changed.connect(self._show_connections)
        self._show_alarms()

    def show_display(self, entry: DisplayEntry, tags: Iterable[str]) -> None:
        """Show what belongs to a display: the areas that it shows; at level 1 all of them."""
        plant, wording = self._context.plant, self._context.wording
        area = plant.areas.get(entry.area)
        self._heading.setText(wording.text(area.title if area is not None else plant.title))
        shown = [plant.tags[tag] for tag in tags if tag in plant.tags]
        self._areas = None if area is None or entry.level <= 1 else frozenset(entry.areas)
        self._links = frozenset(tag.connection for tag in shown)
        self._show_alarms()

    def show_connections(self, connections: Mapping[str, ConnectionStatus]) -> None:
        """Show the states of the connections."""
        self._known = connections
        self._show_connections()

    def rows(self) -> list[AlarmRow]:
        """Return the alarms that belong here, most urgent first; no more than the panel has room for."""
        return self._context.book.index.most_urgent(self._mine(), _MOST)

    def _mine(self) -> Mask:
        index = self._context.book.index
        mine = index.annunciated()
        if self._areas is None:
            return mine
        return mine & (index.concerning(self._areas) | index.of_connections(self._links))

    def _lay_out(self) -> None:
        self._heading.setProperty("look", "heading")
        self._heading.setWordWrap(True)
        for label in (self._note, self._more):
            label.setProperty("look", "label")
        self._card_box.setSpacing(0)
        inside = QWidget()
        inside.setProperty("look", "panel")
        inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        box = QVBoxLayout(inside)
        box.setContentsMargins(GAP + HALF, GAP, GAP + HALF, GAP)
        box.setSpacing(STEP)
        box.addWidget(self._heading)
        box.addWidget(self._caption(self.tr("Active alarms")))
        box.addWidget(self._note)
        box.addLayout(self._card_box)
        box.addWidget(self._more)
        box.addStretch(1)
        box.addWidget(self._caption(self.tr("Connections")))
        box.addLayout(self._make_connections())
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def _make_connections(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setVerticalSpacing(HALF)
        grid.setColumnStretch(0, 1)
        for number, (name, state) in enumerate(self._states.items()):
            title = self._context.wording.text(self._context.plant.connections[name].title) or name
            grid.addWidget(QLabel(title), number, 0)
            grid.addWidget(state, number, 1)
        return grid

    @staticmethod
    def _caption(text: str) -> QLabel:
        label = QLabel(text)
        label.setProperty("look", "label")
        return label

    def _show_alarms(self) -> None:
        mine, context = self._mine(), self._context
        rows, count = context.book.index.most_urgent(mine, _MOST), int(np.count_nonzero(mine))
        while len(self._cards) < len(rows):
            card = AlarmCard(context.plant, context.themes, context.wording)
            card.opened.connect(self.opened)
            self._cards.append(card)
            self._card_box.addWidget(card)
        for number, card in enumerate(self._cards):
            if number < len(rows):
                card.show_row(rows[number])
            card.setVisible(number < len(rows))
        known = context.book.known
        self._note.setText(self.tr("No active alarms") if known else self.tr("Not known: no link to the engine"))
        self._note.setVisible(not rows or not known)
        self._more.setText(self.tr("{0} more in the alarm list").format(count - len(rows)))
        self._more.setVisible(count > len(rows))

    def _wait(self) -> None:
        if self.isVisible() and not self._pending.isActive():
            self._pending.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Take what came while hidden."""
        self._show_alarms()

    def _show_connections(self) -> None:
        linked = self._context.bridge.state is LinkState.CONNECTED
        for name, label in self._states.items():
            status = self._known.get(name)
            label.setText(connection_words(status.state) if linked and status is not None else "—")
