"""Areas: every display below its area, with the equipment that stands in it. Any display is two clicks away."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.console.context import Context
from app.console.navigator import Navigator
from app.console.page import Page
from widgets.theme import GAP, HALF, LARGE, STEP

_COLUMNS = 3


class AreasPage(QWidget):
    """One card an area.

    Signals:
        display_chosen(str), equipment_chosen(str): id or name that was clicked.

    """

    display_chosen = Signal(str)
    equipment_chosen = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(LARGE, LARGE, LARGE, LARGE)
        grid.setSpacing(GAP)
        for number, area in enumerate(context.plant.areas.values()):
            grid.addWidget(self._card(context, area.id), number // _COLUMNS, number % _COLUMNS)
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

    def _card(self, context: Context, area: str) -> QFrame:
        plant, wording = context.plant, context.wording
        card = QFrame()
        card.setProperty("look", "panel")
        box = QVBoxLayout(card)
        box.setContentsMargins(GAP, GAP, GAP, GAP)
        box.setSpacing(HALF)
        title = QLabel(wording.text(plant.areas[area].title))
        title.setProperty("look", "heading")
        box.addWidget(title)
        displays = [d for d in plant.displays.values() if area in d.areas]
        for display in displays:
            button = QPushButton(wording.text(display.title))
            button.clicked.connect(lambda _=False, chosen=display.id: self.display_chosen.emit(chosen))
            box.addWidget(button)
        equipment = QGridLayout()
        equipment.setSpacing(HALF)
        mine = [e for e in plant.equipment.values() if e.area == area]
        for number, one in enumerate(mine):
            button = QPushButton(one.short_name)
            button.setProperty("look", "flat")
            button.setToolTip(f"{one.name} {wording.text(one.title)}")
            button.clicked.connect(lambda _=False, chosen=one.name: self.equipment_chosen.emit(chosen))
            equipment.addWidget(button, number // 4, number % 4)
        if mine:
            box.addSpacing(STEP)
            box.addLayout(equipment)
        if not mine and not displays:
            note = QLabel(self.tr("No display and no equipment"))
            note.setProperty("look", "faint")
            box.addWidget(note)
        box.addStretch(1)
        return card


def make(context: Context, navigator: Navigator) -> Page:
    """Make the page."""
    page = AreasPage(context)
    page.display_chosen.connect(navigator.open_display)
    page.equipment_chosen.connect(navigator.open_equipment)
    return Page(page)
