"""The project while it is being read: what is known so far, and what is known to be broken."""

from dataclasses import dataclass, field
from pathlib import Path

from app.model.alarm import AlarmDefinition
from app.model.command import CommandDefinition, CommandKind
from app.model.connection import Connection
from app.model.equipment import Equipment, EquipmentType
from app.model.plant import Area, HistorySettings, JournalSettings, OperatingPosition, Retention, TrendGroup
from app.model.tag import Tag
from app.model.text import LocalText
from app.project.place import Place, Problems, suggestion

DEFAULT_RETENTION = Retention("default", (3000, 528, 500, 500, 490))


@dataclass
class Draft:
    """Collects the parts of the plant."""

    folder: Path
    problems: Problems = field(default_factory=Problems)
    id: str = ""
    title: LocalText = field(default_factory=LocalText)
    time_zone: str = "UTC"
    home_display: str = ""
    home_place: Place | None = None
    areas: dict[str, Area] = field(default_factory=dict)
    positions: dict[str, OperatingPosition] = field(default_factory=dict)
    connections: dict[str, Connection] = field(default_factory=dict)
    connection_places: dict[str, Place] = field(default_factory=dict)
    retention: dict[str, Retention] = field(default_factory=dict)
    history: HistorySettings = field(default_factory=HistorySettings)
    journal: JournalSettings = field(default_factory=JournalSettings)
    tags: dict[str, Tag] = field(default_factory=dict)
    origins: dict[str, Place] = field(default_factory=dict)
    """Of tags."""
    types: dict[str, EquipmentType] = field(default_factory=dict)
    equipment: dict[str, Equipment] = field(default_factory=dict)
    equipment_places: dict[str, Place] = field(default_factory=dict)
    alarms: dict[str, AlarmDefinition] = field(default_factory=dict)
    alarm_origins: dict[str, Place] = field(default_factory=dict)
    alarm_rows: dict[str, tuple[Place, frozenset[str]]] = field(default_factory=dict)
    """Of alarms that alarms.csv names: the row, and the columns that it gives."""
    commands: dict[str, CommandDefinition] = field(default_factory=dict)
    command_origins: dict[str, Place] = field(default_factory=dict)
    conditions: list[tuple[str, Place, str]] = field(default_factory=list)
    """Expressions over full tag names, with the place and key they stand at."""
    trends: dict[str, TrendGroup] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    """Names that were defined, but with mistakes: uses of them are not reported again."""
    plant_file_broken: bool = False
    """Areas, connections and retention classes are not known: names of them are not checked."""
    names_broken: bool = False
    """A file that defines tags could not be read: names of tags and equipment are not checked."""

    def check_area(self, name: str, place: Place, field: str = "area") -> None:
        """Report an area that does not exist."""
        if name and name not in self.areas and name not in self.broken and not self.plant_file_broken:
            place.problem(field, f"area '{name}' is unknown{suggestion(name, self.areas)}")

    def check_retention(self, name: str, place: Place) -> None:
        """Report a retention class that does not exist."""
        if name not in self.retention and name not in self.broken and not self.plant_file_broken:
            place.problem("retention", f"retention class '{name}' is unknown{suggestion(name, self.retention)}")

    def knows_connection(self, name: str) -> bool:
        """Tell whether a connection exists, or cannot be checked."""
        return name in self.connections or name in self.broken or self.plant_file_broken

    def knows_tag(self, name: str) -> bool:
        """Tell whether a tag exists, or cannot be checked because its definition has mistakes."""
        if name in self.tags or self.names_broken or name in self.broken:
            return True
        parts = name.split(".")
        return any(".".join(parts[:length]) in self.broken for length in range(1, len(parts)))

    def alarm_place(self, alarm: str, field: str) -> Place | None:
        """Return where a field of an alarm was written; None of what the program made itself."""
        place, given = self.alarm_rows.get(alarm, (None, frozenset()))
        return place if field in given else self.alarm_origins.get(alarm, place)

    def add_tag(self, tag: Tag, origin: Place) -> None:
        """Add a tag; reports a second one of the same name."""
        if tag.name in self.tags:
            origin.problem("name", f"tag '{tag.name}' is already defined in {self.origins[tag.name].describe()}")
            return
        self.tags[tag.name] = tag
        self.origins[tag.name] = origin

    def add_command(self, command: CommandDefinition, origin: Place) -> None:
        """Add a command; reports a second one of the same id."""
        if command.id in self.commands:
            where = self.command_origins[command.id].describe()
            kind = "setpoint of the tag" if command.kind is CommandKind.SETPOINT else "command"
            origin.problem("", f"{kind} '{command.id}' is already defined in {where}")
            return
        self.commands[command.id] = command
        self.command_origins[command.id] = origin
