"""Where to go: from a tag, an alarm, an equipment or a find to the place that shows it."""

from PySide6.QtCore import QObject, Signal

from app.console.finder import Found, FoundKind
from app.console.places import Place, Places
from app.console.trend_period import TrendPeriod
from app.model.journal import JournalQuery
from app.model.plant import Plant
from widgets.alarms.row import AlarmRow


class Navigator(QObject):
    """What pages and bars ask to show something; the window listens and shows it. GUI thread only.

    Signals:
        moved(object): the Place to show.
        equipment_chosen(str): the equipment whose faceplate is wanted.
        trend_chosen(str): a tag to add to the trend workspace, which is the place by then.
        period_chosen(object): a TrendPeriod that the trend workspace, which is the place by then, is to show.
        rows_chosen(object): a JournalQuery to show in the journal, which is the place by then.

    """

    moved = Signal(object)
    equipment_chosen = Signal(str)
    trend_chosen = Signal(str)
    period_chosen = Signal(object)
    rows_chosen = Signal(object)

    def __init__(self, plant: Plant, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._plant = plant
        self._places = Places()

    @property
    def place(self) -> Place | None:
        """Where the window is."""
        return self._places.current

    @property
    def can_go(self) -> tuple[bool, bool]:
        """Whether there is an earlier and a later place."""
        return self._places.can_go_back, self._places.can_go_forward

    def go(self, workspace: str, display: str = "") -> None:
        """Go to a workspace; ``overview`` takes a display, the home display by default."""
        shows_display = workspace == "overview"
        place = Place(workspace, (display or self._plant.home_display) if shows_display else "")
        self._places.visit(place)
        self.moved.emit(place)

    def back(self) -> None:
        """Go to the place before."""
        self._move(self._places.back())

    def forward(self) -> None:
        """Go to the place after."""
        self._move(self._places.forward())

    def open_display(self, display: str) -> None:
        """Show a display."""
        self.go("overview", display)

    def open_equipment(self, name: str) -> None:
        """Show the faceplate of an equipment; of none when it is unknown."""
        if name in self._plant.equipment:
            self.equipment_chosen.emit(name)

    def open_trend(self, tag: str) -> None:
        """Add a tag to the trend workspace and show that."""
        self.open_trends([tag])

    def open_trends(self, tags: list[str]) -> None:
        """Add tags to the trend workspace and show that."""
        self.go("trends")
        for tag in tags:
            self.trend_chosen.emit(tag)

    def open_journal(self, query: JournalQuery) -> None:
        """Show rows of the journal."""
        self.go("journal")
        self.rows_chosen.emit(query)

    def open_tag(self, tag: str, equipment: str = "") -> None:
        """Show where a tag belongs: its equipment's faceplate and its area's display, else its trend."""
        known = self._plant.tags.get(tag)
        owner = self._plant.equipment.get(equipment or (known.equipment if known is not None else ""))
        if owner is not None:
            display = self.display_of(owner.area)
            if display:
                self.open_display(display)
            self.open_equipment(owner.name)
        elif known is not None:
            self.open_trend(tag)

    def open_alarm(self, row: AlarmRow) -> None:
        """Show where an alarm belongs: its equipment, else its area's display, else its trend."""
        definition = row.definition
        display = self.display_of(definition.area)
        known = definition.tag in self._plant.tags or definition.equipment or display
        if definition.connection and not (definition.tag and known):
            self.go("system")
        elif not definition.equipment and display and self.place != Place("overview", display):
            self.open_display(display)
        else:
            self.open_tag(definition.tag, definition.equipment)

    def open_alarm_display(self, row: AlarmRow) -> None:
        """Show the display of an alarm: its own, else that of its area; a lost connection's is the system page."""
        definition = row.definition
        display = definition.display if definition.display in self._plant.displays else ""
        display = display or self.display_of(definition.area)
        if display:
            self.open_display(display)
        else:
            self.open_alarm(row)

    def open_alarm_trend(self, row: AlarmRow) -> None:
        """Show the tag of an alarm, and what it is compared with, at the time when it began."""
        definition = row.definition
        tags = [tag for tag in (definition.tag, definition.reference, definition.limit_tag) if tag in self._plant.tags]
        if tags:
            self.open_period(TrendPeriod.around(tuple(dict.fromkeys(tags)), row.snapshot.time_in_ns))

    def open_period(self, period: TrendPeriod) -> None:
        """Show tags at a time in the trend workspace."""
        self.go("trends")
        self.period_chosen.emit(period)

    def open_found(self, found: Found) -> None:
        """Show what was chosen in the find box."""
        if found.kind is FoundKind.DISPLAY:
            self.open_display(found.name)
        elif found.kind is FoundKind.EQUIPMENT:
            self.open_tag("", found.name)
        else:
            self.open_tag(found.name)

    def display_of(self, area: str) -> str:
        """Return the display of an area: its own, else one that shows it too; empty where there is none."""
        showing = [entry for entry in self._plant.displays.values() if area in entry.areas]
        showing.sort(key=lambda entry: entry.area != area)
        return showing[0].id if showing else ""

    def _move(self, place: Place | None) -> None:
        if place is not None:
            self.moved.emit(place)
