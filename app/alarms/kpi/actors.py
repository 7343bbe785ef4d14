"""Alarms that make most of the load: the most frequent, the chattering, the fleeting."""

from collections import Counter
from collections.abc import Iterable, Sequence

from app.alarms.kpi.definitions import CHATTER_COUNT, CHATTER_NS, FLEETING_NS, TOP
from app.alarms.kpi.occurrences import Annunciation
from app.model.alarm_kpi import AlarmCount, ChatteringAlarm


def most_frequent(annunciations: Iterable[Annunciation], names: Sequence[str]) -> list[AlarmCount]:
    """Return the ten that annunciated most, the most frequent first, equal ones by name."""
    counts = Counter(each.alarm for each in annunciations)
    found = [AlarmCount(names[alarm], count) for alarm, count in counts.items()]
    return sorted(found, key=lambda each: (-each.count, each.alarm))[:TOP]


def by_alarm(annunciations: Iterable[Annunciation]) -> dict[int, list[Annunciation]]:
    """Return the annunciations of each alarm, in the order of time."""
    found: dict[int, list[Annunciation]] = {}
    for each in annunciations:
        found.setdefault(each.alarm, []).append(each)
    return found


def episodes(times: Sequence[int]) -> list[tuple[int, int]]:
    """Return the stretches (first and last place, both included) in which three or more came within 60 s each."""
    found: list[tuple[int, int]] = []
    for first in range(len(times) - CHATTER_COUNT + 1):
        last = first + CHATTER_COUNT - 1
        if times[last] - times[first] > CHATTER_NS:
            continue
        if found and found[-1][1] >= first:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found


def find_chattering_and_fleeting(
    annunciations: Iterable[Annunciation], names: Sequence[str]
) -> tuple[list[ChatteringAlarm], list[AlarmCount]]:
    """Return both, the worst first.

    Fleeting is what came and went by itself within 10 s, untouched by an operator, and did not chatter meanwhile.
    """
    chattering: list[ChatteringAlarm] = []
    fleeting: list[AlarmCount] = []
    for alarm, mine in by_alarm(annunciations).items():
        stretches = episodes([each.at_ns for each in mine])
        in_chatter = {place for first, last in stretches for place in range(first, last + 1)}
        if stretches:
            ends = mine[stretches[0][0]].at_ns, mine[stretches[-1][1]].at_ns
            chattering.append(ChatteringAlarm(names[alarm], len(stretches), len(in_chatter), *ends))
        short = sum(_is_fleeting(each) for place, each in enumerate(mine) if place not in in_chatter)
        if short:
            fleeting.append(AlarmCount(names[alarm], short))
    chattering.sort(key=lambda each: (-each.annunciated, each.alarm))
    fleeting.sort(key=lambda each: (-each.count, each.alarm))
    return chattering, fleeting


def _is_fleeting(one: Annunciation) -> bool:
    return one.returned_ns is not None and not one.touched and one.returned_ns - one.told_ns < FLEETING_NS
