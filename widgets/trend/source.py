"""Where trends come from: what a trend asks, and the hub's store with its errors taken as "no data"."""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

from app.model.errors import StoreError
from app.model.sample import Value
from widgets.live import TagHub
from widgets.live.source import LiveSource

if TYPE_CHECKING:
    from widgets.trend.summary import Summary

log = logging.getLogger(__name__)
T = TypeVar("T")
RawSample: TypeAlias = tuple[int, Value, int]
"""Time (ns since the epoch, UTC), value (of the ring a real, NaN for a text; of history as it came), and status."""


class EnvelopeSource(Protocol):
    """Answers windows of any length in O(pixels), at once. Times are ns since the epoch, UTC."""

    def window(self, name: str, start_ns: int, end_ns: int, columns: int) -> Any | None:
        """Return an app.trend Envelope, or None where there is no data."""

    def statistics(self, name: str, start_ns: int, end_ns: int) -> Any | None:
        """Return app.trend Statistics, or None where there is no data."""


class TrendSource(EnvelopeSource, Protocol):
    """An EnvelopeSource that also has the samples themselves."""

    def raw(self, name: str, start_ns: int, end_ns: int, limit: int) -> Any | None:
        """Return app.trend Samples, or None where there is no data."""

    def apart(self) -> AbstractContextManager["TrendSource"]:
        """Return what gives a source like this one to another thread, for as long as the context lasts."""


@dataclass(frozen=True, slots=True)
class WindowRequest:
    """A window that is asked of a source which answers later. Times are ns since the epoch, UTC; ``end_ns`` excluded.

    ``weighted``: the answer is the Summary of the window, with the value held before it.
    """

    name: str
    start_ns: int
    end_ns: int
    columns: int
    weighted: bool = False


TakeWindow = Callable[[WindowRequest, Any], None]
"""Takes an answer: the request, and an app.trend Envelope, or a Summary where it was asked weighted."""
FailWindow = Callable[[WindowRequest, str], None]
"""Takes the reason for which there is no answer now, in the operator's language."""


class LateSource(Protocol):
    """A source that answers later, such as history in SQL. GUI thread only; it never blocks."""

    def request(self, request: WindowRequest, take: TakeWindow, fail: FailWindow) -> None:
        """Ask for a window; one of both is called later in the GUI thread, never within this call.

        The answer may begin with the sample before the window and end with the one after it.
        """

    def cancel(self, request: WindowRequest) -> None:
        """Say that nobody wants it; then neither is called."""


class HistoryPages(Protocol):
    """History in SQL for a thread that waits, never the GUI's. HaiheError where it cannot be asked; GivenUp on stop."""

    def count(self, name: str, start_ns: int, end_ns: int, stop: Event) -> tuple[int, bool]:
        """Return how many samples a window has, and whether that is all."""

    def waiting(self, stop: Event) -> int:
        """Return how many samples, of all tags, the database does not take now; they are not in what this gives."""

    def samples(self, name: str, start_ns: int, end_ns: int, stop: Event) -> Iterator[RawSample]:
        """Yield the samples of a window, oldest first."""

    def window(self, one: WindowRequest, stop: Event) -> Any:
        """Return an app.trend Envelope."""

    def bins(self, one: WindowRequest, stop: Event) -> list["Summary"]:
        """Return the figures of each column of a window, with those of the value held into it."""


class StoreSource:
    """A TrendSource over a store that is open; of one thread."""

    def __init__(self, store: Any | None) -> None:
        self._store = store

    def apart(self) -> AbstractContextManager["StoreSource"]:
        """Return itself: it is apart already."""
        return nullcontext(self)

    def window(self, name: str, start_ns: int, end_ns: int, columns: int) -> Any | None:
        """Return the envelope of a window."""
        return self._ask(name, lambda store, slot: store.window(slot, start_ns, end_ns, columns), start_ns, end_ns)

    def statistics(self, name: str, start_ns: int, end_ns: int) -> Any | None:
        """Return minimum, maximum, time-weighted mean and share of good time."""
        return self._ask(name, lambda store, slot: store.statistics(slot, start_ns, end_ns), start_ns, end_ns)

    def raw(self, name: str, start_ns: int, end_ns: int, limit: int) -> Any | None:
        """Return the first so many samples of a window."""
        return self._ask(name, lambda store, slot: store.raw(slot, start_ns, end_ns, limit), start_ns, end_ns)

    def _place(self, name: str) -> tuple[Any, int] | None:
        try:
            return None if self._store is None else (self._store, int(self._store.slot(name)))
        except KeyError:
            return None

    def _ask(self, name: str, ask: Callable[[Any, int], T], start_ns: int, end_ns: int) -> T | None:
        place = self._place(name)
        if place is None or end_ns <= start_ns:
            return None
        try:
            return ask(*place)
        except StoreError as error:
            log.warning("trend of %s: %s", name, error)
            return None


class HubSource(StoreSource):
    """A TrendSource over the store that the hub has open; it follows the hub when the store is made anew."""

    def __init__(self, hub: TagHub) -> None:
        super().__init__(None)
        self._hub = hub

    def apart(self) -> AbstractContextManager[StoreSource]:
        """Return what opens the store once more, in the thread that enters; without a store there is no data."""
        return _opened(self._hub.open_source)

    def _place(self, name: str) -> tuple[Any, int] | None:
        store, slot = self._hub.source, self._hub.slot(name)
        return None if store is None or slot is None else (store, slot)


@contextmanager
def _opened(open_source: Callable[[], LiveSource]) -> Iterator[StoreSource]:
    try:
        store: Any = open_source()
    except (StoreError, OSError) as error:
        log.warning("%s", error)
        store = None
    try:
        yield StoreSource(store)
    finally:
        if store is not None:
            store.close()
