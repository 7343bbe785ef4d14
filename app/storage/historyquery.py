"""Reading history: rows in pages cut by key."""

from typing import Any, Final

from sqlalchemy import Row, Select, select, tuple_

from app.model.history import HistoryCursor, HistoryPage, HistoryRow
from app.storage.connect import Link
from app.storage.schema import HISTORY, HISTORY_TAG

PAGE_LIMIT: Final = 20_000


class HistoryQuery:
    """Questions to history. Times are ns since the epoch, UTC; the end of a window is not part of it."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def page(
        self,
        tag: str,
        from_ns: int,
        to_ns: int,
        limit: int = PAGE_LIMIT,
        after: HistoryCursor | None = None,
        *,
        newest_first: bool = False,
    ) -> HistoryPage:
        """Return the next rows after a cursor; the page says where the one after it goes on."""
        limit = max(1, min(limit, PAGE_LIMIT))
        with self._link.read() as connection:
            tag_id = connection.execute(select(HISTORY_TAG.c.id).where(HISTORY_TAG.c.name == tag)).scalar()
            if tag_id is None:
                return HistoryPage(())
            found = connection.execute(_page(tag_id, (from_ns, to_ns), limit + 1, after, newest_first)).all()
        rows = tuple(_from_columns(tag, row) for row in found[:limit])
        return HistoryPage(rows, HistoryCursor(rows[-1].time_ns, rows[-1].id) if len(found) > limit else None)


def _page(
    tag_id: int, window: tuple[int, int], limit: int, after: HistoryCursor | None, newest_first: bool
) -> Select[Any]:
    c = HISTORY.c
    key = tuple_(c.time_ns, c.id)
    statement = select(HISTORY).where(c.tag_id == tag_id, c.time_ns >= window[0], c.time_ns < window[1]).limit(limit)
    if after is not None:
        cut = tuple_(after.time_ns, after.id)
        statement = statement.where(key < cut if newest_first else key > cut)
    if newest_first:
        return statement.order_by(c.time_ns.desc(), c.id.desc())
    return statement.order_by(c.time_ns, c.id)


def _from_columns(tag: str, row: Row[Any]) -> HistoryRow:
    source_ns = row.time_ns if row.source_ns is None else row.source_ns
    value = row.value if row.text is None else row.text
    return HistoryRow(tag, row.time_ns, row.id, source_ns, row.receive_ns, value, row.status, row.flags)
