"""Carries what waits into the database, in order and in batches; to disk while that is away or slow.

One batch is under way at a time: parcels from memory, or a record of the spool. What is under way goes to disk before
anything that came after it, what is on disk goes before what is in memory, and where the disk takes nothing all of it
stays in memory: the numbers that reach the database, by whatever way, only grow. It keeps the last of them in the
transaction of the items and leaves out what is stored already, so that a copy on disk of what it took after all, or an
answer that was lost, does no harm.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Generic, Protocol, TypeVar

from app.engine.keeper import Keeper, Pause
from app.engine.parcels import Delivery, Parcel, Waiting, items_of
from app.model.errors import DatabaseError
from app.model.text import LocalText
from app.storage import Mark, SpoolRecord

log = logging.getLogger(__name__)

T = TypeVar("T")

SLOW_S: Final = 1.0
"""A batch that takes longer is kept on disk meanwhile, and so is what comes after it."""
TELL_S: Final = 60.0
"""Losses in memory are told at most so often, with their number."""


class Worker(Protocol):
    """Runs work on a database, one piece after another."""

    def submit(self, work: Callable[[Any], None]) -> "Future[None]":
        """Queue work; its future has DatabaseError where the database is away."""


@dataclass(slots=True)
class _Flight(Generic[T]):
    """What is under way: parcels (none any more once they are on disk too), or a record of the spool."""

    future: "Future[None]"
    since: float
    parcels: list[Parcel[T]]
    record: SpoolRecord | None = None


class Carrier(Generic[T]):
    """Used by one thread, which calls ``step`` when something was stirred and after ``wait_s``."""

    def __init__(
        self,
        waiting: Waiting[T],
        worker: Worker,
        delivery: Delivery[T],
        keeper: Keeper[T],
        *,
        name: str,
        batch: int,
    ) -> None:
        """Take how many items go into one transaction."""
        self._waiting, self._worker, self._delivery, self._keeper = waiting, worker, delivery, keeper
        self._name, self._batch = name, batch
        self._flight: _Flight[T] | None = None
        self._pause = Pause()
        self._told, self._tell_at = 0, 0.0
        self._lost = 0
        self.problem = LocalText()
        """Why nothing can be stored now; empty while it works."""
        self.behind = True
        """Something of earlier runs, or of an outage, is not stored yet."""

    @property
    def pending(self) -> int:
        """Items not in the database yet."""
        flight = self._flight
        flying = len(items_of(flight.parcels)) if flight else 0
        return self._waiting.items + flying + self._keeper.items

    @property
    def dropped(self) -> int:
        """Items lost since start."""
        return self._lost + self._waiting.dropped + self._keeper.dropped

    def step(self, now: float, *, closing: bool = False) -> None:
        """Do what is due at ``now`` (s). ``closing``: what is on disk may wait for the next run."""
        self._keeper.open(now)
        if self._flight is not None and self._flight.future.done():
            self._land(self._flight, now)
        if self._should_keep(now):
            self._keep_all(now)
        if self._flight is None and now >= self._pause.until:
            self._take_off(now, closing=closing)
        self._tell(now)

    def wait_s(self, now: float) -> float | None:
        """Return after how many seconds something is due, should nothing be stirred before; None: nothing is."""
        flight = self._flight
        unkept = self._waiting.items > 0 or (flight is not None and bool(flight.parcels))
        times = []
        if flight is not None and unkept:
            times.append(max(flight.since + SLOW_S, self._keeper.retry_at))
        if flight is None and (unkept or self.behind):
            times.append(self._pause.until)
        if flight is None and unkept and self._keeper.failed:
            times.append(self._keeper.retry_at)
        return max(0.0, min(times) - now) if times else None

    def retry(self) -> None:
        """Try the database at the next step."""
        self._pause.end()

    def end(self, now: float, *, patient: bool) -> bool:
        """Put what waits on disk, as far as the database did not take it; True when nothing is left to do.

        ``patient``: there is time to wait for a database that works, or where the disk takes nothing.
        """
        if self._flight is None and not self._waiting.items:
            return self._ended(now)
        if patient and not self.problem:
            return False
        if not patient:
            self._keeper.retry()
        if not self._keep_all(now) and patient:
            return False
        return self._ended(now)

    def _ended(self, now: float) -> bool:
        self._tell_at = now
        self._tell(now)
        unsure = len(items_of(self._flight.parcels)) if self._flight else 0
        left = self._waiting.end()
        if left or unsure:
            log.error("%s: %d items could be stored nowhere and were dropped; %d perhaps", self._name, left, unsure)
        self._flight = None
        self._keeper.close()
        return True

    def _should_keep(self, now: float) -> bool:
        flight = self._flight
        return (
            self._keeper.items > 0
            or (flight is not None and now - flight.since >= SLOW_S)
            or now < self._pause.until
            or self._waiting.items > self._waiting.capacity // 2
        )

    def _keep_all(self, now: float) -> bool:
        """Put on disk what is under way, then what waits; where the disk takes nothing all stays as it is."""
        if self._flight is not None and self._flight.parcels:
            if not self._keep(self._flight.parcels, now):
                return False
            self._flight.parcels = []
        while parcels := self._waiting.take(self._batch):
            if not self._keep(parcels, now):
                self._waiting.put_back(parcels)
                return False
        return True

    def _keep(self, parcels: list[Parcel[T]], now: float) -> bool:
        if not self._keeper.keep(parcels, now):
            return False
        self.behind = True
        return True

    def _take_off(self, now: float, *, closing: bool) -> None:
        try:
            record = self._keeper.read(now)
        except OSError as error:  # nothing goes past what cannot be read now
            self.problem = LocalText(f"the spool cannot be read: {error}", f"无法读取缓存文件：{error}")
            self._pause.begin(now)
            return
        parcels: list[Parcel[T]] = []
        if record is not None:
            if closing and not self._waiting.items:
                return
            work = partial(self._replay, record=record)
        else:
            parcels = self._waiting.take(self._batch)
            self._set_behind(False)
            if not parcels:
                return
            work = partial(self._store, items=items_of(parcels), mark=Mark(self._keeper.run, parcels[-1].number))
        future = self._worker.submit(work)
        self._flight = _Flight(future, now, parcels, record)
        future.add_done_callback(lambda _future: self._waiting.stir())

    def _replay(self, database: Any, record: SpoolRecord) -> None:
        self._store(database, self._delivery.decode(record.payload), Mark(record.run, record.number))

    def _store(self, database: Any, items: Sequence[T], mark: Mark) -> None:
        if items:
            self._delivery.store(database, items, mark)

    def _land(self, flight: _Flight[T], now: float) -> None:
        self._flight = None
        error = flight.future.exception()
        if isinstance(error, DatabaseError):
            self._database_fails(error, now)
            if not self._keep(flight.parcels, now):
                self._waiting.put_back(flight.parcels)
            return
        if error is not None:
            lost = flight.record.count if flight.record else len(items_of(flight.parcels))
            self._lost += lost
            log.error("%s: a batch of %d items cannot be stored", self._name, lost, exc_info=error)
        elif self.problem:
            log.warning("%s: the database works again; %d items wait", self._name, self.pending)
        self.problem = LocalText()
        self._pause.end()
        if flight.record is not None and (gone := self._keeper.discard(flight.record)):
            self._worker.submit(lambda database: database.marks.forget([gone]))
        for parcel in flight.parcels:
            parcel.finish()

    def _database_fails(self, error: DatabaseError, now: float) -> None:
        if not self.problem:
            log.error("%s: the database is away, what comes is kept on disk: %s", self._name, error)
        self.problem = error.text or LocalText("the database is away", "数据库不可用")
        self._pause.begin(now)
        self._set_behind(True)

    def _set_behind(self, behind: bool) -> None:
        with self._waiting.changed:
            self.behind = behind
            self._waiting.changed.notify_all()

    def _tell(self, now: float) -> None:
        dropped = self._waiting.dropped
        if dropped > self._told and now >= self._tell_at:
            log.error(
                "%s: %d items were dropped since start, the oldest each time: too many wait in memory",
                self._name,
                dropped,
            )
            self._told, self._tell_at = dropped, now + TELL_S
