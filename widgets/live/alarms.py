"""The alarm state that goes with values: which mark a tag, an equipment or an area carries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.model.alarm import AnnunciationState, Priority
from app.model.alarm_state import AlarmSnapshot
from app.model.plant import Plant

_SIZE: Final = len(Priority) + 1


@dataclass(frozen=True, slots=True)
class AlarmMark:
    """The most urgent alarm of something; ``unacknowledged`` marks blink."""

    priority: Priority
    unacknowledged: bool
    count: int = 1


class _Tally:
    """How many alarms of each priority something has, and how many of them are unacknowledged."""

    __slots__ = ("total", "unacknowledged")

    def __init__(self) -> None:
        self.total = [0] * _SIZE
        self.unacknowledged = [0] * _SIZE

    def add(self, priority: Priority, unacknowledged: bool, by: int) -> None:
        self.total[priority] += by
        if unacknowledged:
            self.unacknowledged[priority] += by

    def mark(self) -> AlarmMark | None:
        count = sum(self.total)
        if not count:
            return None
        priority = next(each for each in Priority if self.total[each])
        return AlarmMark(priority, any(self.unacknowledged), count)

    def marks(self) -> dict[Priority, AlarmMark]:
        return {
            each: AlarmMark(each, self.unacknowledged[each] > 0, self.total[each])
            for each in Priority
            if self.total[each]
        }


@dataclass(frozen=True, slots=True)
class _Share:
    """What one alarm adds, and where."""

    priority: Priority
    unacknowledged: bool
    tag: str
    equipment: str
    areas: tuple[str, ...]


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
        self._plant = plant
        self._shares: dict[str, _Share] = {}
        self._of_tags: defaultdict[str, _Tally] = defaultdict(_Tally)
        self._of_equipment: defaultdict[str, _Tally] = defaultdict(_Tally)
        self._of_areas: defaultdict[str, _Tally] = defaultdict(_Tally)
        self.take(snapshots or ())

    def take(self, snapshots: Iterable[AlarmSnapshot]) -> None:
        """Take changes: each alarm's share of the marks is replaced by what it is now."""
        tags: set[str] = set()
        equipment: set[str] = set()
        areas: set[str] = set()
        for shot in snapshots:
            before, after = self._shares.pop(shot.id, None), self._share(shot)
            for share, by in ((before, -1), (after, 1)):
                if share is not None:
                    self._count(share, by)
                    tags.add(share.tag)
                    equipment.add(share.equipment)
                    areas.update(share.areas)
            if after is not None:
                self._shares[shot.id] = after
        for marks, tallies, keys in (
            (self.tags, self._of_tags, tags), (self.equipment, self._of_equipment, equipment),
        ):  # fmt: skip
            for key in keys - {""}:
                mark = tallies[key].mark()
                if mark is not None:
                    marks[key] = mark
                else:
                    del tallies[key]
                    marks.pop(key, None)
        for key in areas - {""}:
            self.areas[key] = self._of_areas[key].marks()

    def _count(self, share: _Share, by: int) -> None:
        for tallies, key in ((self._of_tags, share.tag), (self._of_equipment, share.equipment)):
            if key:
                tallies[key].add(share.priority, share.unacknowledged, by)
        for area in filter(None, share.areas):
            self._of_areas[area].add(share.priority, share.unacknowledged, by)

    def _share(self, shot: AlarmSnapshot) -> _Share | None:
        definition = shot.external.definition if shot.external is not None else self._plant.alarms.get(shot.id)
        if definition is None or shot.suppression or shot.state is AnnunciationState.NORMAL:
            return None
        tag = self._plant.tags.get(definition.tag)
        equipment = definition.equipment or (tag.equipment if tag else "")
        areas = definition.areas or (definition.area or (tag.area if tag else ""),)
        return _Share(definition.priority, shot.unacknowledged, definition.tag, equipment, areas)
