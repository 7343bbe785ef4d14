"""Tables of a trend that reach over ring and history: a real store, a real database behind a real link."""

import csv
import itertools
import zipfile
from bisect import bisect
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.model import status as st
from app.model.clock import SECOND_NS
from tests.gui.trend.historysite import COUNT, FLOW, NOTE, SPAN_S, TAGS, Plain
from tests.gui.trend.test_figures import reckon
from widgets.trend.sampling import ExportKind
from widgets.trend.workspace import TrendWorkspace

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def export(
    qtbot: QtBot, trend: TrendWorkspace, path: Path, kind: ExportKind, names: Sequence[str], start_ns: int, end_ns: int
) -> list[dict[str, str]]:
    trend.exporter._shown = lambda: ([TAGS[name] for name in names], start_ns, end_ns)
    with qtbot.waitSignal(trend.exporter.finished, timeout=30_000) as said:
        trend.exporter.write(path, kind)
    assert path.name in said.args[0], said.args[0]
    assert sorted(each.name for each in path.parent.iterdir()) == [path.name]
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out" / "trend.csv"


def test_raw_samples_are_those_of_ring_and_history_each_once_and_exact(
    qtbot: QtBot, joined: TrendWorkspace, plain: Plain, path: Path
) -> None:
    for begin, end in ((plain.start_ns, plain.end_ns), (plain.end_ns - 5000 * SECOND_NS, plain.end_ns - SECOND_NS)):
        rows = export(qtbot, joined, path, ExportKind.RAW, [FLOW, COUNT, NOTE], begin, end)
        for name, kind in ((FLOW, float), (COUNT, int), (NOTE, str)):
            written = [(int(row["time_ns"]), row["value"], row["status"]) for row in rows if row["tag"] == name]
            known = plain.inside(name, begin, end)
            assert [at for at, _, _ in written] == [at for at, _, _ in known]
            values = [None if text == "" else kind(text) for _, text, _ in written]
            assert values == [None if st.is_bad(status) else value for _, value, status in known]
            assert [status for _, _, status in written] == [st.status_name(status) for _, _, status in known]


def test_bins_have_the_figures_of_every_sample_of_both(
    qtbot: QtBot, joined: TrendWorkspace, plain: Plain, path: Path
) -> None:
    begin, end = plain.start_ns + 17 * SECOND_NS, plain.end_ns
    rows = export(qtbot, joined, path, ExportKind.BINNED, [FLOW], begin, end)
    assert len(rows) == 1000
    borders = [*(int(row["time_ns"]) for row in rows), end]
    late = {at for at, value, _ in plain.samples[FLOW] if isinstance(value, float) and value < 0}
    samples: Any = [one for one in plain.samples[FLOW] if one[0] not in late]
    empty = 0
    for row, (a, b) in zip(rows, itertools.pairwise(borders), strict=True):
        if row["value"] == "":
            empty += 1
            assert row["good_percent"] == "0.0"
            continue
        near = samples[max(0, bisect(samples, (a,)) - 1) : bisect(samples, (b,))]  # with the one held before
        low, high, mean, good = reckon(near, a, b)
        if any(a - 40 * SECOND_NS < at < b + 40 * SECOND_NS for at in late):
            continue  # in history a late sample takes the place of what was held; the ring never had it
        assert float(row["good_percent"]) == pytest.approx(100 * good, abs=0.06)
        assert [float(row[key]) for key in ("value", "minimum", "maximum")] == pytest.approx(
            [mean, low, high], abs=1e-3
        )
    assert 0 < empty < 200


def test_values_at_even_steps_lie_on_the_line_of_both(
    qtbot: QtBot, joined: TrendWorkspace, plain: Plain, path: Path
) -> None:
    rows = export(qtbot, joined, path, ExportKind.INTERPOLATED, [FLOW], plain.start_ns, plain.end_ns)
    known = [one for one in plain.samples[FLOW] if not st.is_bad(one[2])]
    at, value = np.array([one[0] for one in known]), np.array([one[1] for one in known])
    column = SPAN_S * SECOND_NS // 4000
    given = [(int(row["time_ns"]), float(row["value"])) for row in rows if row["value"]]
    assert len(given) > 700
    for t, v in given:
        near = value[(at > t - 3 * column) & (at < t + 3 * column)]
        assert near.min() - 0.01 <= v <= near.max() + 0.01


def test_a_spreadsheet_has_every_digit(qtbot: QtBot, joined: TrendWorkspace, plain: Plain, path: Path) -> None:
    book = path.with_suffix(".xlsx")
    joined.exporter._shown = lambda: ([TAGS[COUNT]], plain.start_ns, plain.end_ns)
    with qtbot.waitSignal(joined.exporter.finished, timeout=30_000):
        joined.exporter.write(book, ExportKind.RAW)
    with zipfile.ZipFile(book) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == len(plain.samples[COUNT]) + 1
    assert str(2**60 + 1 + (SPAN_S // 30) * 3) in sheet
