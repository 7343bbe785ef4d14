"""Envelopes become lines: gaps, dashes, steps."""

from types import SimpleNamespace

import numpy as np

from app.model import status as st
from app.model.tag import DataType, Tag
from widgets.trend.shape import EMPTY, polyline

S = 1_000_000_000
FLOW = Tag("A.FT1.PV")
PUMP = Tag("A.P1.RUN", data_type=DataType.BOOL)


def envelope(values: list[float], statuses: list[int]) -> SimpleNamespace:
    t = np.arange(len(values), dtype=np.int64) * S
    v = np.array(values, dtype=float)
    return SimpleNamespace(
        t_first=t, t_last=t, minimum=v, maximum=v, last=v, status=np.array(statuses, dtype=np.uint32)
    )


def test_bad_samples_leave_a_gap() -> None:
    lines = polyline(envelope([1, 2, 3, 4, 5], [0, 0, st.BAD, 0, 0]), FLOW, 0)
    assert [(x.tolist(), y.tolist()) for x, y in lines.solid_parts()] == [([0, 1, 2], [1, 2, 2]), ([3, 4], [4, 5])]
    assert not lines.dashed.any()


def test_what_never_changed_before_a_gap_was_there_all_the_time() -> None:
    lines = polyline(envelope([1.3, 0, 1.4], [0, st.BAD_NO_COMMUNICATION, st.UNCERTAIN]), FLOW, 4 * S)
    assert [(x.tolist(), y.tolist()) for x, y in lines.solid_parts()] == [([0, 1], [1.3, 1.3])]
    assert [(x.tolist(), y.tolist()) for x, y in lines.dashed_parts()] == [([2, 4], [1.4, 1.4])]
    assert lines.bounds() == (1.3, 1.4)


def test_a_value_that_stood_still_is_held_until_it_changed_and_dense_ones_are_joined() -> None:
    far = envelope([0, 1, 100, 90], [0, 0, 0, 0])
    far.t_first = far.t_last = np.array([0, 5, 605, 606], dtype=np.int64) * S
    lines = polyline(far, FLOW, 0)
    assert lines.x.tolist() == [0, 5, 605, 605, 606]
    assert lines.y.tolist() == [0, 1, 1, 100, 90]
    assert lines.solid.tolist() == [True] * 4 + [False]
    assert lines.value_at(604.9) == 1  # as the ruler says, so is it drawn


def test_samples_of_a_slowly_scanned_tag_are_joined_as_those_of_a_fast_one_are() -> None:
    slow = envelope([0, 1, 4, 9], [0, 0, 0, 0])
    slow.t_first = slow.t_last = np.array([0, 60, 240, 421], dtype=np.int64) * S  # one late by two scans, one by more
    lines = polyline(slow, Tag("A.LT1.PV", scan_ms=60_000), 0)
    assert lines.x.tolist() == [0, 60, 240, 421, 421]
    assert lines.y.tolist() == [0, 1, 4, 4, 9]


def test_a_held_value_keeps_the_look_of_its_status() -> None:
    far = envelope([1, 2, 3], [0, st.UNCERTAIN, 0])
    far.t_first = far.t_last = np.array([0, 1, 61], dtype=np.int64) * S
    lines = polyline(far, FLOW, 0)
    assert [(x.tolist(), y.tolist()) for x, y in lines.dashed_parts()] == [([1, 61, 61], [2, 2, 3])]


def test_not_a_number_is_a_gap_and_never_drawn() -> None:
    lines = polyline(envelope([1, float("nan"), 3], [0, 0, 0]), FLOW, 0)
    assert np.isfinite(lines.y).all()
    assert [(x.tolist(), y.tolist()) for x, y in lines.solid_parts()] == [([0, 1], [1, 1])]


def test_uncertain_samples_are_dashed() -> None:
    lines = polyline(envelope([1, 2, 3], [0, st.UNCERTAIN, 0]), FLOW, 0)
    assert lines.solid.tolist() == [True, False, False]
    assert lines.dashed.tolist() == [False, True, False]


def test_discrete_tags_make_steps_and_hold_until_now() -> None:
    lines = polyline(envelope([0, 1], [0, 0]), PUMP, 5 * S)
    assert lines.x.tolist() == [0, 1, 1, 5]
    assert lines.y.tolist() == [0, 0, 1, 1]
    assert lines.bounds() == (0.0, 1.0)


def test_a_column_spans_from_minimum_to_maximum() -> None:
    one = SimpleNamespace(
        t_first=np.array([0]), t_last=np.array([4 * S]), minimum=np.array([-1.0]), maximum=np.array([9.0]),
        last=np.array([3.0]), status=np.array([0], dtype=np.uint32),
    )  # fmt: skip
    lines = polyline(one, FLOW, 0)
    assert lines.bounds() == (-1.0, 9.0)
    assert lines.y[-1] == 3.0


def test_nothing_gives_nothing() -> None:
    assert polyline(envelope([], []), FLOW, 0) is EMPTY
    assert EMPTY.bounds() is None
