"""Many rows of history into the database at once, by the fastest way that each one has."""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection

from app.model.history import HistoryRow
from app.model.sample import Value
from app.storage.schema import HISTORY

Columns: TypeAlias = tuple[Any, ...]
"""What a row is in the table, in the order of its columns."""

GROUP: Final = 100
"""Rows of one INSERT in SQLite: of single ones most of the time goes into stepping the statement."""

_COLUMNS: Final = tuple(column.name for column in HISTORY.columns)
_PLACES: Final = f"({', '.join('?' * len(_COLUMNS))})"
_INSERT: Final = f"INSERT INTO history ({', '.join(_COLUMNS)}) VALUES "  # noqa: S608
_ONE: Final = _INSERT + _PLACES
_GROUP: Final = _INSERT + ", ".join([_PLACES] * GROUP)
_COPY: Final = f"COPY history ({', '.join(_COLUMNS)}) FROM STDIN"


def in_columns(ids: Mapping[str, int], rows: Iterable[HistoryRow]) -> list[Columns]:
    """Return rows as they are stored, by tag; those of one tag stay in their order.

    A table that is clustered by tag then changes each of its pages once a batch.
    """
    found = [
        (
            ids[tag], time_ns, number, None if source_ns == time_ns else source_ns, receive_ns,
            *((value, None) if type(value) is float and value == value else _split(value)),  # noqa: PLR0124
            status, flags,
        )
        for tag, time_ns, number, source_ns, receive_ns, value, status, flags in rows
    ]  # fmt: skip
    found.sort(key=itemgetter(0))
    return found


def insert(connection: Connection, rows: Sequence[Columns]) -> None:
    """Insert rows in the transaction of a connection, past SQLAlchemy; errors are those of the driver."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "postgresql":
        with driver.cursor() as cursor, cursor.copy(_COPY) as copy:  # several times as fast as INSERT
            for each in rows:
                copy.write_row(each)
        return
    whole = len(rows) - len(rows) % GROUP
    for begin in range(0, whole, GROUP):
        driver.execute(_GROUP, tuple(chain.from_iterable(rows[begin : begin + GROUP])))
    driver.executemany(_ONE, rows[whole:])


def _split(value: Value) -> tuple[float | None, str | None]:
    """Return a value as number and text: both for a whole number that a real cannot hold, neither for NaN."""
    if value is None or isinstance(value, str):
        return None, value
    number = float(value)
    if isinstance(value, int) and int(number) != value:
        return number, str(value)  # the nearest real for sums and extremes, and the digits that it cannot hold
    return (None if math.isnan(number) else number), None
