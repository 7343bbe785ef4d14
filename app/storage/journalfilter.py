"""What a query of the journal asks for, as conditions; and rows as the program knows them."""

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Connection, FromClause, Row, Select, and_, literal_column, or_, select, tuple_
from sqlalchemy.sql.functions import coalesce

from app.model.alarm import AlarmKind
from app.model.errors import DatabaseError
from app.model.journal import JournalKind, JournalQuery, JournalRow
from app.model.text import LocalText
from app.storage.journaltables import JOURNAL, OBJECT, TRANSITION, WORDS
from app.storage.values import value_from_text

Key: TypeAlias = tuple[int, int]
"""Where a row stands: its time (ns) and id."""

OWN: Final = WORDS.alias("own")
COMMENT: Final = WORDS.alias("comment")

_KEPT: Final = (
    "id", "source_ns", "receive_ns", "journal_ns", "value", "limit", "status", "user", "desk", "correlation",
)  # fmt: skip
_DEFINED: Final = ("kind", "object", "tag", "area", "priority", "alarm_kind")


def joined(rows: FromClause, *, words: bool = True) -> FromClause:
    """Return rows of the journal together with what the dictionaries say of them."""
    found = rows.join(TRANSITION, TRANSITION.c.id == rows.c.transition_id).join(
        OBJECT, OBJECT.c.id == TRANSITION.c.object_id
    )
    if not words:
        return found
    return found.outerjoin(OWN, OWN.c.id == rows.c.text_id).outerjoin(COMMENT, COMMENT.c.id == rows.c.comment_id)


def flat() -> Select[Any]:
    """Return a statement of whole rows."""
    return select(
        *(JOURNAL.c[name] for name in _KEPT),
        *(OBJECT.c[name] for name in _DEFINED),
        TRANSITION.c.event,
        coalesce(JOURNAL.c.old, TRANSITION.c.old).label("old"),
        coalesce(JOURNAL.c.new, TRANSITION.c.new).label("new"),
        coalesce(OWN.c.text, OBJECT.c.text).label("text"),
        coalesce(OWN.c.text_zh, OBJECT.c.text_zh).label("text_zh"),
        coalesce(COMMENT.c.text, "").label("comment"),
        coalesce(COMMENT.c.text_zh, "").label("comment_zh"),
    ).select_from(joined(JOURNAL))


def journal_row(row: Row[Any]) -> JournalRow:
    """Return a row of ``flat`` as the program knows it."""
    columns = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
    columns["kind"] = JournalKind(columns["kind"])
    columns["value"] = value_from_text(columns["value"])
    columns["alarm_kind"] = AlarmKind(columns["alarm_kind"]) if columns["alarm_kind"] else None
    return JournalRow(**columns)


def defined(query: JournalQuery) -> list[ColumnElement[bool]]:
    """Return what a query asks of definitions and transitions, without its text."""
    o, t = OBJECT.c, TRANSITION.c
    result: list[ColumnElement[bool]] = []
    if query.kinds:
        result.append(o.kind.in_([each.value for each in query.kinds]))
    if query.tag:
        wild = "*" in query.tag or "?" in query.tag
        result.append(o.tag.ilike(_pattern(query.tag, one=True), escape="\\") if wild else o.tag == query.tag)
    if query.area:
        shared = and_(o.area == "", o.object.in_(query.area_objects))
        result.append(or_(o.area == query.area, shared) if query.area_objects else o.area == query.area)
    if query.priorities:
        result.append(o.priority.in_(query.priorities))
    if query.alarm_kinds:
        result.append(o.alarm_kind.in_([each.value for each in query.alarm_kinds]))
    if query.objects:
        result.append(o.object.in_(query.objects))
    if query.events:
        result.append(t.event.in_(query.events))
    if query.states:
        parts = "+" + t.new + "+"
        result.append(or_(*(parts.contains(f"+{state}+", autoescape=True) for state in query.states)))
    return result


def worded(words: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Return that a text stands in words that are case folded; ``*`` in it is anything."""
    return words.like(_pattern(f"*{text.casefold()}*"), escape="\\")


def of_user(rows: FromClause, user: str) -> list[ColumnElement[bool]]:
    """Return that rows are of a user, in words by which SQLite recognises the index that has no others."""
    return [rows.c.user == user, rows.c.user != literal_column("''")] if user else []


@dataclass(frozen=True, slots=True)
class Span:
    """Which part of the time line is asked for, and which way it is read.

    Attributes:
        start: key (time, id) beyond which it begins; None: at its end.

    """

    query: JournalQuery
    start: Key | None = None

    @property
    def ascends(self) -> bool:
        """Whether it is read from old to new."""
        return self.query.ascends

    def within(self, rows: FromClause) -> list[ColumnElement[bool]]:
        """Return the conditions of rows in it."""
        query, time_ns, result = self.query, rows.c.time_ns, []
        if query.from_ns is not None:
            result.append(time_ns >= query.from_ns)
        if query.to_ns is not None:
            result.append(time_ns < query.to_ns)
        if query.at_ns is not None and query.before_id is None and query.after_id is None:
            result.append(time_ns <= query.at_ns)
        if self.start is not None:
            key = tuple_(time_ns, rows.c.id)
            result.append(key > tuple_(*self.start) if self.ascends else key < tuple_(*self.start))
        return result

    def order(self, rows: FromClause) -> list[ColumnElement[Any]]:
        """Return the order of its rows."""
        keys = (rows.c.time_ns, rows.c.id)
        return [each.asc() if self.ascends else each.desc() for each in keys]

    def sort(self, keys: list[Key]) -> list[Key]:
        """Return keys (time, id) in that order."""
        return sorted(keys, reverse=not self.ascends)


def span_of(connection: Connection, query: JournalQuery) -> Span | None:
    """Return the span of a query; None where the row at which it begins is gone, and with it what was older.

    Raises:
        DatabaseError: the row after which newer ones are asked for is gone: it cannot be told which these are.

    """
    start = query.before_id if query.before_id is not None else query.after_id
    if start is None:
        return Span(query)
    time_ns = connection.execute(select(JOURNAL.c.time_ns).where(JOURNAL.c.id == start)).scalar()
    if time_ns is None and query.ascends:
        raise DatabaseError(
            LocalText(
                "the row of the journal at which this page begins was removed by its age limit; read it anew",
                "本页起始处的日志记录已因超过保留期限被删除，请重新查询",
            )
        )
    return None if time_ns is None else Span(query, (time_ns, start))


def _pattern(wildcards: str, *, one: bool = False) -> str:
    escaped = wildcards.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_").replace("*", "%")
    return escaped.replace("?", "_") if one else escaped
