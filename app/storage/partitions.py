"""History in PostgreSQL is partitioned by week: made when a row needs it."""

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


def _name(week: int) -> str:
    return f"history_w{week}" if week >= 0 else f'"history_w{week}"'
