"""What waits is taken in order, by weight."""

import itertools
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from app.engine.parcels import Parcel, Waiting, items_of


def heavy(items: Sequence[int]) -> int:
    return sum(items)


@given(st.lists(st.lists(st.integers(0, 30), max_size=4), max_size=20), st.integers(1, 60))
def test_what_is_taken_together_is_no_heavier_than_wanted_but_for_a_single_parcel(
    offered: list[list[int]], most: int
) -> None:
    waiting: Waiting[int] = Waiting(1000, heavy)
    for items in offered:
        waiting.put(items)
    taken: list[list[Parcel[int]]] = []
    while parcels := waiting.take(most):
        taken.append(parcels)
    for parcels in taken:
        assert len(parcels) == 1 or sum(heavy(each.items) for each in parcels) <= most
    for parcels, following in itertools.pairwise(taken):
        assert sum(heavy(each.items) for each in parcels) + heavy(following[0].items) > most  # as many as fit
    assert [item for parcels in taken for item in items_of(parcels)] == [item for items in offered for item in items]
    assert waiting.items == 0
