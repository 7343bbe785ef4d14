"""Journal rows of alarms in columns: a month of them is hundreds of thousands, and little of each is looked at."""

from array import array
from collections.abc import Callable, Iterable
from enum import IntFlag
from typing import Final, NamedTuple

from app.model.alarm import AlarmEventKind, AnnunciationState, Suppression


class StatRow(NamedTuple):
    """What the figures need of a journal row; names as in JournalRow, ``time_ns`` is its place in the time line."""

    id: int
    event: str
    object: str
    time_ns: int
    receive_ns: int
    priority: int | None
    old: str
    new: str
    area: str
    user: str
    shelved_s: float | None = None
    """Of a SHELVE: seconds until it ends by itself."""


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


def facts(event: str, old: str, new: str, *, by_user: bool) -> Fact:
    """Return what a row says.

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
        | (Fact.BY_OPERATOR if by_user or event in _BY_OPERATORS else Fact(0))
    )


class AlarmRows:
    """Rows by column, in the order in which they came; ``alarms`` are the ids that ``alarm`` counts into."""

    def __init__(self, concerns: Callable[[str, str], bool] = lambda _alarm, _area: True) -> None:
        """``concerns`` tells of an alarm and the area of its row whether it belongs to the figures."""
        self._concerns = concerns
        self._numbers: dict[tuple[str, str], int | None] = {}
        self._by_id: dict[str, int] = {}
        self._facts: dict[tuple[str, str, str, bool], int] = {}
        self._last_id = 0
        self._in_order = True
        self.alarms: list[str] = []
        self.shelved_s: dict[int, float] = {}
        """By place of the row."""
        self.id, self.time_ns, self.receive_ns = array("q"), array("q"), array("q")
        self.alarm, self.facts, self.priority = array("l"), array("h"), array("b")

    def __len__(self) -> int:
        return len(self.id)

    def add(self, rows: Iterable[StatRow]) -> None:
        """Take rows, in any order."""
        numbers, known = self._numbers, self._facts
        for number, event, name, time_ns, receive_ns, priority, old, new, area, user, shelved_s in rows:
            place = (name, area)
            alarm = numbers[place] if place in numbers else self._number(name, area)
            if alarm is None:
                continue
            key = (event, old, new, bool(user))
            fact = known.get(key)
            if fact is None:
                fact = known[key] = int(facts(event, old, new, by_user=bool(user)))
            if number < self._last_id:
                self._in_order = False
            self._last_id = number
            self.id.append(number)
            self.time_ns.append(time_ns)
            self.receive_ns.append(receive_ns or time_ns)
            self.alarm.append(alarm)
            self.facts.append(fact)
            self.priority.append(priority or 0)
            if shelved_s is not None:
                self.shelved_s[len(self) - 1] = shelved_s

    def order(self) -> Iterable[int]:
        """Return the places of the rows as they came into the journal."""
        return range(len(self)) if self._in_order else sorted(range(len(self)), key=self.id.__getitem__)

    def _number(self, name: str, area: str) -> int | None:
        number: int | None = None
        if self._concerns(name, area):
            number = self._by_id.get(name)
            if number is None:
                number = self._by_id[name] = len(self.alarms)
                self.alarms.append(name)
        self._numbers[name, area] = number
        return number
