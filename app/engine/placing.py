"""When a sample counts: by the clock of its source, unless that cannot be trusted.

The ring holds our statuses (at our clock) and the device's values (at its own), so a present value may seem older than
what is there. It is late only where the device's own clock says so. Otherwise the tag would keep its last value, and
call it good, until a slow clock has caught up, or for an hour after one was set back.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.engine.layout import Layout
from app.model.batch import SampleBatch
from app.model.clock import SECOND_NS, Clock
from app.model.columns import are_bad, tell_of_communication
from app.model.sample import Sample
from app.model.status import (
    BAD_NO_COMMUNICATION,
    UNCERTAIN_SUBSTITUTE,
    is_bad,
    is_substitute,
    tells_of_communication,
)
from app.model.tag import Tag

CLOCK_STEP_NS: Final = 10 * SECOND_NS
"""A source time that lies further ahead of our clock, or behind its own last one, tells of the device's clock."""
DOUBT_AGAIN_S: Final = 600.0

log = logging.getLogger(__name__)


class Placing:
    """Keeps of every tag the newest time placed, and the newest of its device's clock (ns, UTC; 0: none yet).

    Attributes:
        ahead, set_back: samples whose source's clock could not be trusted, since start.

    """

    def __init__(self, tags: Sequence[Tag], clock: Clock, known_until_ns: int, lost_ns: int) -> None:
        """``known_until_ns``, ``lost_ns``: as ``Ingest`` takes them."""
        self._tags = tags
        self._clock = clock
        self._known_until_ns = known_until_ns
        self._lost_ns = np.full(len(tags), lost_ns, np.int64)
        self._keep(np.zeros(len(tags), np.int64), np.zeros(len(tags), np.int64))
        self._doubt_again: dict[str, float] = {}
        self.ahead = self.set_back = 0

    def redefine(self, tags: Sequence[Tag]) -> None:
        """Take the tags by other definitions, in the same slots."""
        self._tags = tags

    def relocate(self, layout: Layout) -> None:
        """Take other tags; the run before had nothing of new ones."""
        self._tags = layout.tags
        self._lost_ns = layout.times(self._lost_ns, 0)
        self._keep(layout.times(self._placed, 0), layout.times(self._device, 0))

    def is_first(self, slot: int) -> bool:
        """Tell whether nothing of a tag was placed in this run."""
        return self._placed_ns[slot] == 0

    def place(self, slot: int, sample: Sample, known: Sample | None, *, revived: bool) -> int:
        """Return the time (ns, UTC) at which a sample enters the ring; before ``newest`` time of the tag: it is late.

        ``known``: the sample before it. ``revived``: its value is that of the run before (``with_last_known``).
        """
        place_ns = self._by_source(slot, sample, known)
        return max(place_ns, self._known_until_ns) if revived else place_ns

    def count(self, slot: int, sample: Sample, place_ns: int) -> int | None:
        """Return the time at which history counts a sample that was placed there; None: it is late."""
        newest_ns = self._placed_ns[slot]
        if place_ns < newest_ns:
            return None
        begins = newest_ns == 0 and tells_of_communication(sample.status)
        counts_ns = self._lost_at(slot, sample, place_ns) if begins else place_ns
        self._placed_ns[slot] = max(place_ns, counts_ns)
        return counts_ns

    def place_columns(
        self, batch: SampleBatch, repeats: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return the times (ns, UTC) at which samples enter the ring, and for which of them that is sure.

        It is where the device's clock only went forward and the sample is not ours: whatever was known before, such a
        one enters at the time of its source, or now where that cannot be. ``repeats`` tells of each sample but the
        first whether it is of the same tag as the one before; None: no tag repeats. The answer for a tag that repeats
        holds where it is sure for all of its samples.
        """
        source_ns, slots = batch.source_ns, batch.slots
        newest, device = self._placed[slots], self._device[slots]
        sure: NDArray[np.bool_] = newest != 0
        ahead = source_ns > batch.receive_ns + CLOCK_STEP_NS
        now = np.maximum(newest, batch.receive_ns)
        place = np.where((source_ns >= newest) & ~ahead, source_ns, now)
        if repeats is not None:
            sure &= ~ahead
            device[1:][repeats] = source_ns[:-1][repeats]
            # Those after the first: at their source too, but for such as lie before now where the first entered now.
            first = np.flatnonzero(np.append(True, ~repeats))
            entered_now = np.where(place[first] == source_ns[first], 0, place[first])
            place = np.maximum(source_ns, np.repeat(entered_now, np.diff(first, append=len(batch))))
        sure &= source_ns >= device
        if batch.status.any():
            sure &= ~_are_ours(batch)
        return place, sure

    def count_columns(self, batch: SampleBatch, place_ns: NDArray[np.int64]) -> None:
        """Take note of samples, the last one of each tag, that entered at these times."""
        self._placed[batch.slots] = place_ns
        self._device[batch.slots] = batch.source_ns
        ahead_ns = batch.source_ns - batch.receive_ns
        for position in np.flatnonzero(ahead_ns > CLOCK_STEP_NS).tolist():
            self._doubt_ahead(int(batch.slots[position]), int(ahead_ns[position]))

    def _by_source(self, slot: int, sample: Sample, current: Sample | None) -> int:
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
            self._doubt_ahead(slot, ahead_ns)
        elif source_ns < device_ns - CLOCK_STEP_NS and not known_again:
            self.set_back += 1
            self._doubt(slot, f"the clock of its source was set back by {(device_ns - source_ns) // SECOND_NS} s")
        self._device_ns[slot] = source_ns
        trusted = newest_ns <= source_ns <= sample.receive_ns + CLOCK_STEP_NS
        return source_ns if trusted else now_ns

    def _lost_at(self, slot: int, sample: Sample, place_ns: int) -> int:
        """Return from when (ns, UTC) history knows nothing, for the sample by which a run begins."""
        lost_ns = int(self._lost_ns[slot])
        if lost_ns == 0:
            return place_ns
        return lost_ns if sample.value is None else max(place_ns, lost_ns)

    def _keep(self, placed: NDArray[np.int64], device: NDArray[np.int64]) -> None:
        self._placed, self._device = placed, device
        self._placed_ns, self._device_ns = placed.data, device.data  # the same memory, faster for one at a time

    def _doubt_ahead(self, slot: int, ahead_ns: int) -> None:
        self.ahead += 1
        self._doubt(slot, f"the clock of its source is {ahead_ns // SECOND_NS} s ahead")

    def _doubt(self, slot: int, problem: str) -> None:
        """Tell of a clock, once in a while for each connection."""
        tag, now = self._tags[slot], self._clock.monotonic()
        if now >= self._doubt_again.get(tag.connection, now):
            self._doubt_again[tag.connection] = now + DOUBT_AGAIN_S
            log.warning("connection %s, tag %s: %s; placed when received", tag.connection, tag.name, problem)


def with_last_known(sample: Sample, known: Sample | None) -> Sample:
    """Return the sample with the value and time last known, where it tells only that there is no communication.

    A connector that has not heard of a tag in this run has no value to go with the loss; the run before had one. A
    substitute is none that was known of the device.
    """
    if sample.value is not None or known is None or known.value is None or is_substitute(known.status):
        return sample
    if not tells_of_communication(sample.status):
        return sample
    return replace(sample, value=known.value, status=BAD_NO_COMMUNICATION, source_ns=known.source_ns)


def _is_ours(sample: Sample) -> bool:
    """Tell whether a sample was made on this side of the link, and carries our clock."""
    if tells_of_communication(sample.status):
        return True
    return sample.source_ns == sample.receive_ns and (is_bad(sample.status) or is_substitute(sample.status))


def _are_ours(batch: SampleBatch) -> NDArray[np.bool_]:
    put_by_us = are_bad(batch.status) | (batch.status & np.uint32(0xFFFF0000) == UNCERTAIN_SUBSTITUTE)
    timeless: NDArray[np.bool_] = put_by_us & (batch.source_ns == batch.receive_ns)
    return tell_of_communication(batch.status) | timeless
