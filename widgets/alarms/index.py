"""The alarms that are not normal, as columns: counting, filtering and ordering 100,000 of them takes milliseconds.

Each alarm has a slot, which it keeps while it is listed, and which another may have afterwards; ``serial`` tells them
apart. ``columns`` are arrays by slot; slots that are free have ``present`` False. GUI thread only.
"""

import itertools
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.model.alarm import AnnunciationState, Priority, Suppression
from widgets.alarms.codes import Codes
from widgets.alarms.row import AlarmRow, PriorityCount

Slots = NDArray[np.intp]
Mask = NDArray[np.bool_]

_FIRST: Final = 256
_NEVER: Final = 1 << 62
_PRESSING: Final = tuple(AnnunciationState)
STATE_CODES: Final = {state: number for number, state in enumerate(_PRESSING)}
SUPPRESSION_BITS: Final = {each: 1 << number for number, each in enumerate(Suppression)}
_COLUMNS: Final = {
    "serial": "i8", "urgency": "i8", "time_in": "i8", "until": "i8", "value": "f8", "limit": "f8",
    "area": "i4", "place": "i4", "tag": "i4", "text_en": "i4", "text_zh": "i4", "user": "i4", "connection": "i4",
    "present": "?", "waiting": "?", "suppression": "u1", "priority": "i1", "state": "i1",
}  # fmt: skip
_DEFINED: Final = ("limit", "area", "place", "tag", "text_en", "text_zh", "connection", "priority")
"""Columns that an alarm's definition gives."""
_MS: Final = 1_000_000
_TIME_BITS: Final = 42
_TIE_BITS: Final = 14
_TIES: Final = (1 << _TIE_BITS) - 1


def urgency(row: AlarmRow, serial: int = 0) -> int:
    """Return the sort key: annunciated before suppressed, unacknowledged first, then by priority, then the newest.

    Of alarms of one millisecond the one that was listed later (``serial``) comes first, so that no two keys are equal.
    """
    shot = row.snapshot
    flags = (bool(shot.suppression) << 4) | ((not shot.unacknowledged) << 3) | int(row.definition.priority)
    age = ((1 << _TIME_BITS) - 1 - shot.time_in_ns // _MS) << _TIE_BITS
    return (flags << (_TIME_BITS + _TIE_BITS)) + age + (_TIES - serial & _TIES)


def place_of(row: AlarmRow) -> str:
    """Return what an alarm is grouped by: its equipment, else its connection, else its area."""
    definition = row.definition
    return definition.equipment or (definition.connection if not definition.tag else "") or definition.area


class Columns:
    """Columns of so many slots, by name."""

    def __init__(self, columns: dict[str, NDArray[Any]], count: int) -> None:
        self._columns, self._count = columns, count

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self._columns[name][: self._count]


class AlarmIndex:
    """Rows with their columns.

    Attributes:
        areas, places, tags, texts_en, texts_zh, users, connections: what the codes of these columns stand for.
        version: grows with every change.

    """

    def __init__(self) -> None:
        self.areas, self.places, self.tags, self.users = Codes(), Codes(), Codes(), Codes()
        self.texts_en, self.texts_zh, self.connections = Codes(), Codes(), Codes()
        self.version = 0
        self._slots: dict[str, int] = {}
        self._rows: list[AlarmRow | None] = []
        self._words: list[str] = []
        self._free: list[int] = []
        self._serials = itertools.count(1)
        self._wide: dict[int, frozenset[int]] = {}
        self._by_tag: dict[str, set[int]] = {}
        self._by_equipment: dict[str, set[int]] = {}
        self._columns: dict[str, NDArray[Any]] = {name: np.zeros(_FIRST, kind) for name, kind in _COLUMNS.items()}
        self._order: Slots = np.zeros(0, np.intp)
        self._touched: set[int] = set()
        """Slots that changed since ``_order`` was made."""
        self._counts: tuple[int, dict[Priority, PriorityCount]] = (-1, {})

    def __len__(self) -> int:
        return len(self._slots)

    def __iter__(self) -> Iterator[AlarmRow]:
        return (row for row in self._rows if row is not None)

    def __contains__(self, alarm_id: str) -> bool:
        return alarm_id in self._slots

    @property
    def columns(self) -> "Columns":
        """The columns of all slots."""
        return Columns(self._columns, len(self._rows))

    @property
    def words(self) -> list[str]:
        """What a text filter looks in, by slot: id and both texts, in lower case."""
        return self._words

    def row(self, slot: int, serial: int) -> AlarmRow | None:
        """Return the alarm of a slot; None where that is gone, or the slot has another one by now."""
        return self._rows[slot] if self._columns["serial"][slot] == serial else None

    def slot(self, alarm_id: str) -> int | None:
        """Return the slot of an alarm."""
        return self._slots.get(alarm_id)

    def get(self, alarm_id: str) -> AlarmRow | None:
        """Return the row of one alarm."""
        slot = self._slots.get(alarm_id)
        return None if slot is None else self._rows[slot]

    def put(self, row: AlarmRow) -> None:
        """Take the state of one alarm; new ones get a slot."""
        shot, definition = row.snapshot, row.definition
        slot = self._slots.get(shot.id)
        if slot is None:
            slot = self._slots[shot.id] = self._new_slot()
        else:
            known = self._rows[slot]
            if known is not None and known.definition is not definition:
                self._unlink(slot, known)
        self._place(slot, row)
        self.version += 1

    def remove(self, alarm_id: str) -> bool:
        """Forget an alarm; tells whether it was listed."""
        slot = self._slots.pop(alarm_id, None)
        if slot is None:
            return False
        row = self._rows[slot]
        if row is not None:
            self._unlink(slot, row)
        self._rows[slot] = None
        self._words[slot] = ""
        for column in self._columns.values():
            column[slot] = 0
        self._free.append(slot)
        self._touched.add(slot)
        self.version += 1
        return True

    def of_tag(self, tag: str) -> list[AlarmRow]:
        """Return the alarms of a tag, in no order."""
        return self.these(self._by_tag.get(tag, ()))

    def of_equipment(self, equipment: str) -> list[AlarmRow]:
        """Return the alarms of an equipment, in no order."""
        return self.these(self._by_equipment.get(equipment, ()))

    def annunciated(self) -> Mask:
        """Return by slot whether an alarm is listed and not suppressed."""
        columns = self.columns
        found: Mask = columns["present"] & (columns["suppression"] == 0)
        return found

    def concerning(self, areas: Iterable[str]) -> Mask:
        """Return by slot whether an alarm concerns one of some areas."""
        codes = [code for code in map(self.areas.find, areas) if code > 0]
        found: Mask = np.isin(self.columns["area"], codes)
        for slot, several in self._wide.items():
            found[slot] = not several.isdisjoint(codes)
        return found

    def of_connections(self, connections: Iterable[str]) -> Mask:
        """Return by slot whether an alarm is about one of some connections as a whole."""
        codes = [code for code in map(self.connections.find, connections) if code > 0]
        found: Mask = np.isin(self.columns["connection"], codes)
        return found

    def area_counts(self, mask: Mask) -> dict[str, tuple[int, int]]:
        """Return by area how many of some alarms concern it, and how many of these are unacknowledged."""
        columns = self.columns
        total = np.bincount(columns["area"][mask], minlength=len(self.areas.texts))
        waiting = np.bincount(columns["area"][mask & columns["waiting"]], minlength=len(self.areas.texts))
        for slot, several in self._wide.items():
            if mask[slot]:
                for code in several:
                    total[code] += 1
                    waiting[code] += bool(columns["waiting"][slot])
        return {text: (int(total[code]), int(waiting[code])) for code, text in enumerate(self.areas.texts) if code}

    def most_urgent(self, mask: Mask, count: int) -> list[AlarmRow]:
        """Return the first of some alarms in the order of urgency."""
        slots = np.flatnonzero(mask)
        keys = self.columns["urgency"][slots]
        if len(slots) > count:
            nearest = np.argpartition(keys, count)[:count]
            slots, keys = slots[nearest], keys[nearest]
        return self.these(slots[np.argsort(keys, kind="stable")])

    def by_urgency(self, mask: Mask) -> Slots:
        """Return the slots of some alarms, most urgent first."""
        order = self._ordered()
        return order[mask[order]]

    def _ordered(self) -> Slots:
        """Return every slot in use, most urgent first; where little changed, that alone is put where it belongs."""
        if not self._touched:
            return self._order
        columns = self.columns
        keys, present = columns["urgency"], columns["present"]
        touched = np.fromiter(self._touched, np.intp, len(self._touched))
        self._touched.clear()
        if len(touched) * 4 > len(self._order):
            used = np.flatnonzero(present)
            self._order = used[np.argsort(keys[used])]
            return self._order
        moved = np.zeros(len(self._rows), np.bool_)
        moved[touched] = True
        rest = self._order[~moved[self._order]]
        fresh = touched[present[touched]]
        fresh = fresh[np.argsort(keys[fresh])]
        self._order = np.insert(rest, np.searchsorted(keys[rest], keys[fresh]), fresh)
        return self._order

    def counts(self) -> dict[Priority, PriorityCount]:
        """Count annunciated alarms of each priority."""
        if self._counts[0] != self.version:
            columns = self.columns
            mask = self.annunciated()
            total = np.bincount(columns["priority"][mask], minlength=len(Priority) + 1)
            waiting = np.bincount(columns["priority"][mask & columns["waiting"]], minlength=len(Priority) + 1)
            made = {each: PriorityCount(int(total[each]), int(waiting[each])) for each in Priority}
            self._counts = (self.version, made)
        return self._counts[1]

    def suppressed(self, *members: Suppression) -> int:
        """Count the alarms that are suppressed by one of these."""
        return int(np.count_nonzero(self.columns["suppression"] & bits(members)))

    def these(self, slots: Iterable[int] | Slots) -> list[AlarmRow]:
        """Return the alarms of some slots."""
        return [row for row in map(self._rows.__getitem__, slots) if row is not None]

    def _new_slot(self) -> int:
        if self._free:
            return self._free.pop()
        slot = len(self._rows)
        self._rows.append(None)
        self._words.append("")
        if slot >= len(self._columns["serial"]):
            for name, column in self._columns.items():
                self._columns[name] = np.concatenate([column, np.zeros_like(column)])
        return slot

    def _place(self, slot: int, row: AlarmRow) -> None:
        shot, columns = row.snapshot, self._columns
        before, self._rows[slot] = self._rows[slot], row
        if before is None:
            columns["serial"][slot] = next(self._serials)
            columns["present"][slot] = True
        if before is None or before.definition is not row.definition:
            self._link(slot, row)
        value = shot.value
        columns["value"][slot] = value if isinstance(value, int | float) else np.nan
        columns["until"][slot] = shot.shelved.until_ns if shot.shelved and shot.shelved.until_ns else _NEVER
        columns["urgency"][slot] = urgency(row, int(columns["serial"][slot]))
        columns["time_in"][slot] = shot.time_in_ns
        columns["user"][slot] = self.users.code(shot.acknowledged_by)
        columns["waiting"][slot] = row.waiting
        columns["suppression"][slot] = bits(shot.suppression)
        columns["state"][slot] = STATE_CODES[shot.state]
        self._touched.add(slot)

    def _link(self, slot: int, row: AlarmRow) -> None:
        definition = row.definition
        defined = (
            np.nan if definition.limit is None else definition.limit, self.areas.code(definition.area),
            self.places.code(place_of(row)), self.tags.code(definition.tag or definition.connection),
            self.texts_en.code(definition.text.en), self.texts_zh.code(definition.text.zh),
            self.connections.code("" if definition.tag else definition.connection), int(definition.priority),
        )  # fmt: skip
        for name, each in zip(_DEFINED, defined, strict=True):
            self._columns[name][slot] = each
        self._words[slot] = f"{definition.id} {definition.text.en} {definition.text.zh}".casefold()
        if definition.areas:
            self._wide[slot] = frozenset(map(self.areas.code, definition.areas))
        if definition.tag:
            self._by_tag.setdefault(definition.tag, set()).add(slot)
        if definition.equipment:
            self._by_equipment.setdefault(definition.equipment, set()).add(slot)

    def _unlink(self, slot: int, row: AlarmRow) -> None:
        self._wide.pop(slot, None)
        for table, key in ((self._by_tag, row.definition.tag), (self._by_equipment, row.definition.equipment)):
            mine = table.get(key)
            if mine is not None:
                mine.discard(slot)
                if not mine:
                    del table[key]


def bits(members: Collection[Suppression]) -> int:
    """Return a set of suppressions as bits."""
    return sum(SUPPRESSION_BITS[each] for each in members) if members else 0
