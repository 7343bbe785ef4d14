"""Windows on the plant's clock: ten minutes, hours and days of its time zone."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.model.alarm_kpi import HOUR_NS, TEN_MINUTES_NS
from app.model.clock import SECOND_NS


def floor_ns(ns: int, step_ns: int, zone: ZoneInfo) -> int:
    """Return the last whole step (up to an hour) of the zone's clock that is not after a time."""
    offset = datetime.fromtimestamp(ns // SECOND_NS, zone).utcoffset() or timedelta()
    offset_ns = round(offset.total_seconds()) * SECOND_NS
    return (ns + offset_ns) // step_ns * step_ns - offset_ns


def plant_period(from_ns: int, to_ns: int, now_ns: int, zone: ZoneInfo) -> tuple[int, int]:
    """Return a period widened to whole ten minutes of the clock, and cut off now."""
    to_floor = floor_ns(to_ns, TEN_MINUTES_NS, zone)
    whole_to_ns = to_floor if to_floor == to_ns else to_floor + TEN_MINUTES_NS
    return floor_ns(from_ns, TEN_MINUTES_NS, zone), min(whole_to_ns, now_ns)


def hours_in(from_ns: int, to_ns: int, zone: ZoneInfo) -> int:
    """Return how many hours of the clock a period touches."""
    return max(0, -(-(to_ns - floor_ns(from_ns, HOUR_NS, zone)) // HOUR_NS))


def days_in(from_ns: int, to_ns: int, zone: ZoneInfo) -> Iterator[tuple[int, int]]:
    """Yield the days of the zone, each cut to the period."""
    day = datetime.fromtimestamp(from_ns // SECOND_NS, zone).date()
    start_ns = from_ns
    while start_ns < to_ns:
        day += timedelta(days=1)
        midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
        end_ns = min(to_ns, int(midnight.timestamp()) * SECOND_NS)
        yield start_ns, end_ns
        start_ns = end_ns
