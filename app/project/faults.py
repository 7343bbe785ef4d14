"""Mistakes that show only when a type meets an instance: reported once, where they were made."""

from dataclasses import dataclass, field

from app.project.place import Place
from app.project.tomlfile import TablePlace


@dataclass(frozen=True, slots=True)
class _Fault:
    instance: str
    row: Place
    field: str
    message: str
    parametric: bool


@dataclass
class Faults:
    """Collects mistakes per key of a type. What fails for every instance is the type's, the rest the row's."""

    instances: dict[str, int] = field(default_factory=dict)
    """Number of instances by type."""
    _found: dict[tuple[str, str, str], list[_Fault]] = field(default_factory=dict)
    _places: dict[tuple[str, str, str], TablePlace] = field(default_factory=dict)

    def report(self) -> None:
        """Report everything collected."""
        told: set[tuple[str, str]] = set()
        for key, faults in self._found.items():
            type_name, path, key_name = key
            first = faults[0]
            total = self.instances.get(type_name, 0)
            if len(faults) == total and (total > 1 or not first.parametric):
                others = f" and {total - 1} more" if total > 1 else ""
                self._places[key].problem(key_name, f"{first.message} (for {first.instance}{others})")
                continue
            for fault in faults:
                subject = (fault.instance, "address" if key_name == "address" else fault.message)
                if subject not in told:
                    told.add(subject)
                    fault.row.problem(fault.field, f"{path}.{key_name}: {fault.message}" if path else fault.message)

    def add(self, type_name: str, part: "Part", key: str, message: str, parametric: bool) -> None:
        """Add a mistake in ``key`` of a part of a type, seen with one instance."""
        path = ".".join(str(item) for item in part.place.path)
        found = self._found.setdefault((type_name, path, key), [])
        self._places[type_name, path, key] = part.place
        if all(fault.instance != part.instance for fault in found):
            found.append(_Fault(part.instance, part.row, "parameters", message, parametric))


@dataclass(frozen=True, slots=True)
class Part:
    """A table of a type as it is expanded for one instance; the place of the tag or command that it becomes."""

    faults: Faults
    type_name: str
    instance: str
    row: Place
    place: TablePlace
    parametric: bool = False

    def problem(self, field: str, message: str) -> None:
        """Report a mistake in a key of the table."""
        self.faults.add(self.type_name, self, field, message, self.parametric)

    def describe(self) -> str:
        """Return the place of the instance."""
        return self.row.describe()
