"""Merges the rows of several keys of an index: the first of all, without reading the rest."""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

from sqlalchemy import Column, ColumnElement, Connection, FromClause, Select, bindparam, func, select, true

from app.storage.journalfilter import Key, Span, of_user
from app.storage.journaltables import JOURNAL

Head: TypeAlias = tuple[int, int | None]
"""A key of an index, and the time of its first row where that is known."""

_LATERAL: Final = 24
"""Keys in one statement of PostgreSQL."""


def conditions_of(span: Span, column: Column[Any], rows: FromClause) -> list[ColumnElement[bool]]:
    """Return the conditions of rows of a key, besides the key: those of a user have an index together with it."""
    user = of_user(rows, span.query.user) if column.name == JOURNAL.c.transition_id.name else []
    return [*span.within(rows), *user]


def merge(connection: Connection, span: Span, column: Column[Any], keys: Sequence[Head], limit: int) -> list[Key]:
    """Return the first rows that have one of the keys in a column.

    Keys whose first rows are known stand in the order of these: those that begin behind what was found are not read.
    """
    sqlite = connection.dialect.name == "sqlite"
    read = _reader(connection, span, column, limit) if sqlite else _lateral_reader(connection, span, column, limit)
    step = 1 if sqlite else _LATERAL
    found: list[Key] = []
    for begin in range(0, len(keys), step):
        head, last = keys[begin][1], found[-1] if len(found) == limit else None
        if head is not None and last is not None and (head > last[0] if span.ascends else head < last[0]):
            break
        if rows := read([key for key, _ in keys[begin : begin + step]], last):
            found = span.sort(found + rows)[:limit]
    return found


def _statement(span: Span, column: Column[Any], key: Any, last: Any, limit: int) -> Select[Any]:
    """Return a statement of the first rows of one key, as far as the last that counts."""
    c = JOURNAL.c
    wanted = select(c.time_ns, c.id).where(column == key, *conditions_of(span, column, JOURNAL))
    if last is not None:
        wanted = wanted.where(c.time_ns <= last if span.ascends else c.time_ns >= last)
    return wanted.order_by(*span.order(JOURNAL)).limit(limit)


def _reader(
    connection: Connection, span: Span, column: Column[Any], limit: int
) -> Callable[[Sequence[int], Key | None], list[Key]]:
    """Return what reads one key in SQLite, past SQLAlchemy: there a statement costs more than its rows."""
    driver: Any = connection.connection.driver_connection
    made: dict[bool, tuple[str, list[Any], dict[str, int]]] = {}

    def read(keys: Sequence[int], last: Key | None) -> list[Key]:
        bounded = last is not None
        if bounded not in made:
            bound = bindparam("last_ns", type_=JOURNAL.c.time_ns.type) if bounded else None
            compiled = _statement(span, column, bindparam("key"), bound, limit).compile(dialect=connection.dialect)
            names = list(compiled.positiontup or ())
            values = compiled.construct_params({"key": 0, "last_ns": 0} if bounded else {"key": 0})
            made[bounded] = str(compiled), [values[name] for name in names], {name: n for n, name in enumerate(names)}
        sql, parameters, places = made[bounded]
        parameters[places["key"]] = keys[0]
        if last is not None:
            parameters[places["last_ns"]] = last[0]
        found: list[Key] = driver.execute(sql, parameters).fetchall()
        return found

    return read


def _lateral_reader(
    connection: Connection, span: Span, column: Column[Any], limit: int
) -> Callable[[Sequence[int], Key | None], list[Key]]:
    """Return what reads several keys in PostgreSQL by one statement: there the way to the server costs more."""

    def read(some: Sequence[int], last: Key | None) -> list[Key]:
        keys = func.unnest(list(some)).table_valued("id").render_derived()
        rows = _statement(span, column, keys.c.id, None if last is None else last[0], limit).lateral()
        found = select(rows.c.time_ns, rows.c.id).select_from(keys.join(rows, true()))
        found = found.order_by(*span.order(rows)).limit(limit)
        return [(time_ns, number) for time_ns, number in connection.execute(found)]

    return read
