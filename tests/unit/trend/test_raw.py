"""Raw samples: both borders included, the limit, and what is said when the ring no longer has them all."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from app.trend import RetentionClass, SlotSpec, StoreReader, StoreWriter
from tests.unit.trend.reference import CLASSES, SMALL, STEP, Series, Steps


@settings(max_examples=80, deadline=None)
@given(
    steps=some.lists(STEP, min_size=1, max_size=30),
    repeat=some.sampled_from([1, 3, 30]),
    kept=some.sampled_from(CLASSES),
    parts=some.tuples(some.floats(-0.1, 1.1), some.floats(-0.1, 1.1)),
    limit=some.integers(0, 120),
)
def test_raw_agrees_with_numpy(
    tmp_path_factory: pytest.TempPathFactory,
    steps: Steps,
    repeat: int,
    kept: RetentionClass,
    parts: tuple[float, float],
    limit: int,
) -> None:
    series = Series.of(steps, repeat)
    path = tmp_path_factory.getbasetemp() / "raw"
    path.unlink(missing_ok=True)
    start, end = sorted(int(series.t[-1] * part) for part in parts)
    with StoreWriter(path, [SlotSpec("a", kept)], now_ns=0) as writer:
        series.append_to(writer)
        with StoreReader(path) as reader:
            found = reader.raw(0, start, end, limit)
    oldest = series.retained(kept)[0]
    expected = np.flatnonzero((series.t >= start) & (series.t <= end) & (np.arange(len(series.t)) >= oldest))
    assert found.truncated == (len(expected) > limit)
    expected = expected[:limit]
    assert np.array_equal(found.t_ns, series.t[expected])
    assert np.array_equal(found.value, series.value[expected], equal_nan=True)
    assert np.array_equal(found.status, series.status[expected])
    assert found.complete == (oldest == 0 or start > series.t[oldest])


def test_arrays_outlive_the_reader(tmp_path: Path) -> None:
    with StoreWriter(tmp_path / "s", [SlotSpec("a", SMALL)], now_ns=0) as writer, StoreReader(tmp_path / "s") as reader:
        Series.of([(1, 2.5, 0)], 50).append_to(writer)
        found = reader.raw(0, 0, 1 << 62, 10)
    assert found.value.tolist() == [2.5] * 10
    assert found.truncated
    assert found.complete


def test_raw_of_an_empty_slot(tmp_path: Path) -> None:
    with StoreWriter(tmp_path / "s", [SlotSpec("a", SMALL)], now_ns=0), StoreReader(tmp_path / "s") as reader:
        found = reader.raw(0, 0, 1 << 62, 10)
        assert (len(found.t_ns), found.complete, found.truncated) == (0, True, False)
        assert reader.coverage(0).newest_ns is None
