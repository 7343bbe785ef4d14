"""The journal: rows are added, never changed; pages are cut by key."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, or_, select, union_all

from app.model.journal import JournalKind, JournalPage, JournalQuery, JournalRow
from app.storage.connect import Link
from app.storage.schema import JOURNAL
from app.storage.values import value_from_text, value_to_text

MAX_PAGE: Final = 5000

_FIELDS: Final = tuple(field.name for field in fields(JournalRow))


def insert_rows(connection: Connection, rows: Sequence[JournalRow]) -> None:
    """Add rows in their order; their ids are given by the database."""
    if rows:
        connection.execute(JOURNAL.insert(), [_to_columns(row) for row in rows])


class Journal:
    """Rows of alarms, commands, logins and connections in one time line."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def append(self, rows: Sequence[JournalRow]) -> None:
        """Add rows in one transaction; they are on disk when this returns.

        Raises:
            DatabaseError: none of them was added.

        """
        with self._link.write() as connection:
            insert_rows(connection, rows)

    def page(self, query: JournalQuery) -> JournalPage:
        """Return a page, newest first; ``from_ns`` and ``to_ns`` bound the source time (to excluded).

        Without a ``*`` a tag must match whole, and a text may stand anywhere in the texts, object or comment; case
        of ASCII letters does not matter.
        """
        limit = max(1, min(query.limit, MAX_PAGE))
        with self._link.read() as connection:
            found = connection.execute(_statement(query, limit + 1)).all()
        rows = tuple(_from_columns(row) for row in found[:limit])
        return JournalPage(rows, rows[-1].id if len(found) > limit else None)


def _statement(query: JournalQuery, limit: int) -> Select[Any]:
    c = JOURNAL.c
    statement = select(JOURNAL).where(and_(True, *_conditions(query))).order_by(c.id.desc()).limit(limit)
    if not query.area:
        return statement
    own = statement.where(c.area == query.area)
    if not query.area_objects:
        return own
    shared = statement.where(c.area == "", c.object.in_(query.area_objects))
    # Two pages made one, each along its index: an OR would read every row of the area.
    both = union_all(select(own.subquery()), select(shared.subquery())).subquery()
    return select(both).order_by(both.c.id.desc()).limit(limit)


def _conditions(query: JournalQuery) -> list[ColumnElement[bool]]:
    c = JOURNAL.c
    result: list[ColumnElement[bool]] = []
    if query.before_id is not None:
        result.append(c.id < query.before_id)
    if query.from_ns is not None:
        result.append(c.source_ns >= query.from_ns)
    if query.to_ns is not None:
        result.append(c.source_ns < query.to_ns)
    if query.kinds:
        result.append(c.kind.in_([kind.value for kind in query.kinds]))
    if query.tag:
        result.append(c.tag.ilike(_pattern(query.tag), escape="\\") if "*" in query.tag else c.tag == query.tag)
    if query.priorities:
        result.append(c.priority.in_(query.priorities))
    if query.user:
        result.append(c.user == query.user)
    if query.text:
        pattern = _pattern(query.text if "*" in query.text else f"*{query.text}*")
        result.append(
            or_(*(each.ilike(pattern, escape="\\") for each in (c.text, c.text_zh, c.object, c.comment, c.comment_zh)))
        )
    return result


def _pattern(wildcards: str) -> str:
    escaped = wildcards.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return escaped.replace("*", "%")


def _to_columns(row: JournalRow) -> dict[str, Any]:
    columns = {name: getattr(row, name) for name in _FIELDS if name != "id"}
    columns["kind"] = row.kind.value
    columns["value"] = value_to_text(row.value)
    return columns


def _from_columns(row: Row[Any]) -> JournalRow:
    columns = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
    columns["kind"] = JournalKind(columns["kind"])
    columns["value"] = value_from_text(columns["value"])
    return JournalRow(**columns)
