"""The alarm state that goes with values: which mark a tag, an equipment or an area carries."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.model.alarm import AlarmDefinition, AnnunciationState, Priority
from app.model.alarm_state import AlarmSnapshot
from app.model.plant import Plant


@dataclass(frozen=True, slots=True)
class AlarmMark:
    """The most urgent alarm of something; ``unacknowledged`` marks blink."""

    priority: Priority
    unacknowledged: bool
    count: int = 1

    def merged(self, other: "AlarmMark") -> "AlarmMark":
        """Return the more urgent of two: unacknowledged first, then by priority."""
        priority = min(self.priority, other.priority)
        return AlarmMark(priority, self.unacknowledged or other.unacknowledged, self.count + other.count)


class AlarmTable:
    """Marks by tag, equipment and area, from the engine's snapshots. Suppressed alarms carry no mark.

    Attributes:
        known: whether there were snapshots; without them, no mark does not mean no alarm.

    """

    def __init__(self, plant: Plant, snapshots: Iterable[AlarmSnapshot] | None = None) -> None:
        self.known = snapshots is not None
        self.tags: dict[str, AlarmMark] = {}
        self.equipment: dict[str, AlarmMark] = {}
        self.areas: dict[str, dict[Priority, AlarmMark]] = {}
        for snapshot in snapshots or ():
            definition = (
                snapshot.external.definition if snapshot.external is not None else plant.alarms.get(snapshot.id)
            )
            if definition is None or snapshot.suppression:
                continue
            if snapshot.state is not AnnunciationState.NORMAL:
                self._add(plant, definition, AlarmMark(definition.priority, snapshot.unacknowledged))

    def _add(self, plant: Plant, definition: AlarmDefinition, mark: AlarmMark) -> None:
        tag = plant.tags.get(definition.tag)
        equipment = definition.equipment or (tag.equipment if tag else "")
        areas = definition.areas or (definition.area or (tag.area if tag else ""),)
        for table, key in ((self.tags, definition.tag), (self.equipment, equipment)):
            if key:
                known = table.get(key)
                table[key] = mark if known is None else known.merged(mark)
        for area in filter(None, areas):
            counts = self.areas.setdefault(area, {})
            known = counts.get(mark.priority)
            counts[mark.priority] = mark if known is None else known.merged(mark)
