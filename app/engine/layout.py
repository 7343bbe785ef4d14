"""Where tags are after a change of configuration: a tag's slot is its place among the tags.

A ``Layout`` is computed once for a change, and every part that holds something by slot moves it by that
(``relocate``), all in one turn of the event loop. Connectors that go on know the slots that they were made with; a
``Translation`` stands between them and the rest.
"""

from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.model.batch import SampleBatch
from app.model.sample import PastSamples, Samples
from app.model.tag import Tag

T = TypeVar("T")
N = TypeVar("N", bound=np.generic)

NOWHERE: Final = -1


class Layout:
    """From the slots of one configuration to those of the next. A tag goes on by its name.

    Attributes:
        tags: by their slots from now on.
        retyped: slots, from now on, of tags that have another data type: they have their place in time, but what was
            known of their values is of another kind.
        is_same: whether every tag is where it was, with the type that it had.

    """

    def __init__(self, before: Sequence[Tag], tags: Sequence[Tag]) -> None:
        self.tags = tuple(tags)
        slots = {tag.name: slot for slot, tag in enumerate(before)}
        found = [slots.get(tag.name, NOWHERE) for tag in tags]
        self._origin = np.array(found, np.intp)
        self.retyped = tuple(
            slot
            for slot, old in enumerate(found)
            if old != NOWHERE and before[old].data_type is not tags[slot].data_type
        )
        self._of_value = self._origin.copy()
        self._of_value[list(self.retyped)] = NOWHERE
        goes_on = np.flatnonzero(self._of_value != NOWHERE)
        self.target: NDArray[np.intp] = np.full(len(before), NOWHERE, np.intp)
        """By slot of before: the slot from now on; NOWHERE where the tag is no more, or has another type."""
        self.target[self._of_value[goes_on]] = goes_on
        self.is_same = found == list(range(len(before))) and not self.retyped

    def column(self, column: NDArray[N], otherwise: object) -> NDArray[N]:
        """Return a column of what tags are by the slots from now on; ``otherwise`` for new tags and other types."""
        return _taken(column, self._of_value, otherwise)

    def times(self, column: NDArray[N], otherwise: object) -> NDArray[N]:
        """Return a column that does not depend on the type of a tag; ``otherwise`` for new tags."""
        return _taken(column, self._origin, otherwise)

    def each(self, items: Sequence[T], otherwise: T) -> list[T]:
        """Return an item a tag by the slots from now on; ``otherwise`` for new tags and other types."""
        return [items[old] if old != NOWHERE else otherwise for old in self._of_value.tolist()]

    def some(self, items: Mapping[int, T]) -> dict[int, T]:
        """Return items of some tags by the slots from now on, without those of tags that do not go on as they were."""
        return {int(new): item for slot, item in items.items() if (new := self.target[slot]) != NOWHERE}


class Translation:
    """Translates what a connector delivers by the slots that it was made with."""

    def __init__(self) -> None:
        self._target: NDArray[np.intp] | None = None

    def relocate(self, layout: Layout) -> None:
        """Take another layout; what is of tags that do not go on as they were is left out from now on."""
        if self._target is None:
            self._target = layout.target
        else:
            self._target = _taken(layout.target, self._target, NOWHERE)

    def __call__(self, samples: Samples) -> Samples:
        """Return the samples by the slots of now."""
        if self._target is None:
            return samples
        if not isinstance(samples, SampleBatch):
            found = ((int(self._target[slot]), sample) for slot, sample in samples)
            kept = [each for each in found if each[0] != NOWHERE]
            return PastSamples(kept) if isinstance(samples, PastSamples) else kept
        slots = self._target[samples.slots]
        goes_on = slots != NOWHERE
        if not goes_on.all():
            samples, slots = samples.select(goes_on), slots[goes_on]
        return SampleBatch(
            slots.astype(np.uint32), samples.values, samples.status, samples.source_ns, samples.receive_ns
        )


def _taken(column: NDArray[N], origin: NDArray[np.intp], otherwise: object) -> NDArray[N]:
    moved = np.full(len(origin), otherwise, column.dtype)
    known = origin != NOWHERE
    moved[known] = column[origin[known]]
    return moved
