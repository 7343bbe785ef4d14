"""What outboxes carry: journal items and rows of history; what the database refuses as such is set aside in a file."""

import json
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from app.link.codec import CodecError, decode, encode
from app.model.errors import RowsRefused
from app.model.history import BACK_FILLED, HistoryRow
from app.storage import JournalItem, Mark

log = logging.getLogger(__name__)

T = TypeVar("T")

ASIDE_LIMIT: Final = 16 * 2**20
"""Bytes of the file of what was refused; what is refused beyond is logged only."""


class _Refusals:
    def __init__(self, aside: Path) -> None:
        self._aside = aside
        self.refused = 0

    def store(self, database: Any, items: Sequence[T], mark: Mark, store: Callable[[Sequence[T], Mark], None]) -> None:
        """Store items; where the database refuses them, the halves, down to the items that it refuses."""
        try:
            store(items, mark)
        except RowsRefused as error:
            if len(items) > 1:
                half = len(items) // 2
                self.store(database, items[:half], Mark(mark.run, mark.number - len(items) + half), store)
                self.store(database, items[half:], mark, store)
                return
            database.marks.save(mark)
            self.set_aside(repr(items[0]), error)

    def set_aside(self, item: str, error: Exception) -> None:
        self.refused += 1
        log.error("a row is set aside: %s; %s", error, item[:500])
        try:
            self._aside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._aside.open("a", encoding="ascii") as file:
                if file.tell() < ASIDE_LIMIT:
                    file.write(json.dumps({"error": str(error), "row": item}) + "\n")
        except OSError as problem:
            log.error("%s: %s", self._aside, problem)


class JournalDelivery:
    """Journal rows with alarm states and audit entries."""

    def __init__(self, aside: Path) -> None:
        self._refusals = _Refusals(aside)

    @property
    def refused(self) -> int:
        """Items that the database refused as such."""
        return self._refusals.refused

    def encode(self, items: Sequence[JournalItem]) -> bytes:
        """Return items as JSON."""
        return json.dumps(encode(items)).encode()

    def decode(self, payload: bytes) -> list[JournalItem]:
        """Return the items of JSON; one that cannot be read is set aside, and an empty one stands in its place."""
        return [self._item(each) for each in json.loads(payload)]

    def store(self, database: Any, items: Sequence[JournalItem], mark: Mark) -> None:
        """Store those that are not stored yet in one transaction, in their order."""
        self._refusals.store(database, items, mark, database.store)

    def _item(self, data: Any) -> JournalItem:
        try:
            return decode(JournalItem, data)
        except CodecError as error:
            self._refusals.set_aside(json.dumps(data), error)
            return JournalItem()


class HistoryDelivery:
    """Rows of history."""

    def __init__(self, aside: Path) -> None:
        self._refusals = _Refusals(aside)

    @property
    def refused(self) -> int:
        """Rows that the database refused as such."""
        return self._refusals.refused

    def encode(self, items: Sequence[HistoryRow]) -> bytes:
        """Return rows as JSON lists."""
        return json.dumps(items, separators=(",", ":")).encode()

    def decode(self, payload: bytes) -> list[HistoryRow]:
        """Return the rows of JSON, marked as back-filled."""
        rows = [HistoryRow(*each) for each in json.loads(payload)]
        return [row._replace(flags=row.flags | BACK_FILLED) for row in rows]

    def store(self, database: Any, items: Sequence[HistoryRow], mark: Mark) -> None:
        """Store those that are not stored yet in one transaction."""
        self._refusals.store(database, items, mark, database.history.append)
