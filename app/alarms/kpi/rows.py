"""Journal rows of alarms in columns: a month of them is hundreds of thousands, and little of each is looked at."""

from collections.abc import Callable, Iterable, Sequence
from enum import IntFlag
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.model.alarm import AlarmEventKind, AnnunciationState, Suppression


class StatStep(NamedTuple):
    """What can happen to an alarm; names as in JournalRow. Rows name it by ``id``."""

    id: int
    event: str
    object: str
    area: str
    priority: int | None
    old: str
    new: str


class StatRow(NamedTuple):
    """What the figures need of a journal row: numbers only.

    Attributes:
        id: order in which rows came. step: id of the StatStep; a row of none of them counts for nothing.
        time_ns: place in the journal's time line. receive_ns: when the engine knew.
        by_user: 1 where a user is named, else 0.

    """

    id: int
    step: int
    time_ns: int
    receive_ns: int
    by_user: int


class Fact(IntFlag):
    """What a row says, whatever its event is called; events that are not known say no more than their state."""

    BEGINS = 1
    """It annunciates: counted."""
    UNACKNOWLEDGED = 2
    """It stands unacknowledged after it."""
    IN_ALARM = 4
    """It stands in the list as active after it: unacknowledged or acknowledged, and not suppressed."""
    WAS_IN_ALARM = 8
    """So it did before, as far as the row tells."""
    SHELVED = 16
    SHELVES = 32
    """An operator shelved it, perhaps again."""
    RETURNS = 64
    ACKNOWLEDGES = 128
    BY_OPERATOR = 256


_OCCURS: Final = frozenset({AlarmEventKind.ALARM.value, AlarmEventKind.REALARM.value})
_LEAVES_SUPPRESSION: Final = frozenset(
    {AlarmEventKind.UNSUPPRESS.value, AlarmEventKind.UNSHELVE.value, AlarmEventKind.IN_SERVICE.value}
)
_BY_OPERATORS: Final = frozenset(
    each.value
    for each in (
        AlarmEventKind.ACKNOWLEDGE, AlarmEventKind.CONFIRM, AlarmEventKind.COMMENT, AlarmEventKind.RESET,
        AlarmEventKind.SHELVE, AlarmEventKind.OUT_OF_SERVICE,
    )
)  # fmt: skip
_ACTIVE: Final = frozenset({AnnunciationState.UNACKNOWLEDGED.value, AnnunciationState.ACKNOWLEDGED.value})


def facts(event: str, old: str, new: str) -> Fact:
    """Return what a row says, whoever it was.

    An alarm that needs no acknowledgement (it goes to ACKED at once) is annunciated too. What leaves a suppression
    annunciates anew where it stands unacknowledged after it; the engine writes that as an event ALM of its own.
    """
    state, *suppressions = new.split("+")
    unacknowledged = state == AnnunciationState.UNACKNOWLEDGED
    in_alarm = state in _ACTIVE and not suppressions
    begins = in_alarm and (event in _OCCURS or (event in _LEAVES_SUPPRESSION and unacknowledged))
    was = old in _ACTIVE and event not in _LEAVES_SUPPRESSION
    return (
        (Fact.BEGINS if begins else Fact(0))
        | (Fact.UNACKNOWLEDGED if in_alarm and unacknowledged else Fact(0))
        | (Fact.IN_ALARM if in_alarm else Fact(0))
        | (Fact.WAS_IN_ALARM if was else Fact(0))
        | (Fact.SHELVED if Suppression.SHELVED in suppressions else Fact(0))
        | (Fact.SHELVES if event == AlarmEventKind.SHELVE else Fact(0))
        | (Fact.RETURNS if event == AlarmEventKind.RETURN else Fact(0))
        | (Fact.ACKNOWLEDGES if event == AlarmEventKind.ACKNOWLEDGE else Fact(0))
        | (Fact.BY_OPERATOR if event in _BY_OPERATORS else Fact(0))
    )


class Columns(NamedTuple):
    """Rows in the order in which they came, by column."""

    id: list[int]
    alarm: list[int]
    facts: list[int]
    priority: list[int]
    time_ns: list[int]
    receive_ns: list[int]


class AlarmRows:
    """Rows of some alarms; ``alarms`` are the ids that ``Columns.alarm`` counts into."""

    def __init__(
        self, steps: Iterable[StatStep], concerns: Callable[[str, str], bool] = lambda _alarm, _area: True
    ) -> None:
        """``concerns`` tells of an alarm and its area whether it belongs to the figures."""
        self.alarms: list[str] = []
        self.shelved_s: dict[int, float] = {}
        """Seconds until a shelving ends by itself, by the id of its row."""
        self._portions: list[NDArray[np.int64]] = []
        by_name: dict[str, int] = {}
        kept: list[tuple[int, int, int, int]] = []
        for step in steps:
            if concerns(step.object, step.area):
                number = by_name.setdefault(step.object, len(by_name))
                kept.append((step.id, number, int(facts(step.event, step.old, step.new)), step.priority or 0))
        self.alarms.extend(by_name)
        self._steps = np.array(kept, np.int64).reshape(-1, 4)
        self._place = np.full(int(self._steps[:, 0].max(initial=0)) + 1, -1, np.int64)
        self._place[self._steps[:, 0]] = np.arange(len(self._steps))

    def __len__(self) -> int:
        return sum(map(len, self._portions))

    def add(self, rows: Sequence[StatRow | tuple[int, int, int, int, int]]) -> None:
        """Take rows, in any order."""
        portion = np.array(rows, np.int64).reshape(-1, len(StatRow._fields))
        portion = portion[(portion[:, 1] >= 0) & (portion[:, 1] < len(self._place))]
        portion = portion[self._place[portion[:, 1]] >= 0]
        if len(portion):
            self._portions.append(portion)

    def columns(self) -> Columns:
        """Return everything, sorted."""
        rows = np.concatenate(self._portions) if self._portions else np.empty((0, 5), np.int64)
        rows = rows[np.argsort(rows[:, 0], kind="stable")]
        steps = self._steps[self._place[rows[:, 1]]]
        told = np.where(rows[:, 3] != 0, rows[:, 3], rows[:, 2])
        said = steps[:, 2] | np.where(rows[:, 4] != 0, int(Fact.BY_OPERATOR), 0)
        found = (rows[:, 0], steps[:, 1], said, steps[:, 3], rows[:, 2], told)
        return Columns(*(column.tolist() for column in found))
