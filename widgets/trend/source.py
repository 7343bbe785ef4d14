"""Where trends come from: the hub's store, with its errors taken as "no data"."""

import logging
from typing import Any, Protocol

from app.model.errors import StoreError
from widgets.live import TagHub

log = logging.getLogger(__name__)


class EnvelopeSource(Protocol):
    """Answers windows of any length in O(pixels). Times are ns since the epoch, UTC."""

    def window(self, name: str, start_ns: int, end_ns: int, columns: int) -> Any | None:
        """Return an app.trend Envelope, or None where there is no data."""

    def statistics(self, name: str, start_ns: int, end_ns: int) -> Any | None:
        """Return app.trend Statistics, or None where there is no data."""


class HubSource:
    """An EnvelopeSource over the store that the hub has open; it follows the hub when the store is made anew."""

    def __init__(self, hub: TagHub) -> None:
        self._hub = hub

    def window(self, name: str, start_ns: int, end_ns: int, columns: int) -> Any | None:
        """Return the envelope of a window."""
        if end_ns <= start_ns:
            return None
        try:
            return self._hub.window(name, start_ns, end_ns, columns)
        except StoreError as error:
            log.warning("trend of %s: %s", name, error)
            return None

    def statistics(self, name: str, start_ns: int, end_ns: int) -> Any | None:
        """Return minimum, maximum, time-weighted mean and share of good time."""
        source: Any = self._hub.source
        slot = self._hub.slot(name)
        if source is None or slot is None or end_ns <= start_ns:
            return None
        try:
            return source.statistics(slot, start_ns, end_ns)
        except StoreError as error:
            log.warning("statistics of %s: %s", name, error)
            return None
