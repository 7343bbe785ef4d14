"""Reading history: rows in pages cut by key, windows as envelopes."""

from typing import Any, Final

from sqlalchemy import Row, Select, case, func, select, tuple_

from app.model.history import HistoryColumn, HistoryCursor, HistoryEnvelope, HistoryPage, HistoryRow
from app.model.status import BAD
from app.storage.connect import Link
from app.storage.schema import HISTORY, HISTORY_TAG

PAGE_LIMIT: Final = 20_000
COLUMN_LIMIT: Final = 4_000


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

    def envelope(self, tag: str, from_ns: int, to_ns: int, columns: int) -> HistoryEnvelope:
        """Return a window in at most ``columns`` columns with every extreme, computed by the database."""
        columns = max(1, min(columns, COLUMN_LIMIT))
        width_ns = max(1, -(-(to_ns - from_ns) // columns))
        with self._link.read() as connection:
            tag_id = connection.execute(select(HISTORY_TAG.c.id).where(HISTORY_TAG.c.name == tag)).scalar()
            if tag_id is None:
                return HistoryEnvelope(from_ns, width_ns)
            found = connection.execute(_envelope(tag_id, from_ns, to_ns, width_ns)).all()
        return HistoryEnvelope(from_ns, width_ns, tuple(HistoryColumn(*row) for row in found))


def _envelope(tag_id: int, from_ns: int, to_ns: int, width_ns: int) -> Select[Any]:
    """Group by column; the values at both ends are looked up by key, not sorted for."""
    c = HISTORY.c
    usable = case((c.status < BAD, c.value))
    index = ((c.time_ns - from_ns) // width_ns).label("column_index")
    groups = (
        select(
            index, func.count().label("count"), func.min(usable).label("low"), func.max(usable).label("high"),
            func.min(c.time_ns).label("first_ns"), func.max(c.time_ns).label("last_ns"),
            func.max(c.status).label("status"),
        )
        .where(c.tag_id == tag_id, c.time_ns >= from_ns, c.time_ns < to_ns)
        .group_by(index)
        .subquery()
    )  # fmt: skip
    end = HISTORY.alias()
    at = select(end.c.value).where(end.c.tag_id == tag_id).limit(1).correlate(groups)
    first = at.where(end.c.time_ns == groups.c.first_ns).order_by(end.c.id).scalar_subquery()
    last = at.where(end.c.time_ns == groups.c.last_ns).order_by(end.c.id.desc()).scalar_subquery()
    g = groups.c
    wanted = (g.column_index, g.count, g.low, g.high, g.first_ns, first, g.last_ns, last, g.status)
    return select(*wanted).order_by(g.column_index)


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
