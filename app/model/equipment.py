"""Equipment: typed things of the plant (a pump, a filter rack), each a bundle of tags, alarms and commands."""

from dataclasses import dataclass, field

from app.model.text import LocalText


@dataclass(frozen=True, slots=True)
class FaceplateRow:
    """One line of a faceplate: a member and its caption (the tag's description where empty)."""

    member: str
    caption: LocalText = field(default_factory=LocalText)


@dataclass(frozen=True, slots=True)
class EquipmentType:
    """A type from types/*.toml, as the console needs it.

    Attributes:
        symbol: name of the symbol that draws it on mimics (pump, valve, uf-rack …).
        state_member: member whose enum value is the equipment's state.
        running_states: values of that member drawn as running (light fill).
        faceplate: rows in order; trend: members drawn in the faceplate's trend.

    """

    name: str
    title: LocalText
    symbol: str = ""
    state_member: str = ""
    running_states: tuple[int, ...] = ()
    fault_states: tuple[int, ...] = ()
    faceplate: tuple[FaceplateRow, ...] = ()
    trend: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Equipment:
    """An instance from equipment.csv. ``members`` maps member name to full tag name."""

    name: str
    type: str
    area: str
    title: LocalText
    members: dict[str, str] = field(default_factory=dict)
    local_remote: str = ""
    """Tag that is 1 when the device is in remote; empty where it has no such switch."""
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def short_name(self) -> str:
        """Last part of the name, as shown on mimics."""
        return self.name.rsplit(".", 1)[-1]
