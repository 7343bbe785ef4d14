"""The way of what must be stored: to the database, in order and in batches; to disk while that is away or slow.

Every item has a number. The database keeps the number of the last one stored, in the transaction of the items: what was
stored, though the answer was lost or the engine was killed, is not stored again.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Generic, Protocol, TypeVar

from app.engine.database import DatabaseWorker
from app.model.errors import DatabaseError
from app.model.text import LocalText
from app.storage import Mark, Spool, SpoolRecord

log = logging.getLogger(__name__)

T = TypeVar("T")

FIRST_RETRY_S: Final = 0.5
LAST_RETRY_S: Final = 15.0
SLOW_S: Final = 1.0
"""A batch that takes longer is kept on disk meanwhile, and so is what comes after it."""


class Delivery(Protocol[T]):
    """What an outbox must know of its items."""

    @property
    def refused(self) -> int:
        """Items that the database refused as such."""

    def encode(self, items: Sequence[T]) -> bytes:
        """Return items as bytes."""

    def decode(self, payload: bytes) -> list[T]:
        """Return the items of bytes, marked as back-filled where that has a meaning."""

    def store(self, database: Any, items: Sequence[T], mark: Mark) -> None:
        """Store items and mark; those that the database refuses as such are set aside."""


@dataclass(slots=True)
class _Parcel(Generic[T]):
    items: Sequence[T]
    number: int
    done: "Future[None]" = field(default_factory=Future)


@dataclass(slots=True)
class _Flight(Generic[T]):
    """What is being stored: parcels of the queue, or a record of the spool."""

    future: "Future[None]"
    since: float
    parcels: list[_Parcel[T]]
    record: SpoolRecord | None = None


class Outbox(Generic[T]):
    """``offer`` from any thread, never blocks. A thread of its own moves items on."""

    def __init__(
        self,
        worker: DatabaseWorker,
        delivery: Delivery[T],
        open_spool: Callable[[], Spool],
        *,
        name: str,
        batch: int = 1000,
        capacity: int = 200_000,
    ) -> None:
        """Take how many items go into one transaction, and may wait in memory (the oldest are dropped beyond)."""
        self._worker, self._delivery, self._open_spool = worker, delivery, open_spool
        self._batch, self._capacity = batch, capacity
        self._wake = threading.Condition()
        self._queue: deque[_Parcel[T]] = deque()
        self._queued = 0
        self._number = 0
        self._closing = False
        self._deadline = 0.0
        self._spool: Spool | None = None
        self._flight: _Flight[T] | None = None
        self._retry_s, self._retry_at = FIRST_RETRY_S, 0.0
        self._spool_failed = False
        self._lost = 0
        self._unsure = False
        self._behind = True
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self.problem = LocalText()
        """Why nothing can be stored now; empty while it works."""

    @property
    def pending(self) -> int:
        """Items not in the database yet."""
        flight, spool = self._flight, self._spool
        flying = sum(len(each.items) for each in flight.parcels) if flight else 0
        return self._queued + flying + (spool.items if spool else 0)

    @property
    def spool_bytes(self) -> int:
        """Bytes that wait on disk."""
        return self._spool.size if self._spool else 0

    @property
    def dropped(self) -> int:
        """Items lost since start: the spool was full, or could not be written."""
        return self._lost + (self._spool.dropped if self._spool else 0)

    @property
    def refused(self) -> int:
        """Items set aside since start, because the database refused them as such."""
        return self._delivery.refused

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def offer(self, items: Sequence[T]) -> "Future[None]":
        """Queue items; the future is done when they are in the database, or on disk in the spool."""
        with self._wake:
            self._number += len(items)
            parcel = _Parcel(items, self._number)
            self._queue.append(parcel)
            self._queued += len(items)
            while self._queued > self._capacity and len(self._queue) > 1:
                self._drop(self._queue.popleft())
            self._wake.notify_all()
        return parcel.done

    def wait_delivered(self, timeout_s: float) -> None:
        """Wait until nothing of earlier runs is left in the spool. Blocks.

        Raises:
            DatabaseError: the database is away, or that takes longer.

        """
        with self._wake:
            self._wake.wait_for(lambda: not self._behind or self.problem, timeout_s)
            if self._behind:
                raise DatabaseError(self.problem or LocalText("rows of the last run wait", "上次运行的记录尚未写入"))

    def close(self, timeout_s: float = 5.0) -> None:
        """Store what waits, for at most ``timeout_s``, put the rest on disk, and end the thread. Blocks."""
        with self._wake:
            self._closing = True
            self._deadline = time.monotonic() + timeout_s
            self._retry_at = 0.0
            self._wake.notify_all()
        self._thread.join(timeout_s + 5.0)

    def _drop(self, parcel: _Parcel[T]) -> None:
        self._queued -= len(parcel.items)
        self._lost += len(parcel.items)
        parcel.done.cancel()
        if self._lost == len(parcel.items):
            log.error("%s: too many items wait in memory; the oldest are dropped", self._thread.name)

    def _run(self) -> None:
        try:
            self._spool = self._open_spool()
        except OSError as error:
            log.error("%s: there is no spool, what the database does not take waits in memory: %s",
                      self._thread.name, error)  # fmt: skip
        while True:
            with self._wake:
                self._wake.wait_for(self._is_due, self._wait_s())
            try:
                if self._round():
                    break
            except Exception:  # top of the thread: the next round may do better
                log.exception("%s failed", self._thread.name)
                self._retry_at = time.monotonic() + self._retry_s
        if self._spool is not None:
            self._spool.close()

    def _is_due(self) -> bool:
        if self._closing or (self._flight is not None and self._flight.future.done()):
            return True
        now = time.monotonic()
        if self._flight is not None:
            slow = now - self._flight.since >= SLOW_S
            return slow and bool(self._queue or self._flight.parcels) and not self._spool_failed
        return (bool(self._queue) and not self._spool_failed) or (self._has_work() and now >= self._retry_at)

    def _has_work(self) -> bool:
        return self._behind or bool(self._queue)

    def _wait_s(self) -> float | None:
        now = time.monotonic()
        if self._closing:
            return 0.02
        if self._flight is not None:
            keeps = self._flight.parcels and not self._spool_failed
            return max(0.0, self._flight.since + SLOW_S - now) if keeps else SLOW_S
        return max(0.0, self._retry_at - now) if self._has_work() else None

    def _round(self) -> bool:
        """Do what is due; True at the end."""
        now = time.monotonic()
        flight = self._flight
        if flight is not None and flight.future.done():
            self._land(flight)
            flight = self._flight = None
        slow = flight is not None and now - flight.since >= SLOW_S
        if slow and flight is not None and flight.parcels:
            self._keep(flight.parcels)
            flight.parcels = []
        waits = self._spool is not None and self._spool.items > 0
        if waits or slow or now < self._retry_at or self._queued > self._capacity // 2:
            self._keep_queue()
        if self._flight is None and now >= self._retry_at:
            self._take_off()
        return self._closing and self._ended(now)

    def _ended(self, now: float) -> bool:
        if self._flight is None and not self._queue:
            return True
        if now < self._deadline and not self.problem:
            return False
        if self._flight is not None:
            self._keep(self._flight.parcels)
            self._flight = None
        self._keep_queue()
        if self._queue:
            log.error("%s: %d items could be stored nowhere", self._thread.name, self._queued)
        return True

    def _take_off(self) -> None:
        record = self._spool.read() if self._spool is not None else None
        parcels: list[_Parcel[T]] = []
        if record is not None:
            if self._closing:
                return  # it is on disk, and can wait for the next run
            work = partial(self._replay, record=record)
        else:
            parcels = self._take_parcels()
            with self._wake:
                self._behind = False
                self._wake.notify_all()
            if not parcels:
                return
            items = [item for parcel in parcels for item in parcel.items]
            mark = Mark(self._run_name, parcels[-1].number)
            work = partial(self._store, items=items, mark=mark, unsure=self._unsure)
        future = self._worker.submit(work)
        self._flight = _Flight(future, time.monotonic(), parcels, record)
        future.add_done_callback(self._notify)

    @property
    def _run_name(self) -> str:
        return self._spool.run if self._spool is not None else f"memory-{id(self):x}"

    def _take_parcels(self) -> list[_Parcel[T]]:
        parcels: list[_Parcel[T]] = []
        with self._wake:
            count = 0
            while self._queue and (not parcels or count + len(self._queue[0].items) <= self._batch):
                parcels.append(self._queue.popleft())
                count += len(parcels[-1].items)
            self._queued -= count
        return parcels

    def _replay(self, database: Any, record: SpoolRecord) -> None:
        items = self._delivery.decode(record.payload)
        self._store(database, items, Mark(record.run, record.number), unsure=True)

    def _store(self, database: Any, items: Sequence[T], mark: Mark, *, unsure: bool) -> None:
        """Store items; ``unsure``: some of them may be stored already, and are left out."""
        if unsure:
            left = mark.number - database.marks.get(mark.run)
            items = items[-left:] if left > 0 else ()
        if items:
            self._delivery.store(database, items, mark)

    def _land(self, flight: _Flight[T]) -> None:
        error = flight.future.exception()
        if isinstance(error, DatabaseError):
            if not self.problem:
                log.error("%s: the database is away, what comes is kept on disk: %s", self._thread.name, error)
            self.problem = error.text or LocalText("the database is away", "数据库不可用")
            self._retry_at = time.monotonic() + self._retry_s
            self._retry_s = min(LAST_RETRY_S, self._retry_s * 2)
            self._unsure = True
            self._keep(flight.parcels)
            with self._wake:
                self._behind = True
                self._wake.notify_all()
            return
        if error is not None:
            self._lost += flight.record.count if flight.record else sum(len(each.items) for each in flight.parcels)
            log.error("%s: a batch cannot be stored", self._thread.name, exc_info=error)
        elif self.problem:
            log.warning("%s: the database works again; %d items wait", self._thread.name, self.pending)
        self.problem, self._retry_s, self._unsure = LocalText(), FIRST_RETRY_S, False
        if flight.record is not None and self._spool is not None:
            run = flight.record.run
            self._spool.discard(flight.record)
            if run not in self._spool.runs and run != self._spool.run:
                self._worker.submit(lambda database: database.marks.forget([run]))
        for parcel in flight.parcels:
            _finish(parcel)

    def _keep_queue(self) -> None:
        while parcels := self._take_parcels():
            if not self._keep(parcels):
                return

    def _keep(self, parcels: list[_Parcel[T]]) -> bool:
        """Write parcels to the spool; where that fails they wait in memory, before the others."""
        items = [item for parcel in parcels for item in parcel.items]
        try:
            if items:
                if self._spool is None:
                    raise OSError("there is no spool")
                self._spool.append(parcels[-1].number, len(items), self._delivery.encode(items))
        except OSError as error:
            if not self._spool_failed:
                log.error("%s: the spool cannot be written: %s", self._thread.name, error)
            self._spool_failed = True
            with self._wake:
                self._queue.extendleft(reversed(parcels))
                self._queued += len(items)
            return False
        self._spool_failed = False
        with self._wake:
            self._behind = self._behind or bool(items)
        for parcel in parcels:
            _finish(parcel)
        return True

    def _notify(self, _future: "Future[None]") -> None:
        with self._wake:
            self._wake.notify_all()


def _finish(parcel: _Parcel[T]) -> None:
    if parcel.done.set_running_or_notify_cancel():
        parcel.done.set_result(None)
