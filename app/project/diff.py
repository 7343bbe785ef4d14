"""What changed between two versions of a project: for the audit record, and for a careful reload."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final

from app.model.plant import Plant

COMPARED: Final = (
    "connections", "tags", "alarms", "commands", "equipment", "areas", "positions", "displays", "trends", "retention",
)  # fmt: skip
_HEADER: Final = ("id", "title", "time_zone", "home_display")


@dataclass(frozen=True, slots=True)
class Change:
    """An item that both versions have; ``fields`` maps what differs to its old and new value."""

    name: str
    fields: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Changes:
    """Difference of one kind of thing, names in the order of the files."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


@dataclass(frozen=True, slots=True)
class PlantDiff:
    """Difference of two plants; false where they are the same. ``plant`` holds what differs in [plant]."""

    plant: Mapping[str, tuple[Any, Any]]
    parts: Mapping[str, Changes]
    """By the name of the part (COMPARED); parts without a difference are left out."""
    tags_moved: bool = False
    """Tags that both have are in another order."""

    def __bool__(self) -> bool:
        return bool(self.plant or self.parts or self.tags_moved)

    def of(self, part: str) -> Changes:
        """Return the difference of one part, empty where there is none."""
        return self.parts.get(part, Changes())

    def lines(self) -> list[str]:
        """Return the difference in words, one change a line."""
        found = [f"plant: {field}: {_shown(old)} -> {_shown(new)}" for field, (old, new) in self.plant.items()]
        for part, changes in self.parts.items():
            found += [f"{part}: + {name}" for name in changes.added]
            found += [f"{part}: - {name}" for name in changes.removed]
            found += [
                f"{part}: {change.name}: {field}: {_shown(old)} -> {_shown(new)}"
                for change in changes.changed
                for field, (old, new) in change.fields.items()
            ]
        return [*found, "tags: in another order"] if self.tags_moved else found


def diff_plants(old: Plant, new: Plant) -> PlantDiff:
    """Compare two plants. The folder that they were read from does not count."""
    header = {
        name: (getattr(old, name), getattr(new, name)) for name in _HEADER if getattr(old, name) != getattr(new, name)
    }
    header |= {f"history.{name}": values for name, values in _fields(old.history, new.history).items()}
    header |= {f"journal.{name}": values for name, values in _fields(old.journal, new.journal).items()}
    parts = {part: _changes(getattr(old, part), getattr(new, part)) for part in COMPARED}
    moved = [name for name in old.tags if name in new.tags] != [name for name in new.tags if name in old.tags]
    return PlantDiff(header, {part: changes for part, changes in parts.items() if changes}, moved)


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Changes:
    both = [(name, _fields(old[name], item)) for name, item in new.items() if name in old]
    return Changes(
        added=tuple(name for name in new if name not in old),
        removed=tuple(name for name in old if name not in new),
        changed=tuple(Change(name, found) for name, found in both if found),
    )


def _fields(old: Any, new: Any) -> dict[str, tuple[Any, Any]]:
    if old == new or not is_dataclass(new):
        return {}
    names = [item.name for item in fields(new) if item.name != "path"]
    return {
        name: (getattr(old, name), getattr(new, name)) for name in names if getattr(old, name) != getattr(new, name)
    }


def _shown(value: Any) -> str:
    return str(value) if value not in (None, "") else "(none)"
