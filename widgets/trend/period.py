"""What an operator types for a period (``90 min``, ``2h``, ``1:30``) and for its end (``14:00``, ``now``)."""

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from widgets.trend.wallclock import exact

MIN_SPAN_S: Final = 5.0
MAX_SPAN_S: Final = 400 * 86400.0
FIRST_S: Final = -MAX_SPAN_S
LAST_S: Final = 4_102_531_200.0
"""No trend is outside this (seconds since the epoch: 1968 to 2100), so that every time of one can be written and asked
for; no sample is before the epoch."""

_NAMES: Final = {
    1: ("s", "sec", "secs", "second", "seconds", "秒", "秒钟"),
    60: ("", "m", "min", "mins", "minute", "minutes", "分", "分钟"),
    3600: ("h", "hr", "hrs", "hour", "hours", "时", "小时", "个小时"),
    86400: ("d", "day", "days", "天", "日"),
    604800: ("w", "week", "weeks", "周", "星期", "个星期"),
    2592000: ("mo", "month", "months", "月", "个月"),
    31536000: ("y", "yr", "year", "years", "年"),
}
_UNITS: Final = {name: size for size, names in _NAMES.items() for name in names}
_ENGLISH: Final = {86400: "d", 3600: "h", 60: "min", 1: "s"}
_CHINESE: Final = {86400: "天", 3600: "小时", 60: "分钟", 1: "秒"}
_PART: Final = re.compile(r"(\d+(?:[.,]\d+)?)\s*([^\W\d_]*)")
_CLOCK: Final = re.compile(r"(\d+):(\d{2})(?::(\d{2}))?")
_FORMATS: Final = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d")


def parse_period(text: str) -> float | None:
    """Return a period in seconds, or None where the text is none or out of range (5 s to 400 d)."""
    text = unicodedata.normalize("NFKC", text).strip().casefold()
    clock = _CLOCK.fullmatch(text)
    if clock is not None:
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        total = float(hours * 3600 + minutes * 60 + seconds)
    else:
        parts = _PART.findall(text)
        if not parts or _PART.sub("", text).strip() or any(unit not in _UNITS for _, unit in parts):
            return None
        total = sum(float(number.replace(",", ".")) * _UNITS[unit] for number, unit in parts)
    return total if MIN_SPAN_S <= total <= MAX_SPAN_S else None


def parse_moment(text: str, zone: ZoneInfo, now_ns: int) -> float | None:
    """Return a local time as seconds since the epoch, or None where the text is none.

    A time of day alone is the last such time before now. Of an hour that comes twice the first is meant; a time that
    the clocks skip does not exist, nor does one before the epoch or after 2099.
    """
    text = unicodedata.normalize("NFKC", text).strip().replace("T", " ")
    now = datetime.fromtimestamp(now_ns / 1e9, zone)
    for form in ("%H:%M:%S", "%H:%M"):
        try:
            found = datetime.strptime(text, form)
        except ValueError:
            continue
        at = exact(now.replace(hour=found.hour, minute=found.minute, second=found.second, microsecond=0, fold=0))
        if at is not None and at > now.timestamp():
            day = now.date() - timedelta(days=1)
            at = exact(datetime(day.year, day.month, day.day, found.hour, found.minute, found.second, tzinfo=zone))
        return at
    for form in _FORMATS:
        try:
            return exact(datetime.strptime(text, form).replace(tzinfo=zone))
        except ValueError:
            continue
    return None


def period_text(seconds: float, language: str = "en") -> str:
    """Return a period as it is typed, to the second: a whole number of one unit, or hours, minutes and seconds."""
    names = _CHINESE if language.startswith("zh") else _ENGLISH
    whole = round(seconds)
    for size in (86400, 3600, 60):
        if whole % size == 0 and whole >= size:
            return f"{whole // size} {names[size]}"
    parts = ((3600, whole // 3600), (60, whole % 3600 // 60), (1, whole % 60))
    return " ".join(f"{number} {names[size]}" for size, number in parts if number) or f"0 {names[1]}"
