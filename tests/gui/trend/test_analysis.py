"""XY plot and histogram of a window that reaches over ring and history, read beside the window's own work."""

from pathlib import Path
from typing import Any

import numpy as np
import pyqtgraph as pg
import pytest
import shiboken6
from pytestqt.qtbot import QtBot

from app.model.clock import SECOND_NS
from app.model.plant import Plant
from app.model.tag import Tag
from tests.gui.trend.historysite import FLOW, TAGS, Plain, history_site, made
from tests.gui.trend.site import Store
from tests.gui.trend.test_figures import reckon
from tests.gui.trend.test_late import make
from tests.unit.storage.endless import make_endless
from widgets.live import TagHub
from widgets.trend.analysis import AnalysisWindow
from widgets.trend.workspace import TrendWorkspace

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def filled(qtbot: QtBot, window: AnalysisWindow) -> AnalysisWindow:
    qtbot.addWidget(window)
    assert window.plot.titleLabel.text == "Reading…"
    assert window.task is not None
    with qtbot.waitSignal(window.task.done, timeout=20_000):
        window.show()
    return window


def test_a_histogram_has_the_time_at_each_value_and_no_bad_one(
    qtbot: QtBot, joined: TrendWorkspace, plain: Plain
) -> None:
    start, end = plain.start_ns, plain.end_ns - 1000 * SECOND_NS  # before what came late
    window = filled(qtbot, joined.analyses.histogram(TAGS[FLOW], (start, end), joined.themes.theme))
    [bars] = [one for one in window.plot.items if isinstance(one, pg.BarGraphItem)]
    edges = np.append(bars.opts["x0"], bars.opts["x1"][-1])
    shares = bars.opts["height"]
    samples: Any = [one for one in plain.samples[FLOW] if one[0] < end]
    low, high, mean, _ = reckon(samples, start, end)
    assert (edges[0], edges[-1]) == pytest.approx((low, high))
    assert shares.sum() == pytest.approx(100.0)
    assert float((shares * (edges[:-1] + edges[1:]) / 2).sum() / 100) == pytest.approx(mean, abs=(high - low) / 80)
    held = [(b[0] - a[0], a[1]) for a, b in zip(samples, [*samples[1:], (end, 0, 0)], strict=True) if a[2] < 1 << 31]
    wanted, _ = np.histogram([v for _, v in held], bins=edges, weights=[ns for ns, _ in held])
    # Of a column only extremes and last value are known; where columns begin depends on the time of day.
    assert shares == pytest.approx(wanted * 100 / wanted.sum(), abs=0.25)


def test_an_xy_plot_reaches_over_ring_and_history(qtbot: QtBot, joined: TrendWorkspace, plain: Plain) -> None:
    start, end = plain.start_ns, plain.end_ns - 1000 * SECOND_NS
    window = filled(qtbot, joined.analyses.xy(TAGS[FLOW], TAGS[FLOW], (start, end), joined.themes.theme))
    assert all(joined.themes.theme.curve_color(n).alpha() == 255 for n in range(16)), "the theme's colour was changed"
    x, y = np.concatenate([one.getData() for one in window.plot.items if isinstance(one, pg.ScatterPlotItem)], axis=1)
    assert np.array_equal(x, y)
    samples: Any = [one for one in plain.samples[FLOW] if one[0] < end]
    good = reckon(samples, start, end)[3]
    assert len(x) / 2000 == pytest.approx(good, abs=0.1)


def test_a_state_that_has_not_changed_in_the_window_was_there_all_the_time(
    qtbot: QtBot, plant: Plant, hub: TagHub, store: Store, tmp_path: Path
) -> None:
    begin = store.start_ns - 90_000 * SECOND_NS
    with history_site(qtbot, made(tmp_path, {"X1": [(begin, 7.0, 0)]})) as site:
        trend = make(qtbot, plant, hub, pages=site.pages)
        span = store.start_ns - 3600 * SECOND_NS, store.start_ns
        window = filled(qtbot, trend.analyses.histogram(plant.tags["X1"], span, trend.themes.theme))
        [bars] = [one for one in window.plot.items if isinstance(one, pg.BarGraphItem)]
        assert max(bars.opts["height"]) == pytest.approx(100.0)
        nothing = filled(qtbot, trend.analyses.histogram(plant.tags["X2"], span, trend.themes.theme))
        assert nothing.plot.titleLabel.text == "No good values in this time"


def test_a_view_says_why_it_is_empty_and_takes_its_question_with_it(
    qtbot: QtBot, plant: Plant, hub: TagHub, tmp_path: Path
) -> None:
    with history_site(qtbot, make_endless(tmp_path / "endless.db")) as site:
        trend = make(qtbot, plant, hub, pages=site.pages)
        window = trend.analyses.histogram(Tag("T"), (0, 2**62), trend.themes.theme)
        window.show()
        qtbot.waitUntil(lambda: site.server.pool.busy > 0, timeout=10_000)
        window.close()
        qtbot.waitUntil(lambda: not shiboken6.isValid(window))
        qtbot.waitUntil(lambda: site.server.pool.busy == 0, timeout=10_000)
        site.cut(qtbot)
        window = trend.analyses.xy(Tag("T"), Tag("T"), (0, 2**62), trend.themes.theme)
        assert window.task is not None
        with qtbot.waitSignal(window.task.failed, timeout=10_000):
            window.show()
        assert window.plot.titleLabel.text == ("Not read: There is no link to the engine; try again when it is back")
        window.close()
