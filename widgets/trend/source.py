"""Where trends come from: what a trend asks, and the hub's store with its errors taken as "no data"."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from app.model.errors import StoreError
from widgets.live import TagHub

log = logging.getLogger(__name__)
T = TypeVar("T")


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


class HubSource:
    """A TrendSource over the store that the hub has open; it follows the hub when the store is made anew."""

    def __init__(self, hub: TagHub) -> None:
        self._hub = hub

    def window(self, name: str, start_ns: int, end_ns: int, columns: int) -> Any | None:
        """Return the envelope of a window."""
        return self._ask(name, lambda store, slot: store.window(slot, start_ns, end_ns, columns), start_ns, end_ns)

    def statistics(self, name: str, start_ns: int, end_ns: int) -> Any | None:
        """Return minimum, maximum, time-weighted mean and share of good time."""
        return self._ask(name, lambda store, slot: store.statistics(slot, start_ns, end_ns), start_ns, end_ns)

    def raw(self, name: str, start_ns: int, end_ns: int, limit: int) -> Any | None:
        """Return the first so many samples of a window."""
        return self._ask(name, lambda store, slot: store.raw(slot, start_ns, end_ns, limit), start_ns, end_ns)

    def _ask(self, name: str, ask: Callable[[Any, int], T], start_ns: int, end_ns: int) -> T | None:
        store: Any = self._hub.source
        slot = self._hub.slot(name)
        if store is None or slot is None or end_ns <= start_ns:
            return None
        try:
            return ask(store, slot)
        except StoreError as error:
            log.warning("trend of %s: %s", name, error)
            return None
