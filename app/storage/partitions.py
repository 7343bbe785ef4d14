"""History in PostgreSQL is partitioned by week: made when a row needs it, dropped as a whole when it is empty."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection

WEEK_NS: Final = 7 * 86_400 * 1_000_000_000


def make_partitions(connection: Connection, weeks: Iterable[int]) -> None:
    """Make the partitions of these weeks (counted from the epoch) where they are missing."""
    for week in weeks:
        connection.exec_driver_sql(
            f"CREATE TABLE IF NOT EXISTS {_name(week)} PARTITION OF history "
            f"FOR VALUES FROM ({week * WEEK_NS}) TO ({(week + 1) * WEEK_NS})"
        )


def drop_empty_partitions(connection: Connection, before_ns: int) -> int:
    """Drop partitions that end before a time (ns since the epoch, UTC) and hold no row; return how many."""
    names = connection.exec_driver_sql(
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
        "WHERE i.inhparent = 'history'::regclass"
    ).scalars()
    old = [week for name in names if (int(week := name.rpartition("_w")[2]) + 1) * WEEK_NS <= before_ns]
    empty = [
        week
        for week in map(int, old)
        if connection.exec_driver_sql(f"SELECT 1 FROM {_name(week)} LIMIT 1").first() is None  # noqa: S608 - our number
    ]
    for week in empty:
        connection.exec_driver_sql(f"DROP TABLE {_name(week)}")
    return len(empty)


def _name(week: int) -> str:
    return f"history_w{week}" if week >= 0 else f'"history_w{week}"'
