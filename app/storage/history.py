"""History of samples: every one that passed its tag's dead-band, by tag and by the time at which it counts."""

import math
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Connection, select

from app.model.history import HistoryRow
from app.model.sample import Value
from app.storage.connect import Link
from app.storage.marks import Mark, claim
from app.storage.partitions import WEEK_NS, make_partitions
from app.storage.schema import HISTORY, HISTORY_TAG

_COLUMNS: Final = tuple(column.name for column in HISTORY.columns)
_INSERT: Final = f"INSERT INTO history ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608


class History:
    """Writes samples. Reading is app.storage.historyquery."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._ids: dict[str, int] = {}
        self._weeks: frozenset[int] = frozenset()

    def append(self, rows: Sequence[HistoryRow], mark: Mark | None = None) -> None:
        """Add rows in one transaction; with a mark, those up to it that are not stored yet, and the mark.

        Raises:
            RowsRefused: one of them cannot be stored; none was added.
            DatabaseError: none of them was added.

        """
        with self._link.write() as connection:
            if mark is not None and (left := claim(connection, mark, len(rows))) < len(rows):
                rows = rows[len(rows) - left :]
            known = self._ids | self._new_tags(connection, {row.tag for row in rows if row.tag not in self._ids})
            values = [_to_columns(known[row.tag], row) for row in rows]
            weeks = self._weeks
            if connection.dialect.name == "postgresql":
                weeks |= {row.time_ns // WEEK_NS for row in rows}
                make_partitions(connection, sorted(weeks - self._weeks))
                _copy(connection, values)
            elif values:
                connection.exec_driver_sql(_INSERT, values)  # tuples as they are: no dictionary and no processor a row
        self._ids, self._weeks = known, weeks  # only now: a transaction that failed has made none of them

    def forget_weeks(self) -> None:
        """Ask again which partitions there are: some were dropped."""
        self._weeks = frozenset()

    @staticmethod
    def _new_tags(connection: Connection, names: Iterable[str]) -> dict[str, int]:
        result: dict[str, int] = {}
        for name in sorted(names):
            found = connection.execute(select(HISTORY_TAG.c.id).where(HISTORY_TAG.c.name == name)).scalar()
            if found is None:
                key = connection.execute(HISTORY_TAG.insert().values(name=name)).inserted_primary_key
                found = None if key is None else key[0]
            result[name] = int(found or 0)
        return result


def _copy(connection: Connection, values: Iterable[tuple[Any, ...]]) -> None:
    """Hand rows to PostgreSQL by COPY, several times as fast as INSERT."""
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY history ({', '.join(_COLUMNS)}) FROM STDIN") as copy:
        for each in values:
            copy.write_row(each)


def _to_columns(tag_id: int, row: HistoryRow) -> tuple[Any, ...]:
    number, text = _split(row.value)
    source_ns = None if row.source_ns == row.time_ns else row.source_ns
    return (tag_id, row.time_ns, row.id, source_ns, row.receive_ns, number, text, row.status, row.flags)


def _split(value: Value) -> tuple[float | None, str | None]:
    if type(value) is float and value == value:  # noqa: PLR0124 - all but NaN, and nearly every row
        return value, None
    if value is None or isinstance(value, str):
        return None, value
    number = float(value)
    if isinstance(value, int) and int(number) != value:
        return number, str(value)  # the nearest real for sums and extremes, and the digits that it cannot hold
    return (None if math.isnan(number) else number), None
