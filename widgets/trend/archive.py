"""What history a trend still waits for: asked newest first, few at a time, kept, asked again after a failure."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from app.model.clock import SECOND_NS, Clock, SystemClock
from widgets.trend.parts import PartCache
from widgets.trend.source import LateSource, WindowRequest

_AT_ONCE: Final = 2
_RETRY_MS: Final = (1000, 2000, 4000, 8000, 15_000)
"""How long to wait after a failure, and after each that follows; a source that is away or too slow is not pressed."""
_NEWEST_NS: Final = 60 * SECOND_NS
_NEWEST_AGAIN_NS: Final = 5 * SECOND_NS
_RECENT_NS: Final = 86_400 * SECOND_NS
_RECENT_AGAIN_NS: Final = 300 * SECOND_NS
_OLDER_AGAIN_NS: Final = 1800 * SECOND_NS
"""What waited on disk while the database was away is filled in later: the last day is asked again after the former, and
what is older, as an outage of days leaves it, after the latter."""


class Archive(QObject):
    """Gets the parts that are wanted. A part that is there is asked again only where it may have become more.

    Signals:
        came(str): there is more of this tag.
        waiting_changed(int): tags still loading. problem_changed(str): why nothing comes now; empty when it does.

    """

    came = Signal(str)
    waiting_changed = Signal(int)
    problem_changed = Signal(str)

    def __init__(
        self, source: LateSource | None, parent: QObject, clock: Clock | None = None, *,
        cache: PartCache | None = None, at_once: int = _AT_ONCE, retry_ms: Sequence[int] = _RETRY_MS,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._source, self._clock, self._at_once = source, clock or SystemClock(), at_once
        self.cache = cache or PartCache()
        self._queue: list[WindowRequest] = []
        self._asked: set[WindowRequest] = set()
        self._given_up: frozenset[WindowRequest] = frozenset()
        self.waiting = 0
        self.problem = ""
        self._failed: set[WindowRequest] = set()
        """Those that failed when they were asked last."""
        self._retry_ms, self._failures = retry_ms, 0
        self._retry = QTimer(self, singleShot=True)
        self._retry.timeout.connect(self._pump)
        if source is not None:
            # No method of this object: where both are collected, it is gone before the signal comes.
            parent.destroyed.connect(partial(_forget, source, self._asked, self._queue))

    def want(self, requests: Iterable[WindowRequest]) -> None:
        """Say what the view needs; what it no longer needs is given up."""
        if self._source is None:
            return
        needed = set(requests)
        if not needed & self._given_up:
            self._given_up = frozenset()
        for request in self._asked - needed:
            self._source.cancel(request)
        self._asked &= needed
        self._failed &= needed
        self._calm()  # what is shown now may be answered sooner: a shorter window, another tag
        now_ns = self._clock.now_ns()
        due = [one for one in needed - self._asked - self._given_up if self._is_due(one, now_ns)]
        self._queue[:] = sorted(due, key=lambda one: (-one.end_ns, one.name))
        if not (due or self._asked or needed & self._given_up):
            self._say("")
        if not self._retry.isActive():
            self._pump()
        self._tell()

    def give_up(self) -> None:
        """Ask for nothing more of the view shown; another view is asked for again."""
        if self._source is not None:
            self._given_up = frozenset({*self._queue, *self._asked})
            for request in self._asked:
                self._source.cancel(request)
            self._asked.clear()
            self._queue.clear()
            self._tell()

    def resume(self) -> None:
        """Take what was given up as wanted again, from the next view on."""
        self._given_up = frozenset()

    def _is_due(self, request: WindowRequest, now_ns: int) -> bool:
        age = self.cache.age_ns(request, now_ns)
        if age is None:
            return True
        if request.end_ns > now_ns - _NEWEST_NS:
            return age > _NEWEST_AGAIN_NS
        return age > (_RECENT_AGAIN_NS if request.end_ns > now_ns - _RECENT_NS else _OLDER_AGAIN_NS)

    def _pump(self) -> None:
        while self._source is not None and len(self._asked) < self._at_once:
            waits = self._failed if self._retry.isActive() else ()
            request = next((one for one in self._queue if one not in waits), None)
            if request is None:
                return
            self._queue.remove(request)
            self._asked.add(request)
            self._source.request(request, self._take, self._fail)

    def _take(self, request: WindowRequest, rows: Any) -> None:
        if request not in self._asked:
            return
        self._asked.discard(request)
        self.cache.put(request, rows, self._clock.now_ns())
        self._say("")
        self._failed.discard(request)
        self._calm()
        self._pump()
        self._tell()
        self.came.emit(request.name)

    def _fail(self, request: WindowRequest, reason: str) -> None:
        if request not in self._asked:
            return
        self._asked.discard(request)
        self._queue.insert(0, request)
        self._say(reason)
        self._failed.add(request)
        if not self._retry.isActive():
            self._retry.start(self._retry_ms[min(self._failures, len(self._retry_ms) - 1)])
            self._failures += 1

    def _calm(self) -> None:
        """Begin anew with the shortest wait once nothing that failed is wanted any more."""
        if not self._failed:
            self._failures = 0
            self._retry.stop()

    def _say(self, problem: str) -> None:
        if problem != self.problem:
            self.problem = problem
            self.problem_changed.emit(problem)

    def _tell(self) -> None:
        """Tell of what was never there; a part that is only read again is no news."""
        now_ns = self._clock.now_ns()
        missing: Sequence[WindowRequest] = [*self._queue, *self._asked]
        count = len({one.name for one in missing if self.cache.age_ns(one, now_ns) is None})
        if count != self.waiting:
            self.waiting = count
            self.waiting_changed.emit(count)


def _forget(source: LateSource, asked: set[WindowRequest], queue: list[WindowRequest]) -> None:
    """Give up everything without a word: the window is being taken down, and an answer finds nobody."""
    left = list(asked)
    asked.clear()
    queue.clear()
    for request in left:
        source.cancel(request)
