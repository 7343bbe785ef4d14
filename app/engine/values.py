"""Current values of all tags in memory, and those who wait for the next one."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.engine.layout import Layout
from app.model.batch import SampleBatch
from app.model.columns import typed
from app.model.latest import LatestSamples
from app.model.sample import Sample, Value
from app.model.status import (
    BAD_NO_COMMUNICATION,
    BAD_NODE_ID_UNKNOWN,
    BAD_WAITING_FOR_INITIAL_DATA,
    is_substitute,
)
from app.model.tag import DataType, Tag

Watcher = Callable[[str, Sample], None]

_WAITING: Final = Sample(None, BAD_WAITING_FOR_INITIAL_DATA, 0, 0)


class Values:
    """The last sample of every tag, by name; a tag's slot is its place among the tags. Belongs to the event loop."""

    def __init__(self, tags: Mapping[str, Tag], known: Mapping[str, Sample] | None = None) -> None:
        """Begin with the last samples of the run before (``known``): old values, not heard of in this run.

        A substitute of that run is nothing that is known of the tag.
        """
        self._slots = {name: slot for slot, name in enumerate(tags)}
        samples = [_WAITING] * len(tags)
        for name, sample in (known or {}).items():
            if name in self._slots and sample.value is not None and not is_substitute(sample.status):
                samples[self._slots[name]] = replace(sample, status=BAD_NO_COMMUNICATION)
        self._last = LatestSamples([tag.data_type for tag in tags.values()], samples)
        self._watchers: dict[str, list[Watcher]] = {}

    def relocate(self, layout: Layout) -> None:
        """Take other tags; one of another type keeps its number as far as it has one, as an old value."""
        before, slots = self._last, self._slots
        samples = layout.each(before.all(), _WAITING)
        for slot in layout.retyped:
            tag = layout.tags[slot]
            known = before.get(slots[tag.name])
            value = _of_type(known.value, tag.data_type)
            if value is not None and not is_substitute(known.status):
                samples[slot] = replace(known, value=value, status=BAD_NO_COMMUNICATION)
        self._slots = {tag.name: slot for slot, tag in enumerate(layout.tags)}
        self._last = LatestSamples([tag.data_type for tag in layout.tags], samples)

    def get(self, tag: str) -> Sample | None:
        """Return the last sample, or None for a tag that does not exist."""
        slot = self._slots.get(tag)
        return None if slot is None else self._last.get(slot)

    def read(self, tag: str, now_ns: int) -> Sample:
        """Return the last sample; BadNodeIdUnknown for a tag that does not exist."""
        return self.get(tag) or Sample(None, BAD_NODE_ID_UNKNOWN, now_ns, now_ns)

    def put(self, tag: str, sample: Sample) -> None:
        """Take a new sample and tell those who watch the tag."""
        self._last.put(self._slots[tag], sample)
        watchers = self._watchers.get(tag)
        if watchers:
            for watcher in tuple(watchers):
                watcher(tag, sample)

    def put_columns(self, batch: SampleBatch) -> None:
        """Take new samples, each of another tag, and none of one that is watched."""
        self._last.put_columns(batch.slots, batch.values, batch.status, batch.source_ns, batch.receive_ns)

    def are_watched(self, slots: NDArray[np.uint32]) -> NDArray[np.bool_] | None:
        """Tell which of the slots somebody watches; None: nobody watches anything."""
        if not self._watchers:
            return None
        return np.isin(slots, [self._slots[tag] for tag in self._watchers if tag in self._slots])

    def watch(self, tag: str, watcher: Watcher) -> Callable[[], None]:
        """Call ``watcher`` on each new sample of a tag; return what ends this."""
        self._watchers.setdefault(tag, []).append(watcher)

        def stop() -> None:
            watchers = self._watchers.get(tag, [])
            if watcher in watchers:
                watchers.remove(watcher)
            if not watchers:
                self._watchers.pop(tag, None)

        return stop


def _of_type(value: Value, data_type: DataType) -> Value:
    """Return a value as one of another type; None where it is none of that type."""
    if isinstance(value, str) or value is None or data_type is DataType.STRING:
        return None
    number = float(value)
    if data_type is DataType.FLOAT:
        return number
    found = typed(number, data_type)
    return None if isinstance(found, float) else found
