"""The way of a sample: store first, then current values, history, alarms."""

from collections import deque
from collections.abc import Callable, Collection, Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from app.engine.intake import Intake, Store
from app.engine.layout import Layout
from app.engine.placing import Placing
from app.engine.recording import Recording
from app.engine.values import Values
from app.model.alarm_state import AlarmTransition
from app.model.batch import SampleBatch
from app.model.clock import Clock
from app.model.columns import by_tag, one_by_one
from app.model.history import HistoryRow
from app.model.sample import PastSamples, Sample, Samples, SlotSample
from app.model.tag import Tag

RATE_WINDOW_S: Final = 10
FEW: Final = 24
"""So many samples are faster one by one than in columns."""


class Alarms(Protocol):
    """What ingest asks of the alarms."""

    def prepare(self, slot: int) -> None:
        """Hear that another sample of a tag is going to be put."""

    def process(self, slot: int, sample: Sample, now_ns: int) -> Sequence[AlarmTransition]:
        """Evaluate the alarms of a tag."""

    def sift(self, batch: SampleBatch, alone: NDArray[np.bool_] | None, now_ns: int) -> NDArray[np.bool_]:
        """Tell which samples must be processed; asked before their values are put. ``alone``: these in any case."""

    def settle(self, slots: Collection[int]) -> None:
        """Hear which tags were processed out of a batch."""


class Ingest:
    """Takes samples from connectors, in the event loop; does no I/O but the store's memory.

    Samples that come in columns stay in columns as far as ``Intake`` and the alarms let them. What has to go one by one
    does so after the others, in order of arrival; all samples of a tag go the same way.
    """

    def __init__(
        self,
        tags: Sequence[Tag],
        store: Store,
        values: Values,
        alarms: Alarms,
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
        self._types = [tag.data_type for tag in tags]
        self._alarms = alarms
        self._on_transitions = on_transitions
        self._clock = clock
        self._placing = Placing(tags, clock, known_until_ns, lost_ns)
        self._recording = Recording(tags, clock.now_ns() // 1000)  # beyond the ids of runs before: they began at theirs
        self._intake = Intake(tags, store, values, self._placing, self._recording)
        self._rates: deque[tuple[float, int]] = deque([(clock.monotonic(), 0)])

    @property
    def samples(self) -> int:
        """Samples taken since start."""
        return self._intake.samples

    @property
    def in_columns(self) -> int:
        """Those of them that stayed in columns."""
        return self._intake.in_columns

    @property
    def late(self) -> int:
        """Samples that the store refused since start: older than the newest of their tag."""
        return self._intake.late

    @property
    def doubted(self) -> tuple[int, int]:
        """Samples since start whose source's clock was ahead, and was set back."""
        return self._placing.ahead, self._placing.set_back

    @property
    def history_waiting(self) -> int:
        """Rows of history that nobody fetched yet."""
        return self._recording.waiting

    def redefine(self, tags: Sequence[Tag]) -> None:
        """Take the tags by other definitions: the same names and types in the same slots."""
        self._placing.redefine(tags)
        self._recording.redefine(tags)

    def relocate(self, layout: Layout) -> None:
        """Take other tags, when store and values have them and alarms are about to."""
        self._types = [tag.data_type for tag in layout.tags]
        self._placing.relocate(layout)
        self._recording.relocate(layout)
        self._intake.relocate(layout)

    def take(self, samples: Samples) -> None:
        """Store, evaluate and queue samples; the sink of every connector."""
        if isinstance(samples, PastSamples):
            self._intake.take_past(samples)
        elif not isinstance(samples, SampleBatch):
            self._take_each(samples)
        elif len(samples) < FEW:
            self._take_each(one_by_one(samples, self._types))
        else:
            self._take_columns(samples)

    def drain_history(self) -> list[HistoryRow]:
        """Return what waits for SQL, and forget it here."""
        return self._recording.drain()

    def rate(self) -> float:
        """Samples per second over about the last ten seconds; call about once a second."""
        now = self._clock.monotonic()
        self._rates.append((now, self.samples))
        while len(self._rates) > 2 and now - self._rates[0][0] > RATE_WINDOW_S:
            self._rates.popleft()
        since, count = self._rates[0]
        return (self.samples - count) / (now - since) if now > since else 0.0

    def _take_each(self, samples: Sequence[SlotSample]) -> None:
        now_ns = self._clock.now_ns()
        transitions: list[AlarmTransition] = []
        for slot, arrived in samples:
            self._alarms.prepare(slot)
            sample = self._intake.take(slot, arrived)
            if sample is not None:
                transitions += self._alarms.process(slot, sample, now_ns)
        if transitions:
            self._on_transitions(transitions)

    def _take_columns(self, batch: SampleBatch) -> None:
        order = by_tag(batch.slots)
        if order is not None:
            batch = batch.select(order)
        place_ns, alone = self._intake.divide(batch, tags_repeat=order is not None)
        now_ns = self._clock.now_ns()
        lively = self._alarms.sift(
            batch, alone, now_ns
        )  # before the values are put: alarms may have to hear of the old ones
        if alone is None:
            self._intake.take_columns(batch, place_ns, tags_repeat=order is not None)
        elif not alone.all():
            self._intake.take_columns(batch.select(~alone), place_ns[~alone], tags_repeat=order is not None)
        if not lively.any():
            return
        chosen = np.flatnonzero(lively)
        if order is not None:
            chosen = chosen[np.argsort(order[chosen])]
        self._take_lively(batch.select(chosen), None if alone is None else alone[chosen], now_ns)

    def _take_lively(self, batch: SampleBatch, alone: NDArray[np.bool_] | None, now_ns: int) -> None:
        """Evaluate the alarms of samples, in order of arrival; those that go alone are taken first."""
        transitions: list[AlarmTransition] = []
        processed: set[int] = set()
        ways = [False] * len(batch) if alone is None else alone.tolist()
        for (slot, arrived), goes_alone in zip(one_by_one(batch, self._types), ways, strict=True):
            sample = self._intake.take(slot, arrived) if goes_alone else arrived
            if sample is not None:
                transitions += self._alarms.process(slot, sample, now_ns)
                processed.add(slot)
        self._alarms.settle(processed)
        if transitions:
            self._on_transitions(transitions)
