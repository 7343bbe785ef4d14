"""What the trend workspace can do: box, keys, rulers, drop, comparison, groups, exports, analysis."""

import csv
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot

from app.model.clock import SECOND_NS
from app.model.plant import Plant
from tests.gui.trend.site import AT_RULER, MEAN, Store, cell, live, press
from widgets.drag import tag_data
from widgets.trend.analysis import AnalysisWindow
from widgets.trend.background import Work
from widgets.trend.compare import Compared, Comparison
from widgets.trend.distribution import histogram, xy_points
from widgets.trend.legend import LegendColumn
from widgets.trend.sampling import ExportKind
from widgets.trend.whole import WholeSource
from widgets.trend.workspace import TrendWorkspace
from widgets.wording.wording import MINUS

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def test_a_box_zooms_into_its_time_and_back_returns(trend: TrendWorkspace) -> None:
    end = trend.plot.span[1]
    trend.plot.boxed.emit(end - 700.0, end - 500.0)
    assert trend.plot.span == pytest.approx((end - 700.0, end - 500.0))
    assert not live(trend).isChecked()
    trend.times.back.click()
    assert live(trend).isChecked()
    assert trend.plot.span[1] - trend.plot.span[0] == pytest.approx(1800, rel=0.01)


def test_typed_period_and_end(qtbot: QtBot, trend: TrendWorkspace) -> None:
    trend.times.period.setText("20 min")
    qtbot.keyClick(trend.times.period, Qt.Key.Key_Return)  # type: ignore[no-untyped-call]
    assert trend.plot.span[1] - trend.plot.span[0] == pytest.approx(1200, rel=0.01)
    assert live(trend).isChecked()
    trend.times.end.setText("2026-02-28 06:30")
    qtbot.keyClick(trend.times.end, Qt.Key.Key_Return)  # type: ignore[no-untyped-call]
    wanted = datetime(2026, 2, 28, 6, 30, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp()
    assert trend.plot.span == pytest.approx((wanted - 1200, wanted))
    assert not live(trend).isChecked()
    trend.times.end.setText("soon")
    qtbot.keyClick(trend.times.end, Qt.Key.Key_Return)  # type: ignore[no-untyped-call]
    assert "soon" in trend.tools.note.text()
    assert trend.plot.span == pytest.approx((wanted - 1200, wanted))


def test_keys_do_what_the_mouse_does(qtbot: QtBot, trend: TrendWorkspace) -> None:
    def key(which: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        qtbot.keyClick(trend.plot._view, which, modifier)  # type: ignore[no-untyped-call]

    trend.activateWindow()
    trend.plot._view.setFocus()
    qtbot.waitUntil(trend.plot._view.hasFocus)
    key(Qt.Key.Key_1)
    assert trend.navigator.view.span_s == pytest.approx(600)
    key(Qt.Key.Key_Left)
    scrolled = trend.navigator.view
    assert not scrolled.live
    key(Qt.Key.Key_Minus)
    assert trend.navigator.view.span_s == pytest.approx(1200)
    key(Qt.Key.Key_L)
    assert trend.navigator.view.live is True
    key(Qt.Key.Key_R)
    key(Qt.Key.Key_B)
    a, b = trend.plot.rulers.at_s
    assert a is not None
    assert b is not None
    key(Qt.Key.Key_Period)
    moved = trend.plot.rulers.at_s[1]
    assert moved is not None
    assert moved - b == pytest.approx(1200 / trend.plot.columns, rel=0.05)
    key(Qt.Key.Key_Z)
    assert trend.plot.span == pytest.approx((a, moved))
    key(Qt.Key.Key_Delete)
    assert len(trend.pens.pens) == 1


def test_an_axis_of_xy_plot_and_histogram_has_the_minus_of_all_numbers(trend: TrendWorkspace) -> None:
    window = AnalysisWindow(trend, "", trend.themes.theme)
    for side in ("left", "bottom"):
        assert window.plot.getAxis(side).tickStrings([-5.0, 0.0, 5.0], 1.0, 5.0) == ["−5", "0", "5"]
        assert window.plot.getAxis(side).tickStrings([8000.0], 1.0, 2000.0) == ["8\u202f000"]
    window.deleteLater()


def test_all_numbers_of_an_axis_of_an_xy_plot_have_the_same_decimals(trend: TrendWorkspace) -> None:
    axis = AnalysisWindow(trend, "", trend.themes.theme).plot.getAxis("left")
    levels = [(spacing, list(values)) for spacing, values in axis.tickValues(0.375, 0.415, 400.0)[:2]]
    texts = [text for spacing, values in levels for text in axis.tickStrings(values, 1.0, spacing)]
    assert len(texts) > 4
    assert {len(text) for text in texts} == {len("0.000")}


def test_two_rulers_give_difference_and_rate(trend: TrendWorkspace, store: Store) -> None:
    trend.navigator.show_range(store.start_ns / 1e9 - 550, store.start_ns / 1e9 - 50)
    trend.query()
    now = store.start_ns / SECOND_NS
    trend.plot.rulers.set(0, now - 399.75)
    assert trend.legend.table.isColumnHidden(LegendColumn.DIFFERENCE)
    trend.plot.rulers.set(1, now - 99.75)
    assert not trend.legend.table.isColumnHidden(LegendColumn.DIFFERENCE)
    a, b = (100.0 + 10.0 * np.sin(age / 300.0) for age in (400, 100))
    assert cell(trend, "A.FLOW", AT_RULER) == f"{a:.2f}"
    assert cell(trend, "A.FLOW", LegendColumn.RULER_B) == f"{b:.2f}"
    assert cell(trend, "A.FLOW", LegendColumn.DIFFERENCE) == f"{b - a:.2f}".replace("-", MINUS)
    assert cell(trend, "A.FLOW", LegendColumn.PER_HOUR) == f"{(b - a) * 12:.2f}".replace("-", MINUS)
    assert cell(trend, "A.ST", LegendColumn.DIFFERENCE) == "—"


def test_a_hidden_pen_costs_no_work(trend: TrendWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    window = trend.source.window

    def watched(name: str, *rest: int) -> Any:
        asked.append(name)
        return window(name, *rest)

    monkeypatch.setattr(trend.source, "window", watched)
    trend.pens.set_visible(trend.pens.pens[0], False)
    trend.query()
    assert asked == ["A.ST"]
    assert cell(trend, "A.FLOW", MEAN) == "—"


def test_dropped_tags_become_pens(trend: TrendWorkspace) -> None:
    data = tag_data(["X1", "X2"])
    where, copy = QPointF(200, 200), Qt.DropAction.CopyAction
    drop = QDropEvent(where, copy, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    trend.dropEvent(drop)
    assert [pen.tag.name for pen in trend.pens.pens[-2:]] == ["X1", "X2"]
    assert drop.isAccepted()


def test_the_compared_course_is_that_of_before(trend: TrendWorkspace, store: Store) -> None:
    trend.navigator.show_range(store.start_ns / 1e9 - 500, store.start_ns / 1e9)
    trend.compare(Comparison(Compared.PICKED, store.start_ns / 1e9 - 1000))
    trend.query()
    past = trend.pens.pens[0].past
    at = store.start_ns / 1e9 - 250
    assert float(np.interp(at, past.x, past.y)) == pytest.approx(100.0 + 10.0 * np.sin(1250 / 300.0), abs=0.05)
    trend.compare(Comparison())
    trend.query()
    assert len(trend.pens.pens[0].past.x) == 0


def test_a_group_that_was_changed_says_so_until_it_is_saved(trend: TrendWorkspace) -> None:
    assert trend.group_box.state.text() == ""
    trend.add_tag("X3")
    assert trend.group_box.state.text() == "changed, not saved"
    trend.groups.show("flow")
    assert trend.group_box.state.text() == ""
    press(trend, "10 min")
    assert trend.group_box.state.text() == "changed, not saved"


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", list(ExportKind))
def test_exports_are_written(
    qtbot: QtBot, trend: TrendWorkspace, store: Store, tmp_path: Path, suffix: str, kind: ExportKind
) -> None:
    trend.navigator.show_range(store.start_ns / 1e9 - 900, store.start_ns / 1e9 - 300)
    path = tmp_path / f"t.{suffix}"
    with qtbot.waitSignal(trend.exporter.finished) as said:
        trend.exporter.write(path, kind)
    assert path.name in said.args[0]
    if suffix == "xlsx":
        assert zipfile.ZipFile(path).testzip() is None
        return
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["tag"] == "A.FLOW"]
    bad = [row for row in rows if row["status"].startswith("Bad")]
    assert len(rows) > 500
    assert bad
    assert all(row["value"] == "" for row in bad)
    if kind is ExportKind.BINNED:
        assert {row["good_percent"] for row in bad} == {"0.0"}


def test_printing_makes_a_page(trend: TrendWorkspace, tmp_path: Path) -> None:
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "t.pdf"))
    assert trend.exporter.print_on(printer)
    assert (tmp_path / "t.pdf").stat().st_size > 5000


def test_histogram_and_xy_are_of_the_window(trend: TrendWorkspace, store: Store, plant: Plant) -> None:
    span = (store.start_ns - 500 * SECOND_NS, store.start_ns)
    whole = WholeSource(trend.source, None, span, Work())
    edges, shares = histogram(whole, plant.tags["A.FLOW"])
    found = store.reader.statistics(0, *span)
    assert shares.sum() == pytest.approx(100.0)
    assert float((shares * (edges[:-1] + edges[1:]) / 2).sum() / 100) == pytest.approx(found.mean, abs=0.2)
    x, y = xy_points(whole, plant.tags["A.FLOW"], plant.tags["A.FLOW"])
    assert len(x) > 1000
    assert np.array_equal(x, y)
