"""The way of a sample: store first, then current values, alarms, history."""

import logging
import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, Protocol

from app.engine.values import Values
from app.model.alarm import AlarmTransition
from app.model.batch import SampleBatch
from app.model.clock import SECOND_NS, Clock
from app.model.columns import one_by_one
from app.model.history import LATE, HistoryRow
from app.model.sample import Sample, Samples, Value
from app.model.status import BAD_NO_COMMUNICATION, is_bad, tells_of_communication
from app.model.tag import Tag

RATE_WINDOW_S: Final = 10
CLOCK_STEP_NS: Final = 10 * SECOND_NS
"""A source time that lies further ahead of our clock, or behind its own last one, tells of the device's clock."""
DOUBT_AGAIN_S: Final = 600.0

log = logging.getLogger(__name__)


class Store(Protocol):
    """What ingest asks of the trend store's writer."""

    def append(self, slot: int, source_ns: int, value: Value, status: int, receive_ns: int) -> bool:
        """Append a sample; False where it was older than the newest."""


class Ingest:
    """Takes batches of samples from connectors, in the event loop; does no I/O but the store's memory."""

    def __init__(
        self,
        tags: Sequence[Tag],
        store: Store,
        values: Values,
        evaluate: Callable[[str, Sample, int], Sequence[AlarmTransition]],
        on_transitions: Callable[[Sequence[AlarmTransition]], None],
        clock: Clock,
        *,
        known_until_ns: int = 0,
        lost_ns: int = 0,
    ) -> None:
        """Begin where the run before ended (ns, UTC; 0: there was none).

        ``known_until_ns``: the ring has what it heard until then. ``lost_ns``: history has it until then; later than
        the ring's end where that comes from a checkpoint, or is new. From then on nothing is known.
        """
        self._tags = tags
        self._types = [tag.data_type for tag in tags]
        self._store = store
        self._values = values
        self._evaluate = evaluate
        self._on_transitions = on_transitions
        self._clock = clock
        self._known_until_ns, self._lost_ns = known_until_ns, lost_ns
        self._history: list[HistoryRow] = []
        self._recorded: list[Sample | None] = [None] * len(tags)
        self._row_id = clock.now_ns() // 1000  # beyond those of the runs before: they began at theirs
        self._placed_ns = [0] * len(tags)
        self._device_ns = [0] * len(tags)
        self._doubt_again: dict[str, float] = {}
        self._rates: deque[tuple[float, int]] = deque([(clock.monotonic(), 0)])
        self.samples = 0
        self.late = 0

    def take(self, samples: Samples) -> None:
        """Store, evaluate and queue samples; the sink of every connector."""
        batch = one_by_one(samples, self._types) if isinstance(samples, SampleBatch) else samples
        now_ns = self._clock.now_ns()
        transitions: list[AlarmTransition] = []
        for slot, arrived in batch:
            tag = self._tags[slot]
            known = self._values.get(tag.name)
            sample = _with_last_known(arrived, known)
            place_ns = self._place(slot, sample, known)
            if sample is not arrived:
                place_ns = max(place_ns, self._known_until_ns)
            begins = self._placed_ns[slot] == 0 and tells_of_communication(sample.status)
            self.samples += 1
            if not self._store.append(slot, place_ns, sample.value, sample.status, sample.receive_ns):
                place_ns = self._append_anew(slot, place_ns, sample)
            if place_ns < self._placed_ns[slot]:
                self._queue(tag, sample, place_ns, LATE)
                continue
            recorded_ns = self._lost_at(sample, place_ns) if begins else place_ns
            self._placed_ns[slot] = max(place_ns, recorded_ns)
            self._record(slot, tag, sample, recorded_ns)
            self._values.put(tag.name, sample)
            transitions += self._evaluate(tag.name, sample, now_ns)
        if transitions:
            self._on_transitions(transitions)

    def drain_history(self) -> list[HistoryRow]:
        """Return what waits for SQL, and forget it here."""
        rows, self._history = self._history, []
        return rows

    def rate(self) -> float:
        """Samples per second over about the last ten seconds; call about once a second."""
        now = self._clock.monotonic()
        self._rates.append((now, self.samples))
        while len(self._rates) > 2 and now - self._rates[0][0] > RATE_WINDOW_S:
            self._rates.popleft()
        since, count = self._rates[0]
        return (self.samples - count) / (now - since) if now > since else 0.0

    def _place(self, slot: int, sample: Sample, current: Sample | None) -> int:
        """Return the time (ns, UTC) at which a sample enters the ring: the source's, unless that cannot be trusted.

        The ring holds our statuses (at our clock) and the device's values (at its own), so a present value may seem
        older than what is there. It is late only where the device's own clock says so. Otherwise the tag would keep
        its last value, and call it good, until a slow clock has caught up, or for an hour after one was set back.
        """
        newest_ns, device_ns = self._placed_ns[slot], self._device_ns[slot]
        now_ns = max(sample.receive_ns, newest_ns)
        source_ns = sample.source_ns
        if _is_ours(sample):
            return source_ns if source_ns >= newest_ns else now_ns
        known_again = current is not None and _is_ours(current)
        late = source_ns < newest_ns and device_ns - CLOCK_STEP_NS <= source_ns < device_ns and not known_again
        if late:
            return source_ns
        ahead_ns = source_ns - sample.receive_ns
        if ahead_ns > CLOCK_STEP_NS:
            self._doubt(slot, f"the clock of its source is {ahead_ns // SECOND_NS} s ahead")
        elif source_ns < device_ns - CLOCK_STEP_NS and not known_again:
            self._doubt(slot, f"the clock of its source was set back by {(device_ns - source_ns) // SECOND_NS} s")
        self._device_ns[slot] = source_ns
        trusted = newest_ns <= source_ns <= sample.receive_ns + CLOCK_STEP_NS
        return source_ns if trusted else now_ns

    def _lost_at(self, sample: Sample, place_ns: int) -> int:
        """Return from when (ns, UTC) history knows nothing, for the sample by which a run begins."""
        if self._lost_ns == 0:
            return place_ns
        return self._lost_ns if sample.value is None else max(place_ns, self._lost_ns)

    def _doubt(self, slot: int, problem: str) -> None:
        """Tell of a clock, once in a while for each connection."""
        tag, now = self._tags[slot], self._clock.monotonic()
        if now >= self._doubt_again.get(tag.connection, now):
            self._doubt_again[tag.connection] = now + DOUBT_AGAIN_S
            log.warning("connection %s, tag %s: %s; placed when received", tag.connection, tag.name, problem)

    def _append_anew(self, slot: int, place_ns: int, sample: Sample) -> int:
        """Handle a sample that the ring found late; return the time at which it counts.

        The first one of a run is the present value, though the ring of the last run may end after it (it ends with
        a loss, or the value did not change): it enters at its receive time, or the tag would stay as it was left.
        """
        if self._placed_ns[slot] == 0 and self._store.append(
            slot, sample.receive_ns, sample.value, sample.status, sample.receive_ns
        ):
            return sample.receive_ns
        self.late += 1
        return place_ns

    def _record(self, slot: int, tag: Tag, sample: Sample, place_ns: int) -> None:
        """Queue a sample that passes the tag's dead-band, counted from the one queued last."""
        last = self._recorded[slot]
        if last is None or sample.status != last.status or _passes(last.value, sample.value, tag.deadband):
            self._recorded[slot] = sample
            self._queue(tag, sample, place_ns, 0)

    def _queue(self, tag: Tag, sample: Sample, place_ns: int, flags: int) -> None:
        self._row_id += 1
        times = (place_ns, self._row_id, sample.source_ns, sample.receive_ns)
        self._history.append(HistoryRow(tag.name, *times, sample.value, sample.status, flags))


def _passes(last: Value, value: Value, deadband: float) -> bool:
    """Tell whether a value differs from the last one by more than a dead-band; 0: whether it differs at all."""
    if value == last:
        return False
    if isinstance(value, int | float) and isinstance(last, int | float):
        if math.isnan(value) or math.isnan(last):
            return math.isnan(value) != math.isnan(last)
        return abs(value - last) > deadband
    return True


def _with_last_known(sample: Sample, known: Sample | None) -> Sample:
    """Return the sample with the value and time last known, where it tells only that there is no communication.

    A connector that has not heard of a tag in this run has no value to go with the loss; the run before had one.
    """
    if sample.value is not None or known is None or known.value is None or not tells_of_communication(sample.status):
        return sample
    return replace(sample, value=known.value, status=BAD_NO_COMMUNICATION, source_ns=known.source_ns)


def _is_ours(sample: Sample) -> bool:
    """Tell whether a sample was made on this side of the link, and carries our clock."""
    return tells_of_communication(sample.status) or (is_bad(sample.status) and sample.source_ns == sample.receive_ns)
