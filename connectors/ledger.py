"""The last sample of every tag of one connection, and the samples on their way to the sink.

Used from the event loop only. Every rule about bad samples is here, once for all protocols: a bad sample
keeps the last value, a lost connection marks every tag, and nothing is ever silently left as it was.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.model import status as st
from app.model.batch import SampleBatch
from app.model.clock import Clock
from app.model.columns import are_bad, by_tag, in_column, last_of_each, tell_of_communication, value_of
from app.model.connection import Binding
from app.model.latest import LatestSamples
from app.model.sample import PastSamples, Sample, Samples, SampleSink, SlotSample, Value
from app.model.tag import Tag
from connectors.rate import Rate


class Ledger:
    """Samples of one connection, addressed by the index of their binding.

    They come one by one (``put``) or as numbers in columns (``put_columns``); the same rules hold for both, and their
    order is kept.

    Attributes:
        tags: the tags in the order of the bindings.
        updates: samples delivered since start.
        changes: values of the watched tag that differed from the one before.

    """

    def __init__(self, bindings: Sequence[Binding], sink: SampleSink, clock: Clock) -> None:
        now_ns = clock.now_ns()
        self.tags: tuple[Tag, ...] = tuple(binding.tag for binding in bindings)
        self.updates = 0
        self.changes = 0
        self._slots = tuple(binding.slot for binding in bindings)
        self._slot_column = np.array(self._slots, np.uint32)
        self._index = {binding.tag.name: index for index, binding in enumerate(bindings)}
        nothing = Sample(None, st.BAD_WAITING_FOR_INITIAL_DATA, now_ns, now_ns)
        self._last = LatestSamples(
            [tag.data_type for tag in self.tags],
            [nothing if binding.known is None else binding.known for binding in bindings],
        )
        self._sink = sink
        self._clock = clock
        self._waiting: list[Samples] = []
        self._batch: list[SlotSample] = []
        self._rate = Rate(clock)
        self._newest_lag_ns: int | None = None
        self._watched = -1
        self._doubt: int | None = None
        self._doubted: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self.tags)

    @property
    def bad_tags(self) -> int:
        """Tags whose status is bad now."""
        return int(are_bad(self._last.status).sum())

    def index_of(self, tag: Tag) -> int | None:
        """Return the index of a tag by its name, or None where the connection does not have it."""
        return self._index.get(tag.name)

    def last(self, index: int) -> Sample:
        """Return the last sample of a tag."""
        return self._last.get(index)

    def put(self, index: int, value: Value, status: int, source_ns: int | None, receive_ns: int) -> None:
        """Take a sample; a bad one without a value keeps the last value (times: ns, UTC)."""
        previous = self._last.get(index)
        if value is None and st.is_bad(status):
            value = previous.value
        if index == self._watched:
            self.changes += value is not None and value != previous.value
        elif self._doubt is not None:
            status = self._in_doubt(index, status)
        sample = Sample(value, status, receive_ns if source_ns is None else source_ns, receive_ns)
        self._last.put(index, sample)
        self._batch.append((self._slots[index], sample))
        # The first value after a loss may be old: it did not change meanwhile.
        if source_ns is not None and st.is_good(status) and not st.tells_of_communication(previous.status):
            self._newest_lag_ns = receive_ns - source_ns

    def put_columns(
        self,
        indices: NDArray[np.uint32],
        values: NDArray[np.float64],
        status: NDArray[np.uint32],
        source_ns: NDArray[np.int64],
        receive_ns: int,
    ) -> None:
        """Take numbers in order of arrival; a tag may come more than once. The arrays belong to the ledger then.

        Args:
            indices: of the bindings.
            values: in engineering units and finite (0 or 1 of a boolean, whole numbers to 2^53); NaN with a bad status
                where there is none: the last value stays.
            status: OPC UA StatusCodes.
            source_ns: ns since the epoch, UTC; ``receive_ns`` where the device gave no time.
            receive_ns: when all of them were received (ns since the epoch, UTC).

        """
        if not len(indices):
            return
        missing = np.flatnonzero(are_bad(status) & np.isnan(values))
        order = by_tag(indices)
        if len(missing) and (order is not None or not self._fill(indices, values, missing)):
            self._put_each(indices, values, status, source_ns, receive_ns)
            return
        if self._watched >= 0:
            self._count_changes(values[indices == self._watched])
        if self._doubt is not None:
            for position, index in enumerate(indices.tolist()):
                if index != self._watched:
                    status[position] = self._in_doubt(index, int(status[position]))
        self._note_lag(indices, status, source_ns, receive_ns, order)
        last = None if order is None else last_of_each(indices, order)
        columns = (indices, values, status, source_ns)
        newest = columns if last is None else (indices[last], values[last], status[last], source_ns[last])
        self._last.put_columns(*newest, receive_ns)
        self._end_batch()
        self._waiting.append(SampleBatch(self._slot_column[indices], values, status, source_ns, receive_ns))

    def spoil(self, index: int, status: int) -> None:
        """Give a tag a bad status at this moment; its last value stays. Nothing happens if it has that status.

        The age of a value counts from the first loss, whatever the attempts to come back end with: a tag that
        is lost already keeps its time, and once it has BadNoCommunication only a value changes that.
        """
        last, now_ns = self._last.get(index), self._clock.now_ns()
        if last.status == status:
            return
        if self._doubted.pop(index, None) is not None:
            self.put(index, None, status, last.source_ns, now_ns)
            return
        if not (st.is_stale(last.status) and st.is_stale(status)):
            self.put(index, None, status, None, now_ns)
        elif status == st.BAD_NO_COMMUNICATION:
            self.put(index, None, status, last.source_ns, now_ns)

    def spoil_all(self, status: int) -> None:
        """Give every tag a bad status at this moment, and deliver."""
        for index in range(len(self.tags)):
            self.spoil(index, status)
        self.flush()

    def put_past(self, index: int, samples: Sequence[Sample]) -> None:
        """Deliver samples of a time that is over, oldest first, beside the live ones; the last sample stays."""
        if samples:
            self.updates += len(samples)
            self._sink(PastSamples((self._slots[index], sample) for sample in samples))

    def watch(self, index: int) -> None:
        """Count the changes of a tag from now on, in ``changes``."""
        self._watched = index

    def doubt(self, status: int) -> None:
        """Give every good tag but the watched one this uncertain status, and those that come, until ``trust``."""
        if self._doubt == status:
            return
        self._doubt = status
        now_ns = self._clock.now_ns()
        for index in range(len(self.tags)):
            last = self._last.get(index)
            if index != self._watched and st.is_good(last.status):
                self.put(index, last.value, last.status, None, now_ns)
        self.flush()

    def trust(self) -> None:
        """Give the tags that are in doubt back what they had."""
        if self._doubt is None:
            return
        doubted, self._doubted, self._doubt = self._doubted, {}, None
        now_ns = self._clock.now_ns()
        for index, status in doubted.items():
            self.put(index, self._last.get(index).value, status, None, now_ns)
        self.flush()

    def announce(self) -> None:
        """Deliver the present sample of every tag, so that each has one from the start."""
        self._batch.extend(zip(self._slots, self._last.all(), strict=True))
        self.flush()

    def flush(self) -> None:
        """Deliver what was taken to the sink, in order."""
        self._end_batch()
        waiting, self._waiting = self._waiting, []
        for samples in waiting:
            self.updates += len(samples)
            self._rate.add(len(samples))
            self._sink(samples)

    def rate(self) -> float:
        """Return samples per second, mean of the last ten seconds."""
        return self._rate.per_second()

    def lag_ms(self) -> float | None:
        """Return receive time minus source time of the newest good sample, or None without source times."""
        return None if self._newest_lag_ns is None else self._newest_lag_ns / 1e6

    def _in_doubt(self, index: int, status: int) -> int:
        """Return the status of a sample while the connection is in doubt, and keep the one that it came with."""
        if not st.is_good(status) or self._doubt is None:
            self._doubted.pop(index, None)
            return status
        self._doubted[index] = status
        return self._doubt

    def _count_changes(self, values: NDArray[np.float64]) -> None:
        last = self._last.get(self._watched).value
        for value in values[~np.isnan(values)].tolist():
            self.changes += value != last
            last = value

    def _end_batch(self) -> None:
        if self._batch:
            self._waiting.append(self._batch)
            self._batch = []

    def _fill(self, indices: NDArray[np.uint32], values: NDArray[np.float64], missing: NDArray[np.intp]) -> bool:
        """Give the last values to those that have none; False where one of them is not a number of a column."""
        for position in missing.tolist():
            index = int(indices[position])
            last = self._last.get(index).value
            if last is None:
                continue
            if isinstance(last, str) or not in_column(last, self.tags[index].data_type):
                return False
            values[position] = float(last)
        return True

    def _put_each(
        self,
        indices: NDArray[np.uint32],
        values: NDArray[np.float64],
        status: NDArray[np.uint32],
        source_ns: NDArray[np.int64],
        receive_ns: int,
    ) -> None:
        for position, index in enumerate(indices.tolist()):
            number, code, at_ns = float(values[position]), int(status[position]), int(source_ns[position])
            value = value_of(number, code, self.tags[index].data_type)
            self.put(index, value, code, None if at_ns == receive_ns else at_ns, receive_ns)

    def _note_lag(
        self,
        indices: NDArray[np.uint32],
        status: NDArray[np.uint32],
        source_ns: NDArray[np.int64],
        receive_ns: int,
        order: NDArray[np.intp] | None,
    ) -> None:
        """Take the lag of the last sample that tells one, as ``put`` does."""
        previous = self._last.status[indices]
        if order is not None:
            ordered = indices[order]
            repeats = np.flatnonzero(ordered[1:] == ordered[:-1])
            previous[order[repeats + 1]] = status[order[repeats]]
        telling = (status < st.UNCERTAIN) & (source_ns != receive_ns) & ~tell_of_communication(previous)
        found = np.flatnonzero(telling)
        if len(found):
            self._newest_lag_ns = receive_ns - int(source_ns[found[-1]])
