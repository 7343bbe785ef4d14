"""History in SQL for what reads it in a thread of its own, such as an export: calls that wait for the answer."""

from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import CancelledError, TimeoutError
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Final, TypeVar

from app.console.bridge import LINK_CLOSED, EngineBridge
from app.console.trend_history import bins, envelope
from app.model.errors import LinkError
from app.model.history import HistoryCursor, HistoryPage
from app.trend.types import Envelope
from widgets.trend.background import GivenUp
from widgets.trend.source import RawSample, WindowRequest
from widgets.trend.summary import Summary

if TYPE_CHECKING:
    from app.link.client import EngineClient

T = TypeVar("T")
_LOOK_S: Final = 0.1
_PAGE: Final = 1_000
"""Rows of a page: so few come and go that they start no collection of all objects, which holds the window up."""


class LinkPages:
    """HistoryPages over the bridge. Never in the GUI thread."""

    def __init__(self, bridge: EngineBridge) -> None:
        self._bridge = bridge

    def count(self, name: str, start_ns: int, end_ns: int, stop: Event) -> tuple[int, bool]:
        """Return how many samples a window has, and whether that is all."""
        found = self._wait(lambda client: client.history_count(name, start_ns, end_ns), stop)
        return found.rows, found.exact

    def waiting(self, stop: Event) -> int:
        """Return how many samples, of all tags, the database does not take now."""
        return self._wait(lambda client: client.status(), stop).history_waiting

    def samples(self, name: str, start_ns: int, end_ns: int, stop: Event) -> Iterator[RawSample]:
        """Yield the samples of a window, oldest first, page by page."""
        after: HistoryCursor | None = None
        while True:
            page = self._wait(partial(_page, name, start_ns, end_ns, after), stop)
            for row in page.rows:
                yield row.time_ns, row.value, row.status
            after = page.next
            if after is None:
                return

    def window(self, one: WindowRequest, stop: Event) -> Envelope:
        """Return a window in columns."""
        return envelope(
            self._wait(lambda client: client.history(one.name, one.start_ns, one.end_ns, one.columns), stop)
        )

    def bins(self, one: WindowRequest, stop: Event) -> list[Summary]:
        """Return the figures of each column of a window, with those of the value held into it."""
        return bins(
            self._wait(
                lambda client: client.history(one.name, one.start_ns, one.end_ns, one.columns, weighted=True), stop
            ),
            one,
        )

    def _wait(self, make: "Callable[[EngineClient], Awaitable[T]]", stop: Event) -> T:
        future = self._bridge.ask(make)
        while True:
            if stop.is_set():
                future.cancel()
                raise GivenUp
            try:
                return future.result(_LOOK_S)
            except CancelledError:
                raise LinkError(LINK_CLOSED) from None
            except TimeoutError:
                if future.done():
                    raise


async def _page(
    name: str, start_ns: int, end_ns: int, after: HistoryCursor | None, client: "EngineClient"
) -> HistoryPage:
    from app.link.messages import RawRequest

    return await client.raw(RawRequest(name, start_ns, end_ns, _PAGE, after, newest_first=False, confirmed=True))
