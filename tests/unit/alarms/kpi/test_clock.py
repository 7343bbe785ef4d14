"""Windows on the plant's clock, in zones that make it hard."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from app.alarms.kpi.clock import days_in, floor_ns, hours_in, plant_period
from app.model.alarm_kpi import HOUR_NS, TEN_MINUTES_NS
from app.model.clock import SECOND_NS


def ns(text: str, zone: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()) * SECOND_NS


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe"])
def test_ten_minutes_and_hours_are_those_of_the_wall(zone: str) -> None:
    at_ns = ns("2026-11-28 14:47:31", zone)
    assert floor_ns(at_ns, TEN_MINUTES_NS, ZoneInfo(zone)) == ns("2026-11-28 14:40:00", zone)
    assert floor_ns(at_ns, HOUR_NS, ZoneInfo(zone)) == ns("2026-11-28 14:00:00", zone)


def test_a_period_is_widened_and_never_beyond_now() -> None:
    zone = ZoneInfo("Asia/Kathmandu")
    start, end, now = (ns(f"2026-11-28 {each}", "Asia/Kathmandu") for each in ("08:01:00", "09:05:00", "09:07:00"))
    whole = ns("2026-11-28 08:00:00", "Asia/Kathmandu")
    assert plant_period(start, end, now, zone) == (whole, now)
    assert plant_period(start, end, now + HOUR_NS, zone) == (whole, ns("2026-11-28 09:10:00", "Asia/Kathmandu"))
    assert plant_period(whole, whole, now, zone) == (whole, whole)


def test_hours_touched() -> None:
    zone = ZoneInfo("Asia/Kolkata")
    start = ns("2026-11-28 08:10:00", "Asia/Kolkata")
    assert hours_in(start, start, zone) == 1
    assert hours_in(start, start + 50 * 60 * SECOND_NS, zone) == 1
    assert hours_in(start, start + 51 * 60 * SECOND_NS, zone) == 2


def test_days_end_at_midnight_also_where_the_clock_is_set() -> None:
    zone = ZoneInfo("Europe/Berlin")
    start, end = ns("2026-10-24 18:00:00", "Europe/Berlin"), ns("2026-10-26 06:00:00", "Europe/Berlin")
    days = list(days_in(start, end, zone))
    assert [(to - since) // HOUR_NS for since, to in days] == [6, 25, 6]
    assert (days[0][0], days[-1][1]) == (start, end)
    assert list(days_in(start, start, zone)) == []
