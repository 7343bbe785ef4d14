"""The wall clock of a zone across changes of the clocks. Pure: times are float seconds since the epoch (UTC)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

DAY_S: Final = 86400
_FIRST_YEAR, _LAST_YEAR = 1970, 2099


def local(seconds: float, zone: ZoneInfo) -> datetime:
    """Return a time as the clocks of a zone say it."""
    return datetime.fromtimestamp(seconds, zone)


def offset_s(seconds: float, zone: ZoneInfo) -> float:
    """Return how far the clocks of a zone are before UTC then (s)."""
    return (local(seconds, zone).utcoffset() or timedelta()).total_seconds()


def next_change(start_s: float, end_s: float, zone: ZoneInfo) -> float:
    """Return when the clocks change next, to the second; just after the end where they do not."""
    offset, low = offset_s(start_s, zone), start_s
    while low <= end_s:
        high = low + DAY_S
        if offset_s(high, zone) != offset:
            while high - low > 1:
                middle = float((low + high) // 2)
                low, high = (middle, high) if offset_s(middle, zone) == offset else (low, middle)
            return float(high // 1)
        low = high
    return end_s + 1.0


def changes(start_s: float, end_s: float, zone: ZoneInfo) -> Iterator[float]:
    """Yield when the clocks change within a range, oldest first."""
    at = next_change(start_s, end_s, zone)
    while at <= end_s:
        yield at
        at = next_change(at, end_s, zone)


def exact(moment: datetime) -> float | None:
    """Return a local time as seconds since the epoch; of an hour that comes twice the first.

    None for one that the clocks skip, before the epoch or after 2099.
    """
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        return None
    back = moment.astimezone(UTC).astimezone(moment.tzinfo)
    same = back.replace(tzinfo=None, fold=0) == moment.replace(tzinfo=None, fold=0)
    return moment.timestamp() if same else None
