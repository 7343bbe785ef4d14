"""The reading side, for any process, beside a running writer and without locks."""

from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.model.sample import Sample, Value
from app.trend import _core
from app.trend.types import Counters, Coverage, LiveTable, Samples, StoreEnvelope, WindowStatistics
from app.trend.writer import KIND_BOOLEAN, KIND_INTEGER, KIND_NATURAL, KIND_REAL, KIND_TEXT

SECOND_NS = 1_000_000_000


class StoreReader:
    """A read-only view of a store; use from one thread at a time.

    Raises ``StoreError`` when the store is missing, damaged or of another version, and in every method once it
    is closed or overwritten faster than it can be read. A wrong slot is an ``IndexError``.
    """

    def __init__(self, path: Path) -> None:
        self._core = _core.Reader(str(path))
        self.names: tuple[str, ...] = tuple(self._core.names())
        self.slot_count = len(self.names)
        self._slots = {name: number for number, name in enumerate(self.names)}
        self._all = np.arange(self.slot_count, dtype=np.uint32)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Unmap the store; arrays handed out stay valid. May be called twice."""
        self._core.close()

    def is_current(self) -> bool:
        """Tell whether this is still the project's store; when not, close and open anew."""
        return self._core.is_current()

    def slot(self, name: str) -> int:
        """Return the slot of a tag; KeyError when there is none."""
        return self._slots[name]

    @property
    def heartbeat_ns(self) -> int:
        """When the writer last said that it lives."""
        return self._core.state()[0]

    @property
    def writer_pid(self) -> int:
        """Process id of the writer; 0 when it closed the store. A killed writer's id stays."""
        return self._core.state()[1]

    @property
    def generation(self) -> int:
        """Identity of the file; another layout is another generation."""
        return self._core.state()[2]

    def counters(self) -> Counters:
        """Return how many samples were refused, and the change sequence."""
        _, _, _, sequence, late, rejected, _ = self._core.state()
        return Counters(late, rejected, sequence)

    def late(self, slot: int) -> int:
        """Return how many late samples a slot refused."""
        return self._core.late(slot)

    def changed(self, cursor: int) -> tuple[int, NDArray[np.uint32]]:
        """Return the next cursor and the slots changed since this one; 0 gives every slot."""
        return self._core.changed(cursor)

    def live(self, slots: NDArray[np.uint32] | None = None) -> LiveTable:
        """Return the last sample of these slots (None: of all)."""
        return LiveTable(*self._core.live(self._all if slots is None else slots))

    def sample(self, slot: int) -> Sample:
        """Return the last sample of a slot with its exact value."""
        kind, number, exact, text, status, source_ns, receive_ns = self._core.sample(slot)
        value: Value = None
        if kind == KIND_REAL:
            value = number
        elif kind == KIND_INTEGER:
            value = exact
        elif kind == KIND_NATURAL:
            value = exact + (1 << 64)
        elif kind == KIND_BOOLEAN:
            value = bool(exact)
        elif kind == KIND_TEXT:
            value = text.decode("utf-8", "replace")
        return Sample(value, status, source_ns, receive_ns)

    def window(self, slot: int, start_ns: int, end_ns: int, columns: int, *, exact: bool = False) -> StoreEnvelope:
        """Return start to end (both included) in at most columns + 2 rows, at the cost of the columns.

        Every extreme is kept. A sample may appear in the neighbour of its column, by a quarter of a column at
        most (with ``exact``: never); further where only buckets wider than a column are left.
        """
        return self._core.window(slot, start_ns, end_ns, columns, exact)

    def raw(self, slot: int, start_ns: int, end_ns: int, limit: int) -> Samples:
        """Return the first `limit` raw samples from start to end (both included)."""
        return Samples(*self._core.raw(slot, start_ns, end_ns, limit))

    def statistics(self, slot: int, start_ns: int, end_ns: int) -> WindowStatistics:
        """Return time-weighted statistics of the window from start to end."""
        area, minimum, maximum, good_ns, count, exact = self._core.statistics(slot, start_ns, end_ns)
        mean = area / (good_ns / SECOND_NS) if good_ns else float("nan")
        length = end_ns - start_ns
        return WindowStatistics(mean, minimum, maximum, good_ns / length if length else 0.0, area, count, exact)

    def save_checkpoint(self, path: Path) -> int:
        """Write all that the store holds to a file on disk, whole or not at all; return its bytes.

        Takes seconds for thousands of slots and lets other threads run; call it from a thread with a reader of its own.
        """
        return self._core.save_checkpoint(str(path))

    def usage(self) -> tuple[int, int]:
        """Return the samples ever appended to all slots, and the bytes of a checkpoint made now, about."""
        return self._core.usage()

    def coverage(self, slot: int) -> Coverage:
        """Return how far back the slot reaches."""
        raw_from_ns, from_ns, newest_ns, appended = self._core.coverage(slot)
        return Coverage(raw_from_ns, from_ns, newest_ns) if appended else Coverage(None, None, None)
