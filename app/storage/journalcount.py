"""About how many rows a query of the journal has: counted while they are few, else judged by where they stand."""

from dataclasses import replace
from typing import Final

from sqlalchemy import Connection, select

from app.model.journal import JournalCount, JournalQuery
from app.storage.journalfilter import Key, Span
from app.storage.journalsearch import Search
from app.storage.journaltables import JOURNAL

BOUND: Final = 1_000
"""Counted exactly up to here."""


def count(connection: Connection, query: JournalQuery, budget_s: float, bound: int = BOUND) -> JournalCount:
    """Return how many rows a query has, whatever page of it is asked for."""
    newest_first = replace(query, before_id=None, after_id=None, at_ns=None, oldest_first=False)
    found = Search(connection, Span(newest_first), budget_s).first(bound + 1)
    rows = min(len(found.keys), bound)
    last = found.searched or (found.keys[-1] if len(found.keys) > bound else None)
    if last is None:
        return JournalCount(rows)
    # Ids grow with time, but for rows that came late: they tell how much of the time line was looked at.
    newest = _end(connection, Span(newest_first))
    oldest = _end(connection, Span(replace(newest_first, oldest_first=True)))
    looked, whole = abs(newest[1] - last[1]) + 1, abs(newest[1] - oldest[1]) + 1
    return JournalCount(rows, exact=False, estimate=max(rows, round(rows * whole / looked)))


def _end(connection: Connection, span: Span) -> Key:
    c = JOURNAL.c
    line = select(c.time_ns, c.id).where(*span.within(JOURNAL)).order_by(*span.order(JOURNAL)).limit(1)
    time_ns, number = connection.execute(line).one()
    return time_ns, number
