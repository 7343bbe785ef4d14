"""A trend is whole across the seam: ring and history of a real engine beside the record of the server."""

import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.console.bridge import EngineBridge, LinkState
from app.console.trend_history import LinkHistory
from app.engine.alive import MARGIN_NS
from app.link.endpoint import find_engine
from app.model.clock import SECOND_NS, SystemClock
from app.project import load_plant
from app.trend import StoreReader
from tests.system.harness import until
from tests.system.truth import TAGS, Truth, TruthWorks
from widgets.live import TagHub
from widgets.trend.feed import TrendFeed
from widgets.trend.pens import PenSet
from widgets.trend.shape import Lines
from widgets.trend.source import HubSource
from widgets.wording import Wording

pytestmark = [pytest.mark.system, pytest.mark.gui]
Stretch = tuple[int, int]


class Reboot(Enum):
    """How the first run ends, and what is left of its store."""

    IN_ORDER = "its checkpoint"
    WITHOUT_CHECKPOINT = "nothing"
    KILLED_IN_AN_OUTAGE = "an old checkpoint"


@dataclass
class Course:
    """What happened (ns, UTC): when each stretch began and ended in which the engine certainly heard of the server.

    ``told_ns``: when after each of them the loss had been told; ``back_ns``: when server or engine were started again.
    """

    heard: list[Stretch]
    told_ns: list[int]
    back_ns: list[int]
    start_ns: int
    end_ns: int

    def lost(self) -> list[tuple[int, int, int]]:
        """Return the stretches between: end of what was heard, when the loss had been told, and end of the loss."""
        ends = [end for _, end in self.heard]
        return list(zip(ends, self.told_ns, self.back_ns, strict=False))


@pytest.fixture
def works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TruthWorks]:
    made = TruthWorks(tmp_path, monkeypatch.setenv)
    try:
        yield made
    finally:
        made.close()


def run_through(works: TruthWorks, reboot: Reboot) -> Course:
    """Run with an outage of the database and, within it, one of the server; then a reboot."""
    works.start_server()
    works.start_engine()
    began = works.until_seen(10)
    course = Course([], [], [], began, 0)
    if reboot is Reboot.KILLED_IN_AN_OUTAGE:
        with StoreReader(works.store) as reader:
            reader.save_checkpoint(works.checkpoint)
        works.until_seen(10)
    with works.database_away():
        works.until_seen(12)
        course.heard.append((began, time.time_ns() - SECOND_NS // 2))
        works.kill_server()
        works.until_lost()
        course.told_ns.append(time.time_ns())
        until(lambda: time.time_ns() > course.told_ns[0] + SECOND_NS, 20, "the server is away for a while")
        course.back_ns.append(time.time_ns())
        works.start_server()
        began = works.until_seen(30)
        if reboot is Reboot.KILLED_IN_AN_OUTAGE:  # the last two seconds may have been in memory only
            course.heard.append((began, time.time_ns() - 2 * SECOND_NS))
            works.end_engine(signal.SIGKILL)
    if reboot is not Reboot.KILLED_IN_AN_OUTAGE:
        works.until_recorded(time.time_ns())
        course.heard.append((began, time.time_ns() - SECOND_NS // 2))
        works.end_engine()
    ended_ns = time.time_ns()
    works.store.unlink()
    if reboot is Reboot.WITHOUT_CHECKPOINT:
        works.checkpoint.unlink()
    course.told_ns.append(ended_ns + MARGIN_NS + SECOND_NS)
    until(lambda: time.time_ns() > course.told_ns[1] + SECOND_NS, 20, "the engine is away for longer than its beats")
    course.back_ns.append(time.time_ns())
    works.start_engine()
    began = works.until_seen(10)
    works.until_recorded(began)
    course.heard.append((began, works.newest()[0]))
    course.end_ns = course.heard[-1][1]
    return course


@pytest.mark.parametrize("reboot", Reboot)
def test_all_that_the_server_wrote_is_plotted_across_a_reboot_and_an_outage_of_the_database(
    qtbot: QtBot, works: TruthWorks, reboot: Reboot
) -> None:
    course = run_through(works, reboot)
    plant = load_plant(works.project)
    hub = TagHub(plant, lambda: StoreReader(works.store), SystemClock())
    bridge = EngineBridge(lambda: find_engine(plant.id))
    owner = QObject()
    bridge.start()
    try:
        hub.tick()
        qtbot.waitUntil(lambda: bridge.state is LinkState.CONNECTED, timeout=20_000)
        pens = PenSet()
        for tag in TAGS:
            pens.add(plant.tags[tag])
        feed = TrendFeed(pens, HubSource(hub), LinkHistory(bridge, Wording("Asia/Shanghai"), owner))
        shown = []
        whole, first, gap = (course.start_ns, course.end_ns), course.heard[0], course.lost()[-1]
        seam = gap[0] - 3 * SECOND_NS, gap[2] + SECOND_NS
        views = ((whole, 12), (first, 2000), (whole, 40), (seam, 2000), (whole, 4000), (whole, 12))
        for (start_ns, end_ns), columns in views:
            feed.query(start_ns / 1e9, end_ns / 1e9, columns, course.end_ns)
            qtbot.waitUntil(lambda: feed.archive.waiting == 0, timeout=20_000)
            assert feed.archive.problem == ""
            width_ns = (end_ns - start_ns) // columns
            truth = works.truth()
            for pen in pens.pens:
                assert_whole(pen.lines, truth[pen.tag.name], course, (start_ns, end_ns), width_ns)
            x = pens.pens[0].lines.x
            shown.append(int(((x > first[0] / 1e9) & (x < first[1] / 1e9)).sum()))
        assert shown[0] < shown[1] > shown[-1]  # read anew in either direction
    finally:
        bridge.stop()
        hub.stop()
        owner.deleteLater()


def assert_whole(lines: Lines, truth: Truth, course: Course, window: Stretch, width_ns: int) -> None:
    """Compare what is plotted with what was written, where the engine heard of it, column by column."""
    known = lines.curve.known()
    x = np.round(lines.x * 1e9).astype(np.int64)
    assert (np.diff(x) >= -1000).all()
    # A value may be drawn by the neighbour of its column, and is known again when it is received.
    near = 2 * width_ns + SECOND_NS // 2
    for at, value, is_known in zip(x.tolist(), lines.y.tolist(), known.tolist(), strict=True):
        if is_known and window[0] <= at <= window[1]:
            # Before a loss is told, or the beats of a killed engine have ended, the last value is held.
            held = (begin for begin, told, _ in course.lost() if begin < at < told + 2 * width_ns)
            since = min(held, default=at)
            assert value in truth.values(since - near, at + near), f"{at}: {value} was never written"
    drawn = lines.solid | lines.dashed
    for heard in course.heard:
        begin = max(heard[0] + SECOND_NS // 2, window[0]) + 2 * width_ns
        end = min(heard[1], window[1]) - 2 * width_ns
        lacking = [one for one in truth.between(begin, end) if not is_plotted(x, lines.y, known, *one, 2 * width_ns)]
        assert lacking == []
        inside = (x[:-1] >= begin) & (x[1:] <= end)
        assert drawn[:-1][inside].all(), f"broken at {x[:-1][inside][~drawn[:-1][inside]]}"
        if begin < end:
            assert lines.value_at(begin / 1e9) in truth.values(begin - near, begin + near)
    for heard_ns, told_ns, back_ns in course.lost():
        begin = max(told_ns, window[0]) + 2 * width_ns
        # The value heard afterwards has the time at which it was written, perhaps before the end of the loss.
        written = [at for at, _ in truth.between(heard_ns + SECOND_NS, back_ns)]
        end = min(*written[-1:], back_ns, window[1]) - 2 * width_ns
        over = (x[:-1] < end) & (x[1:] > begin) & drawn[:-1]
        assert begin >= end or not over.any(), f"a line over a loss, from {x[:-1][over]}"


def is_plotted(x: Any, y: Any, known: Any, at_ns: int, value: float, near_ns: int) -> bool:
    """Tell whether the column of a sample, or its neighbour, reaches as far as the sample; one before it is held."""
    first, last = np.searchsorted(x, (at_ns - near_ns, at_ns + near_ns + 1))
    part = slice(max(0, first - 1), last + 1)
    drawn = y[part][known[part]]
    return len(drawn) > 0 and bool(drawn.min() <= value <= drawn.max())
