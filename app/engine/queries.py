"""Threads that read the database for those who ask, several at a time and in turn."""

import asyncio
import threading
from collections import Counter, deque
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from app.engine.database import stopping
from app.model.errors import DatabaseError
from app.storage import Bound, too_slow

T = TypeVar("T")

THREADS: Final = 3
LIMIT_S: Final = 10.0
"""How long the database may work on one question."""
WAIT_S: Final = 14.0
"""How long a question may take with its place in the queue; a client waits a second longer."""


@dataclass(eq=False)
class _Question:
    work: Callable[[Any], Any]
    bound: Bound
    future: "Future[Any]" = field(default_factory=Future)


class QueryPool:
    """Answers questions; each thread has a database object of its own, opened when there is work for it.

    Clients take turns, and one client never has every thread: a long window of one holds up no other.
    """

    def __init__(self, open_database: Callable[[], Any], threads: int = THREADS, limit_s: float = LIMIT_S) -> None:
        self._open, self._limit_s = open_database, limit_s
        self._share = max(1, threads - 1)
        self._wake = threading.Condition()
        self._waiting: dict[Hashable, deque[_Question]] = {}
        self._running: Counter[Hashable] = Counter()
        self._bounds: set[Bound] = set()
        self._closing = False
        self._threads = [
            threading.Thread(target=self._run, name=f"haihe-query-db-{n + 1}", daemon=True) for n in range(threads)
        ]

    @property
    def busy(self) -> int:
        """Questions that wait or are being answered."""
        with self._wake:
            return self._running.total() + sum(map(len, self._waiting.values()))

    def start(self) -> None:
        """Start the threads."""
        for each in self._threads:
            each.start()

    def close(self, timeout_s: float = 10.0) -> None:
        """Withdraw what runs and what waits, and end the threads. Blocks."""
        with self._wake:
            self._closing = True
            bounds = list(self._bounds)
            left = [each for queue in self._waiting.values() for each in queue]
            self._waiting.clear()
            self._wake.notify_all()
        for question in left:
            if question.future.set_running_or_notify_cancel():
                question.future.set_exception(stopping())
        for bound in bounds:
            bound.cancel()
        for thread in self._threads:
            thread.join(timeout_s)

    async def call(self, work: Callable[[Any], T], client: Hashable = None, wait_s: float = WAIT_S) -> T:
        """Run a question of a client and return its answer; cancelled, it ends in the database too.

        Raises:
            DatabaseError: the database is away, or needs too long.

        """
        question = _Question(work, Bound(self._limit_s))
        self._add(client, question)
        try:
            async with asyncio.timeout(wait_s):
                answer: T = await asyncio.wrap_future(question.future)
                return answer
        except TimeoutError:
            raise DatabaseError(too_slow(wait_s)) from None
        finally:
            if self._withdraw(client, question):
                asyncio.get_running_loop().run_in_executor(None, question.bound.cancel)

    def _add(self, client: Hashable, question: _Question) -> None:
        with self._wake:
            if self._closing:
                raise stopping()
            self._waiting.setdefault(client, deque()).append(question)
            self._wake.notify_all()

    def _withdraw(self, client: Hashable, question: _Question) -> bool:
        """Forget a question that waits; True where it is being answered, though nobody waits any more."""
        with self._wake:
            queue = self._waiting.get(client)
            if queue and question in queue:
                queue.remove(question)
                if not queue:
                    del self._waiting[client]
            return question.bound in self._bounds

    def _take(self) -> tuple[Hashable, _Question] | None:
        """Return the next question, of the client that was served longest ago."""
        for client, queue in self._waiting.items():
            if self._running[client] < self._share:
                question = queue.popleft()
                del self._waiting[client]
                if queue:
                    self._waiting[client] = queue  # to the end: the others come first
                self._running[client] += 1
                self._bounds.add(question.bound)
                return client, question
        return None

    def _run(self) -> None:
        database: Any = None
        while True:
            with self._wake:
                taken = self._wake.wait_for(lambda: self._closing or self._take())
            if not isinstance(taken, tuple):
                break
            client, question = taken
            try:
                if question.future.set_running_or_notify_cancel():
                    if database is None:
                        database = self._open()
                    with database.bounded(question.bound):
                        question.future.set_result(question.work(database))
            except Exception as error:  # whoever asked gets it, whatever it is
                question.future.set_exception(error)
            finally:
                with self._wake:
                    self._bounds.discard(question.bound)
                    self._running[client] -= 1
                    if not self._running[client]:
                        del self._running[client]
                    self._wake.notify_all()
            del taken, question
        if database is not None:
            database.close()
