"""Where trends come from: the store's reader by tag name, with its errors taken as "no data"."""

import logging
from typing import Any, Protocol

from app.model.errors import StoreError

log = logging.getLogger(__name__)


class EnvelopeSource(Protocol):
    """Answers windows of any length in O(pixels). Times are ns since the epoch, UTC."""

    def window(self, name: str, start_ns: int, end_ns: int, columns: int) -> Any | None:
        """Return an app.trend Envelope, or None for a tag that the store does not have."""

    def statistics(self, name: str, start_ns: int, end_ns: int) -> Any | None:
        """Return app.trend Statistics, or None for a tag that the store does not have."""


class StoreSource:
    """An EnvelopeSource over a StoreReader."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self._slots: dict[str, int | None] = {}

    def window(self, name: str, start_ns: int, end_ns: int, columns: int) -> Any | None:
        """Return the envelope of a window."""
        slot = self._slot(name)
        if slot is None or end_ns <= start_ns:
            return None
        try:
            return self._reader.window(slot, start_ns, end_ns, columns)
        except StoreError as error:
            log.warning("trend of %s: %s", name, error)
            return None

    def statistics(self, name: str, start_ns: int, end_ns: int) -> Any | None:
        """Return minimum, maximum, time-weighted mean and share of good time."""
        slot = self._slot(name)
        if slot is None or end_ns <= start_ns:
            return None
        try:
            return self._reader.statistics(slot, start_ns, end_ns)
        except StoreError as error:
            log.warning("statistics of %s: %s", name, error)
            return None

    def _slot(self, name: str) -> int | None:
        if name not in self._slots:
            try:
                self._slots[name] = self._reader.slot(name)
            except KeyError:
                self._slots[name] = None
        return self._slots[name]
