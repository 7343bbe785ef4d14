"""Between the event loop and the database: a bounded queue that keeps order and loses nothing silently."""

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from app.model.alarm import AlarmSnapshot
from app.model.journal import JournalRow
from app.security import AuditEntry
from app.storage.database import Database


@dataclass(frozen=True, slots=True)
class JournalItem:
    """What belongs together and is stored together; ``audit`` and ``snapshots`` go with the rows."""

    rows: Sequence[JournalRow] = field(default_factory=tuple)
    snapshots: Sequence[AlarmSnapshot] = field(default_factory=tuple)
    audit: Sequence[AuditEntry] = field(default_factory=tuple)


class JournalWriter:
    """``offer`` from any thread; ``flush`` from the database's thread only.

    A batch that fails stays at the front and is tried by the next ``flush``; items never overtake one another.
    """

    def __init__(self, database: Database, capacity: int = 100_000, batch: int = 1000) -> None:
        """Take the database, and how many items may wait and go into one transaction at most."""
        self._database = database
        self._capacity = capacity
        self._batch = batch
        self._items: deque[JournalItem] = deque()
        self._lock = threading.Lock()
        self._lost = 0

    @property
    def pending(self) -> int:
        """Items that are not in the database yet."""
        return len(self._items)

    @property
    def lost(self) -> int:
        """Items refused because the queue was full, since start."""
        return self._lost

    def offer(self, item: JournalItem) -> bool:
        """Queue an item; False: the queue is full, the item is not taken and is counted as lost."""
        with self._lock:
            if len(self._items) >= self._capacity:
                self._lost += 1
                return False
            self._items.append(item)
            return True

    def flush(self) -> list[JournalItem]:
        """Store one batch in one transaction, and return the items that are now on disk (empty: none waited).

        Raises:
            DatabaseError: nothing was stored; the items wait.

        """
        with self._lock:
            items = list(islice(self._items, self._batch))
        if not items:
            return []
        self._database.record(
            [row for item in items for row in item.rows],
            [snapshot for item in items for snapshot in item.snapshots],
            [entry for item in items for entry in item.audit],
        )
        with self._lock:
            for _ in items:
                self._items.popleft()
        return items
