"""The way of what must be stored: to the database, in order and in batches; to disk while that is away or slow.

Every item has a number. The database keeps the number of the last one stored, in the transaction of the items: what was
stored, though the answer was lost or the engine was killed, is not stored again.
"""

import logging
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Final, Generic, TypeVar

from app.engine.carrier import Carrier
from app.engine.database import DatabaseWorker
from app.engine.keeper import FIRST_RETRY_S, Keeper
from app.engine.parcels import Delivery, Waiting
from app.model.errors import DatabaseError
from app.model.text import LocalText
from app.storage import Spool

log = logging.getLogger(__name__)

T = TypeVar("T")

_CLOSING_S: Final = 0.02
_GRACE_S: Final = 4.0


class Outbox(Generic[T]):
    """``offer`` from any thread, never blocks. A thread of its own moves items on."""

    def __init__(
        self,
        worker: DatabaseWorker,
        delivery: Delivery[T],
        open_spool: Callable[[str], Spool],
        *,
        name: str,
        batch: int = 1000,
        capacity: int = 200_000,
        weigh: Callable[[Sequence[T]], int] = len,
    ) -> None:
        """Take what weight goes into one transaction, and how many items may wait (the oldest are dropped beyond).

        ``open_spool`` takes the name of this run. ``weigh``: weight of some items.
        """
        self._delivery = delivery
        self._waiting: Waiting[T] = Waiting(capacity, weigh)
        self._keeper = Keeper(open_spool, delivery, name=name, run=secrets.token_hex(16))
        self._carrier = Carrier(self._waiting, worker, delivery, self._keeper, name=name, batch=batch)
        self._closing = False
        self._deadline = 0.0
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def problem(self) -> LocalText:
        """Why nothing can be stored now; empty while it works."""
        return self._carrier.problem

    @property
    def pending(self) -> int:
        """Items not in the database yet."""
        return self._carrier.pending

    @property
    def spool_bytes(self) -> int:
        """Bytes that wait on disk."""
        return self._keeper.size

    @property
    def dropped(self) -> int:
        """Items lost since start: too many waited in memory, or on disk."""
        return self._carrier.dropped

    @property
    def refused(self) -> int:
        """Items set aside since start, because the database refused them as such."""
        return self._delivery.refused

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def offer(self, items: Sequence[T]) -> "Future[None]":
        """Queue items; the future is done when they are in the database, or on disk in the spool."""
        return self._waiting.put(items)

    def wait_delivered(self, timeout_s: float) -> None:
        """Wait until nothing of earlier runs is left in the spool. Blocks.

        Raises:
            DatabaseError: the database is away, or that takes longer.

        """
        carrier, changed = self._carrier, self._waiting.changed
        with changed:
            changed.wait_for(lambda: not carrier.behind or carrier.problem, timeout_s)
            if carrier.behind:
                raise DatabaseError(carrier.problem or LocalText("rows of the last run wait", "上次运行的记录尚未写入"))

    def close(self, timeout_s: float = 5.0) -> None:
        """Store what waits, for at most ``timeout_s``, put the rest on disk, and end the thread. Blocks."""
        self._deadline = time.monotonic() + timeout_s
        self._closing = True
        self._waiting.stir()
        self._thread.join(timeout_s + 5.0)

    def _run(self) -> None:
        closing = ended = False
        while not ended:
            self._rest(closing)
            now = time.monotonic()
            try:
                if self._closing and not closing:
                    closing = True
                    self._carrier.retry()
                self._carrier.step(now, closing=closing)
                ended = closing and self._carrier.end(now, patient=now < self._deadline)
            except Exception:  # top of the thread: the next round may do better
                log.exception("%s failed", self._thread.name)
                time.sleep(FIRST_RETRY_S)
                ended = closing and now > self._deadline + _GRACE_S

    def _rest(self, closing: bool) -> None:
        waiting = self._waiting
        with waiting.changed:
            wait_s = _CLOSING_S if closing else self._carrier.wait_s(time.monotonic())
            waiting.changed.wait_for(lambda: waiting.stirred, wait_s)
            waiting.stirred = False
