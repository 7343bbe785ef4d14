"""Areas: each with its alarms, the displays that show it, and the equipment that stands in it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.console.context import Context
from app.console.navigator import Navigator
from app.console.page import Page
from app.model.alarm import Priority
from app.model.plant import Area
from widgets.alarms.mark import MarkWidget
from widgets.theme import GAP, HALF, LARGE, STEP

_COLUMNS = 3
_EQUIPMENT_COLUMNS = 4


class AreaCard(QFrame):
    """One area.

    Signals:
        display_chosen(str), equipment_chosen(str): id or name that was clicked.

    """

    display_chosen = Signal(str)
    equipment_chosen = Signal(str)

    def __init__(self, context: Context, area: Area) -> None:
        super().__init__()
        self._context, self._area = context, area
        self._marks = {priority: (MarkWidget(context.themes, 20), QLabel()) for priority in Priority}
        self._quiet = QLabel()
        self._quiet.setProperty("look", "faint")
        self.setProperty("look", "panel")
        box = QVBoxLayout(self)
        box.setContentsMargins(GAP, GAP, GAP, GAP)
        box.setSpacing(HALF)
        box.addLayout(self._make_head())
        for display in (one for one in context.plant.displays.values() if area.id in one.areas):
            button = QPushButton(context.wording.text(display.title))
            button.clicked.connect(lambda _=False, chosen=display.id: self.display_chosen.emit(chosen))
            box.addWidget(button)
        box.addSpacing(STEP)
        box.addLayout(self._make_equipment())
        box.addStretch(1)
        context.hub.alarms_changed.connect(self._show_alarms)
        context.hub.engine_alive.connect(self._show_alarms)
        self._show_alarms()

    def alarms(self) -> dict[Priority, int]:
        """Return how many alarms of each priority the card shows."""
        return {priority: int(count.text()) for priority, (_, count) in self._marks.items() if count.text()}

    def _make_head(self) -> QHBoxLayout:
        title = QLabel(self._context.wording.text(self._area.title))
        title.setProperty("look", "heading")
        head = QHBoxLayout()
        head.setSpacing(HALF)
        head.addWidget(title, 1)
        head.addWidget(self._quiet)
        for mark, count in self._marks.values():
            count.setProperty("look", "name")
            head.addWidget(mark)
            head.addWidget(count)
        return head

    def _make_equipment(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(HALF)
        mine = [one for one in self._context.plant.equipment.values() if one.area == self._area.id]
        for number, one in enumerate(mine):
            button = QPushButton(one.short_name)
            button.setProperty("look", "flat")
            button.setToolTip(f"{one.name} {self._context.wording.text(one.title)}")
            button.clicked.connect(lambda _=False, chosen=one.name: self.equipment_chosen.emit(chosen))
            grid.addWidget(button, number // _EQUIPMENT_COLUMNS, number % _EQUIPMENT_COLUMNS)
        for column in range(_EQUIPMENT_COLUMNS):
            grid.setColumnStretch(column, 1)
        return grid

    def _show_alarms(self) -> None:
        hub = self._context.hub
        known = hub.alive and hub.alarms.known
        counts = hub.alarms.areas.get(self._area.id, {}) if known else {}
        for priority, (mark, label) in self._marks.items():
            found = counts.get(priority)
            mark.show_priority(priority, filled=found is not None and found.unacknowledged)
            label.setText(str(found.count) if found is not None else "")
            mark.setVisible(found is not None)
            label.setVisible(found is not None)
        self._quiet.setText(self.tr("No alarms") if known else "—")
        self._quiet.setVisible(not counts)


class AreasPage(QWidget):
    """A card an area, in the project's order. Any display is two clicks away."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.cards = {area.id: AreaCard(context, area) for area in context.plant.areas.values()}
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(LARGE, LARGE, LARGE, LARGE)
        grid.setSpacing(GAP)
        for number, card in enumerate(self.cards.values()):
            grid.addWidget(card, number // _COLUMNS, number % _COLUMNS)
        for column in range(_COLUMNS):
            grid.setColumnStretch(column, 1)
        grid.setRowStretch(grid.rowCount(), 1)
        area_view = QScrollArea()
        area_view.setWidgetResizable(True)
        area_view.setWidget(inside)
        inside.setProperty("look", "canvas")
        inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(area_view)


def make(context: Context, navigator: Navigator) -> Page:
    """Make the page."""
    page = AreasPage(context)
    for card in page.cards.values():
        card.display_chosen.connect(navigator.open_display)
        card.equipment_chosen.connect(navigator.open_equipment)
    return Page(page)
