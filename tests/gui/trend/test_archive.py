"""What a trend still waits for: asked again when it may have become more, and less and less often while it fails."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from app.model.clock import SECOND_NS, ManualClock
from widgets.trend.archive import Archive
from widgets.trend.parts import EMPTY
from widgets.trend.source import FailWindow, TakeWindow, WindowRequest

HOUR_NS = 3600 * SECOND_NS
NOW_NS = 1000 * 24 * HOUR_NS
RETRY_MS = (1, 2, 3)


class Source:
    """Answers, or fails, in the next turn of the event loop."""

    def __init__(self) -> None:
        self.asked: list[WindowRequest] = []
        self.slow: set[WindowRequest] = set()

    def request(self, request: WindowRequest, take: TakeWindow, fail: FailWindow) -> None:
        self.asked.append(request)
        if request in self.slow:
            QTimer.singleShot(0, lambda: fail(request, "too slow"))
        else:
            QTimer.singleShot(0, lambda: take(request, EMPTY))

    def cancel(self, request: WindowRequest) -> None:
        """Answer all the same."""


class Site:
    def __init__(self, parent: QObject) -> None:
        self.source, self.clock = Source(), ManualClock(NOW_NS)
        self.archive = Archive(self.source, parent, self.clock, retry_ms=RETRY_MS)


@pytest.fixture
def site() -> Iterator[Site]:
    owner = QObject()
    yield Site(owner)
    owner.deleteLater()


def part(hours_old: int) -> WindowRequest:
    """Return a window of an hour that ended so long ago."""
    end = NOW_NS - hours_old * HOUR_NS
    return WindowRequest("T", end - HOUR_NS, end, 100)


@pytest.mark.parametrize(("hours_old", "again_s"), [(0, 5), (3, 300), (30, 1800), (24 * 40, 1800)])
def test_a_part_is_asked_again_after_a_time_that_grows_with_its_age(
    qtbot: QtBot, site: Site, hours_old: int, again_s: int
) -> None:
    """What an outage of days left on disk comes into history long after its time."""
    one = part(hours_old)
    site.archive.want([one])
    qtbot.waitUntil(lambda: site.archive.cache.get(one) is not None)
    site.clock.advance(again_s)
    site.archive.want([one])
    assert len(site.source.asked) == 1
    site.clock.advance(1)
    site.archive.want([one])
    assert site.source.asked == [one, one]
    qtbot.waitUntil(lambda: site.archive.cache.age_ns(one, site.clock.now_ns()) == 0)


def test_a_failure_is_tried_again_after_longer_and_longer_waits_up_to_a_bound(qtbot: QtBot, site: Site) -> None:
    one = part(1)
    intervals: list[int] = []
    [timer] = site.archive.findChildren(QTimer)
    timer.timeout.connect(lambda: intervals.append(timer.interval()))
    site.source.slow = {one}
    site.archive.want([one])
    qtbot.waitUntil(lambda: len(intervals) >= 5)
    assert intervals[:5] == [1, 2, 3, 3, 3]
    site.source.slow.clear()
    qtbot.waitUntil(lambda: site.archive.cache.get(one) is not None)
    intervals.clear()
    site.source.slow = {part(2)}
    site.archive.want([part(2)])
    qtbot.waitUntil(lambda: len(intervals) >= 2)
    assert intervals[:2] == [1, 2]


def test_a_part_that_fails_holds_up_neither_others_nor_another_view(qtbot: QtBot) -> None:
    owner = QObject()
    site = Site(owner)
    archive = Archive(site.source, owner, site.clock, at_once=1, retry_ms=[3_600_000])
    slow, others = part(1), [part(2), part(3)]
    site.source.slow = {slow}
    archive.want([slow, others[0]])
    with qtbot.waitSignal(archive.problem_changed):
        pass
    assert archive.problem == "too slow"
    archive.want([slow, *others])
    assert site.source.asked == [slow]  # the source may be away: nothing is pressed on it
    archive.want(others)
    qtbot.waitUntil(lambda: all(archive.cache.get(one) is not None for one in others))
    assert archive.problem == ""
    owner.deleteLater()
