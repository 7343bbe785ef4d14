"""A whole validated project: what app.project loads, and everyone else reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from app.model.alarm import AlarmDefinition
from app.model.command import CommandDefinition
from app.model.connection import Connection
from app.model.equipment import Equipment, EquipmentType
from app.model.pen import PenSetting
from app.model.tag import Tag
from app.model.text import LocalText


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the plant with its own displays, alarms and authority."""

    id: str
    title: LocalText


@dataclass(frozen=True, slots=True)
class OperatingPosition:
    """A desk's span of responsibility: the areas whose alarms come to it."""

    id: str
    title: LocalText
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Retention:
    """Items kept per ring of the trend store: raw samples, then buckets of each coarser level."""

    name: str
    levels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class HistorySettings:
    """[history] of plant.toml."""

    spool_mib: int = 1024
    """Disk space for what the database does not take."""
    keep_days: int = 400
    """Samples older than this leave the database."""


@dataclass(frozen=True, slots=True)
class JournalSettings:
    """[journal] of plant.toml."""

    keep_days: int = 0
    """Rows older than this leave the database; 0: none does."""


@dataclass(frozen=True, slots=True)
class DisplayEntry:
    """A display as the index knows it, without its artwork. ``id`` is the file name without suffix.

    ``areas``: what it shows, its own area first.
    """

    id: str
    path: Path
    title: LocalText
    level: int
    parent: str = ""
    areas: tuple[str, ...] = ()

    @property
    def area(self) -> str:
        """The display's own area; empty for one that has none."""
        return self.areas[0] if self.areas else ""


MIN_GROUP_SPAN_S: Final = 10
MAX_GROUP_SPAN_S: Final = 31_536_000


@dataclass(frozen=True, slots=True)
class TrendGroup:
    """A saved trend group from trends/*.toml; ``span_s`` from MIN_GROUP_SPAN_S to MAX_GROUP_SPAN_S."""

    id: str
    title: LocalText
    tags: tuple[str, ...]
    span_s: int = 3600
    shared_axis: bool = False
    """One scale a unit."""
    stagger: bool = False
    """A band of its own a pen."""
    pens: tuple[PenSetting, ...] = ()
    """Pens that are not as by default; tags that are not among these are."""


@dataclass(frozen=True, slots=True)
class Plant:
    """The project. Mappings are by id or name and keep the file's order."""

    folder: Path
    id: str
    """Stable identity of the project (from plant.toml), names its store and state folder."""
    title: LocalText
    time_zone: str
    areas: Mapping[str, Area] = field(default_factory=dict)
    positions: Mapping[str, OperatingPosition] = field(default_factory=dict)
    connections: Mapping[str, Connection] = field(default_factory=dict)
    tags: Mapping[str, Tag] = field(default_factory=dict)
    types: Mapping[str, EquipmentType] = field(default_factory=dict)
    equipment: Mapping[str, Equipment] = field(default_factory=dict)
    alarms: Mapping[str, AlarmDefinition] = field(default_factory=dict)
    commands: Mapping[str, CommandDefinition] = field(default_factory=dict)
    displays: Mapping[str, DisplayEntry] = field(default_factory=dict)
    trends: Mapping[str, TrendGroup] = field(default_factory=dict)
    retention: Mapping[str, Retention] = field(default_factory=dict)
    history: HistorySettings = field(default_factory=HistorySettings)
    journal: JournalSettings = field(default_factory=JournalSettings)
    home_display: str = ""

    def trended(self, equipment: str) -> list[str]:
        """Return the tags that the faceplate of an equipment draws, by its type; none of what is unknown."""
        known = self.equipment.get(equipment)
        kind = self.types.get(known.type) if known is not None else None
        if known is None or kind is None:
            return []
        return [known.members[name] for name in kind.trend if name in known.members]
