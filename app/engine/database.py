"""The one thread that talks to the database: writes are kept in order and tried again while it is away."""

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final, Protocol, TypeVar

from app.model.errors import DatabaseError
from app.model.text import LocalText

log = logging.getLogger(__name__)

T = TypeVar("T")

FIRST_RETRY_S: Final = 0.5
LAST_RETRY_S: Final = 15.0
PENDING_LIMIT: Final = 50_000
"""Rows of droppable writes (history) that wait at most; journal rows are never dropped."""


class Closable(Protocol):
    """What the worker itself asks of a database."""

    def close(self) -> None:
        """Release its connections."""


D = TypeVar("D", bound=Closable)


class _Write:
    __slots__ = ("done", "droppable", "rows", "work")

    def __init__(self, work: Callable[[Any], object], rows: int, droppable: bool) -> None:
        self.work = work
        self.rows = rows
        self.droppable = droppable
        self.done: Future[None] = Future()


class DatabaseWorker:
    """Runs work on a database in one thread.

    ``write`` queues work that must happen and returns at once; ``call`` runs a query before waiting writes and fails
    with DatabaseError while the database is away. Both may be used from any thread.
    """

    def __init__(self, open_database: Callable[[], Any], name: str = "haihe-db") -> None:
        self._open = open_database
        self._calls: deque[tuple[Callable[[Any], Any], Future[Any]]] = deque()
        self._writes: deque[_Write] = deque()
        self._wake = threading.Condition()
        self._closing = False
        self._deadline = 0.0
        self._retry_s = FIRST_RETRY_S
        self._retry_at = 0.0
        self._database: Any = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self.problem = LocalText()
        """Why the database cannot be used now; empty while it works."""
        self.dropped = 0
        """Rows dropped: history that waited too long, or work that failed by a defect."""
        self._rows = 0
        self._droppable_rows = 0

    @property
    def pending(self) -> int:
        """Rows not yet in the database."""
        return self._rows

    def start(self) -> None:
        """Start the thread; it opens the database by itself, again and again while that fails."""
        self._thread.start()

    def close(self, timeout_s: float = 5.0) -> None:
        """Write what waits, for at most ``timeout_s``, then end the thread. Blocks."""
        with self._wake:
            self._closing = True
            self._deadline = time.monotonic() + timeout_s
            self._retry_at = 0.0
            self._wake.notify()
        self._thread.join(timeout_s + 5.0)
        if self._rows:
            log.error("%d rows could not be written to the database before the end", self._rows)

    def write(self, work: Callable[[Any], object], rows: int = 1, *, droppable: bool = False) -> "Future[None]":
        """Queue work; the future is done when it is in the database."""
        item = _Write(work, rows, droppable)
        with self._wake:
            if droppable and self._droppable_rows + rows > PENDING_LIMIT:
                self._drop_oldest(rows)
            self._writes.append(item)
            self._rows += rows
            self._droppable_rows += rows if droppable else 0
            self._wake.notify()
        return item.done

    async def call(self, work: Callable[[Any], T], timeout_s: float = 10.0) -> T:
        """Run a query and return its result.

        Raises:
            DatabaseError: the database is away, or did not answer in time.

        """
        future: Future[T] = Future()
        with self._wake:
            if self._closing:
                raise DatabaseError(LocalText("the engine is stopping", "引擎正在停止"))
            self._calls.append((work, future))
            self._wake.notify()
        try:
            async with asyncio.timeout(timeout_s):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            raise DatabaseError(
                LocalText(f"the database did not answer within {timeout_s:g} s", f"数据库在 {timeout_s:g} 秒内未应答")
            ) from None

    def _drop_oldest(self, rows: int) -> None:
        kept: deque[_Write] = deque()
        for item in self._writes:
            if item.droppable and rows > 0:
                rows -= item.rows
                self._rows -= item.rows
                self._droppable_rows -= item.rows
                self.dropped += item.rows
                item.done.cancel()
            else:
                kept.append(item)
        self._writes = kept

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._calls and not self._due() and not self._closing:
                    wait = (
                        max(0.0, self._retry_at - time.monotonic()) if self._writes or self._database is None else None
                    )
                    self._wake.wait(wait)
                call = self._calls.popleft() if self._calls else None
                item = self._writes[0] if call is None and self._writes else None
                if call is None and self._closing and (item is None or time.monotonic() > self._deadline):
                    break
            try:
                self._step(call, item)
            except Exception:  # top of the thread: the engine goes on without this piece of work
                log.exception("database work failed")
        if self._database is not None:
            self._database.close()

    def _due(self) -> bool:
        return (bool(self._writes) or self._database is None) and time.monotonic() >= self._retry_at

    def _step(self, call: tuple[Callable[[Any], Any], Future[Any]] | None, item: _Write | None) -> None:
        if call is not None:
            work, future = call
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(work(self._use()))
                except Exception as error:  # the caller gets it, whatever it is
                    future.set_exception(error)
            return
        try:
            database = self._use()
            if item is not None:
                item.work(database)
        except DatabaseError as error:
            self._away(error)
        except Exception:
            self._finish(item)
            if item is not None:
                self.dropped += item.rows
            raise
        else:
            if self.problem:
                log.warning("the database works again; %d rows were kept", self._rows)
            self.problem = LocalText()
            self._retry_s = FIRST_RETRY_S
            self._finish(item)

    def _use(self) -> Any:
        if self._database is None:
            self._database = self._open()
        return self._database

    def _away(self, error: DatabaseError) -> None:
        if not self.problem:
            log.error("the database is away; writes are kept: %s", error)
        self.problem = error.text or LocalText("the database is away", "数据库不可用")
        self._retry_at = time.monotonic() + self._retry_s
        self._retry_s = min(LAST_RETRY_S, self._retry_s * 2)
        if self._closing:
            with self._wake:
                self._wake.wait(min(0.2, max(0.0, self._deadline - time.monotonic())))

    def _finish(self, item: _Write | None) -> None:
        if item is None:
            return
        with self._wake:
            if self._writes and self._writes[0] is item:
                self._writes.popleft()
                self._rows -= item.rows
                self._droppable_rows -= item.rows if item.droppable else 0
        if item.done.set_running_or_notify_cancel():
            item.done.set_result(None)
