"""Where a sample goes: into the trend store, history and the current values. Alarms come after."""

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from app.engine.layout import Layout
from app.engine.placing import Placing, with_last_known
from app.engine.recording import Recording
from app.engine.values import Values
from app.model.batch import SampleBatch
from app.model.sample import Sample, SlotSample, Value
from app.model.tag import DataType, Tag
from app.trend.writer import KIND_BOOLEAN, KIND_INTEGER, KIND_REAL

_KINDS: Final = {DataType.INT: KIND_INTEGER, DataType.ENUM: KIND_INTEGER, DataType.BOOL: KIND_BOOLEAN}


class Store(Protocol):
    """What ingest asks of the trend store's writer."""

    def append(self, slot: int, source_ns: int, value: Value, status: int, receive_ns: int) -> bool:
        """Append a sample; False where it was older than the newest."""

    def append_batch(
        self,
        slots: NDArray[np.uint32],
        source_ns: NDArray[np.int64],
        values: NDArray[np.float64],
        status: NDArray[np.uint32],
        receive_ns: int,
        kinds: NDArray[np.uint8] | None = None,
    ) -> int:
        """Append numbers, ``kinds`` telling what they stand for; return how many were older than the newest."""


class Intake:
    """Takes samples that are given in order. Belongs to the event loop.

    ``take`` is the rule. ``take_columns`` is the short way for numbers as they follow each other on a sound connection:
    ``divide`` tells what it cannot take.

    Attributes:
        samples: taken since start; ``in_columns``: those of them that took the short way.
        late: samples older than the newest of their tag, which the store refused.

    """

    def __init__(
        self, tags: Sequence[Tag], store: Store, values: Values, placing: Placing, recording: Recording
    ) -> None:
        self._define(tags)
        self._store = store
        self._values = values
        self._placing = placing
        self._recording = recording
        self.samples = self.in_columns = self.late = 0

    def relocate(self, layout: Layout) -> None:
        """Take other tags, when all that it was made with have."""
        self._define(layout.tags)

    def _define(self, tags: Sequence[Tag]) -> None:
        self._tags = tags
        kinds = [_KINDS.get(tag.data_type, KIND_REAL) for tag in tags]
        self._kinds = np.array(kinds, np.uint8) if set(kinds) - {KIND_REAL} else None

    def take(self, slot: int, arrived: Sample) -> Sample | None:
        """Store and queue a sample, and make it the current one; return it as it counts, None where it is late."""
        tag, placing = self._tags[slot], self._placing
        known = self._values.get(tag.name)
        sample = with_last_known(arrived, known)
        place_ns = placing.place(slot, sample, known, revived=sample is not arrived)
        self.samples += 1
        if not self._store.append(slot, place_ns, sample.value, sample.status, sample.receive_ns):
            place_ns = self._append_anew(slot, place_ns, sample)
        counts_ns = placing.count(slot, sample, place_ns)
        if counts_ns is None:
            self._recording.record_late(slot, sample, place_ns)
            return None
        self._recording.record(slot, sample, counts_ns)
        self._values.put(tag.name, sample)
        return sample

    def take_past(self, samples: Sequence[SlotSample]) -> None:
        """Queue samples for history that a device kept while it could not be reached; nothing else changes."""
        for slot, sample in samples:
            self._recording.record_late(slot, sample, sample.source_ns)
        self.samples += len(samples)
        self.late += len(samples)

    def divide(self, batch: SampleBatch, *, tags_repeat: bool) -> tuple[NDArray[np.int64], NDArray[np.bool_] | None]:
        """Return the times at which samples enter the ring, and which of them ``take_columns`` cannot take.

        None: it can take all of them; of a tag it can take all or none, so that their order stays.

        Where a tag repeats, its samples are next to each other, in order of arrival.
        """
        repeats = _repeats(batch) if tags_repeat else None
        place_ns, short = self._placing.place_columns(batch, repeats)
        short &= self._recording.can_compare(batch.slots)
        short &= np.isfinite(batch.values)
        watched = self._values.are_watched(batch.slots)
        if watched is not None:
            short &= ~watched
        if short.all():
            return place_ns, None
        if repeats is None:
            return place_ns, ~short
        of_tag = np.zeros(len(self._tags), np.bool_)
        of_tag[batch.slots[~short]] = True
        return place_ns, of_tag[batch.slots]

    def take_columns(self, batch: SampleBatch, place_ns: NDArray[np.int64], *, tags_repeat: bool) -> None:
        """Store and queue numbers that ``divide`` lets pass, and make the last one of each tag current."""
        repeats = _repeats(batch) if tags_repeat else None
        count = len(batch)
        self.samples += count
        self.in_columns += count
        kinds = None if self._kinds is None else self._kinds[batch.slots]
        self.late += self._store.append_batch(
            batch.slots, place_ns, batch.values, batch.status, batch.receive_ns, kinds
        )
        self._recording.record_columns(batch, place_ns, repeats)
        newest = batch
        if repeats is not None:
            last = np.append(~repeats, True)
            newest, place_ns = batch.select(last), place_ns[last]
        self._placing.count_columns(newest, place_ns)
        self._values.put_columns(newest)

    def _append_anew(self, slot: int, place_ns: int, sample: Sample) -> int:
        """Handle a sample that the ring found late; return the time at which it counts.

        The first one of a run is the present value, though the ring of the last run may end after it (it ends with
        a loss, or the value did not change): it enters at its receive time, or the tag would stay as it was left.
        """
        if self._placing.is_first(slot) and self._store.append(
            slot, sample.receive_ns, sample.value, sample.status, sample.receive_ns
        ):
            return sample.receive_ns
        self.late += 1
        return place_ns


def _repeats(batch: SampleBatch) -> NDArray[np.bool_]:
    """Tell of each sample but the first whether it is of the same tag as the one before."""
    same: NDArray[np.bool_] = batch.slots[1:] == batch.slots[:-1]
    return same
