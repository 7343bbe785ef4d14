"""Reading history: rows in pages cut by key, windows as envelopes."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import BigInteger, Select, case, cast, func, literal, select, tuple_

from app.model.history import (
    BACK_FILLED,
    LATE,
    HistoryColumn,
    HistoryCount,
    HistoryCursor,
    HistoryEnvelope,
    HistoryPage,
    HistoryRow,
)
from app.model.sample import Value
from app.model.status import BAD
from app.storage.connect import Link
from app.storage.schema import HISTORY, HISTORY_TAG

PAGE_LIMIT: Final = 20_000
COLUMN_LIMIT: Final = 4_000
_SECOND_NS: Final = 1e9
_EARLIEST_NS: Final = -(2**63)
_LATEST_NS: Final = 2**63 - 1
COUNT_LIMIT: Final = 2_000_000
"""Rows that are counted one by one; about a quarter of a second."""


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

    def count(self, tag: str, from_ns: int, to_ns: int, most: int = COUNT_LIMIT) -> HistoryCount:
        """Return how many rows a window has; it counts no further than ``most``."""
        with self._link.read() as connection:
            tag_id = connection.execute(select(HISTORY_TAG.c.id).where(HISTORY_TAG.c.name == tag)).scalar()
            c = HISTORY.c
            wanted = (c.tag_id == (-1 if tag_id is None else tag_id), c.time_ns >= from_ns, c.time_ns < to_ns)
            some = select(c.time_ns).where(*wanted).limit(most + 1).subquery()
            found = int(connection.execute(select(func.count()).select_from(some)).scalar() or 0)
        return HistoryCount(min(found, most), found <= most)

    def envelope(self, tag: str, from_ns: int, to_ns: int, columns: int, *, weighted: bool = False) -> HistoryEnvelope:
        """Return a window in at most ``columns`` columns with every extreme, computed by the database.

        ``weighted``: also area and good time of each column, which takes about three times as long.
        """
        columns = max(1, min(columns, COLUMN_LIMIT))
        width_ns = max(1, -(-(to_ns - from_ns) // columns))
        with self._link.read() as connection:
            tag_id = connection.execute(select(HISTORY_TAG.c.id).where(HISTORY_TAG.c.name == tag)).scalar()
            if tag_id is None:
                return HistoryEnvelope(from_ns, width_ns)
            found = connection.execute(_envelope(tag_id, from_ns, to_ns, width_ns, weighted)).all()
            before = connection.execute(_page(tag_id, (_EARLIEST_NS, from_ns), 1, None, newest_first=True)).first()
            after = connection.execute(_page(tag_id, (to_ns, _LATEST_NS), 1, None, newest_first=False)).first()
        return HistoryEnvelope(
            from_ns,
            width_ns,
            tuple(HistoryColumn(*row) for row in found),
            None if before is None else _from_columns(tag, before),
            None if after is None else _from_columns(tag, after),
        )


def _envelope(tag_id: int, from_ns: int, to_ns: int, width_ns: int, weighted: bool) -> Select[Any]:
    """Group by column; the values at both ends are looked up by key, not sorted for."""
    c = HISTORY.c
    usable = case((c.status < BAD, c.value)).label("usable")
    index = ((c.time_ns - from_ns) // width_ns).label("column_index")
    rows = select(index, usable, c.time_ns, c.status, c.flags)
    if weighted:
        following = func.coalesce(func.lead(c.time_ns).over(order_by=(c.time_ns, c.id)), to_ns)
        rows = rows.add_columns((following - c.time_ns).label("held_ns"))
    r = rows.where(c.tag_id == tag_id, c.time_ns >= from_ns, c.time_ns < to_ns).subquery().c
    area: Any = literal(None)
    good: Any = literal(None)
    if weighted:
        area = func.sum(r.usable * r.held_ns / _SECOND_NS)
        good = cast(func.coalesce(func.sum(case((r.usable.is_not(None), r.held_ns))), 0), BigInteger)
    groups = (
        select(
            r.column_index, func.count().label("count"), func.min(r.usable).label("low"),
            func.max(r.usable).label("high"), func.min(r.time_ns).label("first_ns"),
            func.max(r.time_ns).label("last_ns"), func.max(r.status).label("status"),
            (func.max(r.flags.bitwise_and(LATE)) + func.max(r.flags.bitwise_and(BACK_FILLED))).label("flags"),
            area.label("area"), good.label("good_ns"),
        )
        .group_by(r.column_index)
        .subquery()
    )  # fmt: skip
    end = HISTORY.alias()
    g = groups.c

    def at(wanted: Any, time_ns: Any, order: Any) -> Any:
        found = select(wanted).where(end.c.tag_id == tag_id, end.c.time_ns == time_ns).order_by(order).limit(1)
        return found.correlate(groups).scalar_subquery()

    oldest, newest = end.c.id, end.c.id.desc()
    return select(
        g.column_index, g.count, g.low, g.high, g.first_ns, at(end.c.value, g.first_ns, oldest), g.last_ns,
        at(end.c.value, g.last_ns, newest), g.status, at(end.c.status, g.last_ns, newest), g.flags, g.area, g.good_ns,
    ).order_by(g.column_index)  # fmt: skip


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


def _from_columns(tag: str, row: Sequence[Any]) -> HistoryRow:
    _, time_ns, number, source_ns, receive_ns, value, text, status, flags = row  # names would be looked up one by one
    source_ns = time_ns if source_ns is None else source_ns
    return HistoryRow(tag, time_ns, number, source_ns, receive_ns, _value(value, text), status, flags)


def _value(value: float | None, text: str | None) -> Value:
    if text is None:
        return None if value is None else float(value)
    return text if value is None else int(text)  # both: digits that a real cannot hold
