"""The journal: rows are added, never changed; pages are cut by key."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection

from app.model.journal import JournalCount, JournalPage, JournalQuery, JournalRow
from app.storage.connect import Link
from app.storage.journalcount import count
from app.storage.journalfilter import Key, flat, journal_row, span_of
from app.storage.journalsearch import BUDGET_S, Search
from app.storage.journaltables import JOURNAL
from app.storage.journalwrite import insert_rows

MAX_PAGE: Final = 5000

_ALONG_INDEXES: Final = "SELECT " + ", ".join(
    f"set_config('{name}', '{value}', true)"
    for name, value in {
        "enable_hashjoin": "off", "enable_mergejoin": "off", "enable_material": "off", "join_collapse_limit": "1",
        "jit": "off", "random_page_cost": "1.1", "max_parallel_workers_per_gather": "0",
    }.items()
)  # fmt: skip
"""PostgreSQL reads whole dictionaries to join two hundred rows to them, or begins with these and reads all rows."""


class Journal:
    """Rows of alarms, commands, logins and connections in one time line."""

    def __init__(self, link: Link, budget_s: float = BUDGET_S) -> None:
        """``budget_s``: how long a page is looked for where no index has it."""
        self._link, self._budget_s = link, budget_s

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """Give a connection that reads few rows of large tables: along indexes, and planned in no time."""
        with self._link.read() as connection:
            if not self._link.is_sqlite:
                connection.exec_driver_sql(_ALONG_INDEXES)
            yield connection

    def append(self, rows: Sequence[JournalRow]) -> None:
        """Add rows in one transaction; they are on disk when this returns.

        Raises:
            DatabaseError: none of them was added.

        """
        with self._link.write() as connection:
            insert_rows(connection, rows)

    def page(self, query: JournalQuery) -> JournalPage:
        """Return a page, newest first; what a query may ask is said there.

        A filter that no index answers is searched for a moment: ``searched_ns`` tells how far, where that did not
        fill the page. Of a
        row that is gone the older page is empty.

        Raises:
            DatabaseError: the database is away; or the row whose newer page is asked for is gone.

        """
        limit = max(1, min(query.limit, MAX_PAGE))
        with self._reading() as connection:
            span = span_of(connection, query)
            if span is None:
                return JournalPage()
            found = Search(connection, span, self._budget_s).first(limit + 1)
            keys = found.keys[:limit]
            rows = _rows(connection, keys)
        further = found.searched or (keys[-1] if len(found.keys) > limit else None)
        came_from = query.before_id is not None or query.after_id is not None or query.at_ns is not None
        newer, older = (further, None) if query.ascends else (None, further)
        if came_from and keys:
            back = keys[0]
            newer, older = (newer, back) if query.ascends else (back, older)
        return JournalPage(
            rows,
            next_before_id=older[1] if older else None,
            next_after_id=newer[1] if newer else None,
            searched_ns=found.searched[0] if found.searched else None,
        )

    def count(self, query: JournalQuery) -> JournalCount:
        """Return how many rows a query has, whatever page of it is asked for: exact up to a thousand, else about."""
        with self._reading() as connection:
            return count(connection, query, self._budget_s)


def _rows(connection: Connection, keys: Sequence[Key]) -> tuple[JournalRow, ...]:
    if not keys:
        return ()
    c = JOURNAL.c
    wanted = flat().where(c.id.in_([number for _, number in keys])).order_by(c.time_ns.desc(), c.id.desc())
    return tuple(journal_row(row) for row in connection.execute(wanted))
