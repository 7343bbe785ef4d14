"""The trend workspace over a real store: gaps, live, scrolling back, presets, ruler, statistics and export."""

import csv
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.model import status as st
from app.model.clock import SECOND_NS, SystemClock
from app.model.plant import Plant
from app.trend import DEFAULT, SlotSpec, StoreReader, StoreWriter
from tests.gui.trend.site import AT_RULER, GAP_S, GOOD, MAXIMUM, MEAN, MINIMUM, NOW, Store, cell, drag_back, live, press
from widgets.live import TagHub
from widgets.theme import ThemeManager
from widgets.trend.pens import MAX_PENS
from widgets.trend.sampling import ExportKind
from widgets.trend.source import HubSource
from widgets.trend.timebar import PRESETS_S
from widgets.trend.workspace import TrendWorkspace
from widgets.wording import Wording

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def test_opens_the_first_group_with_its_span(trend: TrendWorkspace) -> None:
    assert [pen.tag.name for pen in trend.pens.pens] == ["A.FLOW", "A.ST"]
    start, end = trend.plot.span
    assert end - start == pytest.approx(1800, rel=1e-3)
    assert abs(end - time.time()) < 5


def test_pens_are_added_once_up_to_their_limit(qtbot: QtBot, trend: TrendWorkspace, store: Store) -> None:
    assert not trend.add_tag("not.there")
    assert not trend.add_tag("A.FLOW")
    assert [trend.add_tag(f"X{n}") for n in range(MAX_PENS)] == [True] * (MAX_PENS - 2) + [False, False]
    assert len({pen.color for pen in trend.pens.pens}) == MAX_PENS
    assert trend.legend.table.rowCount() == MAX_PENS
    trend.legend.table.setCurrentCell(0, 0)
    press(trend, "Remove")
    assert trend.pens.pens[0].tag.name == "A.ST"
    assert trend.add_tag("A.FLOW")
    qtbot.waitUntil(lambda: len(trend.pens.pens[-1].lines.x) > 100)


def test_bad_data_is_a_gap(trend: TrendWorkspace, store: Store) -> None:
    lines = trend.pens.pens[0].lines
    begin, end = (store.start_ns / SECOND_NS - age for age in reversed(GAP_S))
    parts = list(lines.solid_parts())
    assert len(parts) == 2
    assert parts[0][0][-1] == pytest.approx(begin - 1, abs=4)  # a column is 1800 s by about 1100 px wide
    assert parts[1][0][0] == pytest.approx(end, abs=4)
    for x, y in parts:
        assert not ((x > begin + 4) & (x < end - 4)).any()
        assert (y >= 90.0).all()
    assert not lines.dashed.any()


def test_a_discrete_tag_is_drawn_in_steps(trend: TrendWorkspace, store: Store) -> None:
    (x, y), *more = trend.pens.pens[1].lines.solid_parts()
    assert more == []
    assert set(y.tolist()) == {0.0, 2.0}
    assert x[int(np.argmax(y == 2.0))] == pytest.approx(store.start_ns / SECOND_NS - 60, abs=1e-3)


def test_live_follows_and_shows_new_samples(qtbot: QtBot, trend: TrendWorkspace, store: Store, hub: TagHub) -> None:
    trend.show_span(600)
    trend.query()
    end = trend.plot.span[1]
    at = store.append(150.0)
    hub.tick()

    def shown() -> bool:
        lines = trend.pens.pens[0].lines
        return bool((np.abs(lines.x - at / SECOND_NS) < 1e-3).any() and lines.y.max() == 150.0)

    qtbot.waitUntil(lambda: trend.plot.span[1] > end and shown())
    assert live(trend).isChecked()
    qtbot.waitUntil(lambda: cell(trend, "A.FLOW", NOW) == "150.00")
    qtbot.waitUntil(lambda: cell(trend, "A.FLOW", MAXIMUM) == "150.00")


def test_scrolled_back_it_stays_while_data_arrives_and_returns_at_a_click(
    qtbot: QtBot, trend: TrendWorkspace, store: Store
) -> None:
    drag_back(trend, 3000)
    assert not live(trend).isChecked()
    trend.query()
    span, lines = trend.plot.span, trend.pens.pens[0].lines
    follow = trend.watch._follow_timer
    for value in (120.0, 121.0, 122.0):
        store.append(value)
        with qtbot.waitSignal(follow.timeout):
            pass
    trend.query()
    assert trend.plot.span == span
    assert np.array_equal(trend.pens.pens[0].lines.x, lines.x)
    assert lines.y.max() <= 110.0
    press(trend, "Live")
    assert live(trend).isChecked()
    assert abs(trend.plot.span[1] - time.time()) < 5
    assert trend.plot.span[1] - trend.plot.span[0] == pytest.approx(1800, rel=0.01)


def test_dragged_to_now_it_follows_again(trend: TrendWorkspace) -> None:
    drag_back(trend, 3000)
    assert not live(trend).isChecked()
    drag_back(trend, -3000)
    assert live(trend).isChecked()


def test_presets_keep_now_while_live_and_the_middle_while_scrolled(trend: TrendWorkspace) -> None:
    names = ["10 min", "1 h", "8 h", "24 h", "7 d", "30 d", "1 y"]
    for name, seconds in zip(names, PRESETS_S, strict=True):
        press(trend, name)
        start, end = trend.plot.span
        assert end - start == pytest.approx(seconds, rel=0.01), name
        assert abs(end - time.time()) < 0.02 * seconds + 2, name
    press(trend, "1 h")
    drag_back(trend, 7200)
    middle = sum(trend.plot.span) / 2
    press(trend, "10 min")
    assert not live(trend).isChecked()
    assert sum(trend.plot.span) / 2 == pytest.approx(middle, abs=1)
    assert trend.plot.span[1] - trend.plot.span[0] == pytest.approx(600, rel=1e-6)


def test_ruler_reads_the_values_there_and_none_in_a_gap(trend: TrendWorkspace, store: Store) -> None:
    trend.show_span(600)
    drag_back(trend, 300)
    trend.query()
    now = store.start_ns / SECOND_NS
    trend.plot.rulers.set(0, now - 400 + 0.25)
    sample = store.reader.raw(0, int((now - 401) * SECOND_NS), int((now - 399.75) * SECOND_NS), 10)
    assert cell(trend, "A.FLOW", AT_RULER) == f"{float(sample.value[-1]):.2f}"
    assert cell(trend, "A.ST", AT_RULER) == "Stopped"
    trend.plot.rulers.set(0, now - 630)
    assert cell(trend, "A.FLOW", AT_RULER) == "—"
    trend.plot.rulers.set(0, None)
    assert cell(trend, "A.FLOW", AT_RULER) == "—"
    assert cell(trend, "A.ST", AT_RULER) == "—"


def test_statistics_are_those_of_the_store(trend: TrendWorkspace, store: Store) -> None:
    drag_back(trend, 600)
    trend.query()
    start, end = (int(border * SECOND_NS) for border in trend.plot.span)
    for slot, tag in enumerate(("A.FLOW", "A.ST")):
        found = store.reader.statistics(slot, start, end)
        good = cell(trend, tag, GOOD)
        assert good == f"{100 * found.good_fraction:.1f}"
        if tag == "A.FLOW":
            texts = [cell(trend, tag, column) for column in (MINIMUM, MAXIMUM, MEAN)]
            assert texts == [f"{value:.2f}" for value in (found.minimum, found.maximum, found.mean)]
            assert float(good) < 100.0
        else:
            assert [cell(trend, tag, column) for column in (MINIMUM, MEAN)] == ["Stopped", "—"]


def test_csv_has_every_good_sample_and_never_a_value_for_a_bad_one(
    qtbot: QtBot, trend: TrendWorkspace, store: Store, tmp_path: Path
) -> None:
    trend.show_span(600)
    drag_back(trend, 300)
    trend.query()
    path = tmp_path / "trend.csv"
    with qtbot.waitSignal(trend.exporter.finished):
        trend.exporter.write(path, ExportKind.RAW)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["tag"] == "A.FLOW"]
    start, end = (int(border * SECOND_NS) for border in trend.plot.span)
    raw = store.reader.raw(0, start, end, 10_000)
    good = {round(t / 1e6): v for t, v, s in zip(raw.t_ns, raw.value, raw.status, strict=True) if not st.is_bad(int(s))}
    bad = {round(t / 1e6) for t, s in zip(raw.t_ns, raw.status, strict=True) if st.is_bad(int(s))}
    assert len(good) > 500
    assert len(bad) == GAP_S[1] - GAP_S[0]
    written = {round(int(row["time_ns"]) / 1e6): row["value"] for row in rows}
    for t, value in good.items():
        assert float(written[t]) == pytest.approx(float(value), abs=1e-4)
    assert [written[t] for t in bad if written.get(t)] == []
    assert {row["unit"] for row in rows} == {"m³/h"}


def test_group_buttons_fit_and_full_range(trend: TrendWorkspace) -> None:
    pen = trend.pens.pens[0]
    assert (pen.low, pen.high) == (0, 200)
    press(trend, "Fit")
    low, high = trend.pens.scale(pen)
    assert 85 < low < 90.1
    assert 109.9 < high < 115
    press(trend, "Full range")
    assert trend.pens.scale(pen) == (0, 200)


def test_without_an_engine_the_trend_is_empty_and_comes_with_it(
    qtbot: QtBot, plant: Plant, store: Store, tmp_path: Path
) -> None:
    source: list[Path] = []
    missing = tmp_path / "none.trend"
    hub: Any = TagHub(plant, lambda: StoreReader(source[0] if source else missing), SystemClock())
    themes = ThemeManager("light", hub)
    trend = TrendWorkspace(plant, HubSource(hub), hub.sample, themes, Wording("Asia/Shanghai"))
    qtbot.addWidget(trend)
    trend.resize(1200, 700)
    trend.show()
    hub.tick()
    trend.query()
    assert len(trend.pens.pens[0].lines.x) == 0
    assert cell(trend, "A.FLOW", MEAN) == "—"
    source.append(store.path)
    hub.start()
    qtbot.waitUntil(lambda: hub.source is not None, timeout=10_000)
    trend.query()
    assert len(trend.pens.pens[0].lines.x) > 500
    hub.stop()


def test_a_store_that_is_truncated_leaves_old_values_until_there_is_a_new_one(
    qtbot: QtBot, trend: TrendWorkspace, hub: TagHub, store: Store
) -> None:
    last = store.append(42.0)
    hub.tick()
    subscription = hub.subscribe(["A.FLOW"], lambda _: None)
    assert hub.window("A.FLOW", last - SECOND_NS, last, 9) is not None
    os.truncate(store.path, 4096)
    assert hub.window("A.FLOW", last - SECOND_NS, last, 9) is None
    hub.tick()
    assert hub.source is None
    assert not hub.alive
    sample = hub.sample("A.FLOW")
    assert sample is not None
    assert (sample.value, st.is_good(sample.status)) == (42.0, False)
    trend.query()
    store.writer.close()
    store.writer = StoreWriter(store.path, [SlotSpec(name, DEFAULT) for name in store.names], now_ns=last)
    store.append(43.0)

    def fresh() -> bool:
        hub.tick()
        found = hub.sample("A.FLOW")
        return found is not None and found.value == 43.0 and st.is_good(found.status)

    qtbot.waitUntil(fresh)
    subscription.close()


EXTREMES = ((1e-30, 3e-30), (-1e300, 1e300), (-1e308, 1.7e308), (1e-310, 2e-310), (1e300, 1e300), (0.0, 0.0),
            (1e15, 1e15 + 1), (float("nan"), float("nan")), (float("inf"), 5.0))  # fmt: skip


def test_any_number_that_a_device_can_send_is_fitted_and_drawn(trend: TrendWorkspace, store: Store) -> None:
    end = store.start_ns
    for number, pair in enumerate(EXTREMES):
        for age in range(60, 0, -1):
            store.writer.append(2 + number, end - age * SECOND_NS, pair[age % 2], 0, end)
    store.writer.heartbeat(end)
    trend.pens.replace([trend.plant.tags[f"X{number}"] for number in range(len(EXTREMES))])
    trend.navigator.show_range(end / SECOND_NS - 60, end / SECOND_NS)
    trend.plot.show_all_axes(True)
    trend.query()
    trend.pens.fit()
    for pen, (low, high) in zip(trend.pens.pens, EXTREMES, strict=True):
        trend.pens.choose(pen)
        trend.plot.redraw()
        assert trend.plot.grab().toImage().width() > 0
        if low < high < 1e301 and high - low > 1e-300:
            bottom, top = trend.pens.scale(pen)
            assert bottom < low < high < top
