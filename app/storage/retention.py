"""The age limit of history: old samples go in small steps, so that nothing else waits long for the database."""

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, delete, select

from app.storage.connect import Link
from app.storage.partitions import WEEK_NS, drop_partitions
from app.storage.schema import HISTORY, HISTORY_TAG

STEP_ROWS: Final = 5_000


class Retention:
    """Removes samples; never touches journal, audit or alarm states."""

    def __init__(self, link: Link, on_dropped: Callable[[], None]) -> None:
        """``on_dropped`` is called when partitions were dropped: rows that still come for them need new ones."""
        self._link, self._on_dropped = link, on_dropped

    def prune(self, before_ns: int, most: int = STEP_ROWS) -> bool:
        """Remove samples that count before a time (ns, UTC): one step; tells whether there may be more.

        A step is at most ``most`` rows (SQLite), or the weeks that lie before the time as a whole (PostgreSQL).

        Raises:
            DatabaseError: nothing was removed.

        """
        with self._link.write() as connection:
            if connection.dialect.name == "postgresql":
                drop_partitions(connection, before_ns // WEEK_NS)
                self._on_dropped()
                return False
            left = most
            for tag_id in connection.execute(select(HISTORY_TAG.c.id)).scalars().all():
                left -= _prune_tag(connection, tag_id, before_ns, left)
                if left <= 0:
                    return True
        return False


def _prune_tag(connection: Connection, tag_id: int, before_ns: int, most: int) -> int:
    """Remove the oldest rows of a tag before a time, about ``most``; returns how many."""
    old = (HISTORY.c.tag_id == tag_id) & (HISTORY.c.time_ns < before_ns)
    border = select(HISTORY.c.time_ns).where(old).order_by(HISTORY.c.time_ns).offset(most).limit(1)
    until_ns = connection.execute(border).scalar()
    until_ns = before_ns if until_ns is None else until_ns + 1  # rows of one time go together
    return connection.execute(delete(HISTORY).where(HISTORY.c.tag_id == tag_id, HISTORY.c.time_ns < until_ns)).rowcount
