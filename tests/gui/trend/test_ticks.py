"""Ticks of the time axis: midnight, changes of the clocks, leap days, in the plant's zone."""

import itertools
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from widgets.trend.ticks import Tick, time_ticks

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")


def at(text: str, zone: ZoneInfo, fold: int = 0) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).timestamp()


def texts(ticks: list[Tick]) -> list[str]:
    return [tick.text for tick in ticks]


def test_midnight_is_written_as_the_date_and_marked() -> None:
    ticks = time_ticks(at("2026-11-23 20:00", SHANGHAI), at("2026-11-24 04:00", SHANGHAI), 900, SHANGHAI)
    assert texts(ticks) == ["20:00", "21:00", "22:00", "23:00", "11-24", "01:00", "02:00", "03:00", "04:00"]
    assert [tick.text for tick in ticks if tick.day] == ["11-24"]
    assert ticks[4].at_s == at("2026-11-24", SHANGHAI)


def test_the_hour_that_is_skipped_in_spring_has_no_tick() -> None:
    start = at("2026-03-29 00:30", BERLIN)
    ticks = time_ticks(start, start + 4 * 3600, 500, BERLIN)
    assert texts(ticks) == ["01:00", "03:00", "04:00", "05:00"]
    assert [b.at_s - a.at_s for a, b in itertools.pairwise(ticks)] == [3600.0] * 3


def test_the_hour_that_comes_twice_in_autumn_says_which_it_is() -> None:
    start = at("2026-10-25 00:30", BERLIN)
    ticks = time_ticks(start, start + 5 * 3600, 600, BERLIN)
    assert texts(ticks) == ["01:00", "02:00 CEST", "02:00 CET", "03:00", "04:00"]
    assert [b.at_s - a.at_s for a, b in itertools.pairwise(ticks)] == [3600.0] * 4


@pytest.mark.parametrize("day", ["2026-03-27", "2026-10-23"])
def test_six_hour_ticks_keep_to_the_wall_clock_over_a_change(day: str) -> None:
    start = at(day, BERLIN)
    ticks = time_ticks(start, start + 4 * 86400, 1600, BERLIN)
    for tick in ticks:
        moment = datetime.fromtimestamp(tick.at_s, BERLIN)
        assert moment.hour % 6 == moment.minute == 0
    assert len(ticks) >= 15


@pytest.mark.parametrize(("zone", "day"), [(BERLIN, "2026-03-20"), (BERLIN, "2026-10-15"), (SHANGHAI, "2026-10-15")])
def test_day_ticks_are_at_local_midnight(zone: ZoneInfo, day: str) -> None:
    start = at(day, zone)
    ticks = time_ticks(start, start + 20 * 86400, 2200, zone)
    assert len(ticks) >= 20
    assert {datetime.fromtimestamp(tick.at_s, zone).strftime("%H:%M") for tick in ticks} == {"00:00"}


def test_a_leap_day_has_its_tick() -> None:
    start = at("2028-02-26", SHANGHAI)
    ticks = time_ticks(start, start + 5 * 86400, 700, SHANGHAI)
    assert texts(ticks) == ["02-26", "02-27", "02-28", "02-29", "03-01", "03-02"]
    assert "02-29" not in texts(time_ticks(at("2027-02-26", SHANGHAI), at("2027-03-03", SHANGHAI), 700, SHANGHAI))


def test_a_year_has_ticks_at_the_first_of_months() -> None:
    start = at("2026-01-15", BERLIN)
    ticks = time_ticks(start, start + 365 * 86400, 1300, BERLIN)
    assert texts(ticks) == [*(f"2026-{month:02d}" for month in range(2, 13)), "2027-01"]
    assert all(datetime.fromtimestamp(tick.at_s, BERLIN).day == 1 for tick in ticks)
    assert ticks[-1].day


@pytest.mark.parametrize("zone", [BERLIN, SHANGHAI])
def test_every_span_has_ordered_ticks_that_do_not_crowd(zone: ZoneInfo) -> None:
    start, span = at("2026-10-24 13:07:11", zone), 5.0
    while span < timedelta(days=400).total_seconds():
        ticks = time_ticks(start, start + span, 1200, zone)
        places = [tick.at_s for tick in ticks]
        assert places == sorted(set(places))
        assert 3 <= len(ticks) <= 1200 // 80
        assert all(start <= place <= start + span for place in places)
        span *= 1.37


def test_nothing_for_no_span_or_no_width() -> None:
    assert time_ticks(5.0, 5.0, 100, SHANGHAI) == []
    assert time_ticks(0.0, 5.0, 0, SHANGHAI) == []
