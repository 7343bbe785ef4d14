"""Ticks of a time axis: round wall-clock times of the zone, right across midnight, changes of the clocks, leap days.

Pure: times are float seconds since the epoch (UTC), texts are local.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from widgets.trend.wallclock import DAY_S, local, next_change, offset_s

_SECONDS: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200)
_DAYS: Final = (1, 2, 7, 14)
_MONTHS: Final = (1, 2, 3, 6, 12)
_KEPT: Final = 1024
"""A trend that moves shows nearly the ticks of before."""
LABEL_PX: Final = 96
"""Least distance between two texts (px)."""


@dataclass(frozen=True, slots=True)
class Tick:
    """One tick; ``day`` marks the beginning of a day (or of a change of the clocks), drawn stronger."""

    at_s: float
    text: str
    day: bool = False


def time_ticks(start_s: float, end_s: float, pixels: float, zone: ZoneInfo) -> list[Tick]:
    """Return the ticks of a range, oldest first; no two at one place, none outside."""
    span = end_s - start_s
    if span <= 0 or pixels <= 0:
        return []
    wanted = span * LABEL_PX / pixels
    step = next((s for s in _SECONDS if s >= wanted), None)
    ticks = list(_clock_ticks(start_s, end_s, step, zone)) if step else list(_date_ticks(start_s, end_s, wanted, zone))
    return [tick for tick in ticks if start_s <= tick.at_s <= end_s]


def _clock_ticks(start_s: float, end_s: float, step: int, zone: ZoneInfo) -> Iterator[Tick]:
    """Walk by the wall clock, stretch by stretch between changes of the clocks: round hours stay round."""
    begin = start_s
    while begin <= end_s:
        offset = offset_s(begin, zone)
        until = next_change(begin, end_s, zone)
        at = -(-(begin + offset) // step) * step - offset
        while at < until and at <= end_s:
            yield _clock_tick(at, step, offset, zone)
            at += step
        begin = until


@lru_cache(_KEPT)
def _clock_tick(at: float, step: int, offset: float, zone: ZoneInfo) -> Tick:
    return Tick(at, _clock_text(local(at, zone), step), (at + offset) % DAY_S == 0)


def _clock_text(moment: datetime, step: int) -> str:
    if moment.hour == moment.minute == moment.second == 0:
        return moment.strftime("%m-%d")
    text = moment.strftime("%H:%M:%S" if step < 60 else "%H:%M")
    # The hour that comes twice in autumn says which of the two it is.
    twice = moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()
    return f"{text} {moment.tzname()}" if twice else text


def _date_ticks(start_s: float, end_s: float, wanted: float, zone: ZoneInfo) -> Iterator[Tick]:
    days = next((d for d in _DAYS if d * DAY_S >= wanted), None)
    first = local(start_s, zone).date()
    if days is not None:
        # Counted from a Monday, so that steps of a week fall on Mondays and do not jump while scrolling.
        day = first - timedelta(days=(first - date(1970, 1, 5)).days % days)
        while (tick := _day_tick(day, days, zone)).at_s <= end_s:
            yield tick
            day += timedelta(days=days)
        return
    months = next((m for m in _MONTHS if m * 30 * DAY_S >= wanted), _MONTHS[-1])
    year, month = first.year, (first.month - 1) // months * months + 1
    while (at := _midnight(date(year, month, 1), zone)) <= end_s:
        yield Tick(at, f"{year}-{month:02d}", month == 1)
        year, month = (year, month + months) if month + months <= 12 else (year + 1, 1)


@lru_cache(_KEPT)
def _day_tick(day: date, days: int, zone: ZoneInfo) -> Tick:
    text = day.strftime("%m-%d") if day.timetuple().tm_yday > days else day.isoformat()
    return Tick(_midnight(day, zone), text, day.day == 1)


def _midnight(day: date, zone: ZoneInfo) -> float:
    """Return when a local day begins, also where its midnight does not exist."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC).timestamp()
