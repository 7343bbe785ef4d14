"""Keeps on disk what the database does not take: a spool that may fail, fill up, or come back."""

import logging
from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar

from app.engine.parcels import Delivery, Parcel, items_of
from app.storage import Spool, SpoolRecord

log = logging.getLogger(__name__)

T = TypeVar("T")

FIRST_RETRY_S: Final = 0.5
LAST_RETRY_S: Final = 15.0


class Pause:
    """Time until something is tried again; longer each time that it fails."""

    def __init__(self) -> None:
        self.until = 0.0
        self._next_s = FIRST_RETRY_S

    def begin(self, now: float) -> None:
        """Wait from ``now`` (s) on."""
        self.until = now + self._next_s
        self._next_s = min(LAST_RETRY_S, self._next_s * 2)

    def end(self) -> None:
        """Wait no more: it works, or is to be tried at once."""
        self.until, self._next_s = 0.0, FIRST_RETRY_S


class Keeper(Generic[T]):
    """Used by one thread. Where the disk fails it is told once, and tried again later."""

    def __init__(self, open_spool: Callable[[str], Spool], delivery: Delivery[T], *, name: str, run: str) -> None:
        """Take the name of the run whose numbers these are."""
        self.run: Final = run
        self.failed = False
        """The disk took nothing when it was last tried."""
        self._open_spool, self._delivery, self._name = open_spool, delivery, name
        self._spool: Spool | None = None
        self._pause = Pause()
        self._lost = 0

    @property
    def items(self) -> int:
        """Items that wait."""
        return self._spool.items if self._spool else 0

    @property
    def size(self) -> int:
        """Bytes that wait."""
        return self._spool.size if self._spool else 0

    @property
    def dropped(self) -> int:
        """Items lost since start: the limit was passed, a file was damaged, or a defect."""
        return self._lost + (self._spool.dropped if self._spool else 0)

    @property
    def retry_at(self) -> float:
        """When the disk may be tried (s); 0 where it works."""
        return self._pause.until

    def open(self, now: float) -> None:
        """Open the spool where it is not open yet."""
        if self._spool is None and now >= self._pause.until:
            try:
                self._spool = self._open_spool(self.run)
            except OSError as error:
                self._fails(error, now)
            else:
                self._works()

    def keep(self, parcels: Sequence[Parcel[T]], now: float) -> bool:
        """Write parcels behind the others, and finish them; False where the disk takes nothing, or did not just now."""
        items = items_of(parcels)
        if items:
            if self._spool is None or now < self._pause.until:
                return False
            try:
                self._append(self._spool, parcels[-1].number, items)
            except OSError as error:
                self._fails(error, now)
                return False
            self._works()
        for each in parcels:
            each.finish()
        return True

    def read(self, now: float) -> SpoolRecord | None:
        """Return the oldest record; raises OSError where it cannot be read now."""
        try:
            return self._spool.read() if self._spool is not None else None
        except OSError as error:
            self._fails(error, now)
            raise

    def discard(self, record: SpoolRecord) -> str:
        """Forget a record that is stored; returns its run where nothing of that may be on disk any more."""
        if self._spool is None:
            return ""
        self._spool.discard(record)
        return "" if record.run == self.run or record.run in self._spool.runs else record.run

    def retry(self) -> None:
        """Try the disk when it is next asked."""
        self._pause.end()

    def close(self) -> None:
        """Close the files; what waits stays."""
        if self._spool is not None:
            self._spool.close()

    def _append(self, spool: Spool, number: int, items: list[T]) -> None:
        try:
            payload = self._delivery.encode(items)
        except Exception:  # a defect loses its batch only
            log.exception("%s: a batch of %d items cannot be kept on disk", self._name, len(items))
            self._lost += len(items)
        else:
            spool.append(number, len(items), payload)

    def _fails(self, error: OSError, now: float) -> None:
        self._pause.begin(now)
        if not self.failed:
            log.error(
                "%s: the spool on disk cannot be used, what the database does not take waits in memory: %s",
                self._name, error,
            )  # fmt: skip
        self.failed = True

    def _works(self) -> None:
        if self.failed:
            log.warning("%s: the spool on disk can be used again", self._name)
        self._pause.end()
        self.failed = False
