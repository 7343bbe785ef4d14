"""Values at even steps are those of the line that is drawn."""

import numpy as np

from app.model.tag import DataType, Tag
from app.model.text import LocalText
from app.trend.types import Envelope
from widgets.trend.sampling import at_times

S = 1_000_000_000
FLOW = Tag("A", LocalText(""), data_type=DataType.FLOAT)


def test_a_value_that_stood_still_is_held_and_dense_ones_are_on_their_line() -> None:
    t = np.array([0, 4, 604], dtype=np.int64) * S
    v = np.array([0.0, 4.0, 1000.0])
    rows = Envelope(t, t, v, v, v, np.zeros(3, np.uint32), np.ones(3, np.uint64), True)
    assert t[1] - t[0] <= FLOW.dense_ns < t[2] - t[1]
    values, _ = at_times(rows, FLOW, np.array([1, 3, 5, 300, 603, 604, 700], dtype=np.int64) * S)
    assert values.tolist() == [1.0, 3.0, 4.0, 4.0, 4.0, 1000.0, 1000.0]


def test_values_between_the_samples_of_a_slow_tag_are_on_their_line() -> None:
    t = np.array([0, 60, 300], dtype=np.int64) * S
    v = np.array([0.0, 6.0, 30.0])
    rows = Envelope(t, t, v, v, v, np.zeros(3, np.uint32), np.ones(3, np.uint64), True)
    values, _ = at_times(rows, Tag("B", scan_ms=60_000), np.array([30, 60, 200, 300], dtype=np.int64) * S)
    assert values.tolist() == [3.0, 6.0, 6.0, 30.0]
