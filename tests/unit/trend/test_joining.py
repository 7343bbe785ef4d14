"""Ring and history as one envelope, against all samples in a plain list."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from app.trend.types import Envelope
from widgets.trend.joining import in_order, joined, wanted
from widgets.trend.parts import column_width, parts_of

Samples = list[tuple[int, float]]
NUMBERS = some.integers(-50, 50).map(float)
TIMES = some.lists(some.integers(0, 4000), min_size=2, max_size=120, unique=True).map(sorted)


def rows(groups: list[Samples]) -> Envelope:
    values = [[value for _, value in group] for group in groups]
    return Envelope(
        np.array([group[0][0] for group in groups], np.int64), np.array([group[-1][0] for group in groups], np.int64),
        np.array([min(one) for one in values], float), np.array([max(one) for one in values], float),
        np.array([one[-1] for one in values], float), np.zeros(len(groups), np.uint32),
        np.array([len(one) for one in values], np.uint64), all(len(one) == 1 for one in values),
    )  # fmt: skip


def in_columns(samples: Samples, width: int) -> list[Samples]:
    found: dict[int, Samples] = {}
    for at, value in samples:
        found.setdefault(at // width, []).append((at, value))
    return list(found.values())


@given(TIMES, some.data(), some.integers(0, 120), some.integers(0, 120), some.integers(1, 40))
def test_every_extreme_is_there_once(
    times: list[int], data: some.DataObject, buckets: int, raw: int, column: int
) -> None:
    """The ring has nothing of the oldest, then buckets of eight, then samples; history has everything."""
    values = data.draw(some.lists(NUMBERS, min_size=len(times), max_size=len(times)))
    samples = list(zip(times, values, strict=True))
    a, b = sorted((min(buckets, len(samples)), min(raw, len(samples))))
    old = [samples[at : min(at + 8, b)] for at in range(a, b, 8)]
    ring = rows([*old, *([one] for one in samples[b:])])
    start, end = 0, 4001
    history = []
    width = column_width(end - start, -(-(end - start) // column))
    assert width <= column
    for begin, finish in wanted(ring, start, end, float(column)):
        for part in parts_of("T", begin, finish, width):
            inside = [one for one in samples if part.start_ns <= one[0] < part.end_ns]
            near = [[one] for one in samples if one[0] < part.start_ns][-1:]
            after = [[one] for one in samples if one[0] >= part.end_ns][:1]
            history.append(rows([*near, *in_columns(inside, width), *after]))
    found = joined(ring, in_order(list(dict.fromkeys(history))), float(column))
    assert (found.t_first <= found.t_last).all()
    assert (np.diff(found.t_first) >= 0).all()
    for at, value in samples:
        near = (found.t_first <= at + column) & (found.t_last >= at - column)
        assert near.any()
        assert found.minimum[near].min() <= value <= found.maximum[near].max()
    assert found.minimum.min() == min(values)
    assert found.maximum.max() == max(values)
    spans = found.t_last - found.t_first
    same = found.minimum == found.maximum
    assert (spans[~same] <= 1.5 * column).all()
    newest = samples[b:]
    if newest:
        tail = found.t_first >= newest[0][0]
        assert found.last[tail].tolist() == [value for _, value in newest]


def test_a_hole_in_the_ring_is_asked_of_history_and_filled() -> None:
    ring = rows([[(0, 1.0)], [(10, 2.0)], [(900, 3.0)]])
    ring.status[1] = 0x80310000
    assert wanted(ring, 0, 1000, 5.0) == [(11, 900)]
    history = rows([[(0, 1.0)], [(10, 2.0)], [(20, 7.0)], [(30, 8.0)], [(900, 3.0)]])
    assert joined(ring, history, 5.0).t_first.tolist() == [0, 10, 20, 30, 900]
    ring.status[1] = 0
    assert wanted(ring, 0, 1000, 5.0) == []
    assert joined(ring, history, 5.0).t_first.tolist() == [0, 10, 900]


def test_a_hole_narrower_than_a_column_hides_no_extreme_that_history_has() -> None:
    """Columns of 100: what was lost behind 110 lies within a row of the ring, or between two of them."""
    history = rows([[(0, 1.0), (60, 2.0)], [(110, NAN)], [(120, 90.0), (130, 7.0)], [(150, 3.0), (190, 2.0)]])
    history.status[1] = 0x80310000
    history.minimum[1] = history.maximum[1] = NAN
    within = rows([[(0, 1.0), (60, 2.0)], [(110, 5.0), (150, 3.0), (190, 2.0)], [(200, 4.0)]])
    between = rows([[(0, 1.0), (60, 2.0)], [(110, NAN)], [(150, 3.0), (190, 2.0)], [(200, 4.0)]])
    for ring, asked in ((within, (110, 200)), (between, (111, 150))):
        ring.status[1] = 0x80310000
        assert wanted(ring, 0, 300, 100.0) == [asked]
        before = ring.maximum.copy()
        found = joined(ring, history, 100.0)
        assert (np.diff(found.t_first) > 0).all()
        highest = int(np.nanargmax(found.maximum))
        assert (found.maximum[highest], 110 <= found.t_first[highest] <= 150) == (90.0, True)
        assert np.array_equal(ring.maximum, before, equal_nan=True)
        assert np.nanmax(found.maximum[found.t_first < 100]) == 2.0
        assert np.nanmax(found.maximum[found.t_first >= 150]) == 4.0
    assert joined(within, rows([[(300, 1.0)]]), 100.0).maximum.tolist() == [2.0, 5.0, 4.0]


def test_a_bucket_is_kept_where_history_lacks_one_of_its_extremes() -> None:
    ring = rows([[(0, 1.0), (100, 9.0)], [(200, 3.0)]])
    history = rows([[(0, 1.0)], [(50, 8.0)]])
    assert joined(ring, history, 5.0).t_first.tolist() == [0, 200]
    assert joined(ring, history, 5.0, tolerance=1.0).t_first.tolist() == [0, 50, 200]


NAN = float("nan")


def test_the_end_of_a_checkpoint_is_no_gap_where_history_goes_on() -> None:
    ring = rows([[(0, 1.0)], [(100, NAN)], [(900, 3.0)]])
    ring.status[1] = 0x80310000
    history = rows([[(0, 1.0)], [(400, NAN)], [(900, 3.0)]])
    history.status[1] = 0x80310000
    found = joined(ring, history, 5.0)
    assert (found.t_first.tolist(), (found.status >> 31).tolist()) == ([0, 400, 900], [0, 1, 0])
    started = rows([[(0, NAN), (1, 1.0)], [(400, NAN)], [(900, 3.0)]])  # was bad before it was good
    started.status[:2], started.minimum[0], started.maximum[0] = 0x80310000, 1.0, 1.0
    assert joined(ring, started, 5.0).t_first.tolist() == [0, 1, 400, 900]
    bucket = rows([[(0, 1.0), (60, 7.0), (100, 2.0)], [(900, 3.0)]])
    bucket.status[0], bucket.last[0] = 0x80310000, NAN
    found = joined(bucket, history, 80.0)
    assert (found.t_first.tolist(), found.maximum[0], found.last[0]) == ([0, 400, 900], 7.0, 1.0)
    assert (found.status >> 31).tolist() == [0, 1, 0]


def test_a_loss_stays_a_gap_where_history_has_it_too_or_nothing_behind_it() -> None:
    ring = rows([[(0, 1.0)], [(100, NAN)], [(900, 3.0)]])
    ring.status[1] = 0x80310000
    same = rows([[(0, 1.0)], [(100, NAN)], [(900, 3.0)]])
    same.status[1] = 0x80310000
    behind = rows([[(0, 1.0)], [(900, 3.0)]])
    later = rows([[(0, 1.0)], [(100, NAN)], [(500, 8.0)], [(900, 3.0)]])
    later.status[1] = 0x80310000
    for history in (same, behind, later):
        found = joined(ring, history, 5.0)
        assert found.status[found.t_first == 100].tolist() == [0x80310000]


def test_a_window_within_a_bucket_shows_what_history_has_there() -> None:
    bucket = [(0, 5.0), (10, 0.0), (990, 100.0), (1000, 5.0)]
    ring = rows([bucket, [(1010, 6.0), (2000, 7.0)]])
    history = rows([[(at, float(at))] for at in range(390, 620, 10)])
    assert wanted(ring, 400, 600, 1.0) == [(400, 600)]
    found = joined(ring, history, 1.0, window=(400, 600))
    assert found.t_first.tolist() == [*range(390, 620, 10), 1010]
    assert joined(ring, rows([[(-5, 1.0)]]), 1.0, window=(400, 600)).t_first.tolist() == [-5, 0, 1010]
    beside = joined(ring, history, 1.0, window=(1005, 1200))  # no part of that bucket was asked
    assert beside.t_first[0] == 0
