"""Lines of a summary that is grouped: a heading an equipment (connection, area), below it its alarms unless closed."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.model.alarm import Priority
from widgets.alarms.index import AlarmIndex, Slots

Entries = NDArray[np.int64]
"""Lines: a slot, or for a heading −1 − the code of its place."""


@dataclass(frozen=True, slots=True)
class AlarmGroup:
    """A heading.

    Attributes:
        place: as ``index.place_of``.
        counts, waiting: alarms of each priority in it, and those of them that are unacknowledged.
        newest_ns: when the newest of them began.

    """

    place: str
    counts: dict[Priority, int]
    waiting: dict[Priority, int]
    newest_ns: int
    open: bool

    @property
    def total(self) -> int:
        """Alarms in it."""
        return sum(self.counts.values())

    @property
    def priority(self) -> Priority:
        """That of its most urgent alarm: of those that wait, where there are any."""
        return min(self.waiting or self.counts)

    @property
    def unacknowledged(self) -> int:
        """Alarms in it that wait to be acknowledged."""
        return sum(self.waiting.values())


def grouped(index: AlarmIndex, slots: Slots, opened: Collection[str]) -> tuple[Entries, dict[int, AlarmGroup]]:
    """Return the lines and the headings by place code; groups stand in the order of the first alarm of each."""
    if not len(slots):
        return slots.astype(np.int64), {}
    columns = index.columns
    place, waits, priorities = columns["place"][slots], columns["waiting"][slots], columns["priority"][slots]
    size = len(index.places.texts)
    first = np.full(size, len(slots), np.int64)
    first[place[::-1]] = np.arange(len(slots) - 1, -1, -1)
    codes = np.argsort(first, kind="stable")[: int(np.count_nonzero(first < len(slots)))]
    newest = np.zeros(size, np.int64)
    by_time = np.argsort(columns["time_in"][slots])
    newest[place[by_time]] = columns["time_in"][slots][by_time]
    by_priority = {each: np.bincount(place[priorities == each], minlength=size) for each in Priority}
    waiting_by_priority = {each: np.bincount(place[(priorities == each) & waits], minlength=size) for each in Priority}
    groups = {}
    for code in codes.tolist():
        name = index.places.texts[code]
        counts = {each: int(many[code]) for each, many in by_priority.items() if many[code]}
        waiting = {each: int(many[code]) for each, many in waiting_by_priority.items() if many[code]}
        groups[code] = AlarmGroup(name, counts, waiting, int(newest[code]), name in opened)
    if not opened:
        return -1 - codes.astype(np.int64), groups
    is_open = np.zeros(size, np.bool_)
    is_open[[code for code, group in groups.items() if group.open]] = True
    shown = np.flatnonzero(is_open[place])
    lines = np.concatenate([-1 - codes.astype(np.int64), slots[shown]])
    rank = np.concatenate([first[codes], first[place[shown]]])
    inside = np.concatenate([np.zeros(len(codes), np.int64), 1 + shown])
    return lines[np.lexsort((inside, rank))], groups
