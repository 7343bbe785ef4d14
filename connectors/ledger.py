"""The last sample of every tag of one connection, and the batch on its way to the sink.

Used from the event loop only. Every rule about bad samples is here, once for all protocols: a bad sample
keeps the last value, a lost connection marks every tag, and nothing is ever silently left as it was.
"""

from collections import deque
from collections.abc import Sequence

from app.model import status as st
from app.model.clock import SECOND_NS, Clock
from app.model.connection import Binding
from app.model.sample import Sample, SampleSink, SlotSample, Value
from app.model.tag import Tag

RATE_WINDOW_S = 10


class Ledger:
    """Samples of one connection, addressed by the index of their binding.

    Attributes:
        tags: the tags in the order of the bindings.
        updates: samples delivered since start.
        bad_tags: tags whose status is bad now.

    """

    def __init__(self, bindings: Sequence[Binding], sink: SampleSink, clock: Clock) -> None:
        now_ns = clock.now_ns()
        self.tags: tuple[Tag, ...] = tuple(binding.tag for binding in bindings)
        self.updates = 0
        self.bad_tags = len(bindings)
        self._slots = tuple(binding.slot for binding in bindings)
        self._index = {binding.tag.name: index for index, binding in enumerate(bindings)}
        nothing = Sample(None, st.BAD_WAITING_FOR_INITIAL_DATA, now_ns, now_ns)
        self._last = [nothing if binding.known is None else binding.known for binding in bindings]
        self._sink = sink
        self._clock = clock
        self._batch: list[SlotSample] = []
        self._rate: deque[tuple[int, int]] = deque()
        self._newest_lag_ns: int | None = None

    def __len__(self) -> int:
        return len(self.tags)

    def index_of(self, tag: Tag) -> int | None:
        """Return the index of a tag by its name, or None where the connection does not have it."""
        return self._index.get(tag.name)

    def last(self, index: int) -> Sample:
        """Return the last sample of a tag."""
        return self._last[index]

    def put(self, index: int, value: Value, status: int, source_ns: int | None, receive_ns: int) -> None:
        """Take a sample into the batch; a bad one without a value keeps the last value (times: ns, UTC)."""
        previous = self._last[index]
        if value is None and st.is_bad(status):
            value = previous.value
        sample = Sample(value, status, receive_ns if source_ns is None else source_ns, receive_ns)
        self.bad_tags += st.is_bad(status) - st.is_bad(previous.status)
        self._last[index] = sample
        self._batch.append((self._slots[index], sample))
        # The first value after a loss may be old: it did not change meanwhile.
        if source_ns is not None and st.is_good(status) and not st.tells_of_communication(previous.status):
            self._newest_lag_ns = receive_ns - source_ns

    def spoil(self, index: int, status: int) -> None:
        """Give a tag a bad status at this moment; its last value stays. Nothing happens if it has that status.

        The age of a value counts from the first loss, whatever the attempts to come back end with: a tag that
        is lost already keeps its time, and once it has BadNoCommunication only a value changes that.
        """
        last, now_ns = self._last[index], self._clock.now_ns()
        if last.status == status:
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

    def announce(self) -> None:
        """Deliver the present sample of every tag, so that each has one from the start."""
        self._batch.extend(zip(self._slots, self._last, strict=True))
        self.flush()

    def flush(self) -> None:
        """Deliver the batch to the sink."""
        if not self._batch:
            return
        batch, self._batch = self._batch, []
        self.updates += len(batch)
        second = self._clock.now_ns() // SECOND_NS
        if self._rate and self._rate[-1][0] == second:
            self._rate[-1] = (second, self._rate[-1][1] + len(batch))
        else:
            self._rate.append((second, len(batch)))
            self._forget(second)
        self._sink(batch)

    def rate(self) -> float:
        """Return samples per second, mean of the last ten seconds."""
        self._forget(self._clock.now_ns() // SECOND_NS)
        return sum(count for _, count in self._rate) / RATE_WINDOW_S

    def lag_ms(self) -> float | None:
        """Return receive time minus source time of the newest good sample, or None without source times."""
        return None if self._newest_lag_ns is None else self._newest_lag_ns / 1e6

    def _forget(self, second: int) -> None:
        while self._rate and self._rate[0][0] <= second - RATE_WINDOW_S:
            self._rate.popleft()
