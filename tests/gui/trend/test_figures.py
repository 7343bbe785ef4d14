"""Figures of a window that reaches from the ring into history, beside a plain reckoning of every sample."""

import math
from bisect import bisect
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import cast

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.console.trend_history import bins, envelope, summary
from app.model import status as st
from app.model.clock import SECOND_NS, SystemClock
from app.model.history import HistoryEnvelope, HistoryRow
from app.model.plant import Plant
from app.storage import Database
from app.trend import SlotSpec, StoreReader, StoreWriter
from tests.gui.trend.site import GOOD, MAXIMUM, MEAN, MINIMUM, cell
from tests.gui.trend.test_late import make
from widgets.live import TagHub
from widgets.trend.background import Work
from widgets.trend.figures import Figures
from widgets.trend.pens import PenSet
from widgets.trend.source import FailWindow, HistoryPages, HubSource, TakeWindow, WindowRequest
from widgets.trend.summary import Summary
from widgets.trend.whole import WholeSource

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
DAY_S = 86_400
Samples = list[tuple[int, float, int]]


class Rows:
    """History in a real database; it answers when it is told to, newest first as it was asked."""

    def __init__(self, database: Database, samples: Samples) -> None:
        self._database = database
        database.history.append(
            [HistoryRow("A.FLOW", at, n, at, at, value, status) for n, (at, value, status) in enumerate(samples)]
        )
        self.answers: list[Callable[[], None]] = []

    def request(self, request: WindowRequest, take: TakeWindow, fail: FailWindow) -> None:
        self.answers.append(lambda: take(request, self._find(request)))

    def cancel(self, request: WindowRequest) -> None:
        pass

    def answer(self, qtbot: QtBot, whole: Callable[[], bool]) -> None:
        """Answer until the figures are whole."""

        def go_on() -> bool:
            while self.answers:
                self.answers.pop(0)()
            return whole()

        qtbot.waitUntil(go_on, timeout=5000)

    def found(self, one: WindowRequest) -> HistoryEnvelope:
        return self._database.samples.envelope(one.name, one.start_ns, one.end_ns, one.columns, weighted=one.weighted)

    def _find(self, one: WindowRequest) -> object:
        found = self.found(one)
        return summary(found, one) if one.weighted else envelope(found)


class Pages:
    """The same history for a thread that waits; of it, what bins need."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def bins(self, one: WindowRequest, stop: Event) -> list[Summary]:
        return bins(self._rows.found(one), one)


def reckon(samples: Samples, start_ns: int, end_ns: int) -> tuple[float, float, float, float]:
    """Return minimum, maximum, mean over the good time and share of it, from every sample."""
    area, good, held = 0.0, 0, []
    following = [at for at, _, _ in samples[1:]] + [end_ns]
    for (at, value, status), until in zip(samples, following, strict=True):
        length = min(until, end_ns) - max(at, start_ns)
        if status < 1 << 31 and (length > 0 or (start_ns <= at < end_ns)):
            held.append(value)
            area += value * max(0, length)
            good += max(0, length)
    return min(held), max(held), area / good, good / (end_ns - start_ns)


def walk(seed: int, start_ns: int, end_ns: int, step_s: float) -> Samples:
    """Return a walk with bad stretches, at uneven times."""
    draw = np.random.default_rng(seed)
    count = int((end_ns - start_ns) / SECOND_NS / step_s)
    times = np.unique(draw.integers(start_ns, end_ns, count)).tolist()
    values = (100.0 + np.cumsum(draw.normal(0, 1.0, len(times)))).tolist()
    status = np.where(np.sin(np.arange(len(times)) / 37.0) > 0.95, st.BAD_NO_COMMUNICATION, 0).tolist()
    return list(zip(times, values, status, strict=True))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database(f"sqlite:///{tmp_path / 'h.db'}") as made:
        yield made


def ring(plant: Plant, path: Path, samples: Samples, now_ns: int) -> TagHub:
    """Return a hub over a store of these samples."""
    with StoreWriter(path, [SlotSpec(name) for name in plant.tags], now_ns=now_ns) as writer:
        slot = [*plant.tags].index("A.FLOW")
        t, values, status = (np.array(column) for column in zip(*samples, strict=True))
        assert writer.append_batch(np.full(len(t), slot, np.uint32), t.astype(np.int64), values,
                                   status.astype(np.uint32), now_ns) == 0  # fmt: skip
        writer.heartbeat(now_ns)
    hub = TagHub(plant, lambda: StoreReader(path), SystemClock())
    hub.tick()
    return hub


@pytest.mark.parametrize("seed", range(4))
def test_the_figures_are_those_of_every_sample_across_the_seam_and_a_hole(
    qtbot: QtBot, plant: Plant, tmp_path: Path, database: Database, seed: int
) -> None:
    now_ns = SystemClock().now_ns()
    start_ns = now_ns - 3 * DAY_S * SECOND_NS
    samples = walk(seed, start_ns - 3600 * SECOND_NS, now_ns, 60.0)
    left, right = now_ns - 5 * 3600 * SECOND_NS, now_ns - 3 * 3600 * SECOND_NS
    # The ring begins eight hours ago and lacks two hours: a reboot, before which a checkpoint was made.
    kept = [one for one in samples if one[0] > now_ns - 8 * 3600 * SECOND_NS and not left <= one[0] < right]
    edge = max(at for at, _, _ in kept if at < left) + 1
    kept = sorted([*kept, (edge, math.nan, st.BAD_WAITING_FOR_INITIAL_DATA)])
    late, hub, pens = Rows(database, samples), ring(plant, tmp_path / "r.trend", kept, now_ns), PenSet()
    source = HubSource(hub)
    figures = Figures(pens, source, lambda name: source.window(name, start_ns, now_ns, 1000), late, SystemClock())
    figures.query(["A.FLOW"], start_ns, now_ns)
    before = figures.of("A.FLOW")
    assert not before.is_whole
    assert before.good_fraction < 0.1
    late.answer(qtbot, lambda: figures.of("A.FLOW").is_whole)
    found = figures.of("A.FLOW")
    assert found.is_whole
    assert found.summary is not None
    wanted = reckon(samples, start_ns, now_ns)
    got = found.summary.minimum, found.summary.maximum, found.summary.mean, found.good_fraction
    assert got == pytest.approx(wanted, rel=1e-9)
    figures.query(["A.FLOW"], start_ns, now_ns)
    assert figures.of("A.FLOW").is_whole  # what is there is not asked again
    hub.stop()


def lacking(samples: Samples, holes: list[int], width_ns: int) -> Samples:
    """Return what a ring has of samples that lacks them in holes, each behind a status of its own."""
    ends = [(at + 1, math.nan, st.BAD_WAITING_FOR_INITIAL_DATA) for at in holes]
    return sorted([*(one for one in samples if not any(at < one[0] <= at + width_ns for at in holes)), *ends])


@pytest.mark.parametrize("count", [1, 40, 300])
def test_an_extreme_in_a_hole_narrower_than_a_column_is_found(
    qtbot: QtBot, plant: Plant, tmp_path: Path, database: Database, count: int
) -> None:
    now_ns = SystemClock().now_ns()
    start_ns = now_ns - DAY_S * SECOND_NS
    samples: Samples = [(start_ns + n * 4 * SECOND_NS, 50.0 + n % 7, 0) for n in range(DAY_S // 4)]
    places = np.linspace(100, len(samples) - 100, count).astype(int).tolist()
    for number, place in enumerate(places):
        at, _, status = samples[place + 2]
        samples[place + 2] = at, (900.0 if number == len(places) // 2 else 60.0), status
    kept = lacking(samples, [samples[place][0] for place in places], 16 * SECOND_NS)
    assert max(value for _, value, _ in kept if math.isfinite(value)) < 900.0
    late, hub, pens = Rows(database, samples), ring(plant, tmp_path / "r.trend", kept, now_ns), PenSet()
    source = HubSource(hub)
    figures = Figures(pens, source, lambda name: source.window(name, start_ns, now_ns, 1000), late, SystemClock())
    figures.query(["A.FLOW"], start_ns, now_ns)
    late.answer(qtbot, lambda: figures.of("A.FLOW").is_whole)
    found = figures.of("A.FLOW")
    assert found.summary is not None
    low, high, mean, good = reckon(samples, start_ns, now_ns)
    assert (found.summary.minimum, found.summary.maximum) == (low, high)
    assert found.good_fraction <= good + 1e-9  # nothing counts twice
    assert found.summary.mean == pytest.approx(mean, rel=1e-2)
    whole = WholeSource(source, cast("HistoryPages", Pages(late)), (start_ns, now_ns), Work())
    for begin, end, part in whole.bins("A.FLOW", 24, 0.0):
        near = samples[max(0, bisect(samples, (begin,)) - 1) : bisect(samples, (end,))]
        assert (part.minimum, part.maximum) == reckon(near, begin, end)[:2]
    hub.stop()


def test_the_legend_marks_what_lacks_a_part_until_it_is_there(
    qtbot: QtBot, plant: Plant, tmp_path: Path, database: Database
) -> None:
    now_ns = SystemClock().now_ns()
    samples: Samples = [(now_ns - (4000 - n) * SECOND_NS, 50.0 if n < 2000 else 150.0, 0) for n in range(4000)]
    late = Rows(database, samples)
    hub = ring(plant, tmp_path / "r.trend", samples[3000:], now_ns)
    trend = make(qtbot, plant, hub, late=late)
    trend.navigator.show_range((now_ns - 3000 * SECOND_NS) / SECOND_NS, (now_ns - 500 * SECOND_NS) / SECOND_NS)
    trend.query()
    assert [cell(trend, "A.FLOW", column) for column in (MINIMUM, MAXIMUM, MEAN, GOOD)] == [
        "150.00 …", "150.00 …", "150.00 …", "20.0 …",
    ]  # fmt: skip
    assert cell(trend, "A.ST", MINIMUM) == "…"
    late.answer(qtbot, lambda: cell(trend, "A.FLOW", GOOD) == "100.0" and cell(trend, "A.ST", GOOD) == "0.0")
    assert [cell(trend, "A.FLOW", column) for column in (MINIMUM, MAXIMUM, MEAN, GOOD)] == [
        "50.00", "150.00", "110.00", "100.0",
    ]  # fmt: skip
    assert cell(trend, "A.ST", MINIMUM) == "—"
    trend.hide()
    hub.stop()
