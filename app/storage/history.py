"""History of samples: every one that passed its tag's dead-band, by tag and by the time at which it counts."""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import Connection, insert, select

from app.model.history import HistoryRow
from app.storage import bulk
from app.storage.connect import Link
from app.storage.marks import Mark, claim
from app.storage.partitions import WEEK_NS, make_partitions
from app.storage.schema import HISTORY_TAG

_NAMES: Final = 500
"""Names asked for in one statement; databases bound how many values it may have."""


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
            weeks = self._weeks
            if connection.dialect.name == "postgresql":
                weeks |= {row.time_ns // WEEK_NS for row in rows}
                make_partitions(connection, sorted(weeks - self._weeks))
            bulk.insert(connection, bulk.in_columns(known, rows))
        self._ids, self._weeks = known, weeks  # only now: a transaction that failed has made none of them

    def forget_weeks(self) -> None:
        """Ask again which partitions there are: some were dropped."""
        self._weeks = frozenset()

    @staticmethod
    def _new_tags(connection: Connection, names: Iterable[str]) -> dict[str, int]:
        """Return the ids of tags, most of them at the start of an engine; those without one get one."""
        wanted = sorted(names)
        result: dict[str, int] = {}
        for begin in range(0, len(wanted), _NAMES):
            some = wanted[begin : begin + _NAMES]
            query = select(HISTORY_TAG.c.name, HISTORY_TAG.c.id).where(HISTORY_TAG.c.name.in_(some))
            found = {row.name: row.id for row in connection.execute(query)}
            if missing := [{"name": name} for name in some if name not in found]:
                connection.execute(insert(HISTORY_TAG), missing)
                found = {row.name: row.id for row in connection.execute(query)}
            result |= found
        return result
