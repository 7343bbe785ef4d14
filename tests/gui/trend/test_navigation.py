"""Live, scrolled back, and views before and after."""

import pytest
from pytestqt.qtbot import QtBot

from app.model.clock import ManualClock
from widgets.trend.navigation import TimeNavigator
from widgets.trend.period import FIRST_S, LAST_S, MAX_SPAN_S, MIN_SPAN_S


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def navigator(qtbot: QtBot, clock: ManualClock) -> TimeNavigator:
    return TimeNavigator(clock, 600.0)


def test_live_moves_by_whole_pixels_only(navigator: TimeNavigator, clock: ManualClock) -> None:
    clock.advance(0.5)
    assert not navigator.follow(600)
    clock.advance(0.6)
    assert navigator.follow(600)
    assert navigator.view.end_s == navigator.now_s


def test_scrolled_back_it_stays_and_live_returns_at_the_length_shown(
    navigator: TimeNavigator, clock: ManualClock
) -> None:
    navigator.pan(-1.0)
    navigator.zoom(0.5)
    start, end = navigator.view.start_s, navigator.view.end_s
    clock.advance(100)
    assert not navigator.follow(600)
    assert (navigator.view.start_s, navigator.view.end_s, navigator.view.live) == (start, end, False)
    navigator.go_live()
    assert navigator.view.live
    assert navigator.view.end_s == navigator.now_s
    assert navigator.view.span_s == pytest.approx(300)


def test_panning_stops_at_now_and_is_live_there(navigator: TimeNavigator) -> None:
    navigator.pan(-0.5)
    scrolled = navigator.view
    navigator.pan(3.0)
    assert (scrolled.live, navigator.view.live) == (False, True)
    assert navigator.view.end_s == navigator.now_s


def test_zoom_keeps_the_time_under_the_pointer(navigator: TimeNavigator) -> None:
    navigator.pan(-1.0)
    view = navigator.view
    at = view.start_s + 0.25 * view.span_s
    navigator.zoom(0.5, at)
    assert navigator.view.span_s == pytest.approx(300)
    assert (at - navigator.view.start_s) / navigator.view.span_s == pytest.approx(0.25)


def test_back_and_forward_over_views(navigator: TimeNavigator, clock: ManualClock) -> None:
    navigator.show_range(navigator.now_s - 5000, navigator.now_s - 4000)
    box = navigator.view
    navigator.show_until(None, 3600)
    assert navigator.can_go == (True, False)
    navigator.back()
    assert navigator.view == box
    navigator.back()
    clock.advance(50)
    assert navigator.view.live
    assert navigator.view.span_s == pytest.approx(600)
    assert navigator.can_go == (False, True)
    navigator.forward()
    assert navigator.view == box


def test_a_run_of_steps_is_one_view(qtbot: QtBot, navigator: TimeNavigator) -> None:
    first = navigator.view
    for _ in range(5):
        navigator.pan(-0.2)
    navigator.back()
    assert navigator.view.span_s == first.span_s
    assert navigator.view.live
    navigator.forward()
    assert navigator.view.end_s == pytest.approx(first.end_s - 600)
    with qtbot.waitSignal(navigator.history_changed):
        navigator.zoom(2.0)
    assert navigator.can_go[0]


@pytest.mark.parametrize(
    ("start_s", "end_s", "shown"),
    [(-1e12, -1e12 + 600, (FIRST_S, FIRST_S + 600)), (1e12, 1e12 + 600, (LAST_S - 600, LAST_S)),
     (1e9 - MAX_SPAN_S, 1e9 + MAX_SPAN_S, (1e9 - MAX_SPAN_S / 2, 1e9 + MAX_SPAN_S / 2)),
     (1e9, 1e9 + 1, (1e9 + 0.5 - MIN_SPAN_S / 2, 1e9 + 0.5 + MIN_SPAN_S / 2)), (2e9, 1e9, None)],
)  # fmt: skip
def test_no_view_is_outside_what_can_be_asked_for_and_written(
    navigator: TimeNavigator, start_s: float, end_s: float, shown: tuple[float, float] | None
) -> None:
    for take in (navigator.show_range, navigator.drag):
        take(start_s, end_s)
        view = navigator.view
        assert MIN_SPAN_S <= view.span_s <= MAX_SPAN_S
        assert shown is None or (view.start_s, view.end_s) == pytest.approx(shown, abs=1e-3)


def test_a_period_of_a_group_that_is_none_is_live_all_the_same(navigator: TimeNavigator) -> None:
    for span_s in (-5.0, 0.0, 1e12):
        navigator.show_until(None, span_s)
        assert navigator.view.live
        assert navigator.view.end_s == pytest.approx(navigator.now_s)
        assert MIN_SPAN_S <= navigator.view.span_s <= MAX_SPAN_S
