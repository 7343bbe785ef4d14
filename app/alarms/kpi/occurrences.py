"""What the rows tell, alarm by alarm: annunciations with their ends, and how long each stood or was shelved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.alarms.kpi.rows import AlarmRows, Fact

_BEGINS: Final = int(Fact.BEGINS)
_UNACK: Final = int(Fact.UNACKNOWLEDGED)
_IN: Final = int(Fact.IN_ALARM)
_WAS_IN: Final = int(Fact.WAS_IN_ALARM)
_SHELVED: Final = int(Fact.SHELVED)
_SHELVES: Final = int(Fact.SHELVES)
_RETURNS: Final = int(Fact.RETURNS)
_ACKS: Final = int(Fact.ACKNOWLEDGES)
_OPERATOR: Final = int(Fact.BY_OPERATOR)


@dataclass(slots=True)
class Annunciation:
    """One alarm told to the operator. Times are ns since the epoch, UTC.

    Attributes:
        at_ns: when it came, as the list shows it. told_ns: when the engine knew, after an on-delay.
        returned_ns: when the engine knew that it had returned by itself; acknowledged_ns: when somebody did that.
        touched: whether an operator did anything about it before it returned.

    """

    alarm: int
    at_ns: int
    told_ns: int
    priority: int
    needs_acknowledgement: bool
    returned_ns: int | None = None
    acknowledged_ns: int | None = None
    touched: bool = False


@dataclass(slots=True)
class Span:
    """From when to when something held; ``to_ns`` None: it still did. Not ``known``: it began before.

    ``longest_s``: after how many seconds it was to end by itself.
    """

    alarm: int
    from_ns: int
    to_ns: int | None = None
    known: bool = True
    longest_s: float | None = None


@dataclass(slots=True)
class Occurrences:
    """Everything found; ``annunciations`` in the order of their time."""

    annunciations: list[Annunciation] = field(default_factory=list)
    standing: list[Span] = field(default_factory=list)
    shelved: list[Span] = field(default_factory=list)


def find_occurrences(rows: AlarmRows, read_from_ns: int, still_standing: Mapping[str, int]) -> Occurrences:
    """Follow every alarm through the rows, which were read from ``read_from_ns`` on.

    ``still_standing``: alarms that are in the list as active now, and since when. One of these without any row has
    stood since.
    """
    found = Occurrences()
    count = len(rows.alarms)
    seen = bytearray(count)
    last: list[Annunciation | None] = [None] * count
    standing: list[Span | None] = [None] * count
    shelved: list[Span | None] = [None] * count
    for number, alarm, fact, priority, at_ns, told_ns in zip(*rows.columns(), strict=True):
        if not seen[alarm]:
            seen[alarm] = 1
            if fact & _WAS_IN and not fact & _BEGINS:
                standing[alarm] = _begin(found.standing, alarm, min(read_from_ns, at_ns), known=False)
        if fact & _BEGINS:
            last[alarm] = one = Annunciation(alarm, at_ns, told_ns, priority, bool(fact & _UNACK))
            found.annunciations.append(one)
        elif (open_one := last[alarm]) is not None:
            _follow(open_one, fact, told_ns)
        if bool(fact & _IN) != (standing[alarm] is not None):
            standing[alarm] = _turn(found.standing, standing[alarm], alarm, at_ns)
        held = shelved[alarm]
        if fact & _SHELVES and held is not None:
            held = shelved[alarm] = _turn(found.shelved, held, alarm, at_ns)
        if bool(fact & _SHELVED) != (held is not None):
            held = shelved[alarm] = _turn(found.shelved, held, alarm, at_ns)
        if fact & _SHELVES and held is not None:
            held.longest_s = rows.shelved_s.get(number)
    _add_silent(found, rows.alarms, seen, still_standing)
    found.annunciations.sort(key=lambda each: each.at_ns)
    return found


def _follow(one: Annunciation, fact: int, at_ns: int) -> None:
    """Take what happened after an annunciation."""
    if fact & _ACKS and one.acknowledged_ns is None:
        one.acknowledged_ns = at_ns
    if one.returned_ns is None:
        one.touched |= bool(fact & _OPERATOR)
        if fact & _RETURNS:
            one.returned_ns = at_ns


def _begin(spans: list[Span], alarm: int, at_ns: int, *, known: bool = True) -> Span:
    span = Span(alarm, at_ns, None, known)
    spans.append(span)
    return span


def _turn(spans: list[Span], span: Span | None, alarm: int, at_ns: int) -> Span | None:
    """Begin a span where there is none, and end it where there is one."""
    if span is None:
        return _begin(spans, alarm, at_ns)
    span.to_ns = max(at_ns, span.from_ns)
    return None


def _add_silent(found: Occurrences, names: list[str], seen: Sequence[int], still_standing: Mapping[str, int]) -> None:
    """Add what stands without any row; ``names`` grows by what no row ever named."""
    numbers = {name: number for number, name in enumerate(names)}
    for name, since_ns in still_standing.items():
        number = numbers.get(name)
        if number is None:
            names.append(name)
            _begin(found.standing, len(names) - 1, since_ns)
        elif not seen[number]:
            _begin(found.standing, number, since_ns)
