"""Periods and moments as an operator types them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from widgets.trend.period import parse_moment, parse_period, period_text

BERLIN = ZoneInfo("Europe/Berlin")
NOW = int(datetime(2026, 11, 24, 12, 0, tzinfo=BERLIN).timestamp() * 1e9)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 5400), ("90 min", 5400), ("2h", 7200), ("1 h 30 min", 5400), ("1:30", 5400), ("1,5 h", 5400),
     ("3d", 259200),

     ("2 周", 1209600), ("8小时", 28800), ("1 小时", 3600), ("1 个小时", 3600), ("1 天 12 小时", 129600),
     ("９０ 分钟", 5400),
     ("1：30", 5400),
     ("90 minutes", 5400), ("1 minute 30 seconds", 90), ("2 hrs", 7200), ("1 星期", 604800), ("2个星期", 1209600),
     ("30 秒钟", 30),
     ("1 y", 31536000), ("45 s", 45)],
)  # fmt: skip
def test_periods(text: str, seconds: float) -> None:
    assert parse_period(text) == seconds
    assert parse_period(period_text(seconds)) == seconds
    assert parse_period(period_text(seconds, "zh_CN")) == seconds


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [(3600, "1 h", "1 小时"), (5400, "90 min", "90 分钟"), (172800, "2 d", "2 天"), (45, "45 s", "45 秒"),
     (3665, "1 h 1 min 5 s", "1 小时 1 分钟 5 秒"), (3605, "1 h 5 s", "1 小时 5 秒"),
     (90061, "25 h 1 min 1 s", "25 小时 1 分钟 1 秒"), (75, "1 min 15 s", "1 分钟 15 秒")],
)  # fmt: skip
def test_a_period_is_shown_in_the_operator_s_language(seconds: float, english: str, chinese: str) -> None:
    assert period_text(seconds) == english
    assert period_text(seconds, "zh_CN") == chinese
    assert parse_period(english) == parse_period(chinese) == seconds


@pytest.mark.parametrize("text", ["", "h", "2 parsecs", "1 s", "2 y", "-5 min", "1:75:2:3", "x 5 min"])
def test_no_periods(text: str) -> None:
    assert parse_period(text) is None


def local(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp()


def test_moments() -> None:
    assert parse_moment("2026-11-20 14:05", BERLIN, NOW) == local("2026-11-20 14:05")
    assert parse_moment("2028-02-29", BERLIN, NOW) == local("2028-02-29")
    assert parse_moment("2027-02-29", BERLIN, NOW) is None
    assert parse_moment("11:30", BERLIN, NOW) == local("2026-11-24 11:30")
    assert parse_moment("１１：３０", BERLIN, NOW) == local("2026-11-24 11:30")
    assert parse_moment("13:30", BERLIN, NOW) == local("2026-11-23 13:30")
    assert parse_moment("yesterday", BERLIN, NOW) is None


@pytest.mark.parametrize("text", ["0001-01-01", "1800-01-01 12:00", "1969-12-31", "2100-01-01", "9999-12-31 23:59"])
def test_no_time_is_before_the_epoch_or_after_2099(text: str) -> None:
    assert parse_moment(text, BERLIN, NOW) is None
    assert parse_moment(text, ZoneInfo("America/Los_Angeles"), NOW) is None


def test_a_time_that_the_clocks_skip_does_not_exist() -> None:
    assert parse_moment("2026-03-29 02:30", BERLIN, NOW) is None
    assert parse_moment("2026-10-25 02:30", BERLIN, NOW) == local("2026-10-25 02:30")
