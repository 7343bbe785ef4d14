"""A course of another day stands beside the one shown by the wall clock, also where the clocks change."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from app.model import status as st
from app.model.tag import Tag
from app.trend.types import Envelope
from widgets.trend.beside import beside
from widgets.trend.compare import Compared, Comparison, Piece
from widgets.trend.feed import TrendFeed
from widgets.trend.pens import PenSet
from widgets.trend.wallclock import exact

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = (BERLIN, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Shanghai"))
H, S = 3600.0, 1_000_000_000
YESTERDAY, LAST_WEEK = Comparison(Compared.YESTERDAY), Comparison(Compared.LAST_WEEK)


def at(text: str, fold: int = 0) -> float:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=BERLIN, fold=fold).timestamp()


def wall(seconds: float, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromtimestamp(seconds, zone).replace(tzinfo=None)


def test_where_the_clocks_do_not_change_the_whole_view_is_one_piece() -> None:
    start, end = at("2026-06-10 08:00"), at("2026-06-10 16:00")
    assert YESTERDAY.pieces(start, end, BERLIN) == [Piece(start, end, 24 * H)]
    assert LAST_WEEK.pieces(start, end, BERLIN) == [Piece(start, end, 7 * 24 * H)]
    assert Comparison().pieces(start, end, BERLIN) == []


def test_on_the_day_with_23_hours_the_hour_that_it_lacks_is_left_out() -> None:
    start, end, change = at("2026-03-29 00:00"), at("2026-03-29 12:00"), at("2026-03-29 03:00")
    assert YESTERDAY.pieces(start, end, BERLIN) == [Piece(start, change, 24 * H), Piece(change, end, 23 * H)]


def test_on_the_day_with_25_hours_the_hour_that_comes_twice_has_the_other_beside_it_twice() -> None:
    start, end, change = at("2026-10-25 00:00"), at("2026-10-25 12:00"), at("2026-10-25 02:00", fold=1)
    assert YESTERDAY.pieces(start, end, BERLIN) == [Piece(start, change, 24 * H), Piece(change, end, 25 * H)]


def test_on_the_day_after_one_with_23_hours_nothing_stands_beside_the_hour_that_it_lacked() -> None:
    start, end = at("2026-03-30 00:00"), at("2026-03-30 12:00")
    two, three = at("2026-03-30 02:00"), at("2026-03-30 03:00")
    assert YESTERDAY.pieces(start, end, BERLIN) == [Piece(start, two, 23 * H), Piece(three, end, 24 * H)]


def test_on_the_day_after_one_with_25_hours_the_first_of_the_two_stands_beside() -> None:
    start, end, three = at("2026-10-26 00:00"), at("2026-10-26 12:00"), at("2026-10-26 03:00")
    assert YESTERDAY.pieces(start, end, BERLIN) == [Piece(start, three, 25 * H), Piece(three, end, 24 * H)]


def test_a_picked_time_is_compared_by_the_wall_clock_too() -> None:
    start, end, picked = at("2026-03-29 00:00"), at("2026-03-29 12:00"), at("2026-03-01 12:00")
    pieces = Comparison(Compared.PICKED, picked).pieces(start, end, BERLIN)
    assert [wall(one.end_s) - wall(one.end_s - one.shift_s) for one in pieces[1:]] == [timedelta(days=28)]
    assert [one.start_s for one in pieces] == [start, at("2026-03-29 03:00")]
    assert pieces[-1].end_s - pieces[-1].shift_s == picked


@settings(max_examples=200, deadline=None)
@given(
    some.sampled_from(ZONES), some.sampled_from([YESTERDAY, LAST_WEEK]),
    some.integers(0, 366 * 48), some.sampled_from([H / 2, 8 * H, 26 * H, 9 * 24 * H, 380 * 24 * H]),
)  # fmt: skip
def test_equal_times_of_the_wall_clock_stand_at_one_place(
    zone: ZoneInfo, comparison: Comparison, half_hours: int, span: float
) -> None:
    start = at("2026-01-01 00:00") + half_hours * H / 2
    days = timedelta(days=comparison.what.value)
    pieces = comparison.pieces(start, start + span, zone)
    assert all(a.end_s <= b.start_s for a, b in pairwise(pieces))
    for share in range(97):
        moment = start + (share + 0.5) * span / 97
        here = [one for one in pieces if one.start_s <= moment < one.end_s]
        before = (wall(moment, zone) - days).replace(tzinfo=zone)
        if here:
            assert wall(moment - here[0].shift_s, zone) == before.replace(tzinfo=None)
        else:
            assert exact(before) is None


class Hours:
    """A source of a sample a minute: the hour of the wall clock."""

    def window(self, name: str, start_ns: int, end_ns: int, columns: int) -> Envelope:
        t = np.arange(start_ns // (60 * S) - 1, end_ns // (60 * S) + 2, dtype=np.int64) * 60 * S
        v = np.array([float(wall(one / S).hour) for one in t.tolist()])
        return Envelope(t, t, v, v, v, np.zeros(len(t), np.uint32), np.ones(len(t), np.uint64), True)

    def statistics(self, name: str, start_ns: int, end_ns: int) -> None:
        return None


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("day", ["2026-03-29", "2026-03-30", "2026-10-25", "2026-10-26", "2026-06-10"])
def test_the_compared_hour_is_the_hour_shown(day: str) -> None:
    pens = PenSet()
    pen = pens.add(Tag("A.HOUR", scan_ms=60_000))
    assert pen is not None
    feed = TrendFeed(pens, Hours())
    start, end = at(f"{day} 00:00"), at(f"{day} 12:00")
    feed.query(start, end, 2000, round(end * S), YESTERDAY.pieces(start, end, BERLIN))
    for seconds in np.arange(start + 90, end, 600.0).tolist():
        gap = day == "2026-03-30" and wall(seconds).hour == 2
        assert pen.past.value_at(seconds) == (None if gap else wall(seconds).hour), wall(seconds)


def rows(*columns: tuple[int, int, float, float, float]) -> Envelope:
    """Rows of first and last time, minimum, maximum and last."""
    t_first, t_last = (np.array([one[n] for one in columns], dtype=np.int64) for n in (0, 1))
    low, high, last = (np.array([one[n] for one in columns]) for n in (2, 3, 4))
    good, ones = np.zeros(len(columns), np.uint32), np.ones(len(columns), np.uint64)
    return Envelope(t_first, t_last, low, high, last, good, ones, False)


def listed(found: Any) -> list[tuple[Any, ...]]:
    names = ("t_first", "t_last", "minimum", "maximum", "last")
    return list(zip(*(getattr(found, name).tolist() for name in names), strict=True))


def test_a_value_held_into_a_piece_stands_at_its_beginning_and_a_row_over_its_border_is_cut() -> None:
    first = rows((0, 0, 1.0, 1.0, 1.0), (90, 130, 2.0, 9.0, 3.0), (140, 140, 8.0, 8.0, 8.0))
    second = rows((10, 40, 4.0, 6.0, 5.0), (70, 75, 7.0, 7.0, 7.0))
    found = beside([(first, (0, 100), 0), (second, (50, 80), 50)])
    assert listed(found) == [(0, 0, 1, 1, 1), (90, 99, 2, 9, 3), (100, 100, 5, 5, 5), (120, 125, 7, 7, 7)]


def test_no_line_leads_over_what_no_piece_covers() -> None:
    one, other = rows((0, 0, 1.0, 1.0, 1.0)), rows((20, 20, 2.0, 2.0, 2.0))
    found = beside([(one, (0, 10), 0), (None, (10, 20), 0), (other, (20, 30), 10)])
    assert found is not None
    assert [int(bad) for bad in found.status >> 31] == [0, 1, 1, 0]
    assert found.t_first.tolist() == [0, 10, 20, 30]
    assert found.status[1] == st.BAD_WAITING_FOR_INITIAL_DATA


def test_nothing_beside_nothing_is_nothing() -> None:
    assert beside([]) is None
    assert beside([(None, (0, 10), 5)]) is None
