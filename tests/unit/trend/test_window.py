"""Windows against a plain numpy reference, column by column, also after the rings went around."""

import gc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from app.trend import RetentionClass, SlotSpec, StoreReader, StoreWriter
from app.trend.raster import Curve
from tests.unit.trend.reference import CLASSES, FAN_OUT, SMALL, STEP, Series, Steps, borders

PARTS = some.tuples(some.floats(-0.1, 1.1), some.floats(-0.1, 1.1))


@settings(max_examples=150, deadline=None)
@given(
    steps=some.lists(STEP, min_size=1, max_size=40),
    repeat=some.sampled_from([1, 2, 5, 30, 170, 500]),
    kept=some.sampled_from(CLASSES),
    parts=PARTS,
    columns=some.integers(1, 60),
    exact=some.booleans(),
)
def test_every_row_is_an_exact_run_of_samples_in_its_column(
    tmp_path_factory: pytest.TempPathFactory,
    steps: Steps,
    repeat: int,
    kept: RetentionClass,
    parts: tuple[float, float],
    columns: int,
    exact: bool,
) -> None:
    series = Series.of(steps, repeat)
    path = tmp_path_factory.getbasetemp() / "window"
    path.unlink(missing_ok=True)
    start, end = sorted(int(series.t[-1] * part) for part in parts)
    with StoreWriter(path, [SlotSpec("a", kept)], now_ns=0) as writer:
        series.append_to(writer)
        with StoreReader(path) as reader:
            rows = reader.window(0, start, end, columns, exact=exact)
            raw = reader.raw(0, start, end, len(series.t))

    retained = series.retained(kept)
    inside = [n for n in range(min(retained), len(series.t)) if start <= series.t[n] <= end]
    if not len(rows.count):
        assert not inside
        return
    assert len(rows.count) <= columns + 2 or rows.is_raw
    # nothing that is kept is missing, and the line reaches both borders of the window
    before = int(np.searchsorted(series.t, start))
    after = int(np.searchsorted(series.t, end, side="right"))
    places = series.place(rows, max(before - 1, min(retained)), min(after + 1, len(series.t)))

    if rows.is_raw:
        assert (rows.count == 1).all()
        assert (places[0], places[-1]) == (max(before - 1, 0), min(after + 1, len(series.t)))
        assert raw.complete
        assert np.isin(raw.t_ns, rows.t_first).all()
        return

    # extremes appear in their column or, by a quarter of a column at most, in the one beside it
    border = borders(start, end, columns)
    quarter = 0 if exact else (end - start) // columns // 4
    column = -1
    for row, begin in enumerate(places[:-1]):
        first, last = int(rows.t_first[row]), int(rows.t_last[row])
        if last < start or first > end:
            continue
        column += 1
        finer = begin - begin % FAN_OUT
        if finer < retained[0]:
            column = max(column, int(np.searchsorted(border, max(first, start), side="right")) - 1)
        else:
            while column < columns and last > border[column + 1] - 1 + quarter:
                column += 1
            assert column < columns, "two rows of one column, or a row beyond the window"
            assert first >= border[column] - quarter
    assert column < columns, "two rows of one column"


def test_no_row_reaches_far_over_its_border_in_a_long_trend(tmp_path: Path) -> None:
    kept = RetentionClass("long", 20_000, (2_000, 200, 64))
    t = np.cumsum(np.random.default_rng(7).integers(1, 2_000, 18_000), dtype=np.int64) * 1_000_000
    series = Series(t, np.sin(np.arange(18_000) / 50), np.zeros(18_000, np.uint32))
    with StoreWriter(tmp_path / "s", [SlotSpec("a", kept)], now_ns=0) as writer, StoreReader(tmp_path / "s") as reader:
        series.append_to(writer)
        for columns in (1, 7, 100, 1_000, 1_920):
            start, end = int(t[100]), int(t[-100])
            rows = reader.window(0, start, end, columns)
            places = series.place(rows, 99, 18_000 - 98)
            border = np.array(borders(start, end, columns))
            quarter = (end - start) // columns // 4
            column = np.searchsorted(border, rows.t_last[1:-1] - quarter, side="right") - 1
            column = np.maximum.accumulate(np.maximum(column, 0) - np.arange(len(column))) + np.arange(len(column))
            assert (column < columns).all()
            assert (rows.t_first[1:-1] >= border[column] - quarter).all()
            assert start - quarter <= t[places[0] + 1] <= start
            assert end <= t[places[-1] - 2] <= end + quarter


@pytest.mark.parametrize("per_column", [0.1, 0.3, 0.45, 0.6, 0.8, 0.99, 1.3, 2.5, 8])
def test_exact_and_snapped_windows_agree_with_numpy_at_every_width(tmp_path: Path, per_column: float) -> None:
    """Buckets of the second level as wide as some part of a column: each way to put them into one is taken."""
    kept = RetentionClass("long", 60_000, (5_000, 500, 64))
    random = np.random.default_rng(11)
    t = np.cumsum(random.integers(900, 1_100, 50_000), dtype=np.int64) * 1_000_000
    series = Series(t, random.standard_normal(50_000).cumsum(), np.zeros(50_000, np.uint32))
    with StoreWriter(tmp_path / "s", [SlotSpec("a", kept)], now_ns=0) as writer, StoreReader(tmp_path / "s") as reader:
        series.append_to(writer)
        start, end = int(t[1000]), int(t[-1000])
        columns = int((end - start) / 1e9 / 256 * per_column)
        border = np.array(borders(start, end, columns))
        exact = reader.window(0, start, end, columns, exact=True)
        begins = np.searchsorted(t, border[:-1])
        assert exact.minimum[1:-1].tolist() == np.minimum.reduceat(series.value[: len(t) - 999], begins).tolist()
        assert exact.maximum[1:-1].tolist() == np.maximum.reduceat(series.value[: len(t) - 999], begins).tolist()
        assert exact.t_first[1:-1].tolist() == t[begins].tolist()
        rows = reader.window(0, start, end, columns)
        quarter = (end - start) // columns // 4
        assert len(rows.count) == columns + 2
        assert (rows.t_first[1:-1] >= border[:-1] - quarter).all()
        assert (rows.t_last[1:-1] < border[1:] + quarter).all()
        series.place(rows, 999, len(t) - 998)


def test_window_of_gaps_has_rows_without_values(tmp_path: Path) -> None:
    series = Series.of([(1, 5.0, 0x80AB0000)], 500)
    with StoreWriter(tmp_path / "s", [SlotSpec("a", SMALL)], now_ns=0) as writer, StoreReader(tmp_path / "s") as reader:
        series.append_to(writer)
        rows = reader.window(0, 0, int(series.t[-1]), 10)
        assert int(rows.count.sum()) == 500
        assert np.isnan([rows.minimum, rows.maximum, rows.last]).all()
        assert (rows.status == 0x80AB0000).all()
        found = reader.statistics(0, 0, int(series.t[-1]))
        assert np.isnan([found.mean, found.minimum, found.maximum]).all()
        assert (found.good_fraction, found.count) == (0.0, 500)


@pytest.mark.parametrize(("start", "end", "columns"), [(2, 1, 1), (0, 1, 0), (-(2**62) - 1, 0, 1), (0, 2**62 + 1, 1)])
def test_impossible_window_is_refused(tmp_path: Path, start: int, end: int, columns: int) -> None:
    with (
        StoreWriter(tmp_path / "s", [SlotSpec("a", SMALL)], now_ns=0),
        StoreReader(tmp_path / "s") as reader,
        pytest.raises(ValueError, match="window"),
    ):
        reader.window(0, start, end, columns)


DENSE_NS = 5 * 10**9


@pytest.mark.parametrize("stepped", [False, True])
def test_curve_of_what_the_store_answered_is_that_of_its_arrays(tmp_path: Path, stepped: bool) -> None:
    series = Series.of([(1, 5.0, 0), (2, 7.5, 0x40000000), (1, -3.0, 0x80AB0000), (9, 4.0, 0)], 700)
    with StoreWriter(tmp_path / "s", [SlotSpec("a", SMALL)], now_ns=0) as writer, StoreReader(tmp_path / "s") as reader:
        series.append_to(writer)
        rows = reader.window(0, 0, int(series.t[-1]), 40)
    assert len(rows.count) > 20
    now_ns = int(series.t[-1]) + 10**9
    curve = Curve(rows, stepped, now_ns, DENSE_NS)
    plain = Curve(
        rows.t_first, rows.t_last, rows.minimum, rows.maximum, rows.last, rows.status, stepped, now_ns, DENSE_NS
    )  # fmt: skip
    for name in ("x", "y", "solid", "dashed", "known", "ends", "marked"):
        assert getattr(curve, name)().tolist() == getattr(plain, name)().tolist(), name


def test_arrays_outlive_what_they_were_asked_of(tmp_path: Path) -> None:
    series = Series.of([(1, 5.0, 0), (2, 7.5, 0)], 300)
    with StoreWriter(tmp_path / "s", [SlotSpec("a", SMALL)], now_ns=0) as writer:
        series.append_to(writer)
        with StoreReader(tmp_path / "s") as reader:
            highest = reader.window(0, 0, int(series.t[-1]), 10).maximum
    gc.collect()
    assert set(np.full(len(highest), 7.5)) == set(highest)
