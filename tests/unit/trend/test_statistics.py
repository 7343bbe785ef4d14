"""Statistics against a plain numpy reference, also after the rings went around."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from app.trend import RetentionClass, SlotSpec, StoreReader, StoreWriter
from tests.unit.trend.reference import CLASSES, STEP, Series, Steps


@settings(max_examples=100, deadline=None)
@given(
    steps=some.lists(STEP, min_size=1, max_size=40),
    repeat=some.sampled_from([1, 3, 30, 170, 500]),
    kept=some.sampled_from(CLASSES),
    parts=some.tuples(some.floats(0, 1), some.floats(0, 1)),
)
def test_exact_statistics_agree_with_numpy(
    tmp_path_factory: pytest.TempPathFactory,
    steps: Steps,
    repeat: int,
    kept: RetentionClass,
    parts: tuple[float, float],
) -> None:
    series = Series.of(steps, repeat)
    path = tmp_path_factory.getbasetemp() / "statistics"
    path.unlink(missing_ok=True)
    start, end = sorted(int(series.t[-1] * part) for part in parts)
    with StoreWriter(path, [SlotSpec("a", kept)], now_ns=0) as writer:
        series.append_to(writer)
        with StoreReader(path) as reader:
            found = reader.statistics(0, start, end)
            coverage = reader.coverage(0)
    assert 0.0 <= found.good_fraction <= 1.0
    oldest = min(series.retained(kept))
    assert coverage.from_ns == series.t[oldest]
    if not found.exact:
        assert oldest or min(series.retained(kept)[:1])
        return

    t, value, good = series.t[oldest:], series.value[oldest:], series.good[oldest:]
    held = np.clip(np.minimum(np.append(t[1:], t[-1]), end) - np.maximum(t, start), 0, None)
    inside = (t >= start) & (t <= end)
    seen = good & (inside | (held > 0))
    assert found.count == int(inside.sum())
    assert found.total == pytest.approx(float((value[seen] * held[seen]).sum()) / 1e9, rel=1e-9, abs=1e-3)
    assert np.isnan(found.minimum) == (not seen.any())
    if seen.any():
        assert (found.minimum, found.maximum) == (value[seen].min(), value[seen].max())
    if end > start:
        assert found.good_fraction == pytest.approx(float(held[seen].sum()) / (end - start))
