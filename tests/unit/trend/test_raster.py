"""The compiled curves and raster give what plain numpy gives: every point, every pixel."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from app.model import status as st
from app.trend.raster import Curve, Part, paint
from tests.unit.trend import raster_reference as reference
from tests.unit.trend.curve_reference import Points, points_of

WIDTH, HEIGHT, INK = 60, 40, 0xFF123456
S = 1_000_000_000
STATES = (st.GOOD, st.GOOD, st.GOOD, st.BAD, st.UNCERTAIN, st.GOOD_LOCAL_OVERRIDE, 0x0000_0401)


class Envelope:
    """Random rows from 100 s on; some are one sample, some times are equal."""

    def __init__(self, seed: int, rows: int, raw: bool) -> None:
        random = np.random.default_rng(seed)
        gaps = random.choice([0, S // 7, S, 9 * S], size=2 * rows)
        t = 100 * S + np.cumsum(gaps).astype(np.int64)
        self.t_first, self.t_last = t[::2].copy(), t[1::2].copy()
        values = np.sort(random.choice([-5.0, 0.0, 3.3, 17.25, 39.5, 80.0, np.nan], size=(rows, 3)), axis=1)
        self.minimum, self.last, self.maximum = (values[:, n].copy() for n in range(3))
        single = np.full(rows, True) if raw else random.random(rows) < 0.4
        self.t_first[single] = self.t_last[single]
        self.minimum[single] = self.maximum[single] = self.last[single]
        self.status = random.choice(np.array(STATES, dtype=np.uint32), size=rows)


def made(envelope: Any, stepped: bool, now_ns: int, dense_ns: int = 5 * S) -> Curve:
    return Curve(envelope.t_first, envelope.t_last, envelope.minimum, envelope.maximum, envelope.last,
                 envelope.status, stepped, now_ns, dense_ns)  # fmt: skip


envelopes = some.builds(Envelope, some.integers(0, 2**32), some.integers(1, 60), some.booleans())


@settings(max_examples=300, deadline=None)
@given(envelopes, some.booleans(), some.sampled_from([0, 100 * S, 900 * S]), some.sampled_from([0, 5 * S, 9 * S]))
def test_points_are_those_of_numpy(envelope: Envelope, stepped: bool, now_ns: int, dense_ns: int) -> None:
    curve, plain = made(envelope, stepped, now_ns, dense_ns), points_of(envelope, stepped, now_ns, dense_ns)
    assert curve.is_raw == plain.is_raw
    for name in ("x", "y", "solid", "dashed", "known", "ends", "marked"):
        assert getattr(curve, name)().tolist() == getattr(plain, name).tolist(), name


def rows(*columns: tuple[float, float, float, float, float, int]) -> Any:
    """Rows of first and last second, minimum, maximum, last value, status."""
    table = np.array(columns)
    made: Any = Envelope(0, len(columns), True)
    made.t_first, made.t_last = ((table[:, n] * S).astype(np.int64) for n in (0, 1))
    made.minimum, made.maximum, made.last = (table[:, n].copy() for n in (2, 3, 4))
    made.status = table[:, 5].astype(np.uint32)
    return made


@pytest.mark.parametrize("stepped", [False, True])
def test_a_bad_sample_in_a_column_hides_no_peak_and_breaks_the_line(stepped: bool) -> None:
    peak = rows((1, 2, 4.0, 6.0, 5.0, st.GOOD), (3, 4, 3.0, 99.0, 6.0, st.BAD), (5, 6, 4.0, 6.0, 5.0, st.GOOD))
    curve = made(peak, stepped, 0)
    assert curve.bounds() == (3.0, 99.0)
    x, joined = curve.x(), curve.solid()
    assert np.count_nonzero(~joined[:-1]) == 1
    assert 3 <= x[:-1][~joined[:-1]][0] < 4  # within the column, not before it and not behind
    assert curve.value_at(4.5) == 6.0


def test_a_column_that_ends_bad_begins_the_gap_and_one_that_ends_good_ends_it() -> None:
    nan = float("nan")
    gap = rows((1, 2, 4.0, 6.0, nan, st.BAD), (3, 4, nan, nan, nan, st.BAD), (5, 6, 7.0, 9.0, 8.0, st.BAD))
    curve = made(gap, False, 8 * S)
    assert [curve.value_at(at) for at in (1.2, 2.5, 4.9, 6.5, 7.9)] == [4.0, None, None, 8.0, 8.0]
    assert curve.bounds() == (4.0, 9.0)
    assert curve.known().tolist() == [True, True, False, False, False, False, True, True, True, True]


def test_no_line_leads_to_a_column_that_ends_bad() -> None:
    table = [(100 + 10 * n, 104 + 10 * n, 20.0, 22.0, 21.0, st.GOOD) for n in range(9)]
    table[4] = (140, 144, 20.0, 22.0, float("nan"), st.BAD)
    curve, pixels = made(rows(*table), False, 0), np.zeros((HEIGHT, WIDTH), dtype=np.uint32)
    paint(pixels, 100.0, 190.0, [(curve, Part.SOLID, 1.0, 0.0, 0, HEIGHT - 1, INK, 1, 1, 0)])
    assert not pixels[:20].any()
    assert pixels[21].any()


@settings(max_examples=300, deadline=None)
@given(
    envelopes,
    some.booleans(),
    some.integers(1, 4),
    some.sampled_from([(1, 0), (3, 2)]),
    some.sampled_from([(100.0, 400.0), (80.0, 101.5), (150.0, 150.5)]),
    some.sampled_from([(0, HEIGHT - 1), (10, 25)]),
)
def test_pixels_are_those_of_numpy(
    envelope: Envelope, stepped: bool, width: int, pattern: tuple[int, int], span: tuple[float, float],
    rows: tuple[int, int],
) -> None:  # fmt: skip
    curve, plain = made(envelope, stepped, 0), points_of(envelope, stepped, 0, 5 * S)
    for part in Part:
        ours, theirs = (np.zeros((HEIGHT, WIDTH), dtype=np.uint32) for _ in range(2))
        paint(ours, *span, [(curve, part, -0.75, 30.0, *rows, INK, width, *pattern)])
        paint_plain(theirs, plain, part, span, rows, width, pattern)
        assert np.array_equal(ours, theirs), part


def paint_plain(
    pixels: reference.Pixels, points: Points, part: Part, span: tuple[float, float], rows: tuple[int, int],
    width: int, pattern: tuple[int, int],
) -> None:  # fmt: skip
    def placed(x: Any, y: Any) -> tuple[Any, Any]:
        return (x - span[0]) * (WIDTH / (span[1] - span[0])), y * -0.75 + 30.0

    x, y, solid, dashed, alone, marked = reference.line(points)
    if part is Part.MARKS:
        bars = reference.marks(*placed(x[marked], y[marked]), width, WIDTH)
        reference.fill(pixels, *bars, INK, *rows)
        return
    if part is Part.BAND:
        spans = reference.column_spans(*placed(points.x, points.y), points.solid | points.dashed, points.known, WIDTH)
    elif part is Part.SOLID:
        spans = reference.column_spans(*placed(x, y), solid, alone, WIDTH)
    else:
        spans = reference.column_spans(*placed(x, y), dashed, np.zeros_like(alone), WIDTH)
    phase = round(span[0] * WIDTH / (span[1] - span[0]))
    reference.fill(pixels, *reference.patterned(*reference.widened(*spans, width), *pattern, phase), INK, *rows)


def test_a_part_of_a_picture_is_painted_and_nothing_beside_it() -> None:
    whole = np.zeros((HEIGHT + 8, WIDTH + 8), dtype=np.uint32)
    curve = made(Envelope(3, 40, False), False, 0)
    paint(whole[4:-4, 4:-4], 100.0, 300.0, [(curve, Part.BAND, 1.0, 0.0, -50, 500, INK, 9, 1, 0)])
    assert (whole[4:-4, 4:-4] == INK).any()
    whole[4:-4, 4:-4] = 0
    assert not whole.any()


def test_what_cannot_be_painted_is_refused() -> None:
    pixels = np.zeros((HEIGHT, WIDTH), dtype=np.uint32)
    curve = made(Envelope(3, 4, False), False, 0)
    with pytest.raises(ValueError, match="range of time"):
        paint(pixels, 5.0, 5.0, [])
    with pytest.raises(ValueError, match="neighbours"):
        paint(pixels[:, ::2], 0.0, 5.0, [])
    with pytest.raises(ValueError, match="ten fields"):
        paint(pixels, 0.0, 5.0, [(curve, Part.BAND)])
    one = Envelope(3, 4, False)
    one.status = one.status[:2]
    with pytest.raises(ValueError, match="different lengths"):
        made(one, False, 0)
