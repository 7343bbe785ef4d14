"""A thread that talks to the database: one connection, one piece of work after another."""

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from app.model.errors import DatabaseError
from app.model.text import LocalText

log = logging.getLogger(__name__)

T = TypeVar("T")


def stopping() -> DatabaseError:
    """Return the error of work that came too late."""
    return DatabaseError(LocalText("the engine is stopping", "引擎正在停止"))


class DatabaseWorker:
    """Runs work on a database in one thread; usable from any thread. Opens the database when there is work for it."""

    def __init__(self, open_database: Callable[[], Any], name: str = "haihe-db") -> None:
        self._open = open_database
        self._work: deque[tuple[Callable[[Any], Any], Future[Any]]] = deque()
        self._wake = threading.Condition()
        self._closing = False
        self._database: Any = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def close(self, timeout_s: float = 10.0) -> None:
        """Do what waits, then end the thread. Blocks."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        self._thread.join(timeout_s)

    def submit(self, work: Callable[[Any], T]) -> "Future[T]":
        """Queue work; its future has the result, or the error: DatabaseError where the database is away."""
        future: Future[T] = Future()
        with self._wake:
            if self._closing:
                future.set_exception(stopping())
                return future
            self._work.append((work, future))
            self._wake.notify()
        return future

    async def call(self, work: Callable[[Any], T], timeout_s: float = 10.0) -> T:
        """Run a query and return its result.

        Raises:
            DatabaseError: the database is away, or did not answer in time.

        """
        try:
            async with asyncio.timeout(timeout_s):
                return await asyncio.wrap_future(self.submit(work))
        except TimeoutError:
            raise DatabaseError(
                LocalText(f"the database did not answer within {timeout_s:g} s", f"数据库在 {timeout_s:g} 秒内未应答")
            ) from None

    def _run(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._work or self._closing)
                if not self._work:
                    break
                work, future = self._work.popleft()
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(work(self._use()))
                except Exception as error:  # whoever asked gets it, whatever it is
                    future.set_exception(error)
            del work, future
        if self._database is not None:
            self._database.close()

    def _use(self) -> Any:
        if self._database is None:
            self._database = self._open()
        return self._database
