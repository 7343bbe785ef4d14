"""What the rows tell, alarm by alarm: annunciations with their ends, and how long each stood or was shelved."""

from collections.abc import Mapping
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
    for place in rows.order():
        alarm, fact, at_ns = rows.alarm[place], rows.facts[place], rows.time_ns[place]
        if not seen[alarm]:
            seen[alarm] = 1
            if fact & _WAS_IN and not fact & _BEGINS:
                standing[alarm] = _begin(found.standing, alarm, min(read_from_ns, at_ns), known=False)
        if fact & _BEGINS:
            told_ns, priority = rows.receive_ns[place], rows.priority[place]
            last[alarm] = one = Annunciation(alarm, at_ns, told_ns, priority, bool(fact & _UNACK))
            found.annunciations.append(one)
        elif (open_one := last[alarm]) is not None:
            _follow(open_one, fact, rows.receive_ns[place])
        standing[alarm] = _hold(found.standing, standing[alarm], alarm, at_ns, bool(fact & _IN))
        held = shelved[alarm]
        if held is not None and fact & _SHELVES:
            held = _hold(found.shelved, held, alarm, at_ns, holds=False)
        shelved[alarm] = now = _hold(found.shelved, held, alarm, at_ns, bool(fact & _SHELVED))
        if now is not None and fact & _SHELVES:
            now.longest_s = rows.shelved_s.get(place)
    _add_silent(found, rows, still_standing)
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


def _hold(spans: list[Span], span: Span | None, alarm: int, at_ns: int, holds: bool) -> Span | None:
    """Begin a span, end it, or let it go on."""
    if holds:
        return span or _begin(spans, alarm, at_ns)
    if span is not None:
        span.to_ns = max(at_ns, span.from_ns)
    return None


def _add_silent(found: Occurrences, rows: AlarmRows, still_standing: Mapping[str, int]) -> None:
    heard = set(rows.alarms)
    for name, since_ns in still_standing.items():
        if name not in heard:
            rows.alarms.append(name)
            _begin(found.standing, len(rows.alarms) - 1, since_ns)
