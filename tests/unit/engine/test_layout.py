"""Slots of one configuration in the next, and what connectors deliver by slots of before."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.layout import Layout, Translation
from app.model.batch import SampleBatch
from app.model.sample import PastSamples, Sample, Samples
from app.model.tag import DataType, Tag

A, B, C, D = (Tag(name) for name in "ABCD")
B_WHOLE = Tag("B", data_type=DataType.INT)
GOOD = Sample(1.0, 0, 1, 1)


def test_the_same_tags_move_nothing() -> None:
    layout = Layout([A, B], [A, Tag("B", unit="m")])
    assert layout.is_same
    assert not Layout([A, B], [B, A]).is_same
    assert not Layout([A, B], [A, B_WHOLE]).is_same
    assert not Layout([A, B], [A]).is_same
    assert not Layout([A], [A, B]).is_same
    assert Layout([], []).is_same


def test_what_is_held_by_slot_moves_with_its_tag() -> None:
    layout = Layout([A, B, C], [C, D, B_WHOLE, A])
    assert layout.retyped == (2,)
    assert layout.target.tolist() == [3, -1, 0]
    column = np.array([1.5, 2.5, 3.5])
    assert layout.column(column, 0.0).tolist() == [3.5, 0.0, 0.0, 1.5]
    assert layout.times(column, 0.0).tolist() == [3.5, 0.0, 2.5, 1.5]
    assert layout.each(["a", "b", "c"], "-") == ["c", "-", "-", "a"]
    assert layout.some({0: "a", 1: "b"}) == {3: "a"}


def batch(*slots: int) -> SampleBatch:
    count = len(slots)
    return SampleBatch(
        np.array(slots, np.uint32), np.array(slots, np.float64), np.zeros(count, np.uint32), np.ones(count, np.int64), 1
    )


@pytest.mark.parametrize("kind", [list, PastSamples])
def test_samples_of_tags_that_do_not_go_on_are_left_out(kind: type[list[tuple[int, Sample]]]) -> None:
    translate = Translation()
    samples = kind([(0, GOOD), (1, GOOD), (2, GOOD)])
    assert translate(samples) is samples
    translate.relocate(Layout([A, B, C], [C, D, B_WHOLE, A]))
    found = translate(samples)
    assert type(found) is kind
    assert found == [(3, GOOD), (0, GOOD)]
    columns = translate(batch(2, 1, 0, 2))
    assert isinstance(columns, SampleBatch)
    assert columns.slots.dtype == np.uint32
    assert (columns.slots.tolist(), columns.values.tolist()) == ([0, 3, 0], [2, 0, 2])


def test_a_tag_that_was_gone_in_between_is_not_heard_again() -> None:
    translate = Translation()
    translate.relocate(Layout([A, B], [B]))
    translate.relocate(Layout([B], []))
    translate.relocate(Layout([], [B, A]))
    assert translate([(0, GOOD), (1, GOOD)]) == []
    assert not translate(batch(0, 1))


names = st.lists(st.sampled_from("abcdefgh"), unique=True)


@given(lists=st.lists(names, min_size=2, max_size=6))
def test_every_sample_reaches_its_tag_over_many_changes(lists: list[list[str]]) -> None:
    layouts = [[Tag(name) for name in each] for each in lists]
    translate, alive = Translation(), set(lists[0])
    for before, after in itertools.pairwise(layouts):
        translate.relocate(Layout(before, after))
        alive &= {tag.name for tag in after}
    sent: Samples = [(slot, Sample(name, 0, 1, 1)) for slot, name in enumerate(lists[0])]
    found = translate(sent)
    assert not isinstance(found, SampleBatch)
    assert {lists[-1][slot]: sample.value for slot, sample in found} == {name: name for name in alive}
    columns = translate(batch(*range(len(lists[0]))))
    assert isinstance(columns, SampleBatch)
    arrived = {lists[-1][slot]: lists[0][int(value)] for slot, value in zip(columns.slots, columns.values, strict=True)}
    assert arrived == {name: name for name in alive}
