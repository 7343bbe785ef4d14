"""The rows of the journal that stand behind each figure."""

from collections.abc import Iterable
from typing import Final
from zoneinfo import ZoneInfo

from app.alarms.kpi import Figure
from app.alarms.kpi.clock import floor_ns
from app.model.alarm import AlarmEventKind
from app.model.alarm_kpi import HOUR_NS, TEN_MINUTES_NS, AlarmKpiReport, FloodSpan
from app.model.journal import JournalKind, JournalQuery
from app.model.plant import Plant

BEGINNINGS: Final = tuple(
    each.value
    for each in (
        AlarmEventKind.ALARM, AlarmEventKind.REALARM, AlarmEventKind.UNSUPPRESS, AlarmEventKind.UNSHELVE,
        AlarmEventKind.IN_SERVICE,
    )
)  # fmt: skip
"""Events by which an alarm may be annunciated."""
_COMINGS_AND_GOINGS: Final = (*BEGINNINGS, AlarmEventKind.RETURN.value, AlarmEventKind.ACKNOWLEDGE.value)
_SHELVINGS: Final = (AlarmEventKind.SHELVE.value, AlarmEventKind.UNSHELVE.value)
_MOST_OBJECTS: Final = 1_000


def rows_behind(figure: Figure, report: AlarmKpiReport, plant: Plant) -> JournalQuery:
    """Return what asks for the rows that a figure was computed of."""
    whole = rows_of_time(report, plant, report.from_ns, report.to_ns)
    match figure:
        case Figure.MOST if report.most:
            return rows_of_time(report, plant, report.most_ns, report.most_ns + TEN_MINUTES_NS)
        case Figure.CROWDED if report.annunciated:
            return rows_of_time(report, plant, *_fullest(report, TEN_MINUTES_NS, plant.time_zone))
        case Figure.BUSY_HOURS if report.annunciated:
            return rows_of_time(report, plant, *_fullest(report, HOUR_NS, plant.time_zone))
        case Figure.FLOOD if report.floods:
            return rows_of_flood(report, plant, max(report.floods, key=lambda each: each.annunciated))
        case Figure.TOP_TEN:
            return _of(whole, (each.alarm for each in report.top), BEGINNINGS)
        case Figure.CHATTERING:
            return _of(whole, (each.alarm for each in report.chattering), BEGINNINGS)
        case Figure.FLEETING:
            return _of(whole, (each.alarm for each in report.fleeting), _COMINGS_AND_GOINGS)
        case Figure.STALE:
            since_ns = min((each.since_ns for each in report.stale), default=report.from_ns)
            return _of(whole, (each.alarm for each in report.stale), (), since_ns)
        case Figure.SHELVED:
            since_ns = min((each.since_ns for each in report.shelved), default=report.from_ns)
            return _of(whole, (each.alarm for each in report.shelved), _SHELVINGS, since_ns)
        case Figure.PRIORITIES:
            return JournalQuery(
                whole.from_ns, whole.to_ns, whole.kinds, priorities=(1, 2), objects=whole.objects, events=BEGINNINGS
            )
        case Figure.ACKNOWLEDGED:
            return JournalQuery(
                whole.from_ns, whole.to_ns, whole.kinds, objects=whole.objects,
                events=(*BEGINNINGS, AlarmEventKind.ACKNOWLEDGE.value),
            )  # fmt: skip
        case _:
            return whole


def rows_of_time(report: AlarmKpiReport, plant: Plant, from_ns: int, to_ns: int) -> JournalQuery:
    """Return what asks for the annunciations of a time, of the report's position."""
    return JournalQuery(
        from_ns, min(to_ns, report.to_ns), (JournalKind.ALARM,), objects=_objects(report, plant), events=BEGINNINGS
    )


def rows_of_flood(report: AlarmKpiReport, plant: Plant, flood: FloodSpan) -> JournalQuery:
    """Return what asks for the annunciations of a flood."""
    return rows_of_time(report, plant, flood.from_ns, flood.to_ns)


def rows_of_alarm(report: AlarmKpiReport, alarm: str, since_ns: int | None = None) -> JournalQuery:
    """Return what asks for everything that happened to an alarm in the period, or since a time before it."""
    from_ns = report.from_ns if since_ns is None else min(report.from_ns, since_ns)
    return JournalQuery(from_ns, report.to_ns, (JournalKind.ALARM,), objects=(alarm,))


def _of(
    whole: JournalQuery, alarms: Iterable[str], events: tuple[str, ...], since_ns: int | None = None
) -> JournalQuery:
    names = tuple(sorted(set(alarms)))[:_MOST_OBJECTS]
    from_ns = whole.from_ns if since_ns is None or whole.from_ns is None else min(whole.from_ns, since_ns)
    if not names:
        return whole
    return JournalQuery(from_ns, whole.to_ns, whole.kinds, objects=names, events=events)


def _objects(report: AlarmKpiReport, plant: Plant) -> tuple[str, ...]:
    """Return the configured alarms of the position; none (all alarms) for the whole plant, or where they are many."""
    position = plant.positions.get(report.position)
    if position is None:
        return ()
    names = tuple(each.id for each in plant.alarms.values() if any(each.concerns(area) for area in position.areas))
    return names if len(names) <= _MOST_OBJECTS else ()


def _fullest(report: AlarmKpiReport, width_ns: int, zone: str) -> tuple[int, int]:
    """Return the window of the plant's clock, ten minutes or an hour, with the most alarms."""
    first_ns = floor_ns(report.from_ns, width_ns, ZoneInfo(zone))
    windows = width_ns // TEN_MINUTES_NS
    lead = (report.from_ns - first_ns) // TEN_MINUTES_NS
    sums = {at: sum(report.bins[max(0, at) : at + windows]) for at in range(-lead, len(report.bins), windows)}
    best = max(sums, key=lambda at: sums[at])
    from_ns = report.from_ns + best * TEN_MINUTES_NS
    return max(from_ns, report.from_ns), from_ns + width_ns
