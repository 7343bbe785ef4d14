"""What stood or was shelved for too long."""

from collections.abc import Iterable, Mapping, Sequence

from app.alarms.kpi.definitions import SHELVING_SLACK_NS, SHELVINGS_A_DAY, STALE_NS
from app.alarms.kpi.occurrences import Span
from app.model.alarm import SHELVING_S
from app.model.alarm_kpi import DAY_NS, OverdueShelving, ShelvingFault, StaleAlarm
from app.model.clock import SECOND_NS


def find_stale(spans: Iterable[Span], names: Sequence[str], from_ns: int, to_ns: int) -> list[StaleAlarm]:
    """Return the alarms that, at some time of the period, had stood for more than 24 h; the oldest first."""
    found = [
        StaleAlarm(names[each.alarm], each.from_ns, each.to_ns, each.known)
        for each in spans
        if is_stale_within(each.from_ns, each.to_ns, from_ns, to_ns)
    ]
    return sorted(found, key=lambda each: (each.since_ns, each.alarm))


def is_stale_within(since_ns: int, until_ns: int | None, from_ns: int, to_ns: int) -> bool:
    """Tell whether an alarm that stood so was stale at some time from ``from_ns`` to ``to_ns`` (excluded)."""
    stale_ns = since_ns + STALE_NS
    return max(stale_ns, from_ns) < min(to_ns, to_ns if until_ns is None else until_ns)


def find_overdue(
    spans: Iterable[Span], names: Sequence[str], longest_s: Mapping[str, float], from_ns: int, to_ns: int
) -> list[OverdueShelving]:
    """Return the alarms that were shelved for longer than they were to be, or more than twice within 24 h.

    ``longest_s``: by alarm, for shelvings whose row does not tell; else one shift.
    """
    found: list[OverdueShelving] = []
    starts: dict[int, list[int]] = {}
    for each in spans:
        starts.setdefault(each.alarm, []).append(each.from_ns)
        name = names[each.alarm]
        allowed_s = each.longest_s if each.longest_s is not None else longest_s.get(name, SHELVING_S)
        longest_ns = round(allowed_s * SECOND_NS) + SHELVING_SLACK_NS
        end_ns = to_ns if each.to_ns is None else each.to_ns
        if each.known and end_ns - each.from_ns > longest_ns and end_ns > from_ns:
            found.append(OverdueShelving(name, ShelvingFault.OVER_TIME, each.from_ns, each.to_ns))
    for alarm, times in starts.items():
        most, first_ns, last_ns = _most_in_a_day(sorted(times), from_ns)
        if most > SHELVINGS_A_DAY:
            found.append(OverdueShelving(names[alarm], ShelvingFault.REPEATED, first_ns, last_ns, most))
    return sorted(found, key=lambda each: (each.alarm, each.fault, each.since_ns))


def _most_in_a_day(times: Sequence[int], from_ns: int) -> tuple[int, int, int]:
    """Return the most shelvings within 24 h that end in the period, with the first and the last of them."""
    best, first = (0, 0, 0), 0
    for last, at_ns in enumerate(times):
        while at_ns - times[first] >= DAY_NS:
            first += 1
        if at_ns >= from_ns and last - first + 1 > best[0]:
            best = (last - first + 1, times[first], at_ns)
    return best
