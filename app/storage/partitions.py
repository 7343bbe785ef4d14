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


def drop_partitions(connection: Connection, before_week: int) -> None:
    """Drop the partitions of the weeks (counted from the epoch) before one."""
    names = connection.exec_driver_sql(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'history'::regclass"
    ).scalars()
    for name in names.all():
        number = name.strip('"').rpartition("history_w")[2]
        if number.lstrip("-").isdigit() and int(number) < before_week:
            connection.exec_driver_sql(f"DROP TABLE {name}")


def _name(week: int) -> str:
    return f"history_w{week}" if week >= 0 else f'"history_w{week}"'
