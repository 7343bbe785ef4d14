"""Answers that come later: chunks of history joined to the store's rows, and markers of the journal."""

import gc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from app.model.clock import SECOND_NS, SystemClock
from app.model.plant import Plant
from app.trend import SlotSpec, StoreReader, StoreWriter
from tests.gui.trend.site import Store
from widgets.live import TagHub
from widgets.theme import ThemeManager
from widgets.trend.feed import TrendFeed
from widgets.trend.markers import Marker, MarkerKind
from widgets.trend.parts import EMPTY, column_width, parts_of
from widgets.trend.pens import PenSet
from widgets.trend.source import FailWindow, HubSource, TakeWindow, WindowRequest
from widgets.trend.summary import Summary
from widgets.trend.workspace import TrendWorkspace
from widgets.wording import Wording

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
HOURS = 6


class Archive:
    """A second store with older samples, which answers when it is told to."""

    def __init__(self, path: Path, end_ns: int) -> None:
        count = HOURS * 3600
        self.writer = StoreWriter(path, [SlotSpec("A.FLOW")], now_ns=end_ns)
        t = end_ns - np.arange(count, 0, -1, dtype=np.int64) * SECOND_NS
        values = np.full(count, 50.0)
        values[10_000] = 190.0
        self.peak_s = float(t[10_000]) / SECOND_NS
        self.writer.append_batch(np.zeros(count, np.uint32), t, values, np.zeros(count, np.uint32), end_ns)
        self.reader = StoreReader(path)
        self.asked: list[WindowRequest] = []
        self.given_up: list[WindowRequest] = []
        self.answers: list[Callable[[], None]] = []
        self.reason = ""

    def request(self, request: WindowRequest, take: TakeWindow, fail: FailWindow) -> None:
        if request.weighted:  # for the legend: test_figures.py
            QTimer.singleShot(0, lambda: take(request, Summary()))
            return
        self.asked.append(request)
        self.answers.append(lambda: self._answer(request, take, fail))

    def cancel(self, request: WindowRequest) -> None:
        self.given_up.append(request)

    def _answer(self, request: WindowRequest, take: TakeWindow, fail: FailWindow) -> None:
        if self.reason:
            fail(request, self.reason)
        elif request.name == "A.FLOW":
            take(request, self.reader.window(0, request.start_ns, request.end_ns, request.columns))
        else:
            take(request, EMPTY)

    def answer(self) -> None:
        """Give all answers, and those to what is asked upon them."""
        while self.answers:
            self.answers.pop(0)()

    def close(self) -> None:
        self.reader.close()
        self.writer.close()


@pytest.fixture
def archive(store: Store, tmp_path: Path) -> Iterator[Archive]:
    """History that ends an hour before the store's newest sample."""
    made = Archive(tmp_path / "old.trend", store.start_ns - 3600 * SECOND_NS)
    yield made
    made.close()


class Journal:
    """Answers in the next turn of the event loop."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int, tuple[str, ...]]] = []

    def request(
        self, start_ns: int, end_ns: int, tags: Sequence[str], take: Callable[[Sequence[Marker], int | None], None]
    ) -> None:
        self.asked.append((start_ns, end_ns, tuple(tags)))
        at = (start_ns + end_ns) // 2
        QTimer.singleShot(0, lambda: take([Marker(at, MarkerKind.COMMAND, "A.FLOW", "start")], None))


def make(qtbot: QtBot, plant: Plant, hub: TagHub, *, closes_itself: bool = False, **more: Any) -> TrendWorkspace:
    trend = TrendWorkspace(
        plant, HubSource(hub), hub.sample, ThemeManager("light", hub), Wording("Asia/Shanghai"), **more
    )
    if not closes_itself:
        qtbot.addWidget(trend)
    trend.resize(1200, 700)
    trend.show()
    qtbot.waitExposed(trend)
    return trend


def test_history_comes_in_chunks_and_is_whole_across_the_seam(
    qtbot: QtBot, plant: Plant, hub: TagHub, store: Store, archive: Archive
) -> None:
    trend = make(qtbot, plant, hub, late=archive, clock=SystemClock())
    end = store.start_ns / SECOND_NS
    trend.navigator.show_range(end - HOURS * 3600, end)
    trend.query()
    pen = trend.pens.pens[0]
    before = pen.lines
    assert before.x[0] > end - 7300
    archive.answer()
    lines = pen.lines
    assert lines.x[0] < end - HOURS * 3600 + 120
    assert (np.diff(lines.x) >= 0).all()
    assert lines.y.max() == 190.0
    assert (
        abs(lines.x[int(np.argmax(lines.y))] - archive.peak_s) < 136
    )  # half a bucket of 256 s, which is what such an age has
    assert lines.solid[(lines.x > end - 8000) & (lines.x < end - 7000)].all()
    seam = before.x[0] + 256  # the last bucket of history may reach over the store's first sample
    assert np.array_equal(lines.y[lines.x > seam], before.y[before.x > seam])


def test_answers_for_a_view_that_is_gone_are_dropped(
    qtbot: QtBot, plant: Plant, hub: TagHub, store: Store, archive: Archive
) -> None:
    trend = make(qtbot, plant, hub, late=archive)
    end = store.start_ns / SECOND_NS
    trend.navigator.show_range(end - HOURS * 3600, end)
    trend.query()
    assert "2" in trend.tools.note.text()
    late, archive.answers = archive.answers, []
    asked = set(archive.asked)
    trend.navigator.show_range(end - 500, end - 100)
    trend.query()
    assert asked <= set(archive.given_up)
    lines = trend.pens.pens[0].lines
    for answer in late:
        answer()
    assert trend.pens.pens[0].lines is lines


def test_what_is_there_is_not_asked_again(
    qtbot: QtBot, plant: Plant, hub: TagHub, store: Store, archive: Archive
) -> None:
    trend = make(qtbot, plant, hub, late=archive)
    end = store.start_ns / SECOND_NS - 4000
    trend.navigator.show_range(end - 4 * 3600, end)
    trend.query()
    archive.answer()
    asked = list(archive.asked)
    assert len(set(asked)) == len(asked)
    flow = [one.end_ns for one in asked if one.name == "A.FLOW" and one.columns == asked[-1].columns]
    assert flow[-3:] == sorted(flow[-3:], reverse=True)
    for _ in range(20):
        end -= 4 * 3600 / trend.plot.columns
        trend.navigator.show_range(end - 4 * 3600, end)
        trend.query()
        archive.answer()
    assert len(archive.asked) <= len(asked) + 2
    trend.navigator.show_range(end - 1200, end)
    trend.query()
    assert archive.asked[-1].end_ns - archive.asked[-1].start_ns < (asked[-1].end_ns - asked[-1].start_ns) / 4


def test_a_failure_is_told_once_and_asked_again(
    qtbot: QtBot, plant: Plant, hub: TagHub, store: Store, archive: Archive
) -> None:
    trend = make(qtbot, plant, hub, late=archive)
    archive.reason = "the database is away"
    end = store.start_ns / SECOND_NS
    trend.navigator.show_range(end - HOURS * 3600, end)
    told: list[str] = []
    trend.feed.problem_changed.connect(told.append)
    trend.query()
    while archive.answers:
        archive.answers.pop(0)()
    trend.query()
    assert told == ["the database is away"]
    assert trend.tools.note.text() == "No history: the database is away"
    archive.reason = ""
    qtbot.waitUntil(lambda: bool(archive.answers), timeout=5000)
    archive.answers.pop(0)()
    assert "still loading" in trend.tools.note.text()
    archive.answer()
    assert trend.tools.note.text() == ""
    assert trend.pens.pens[0].lines.y.max() == 190.0


def test_a_failure_is_told_no_longer_when_the_view_needs_no_history(
    qtbot: QtBot, plant: Plant, hub: TagHub, store: Store, archive: Archive
) -> None:
    trend = make(qtbot, plant, hub, late=archive)
    archive.reason = "the database is away"
    end = store.start_ns / SECOND_NS
    trend.navigator.show_range(end - HOURS * 3600, end)
    trend.query()
    while archive.answers:
        archive.answers.pop(0)()
    assert trend.tools.note.text() == "No history: the database is away"
    trend.navigator.show_range(end - 60, end - 10)
    trend.query()
    assert trend.tools.note.text() == ""


def test_escape_gives_up_until_another_view_is_shown(
    qtbot: QtBot, plant: Plant, hub: TagHub, store: Store, archive: Archive
) -> None:
    trend = make(qtbot, plant, hub, late=archive)
    end = store.start_ns / SECOND_NS
    trend.navigator.show_range(end - HOURS * 3600, end)
    trend.query()
    trend.feed.cancel()
    assert trend.tools.note.text() == ""
    asked = len(archive.asked)
    trend.query()
    assert len(archive.asked) == asked
    trend.navigator.show_range(end - 3 * 3600, end)
    trend.query()
    assert len(archive.asked) > asked
    trend.feed.cancel()
    asked = len(archive.asked)
    trend.navigator.show_range(end - 3 * 3600 - 20, end - 20)
    trend.query()
    assert len(archive.asked) > asked  # a small scroll is another view, though it is of the same parts


def test_what_a_closed_window_still_awaits_is_given_up_and_an_answer_that_comes_all_the_same_is_dropped(
    qtbot: QtBot, plant: Plant, hub: TagHub, store: Store, archive: Archive
) -> None:
    trend = make(qtbot, plant, hub, closes_itself=True, late=archive)
    end = store.start_ns / SECOND_NS
    trend.navigator.show_range(end - HOURS * 3600, end)
    trend.query()
    asked = set(archive.asked)
    assert asked
    with qtbot.waitSignal(trend.destroyed):
        trend.deleteLater()
    assert asked <= set(archive.given_up)
    count = len(archive.asked)
    archive.reason = "the database is away"
    archive.answers.pop(0)()
    archive.reason = ""
    archive.answer()
    assert len(archive.asked) == count


def test_a_trend_that_is_collected_says_nothing(qtbot: QtBot, hub: TagHub, store: Store, archive: Archive) -> None:
    gone: list[int] = []

    def make_one() -> None:
        pens: Any = PenSet()
        pens.destroyed.connect(lambda: gone.append(1))
        feed = TrendFeed(pens, HubSource(hub), archive)
        cycle: list[Any] = [pens, feed]
        cycle.append(cycle)
        pens.cycle = cycle  # it goes when the collector comes

    def collect() -> None:
        make_one()
        gc.collect()

    QTimer.singleShot(0, collect)
    qtbot.waitUntil(lambda: bool(gone))  # an error in the event loop fails the test


def test_no_line_goes_across_a_part_that_is_not_there(
    qtbot: QtBot, plant: Plant, hub: TagHub, store: Store, archive: Archive
) -> None:
    trend = make(qtbot, plant, hub, late=archive)
    span_ns = 4 * 3600 * SECOND_NS
    part = parts_of("", 0, 1, column_width(span_ns, trend.plot.columns))[0].end_ns
    before_ring = store.start_ns - 7400 * SECOND_NS
    end = (before_ring // part * part - part // 2) / SECOND_NS  # in the middle of a part, whatever the time
    trend.navigator.show_range(end - 4 * 3600, end)
    trend.query()
    flow: list[WindowRequest] = []
    while archive.answers:
        request, answer = archive.asked[-len(archive.answers)], archive.answers.pop(0)
        flow += [request] if request.name == "A.FLOW" else []
        if len(flow) != 2 or request is not flow[1]:  # the second newest does not come
            answer()
    missing = flow[1]
    trend.feed.cancel()
    lines = trend.pens.pens[0].lines
    begin, finish = missing.start_ns / SECOND_NS, missing.end_ns / SECOND_NS
    assert lines.x[0] < begin - 1000
    assert lines.x[-1] > finish + 1000
    middle = int(np.searchsorted(lines.x, (begin + finish) / 2, side="right")) - 1
    assert not lines.solid[middle]
    assert lines.value_at((begin + finish) / 2) is None
    assert {lines.value_at(begin - 60), lines.value_at(finish + 60)} <= {50.0, 190.0}  # the peak is somewhere there


def test_markers_come_later_and_belong_to_the_window(qtbot: QtBot, plant: Plant, hub: TagHub, store: Store) -> None:
    journal = Journal()
    trend = make(qtbot, plant, hub, markers=journal)
    end = store.start_ns / SECOND_NS
    trend.navigator.show_range(end - 1000, end)
    qtbot.waitUntil(lambda: bool(trend.markers.markers) and journal.asked[-1][1] == int(end * SECOND_NS))
    assert journal.asked[-1][2] == ("A.FLOW", "A.ST")
    middle = end - 500
    qtbot.waitUntil(lambda: [m.text for m in trend.markers.near(middle, 1.0)] == ["start"])
    assert trend.markers.near(middle + 100, 1.0) == []
    asked = len(journal.asked)
    trend.markers.show(False)
    trend.navigator.show_range(end - 3000, end - 2000)
    trend.query()
    assert trend.markers.near(middle, 1.0) == []
    assert len(journal.asked) == asked


def test_a_trend_without_a_group_shows_its_time_from_the_first_moment(qtbot: QtBot, plant: Plant, hub: TagHub) -> None:
    trend = make(qtbot, replace(plant, trends={}), hub)
    view = trend.navigator.view
    assert trend.plot.span == pytest.approx((view.start_s, view.end_s), abs=60.0)
