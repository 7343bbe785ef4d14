"""The age limit of history: old samples go in small steps, so that nothing else waits long for the database."""

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection

from app.storage.connect import Link
from app.storage.partitions import WEEK_NS, drop_partitions

STEP_ROWS: Final = 5_000

# A look at the oldest rows of each tag in the order of the key; "CROSS" keeps SQLite from reading all rows instead.
_OLDEST: Final = (
    "SELECT tag_id, max(time_ns), count(*) FROM (SELECT h.tag_id, h.time_ns FROM history_tag t CROSS JOIN history h "
    "ON h.tag_id = t.id WHERE t.id >= ? AND h.time_ns < ? ORDER BY t.id, h.time_ns LIMIT ?) "
    "GROUP BY tag_id ORDER BY tag_id"
)
_REMOVE: Final = "DELETE FROM history WHERE tag_id = ? AND time_ns <= ?"


class Retention:
    """Removes samples; never touches journal, audit or alarm states."""

    def __init__(self, link: Link, on_dropped: Callable[[], None]) -> None:
        """``on_dropped`` is called when partitions were dropped: rows that still come for them need new ones."""
        self._link, self._on_dropped = link, on_dropped
        self._tag = 0
        """Where the next step goes on: the tags before this one have nothing old any more."""

    def prune(self, before_ns: int, most: int = STEP_ROWS) -> bool:
        """Remove samples that count before a time (ns, UTC): one step; tells whether there may be more.

        A step is about ``most`` rows (SQLite; rows of one tag and time go together), or the weeks that lie before the
        time as a whole (PostgreSQL).

        Raises:
            DatabaseError: nothing was removed.

        """
        if self._link.is_sqlite:
            return self._prune_rows(before_ns, most)
        with self._link.write() as connection:
            drop_partitions(connection, before_ns // WEEK_NS)
        self._on_dropped()
        return False

    def _prune_rows(self, before_ns: int, most: int) -> bool:
        """Look for them without the lock of writers, and take that only to remove them."""
        with self._link.read() as connection:
            found = _oldest(connection, self._tag, before_ns, most)
        if found:
            with self._link.write() as connection:
                connection.exec_driver_sql(_REMOVE, [(tag_id, until_ns) for tag_id, until_ns, _ in found])
        more = sum(count for *_, count in found) >= most
        self._tag = found[-1][0] if more else 0
        return more


def _oldest(connection: Connection, from_tag: int, before_ns: int, most: int) -> list[tuple[int, int, int]]:
    """Return of each tag with old rows, from one on, until which time ``most`` of all reach, and how many are its."""
    rows = connection.exec_driver_sql(_OLDEST, (from_tag, before_ns, most))
    return [(tag_id, until_ns, count) for tag_id, until_ns, count in rows]
