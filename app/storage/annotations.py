"""Notes of operators: stored and removed together with their journal row and audit entry, or not at all."""

from typing import Any, Final

from sqlalchemy import BigInteger, Column, Index, Row, String, Table, Text, delete, or_, select

from app.model.annotation import Annotation, AnnotationPage, AnnotationQuery
from app.model.journal import JournalRow
from app.security import AuditEntry
from app.storage.audit import append_entries
from app.storage.connect import Link
from app.storage.journalwrite import insert_rows
from app.storage.schema import KEY, METADATA

MAX_PAGE: Final = 1000

ANNOTATION: Final = Table(
    "annotation",
    METADATA,
    Column("id", KEY, primary_key=True, autoincrement=True),
    Column("at_ns", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("author", String(80), nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    Column("desk", String(80), nullable=False),
    Column("tag", String(80), nullable=False),
    Index("ix_annotation_at", "at_ns"),
    sqlite_autoincrement=True,
)
"""Times are ns since the epoch, UTC. Journal and audit keep what was removed here."""


class Annotations:
    """The notes of one database. Every method raises DatabaseError; nothing of that call was stored then."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, note: Annotation, row: JournalRow, entry: AuditEntry) -> Annotation:
        """Store a note, and return it with its id."""
        columns = {name: getattr(note, name) for name in _FIELDS if name != "id"}
        with self._link.write() as connection:
            key = connection.execute(ANNOTATION.insert().values(**columns)).inserted_primary_key
            append_entries(connection, [entry])
            insert_rows(connection, [row])
        return Annotation(id=int(key[0]) if key is not None else 0, **columns)

    def remove(self, number: int, row: JournalRow, entry: AuditEntry) -> bool:
        """Remove a note; tells False, and records nothing, where there is none (any more)."""
        with self._link.write() as connection:
            if not connection.execute(delete(ANNOTATION).where(ANNOTATION.c.id == number)).rowcount:
                return False
            append_entries(connection, [entry])
            insert_rows(connection, [row])
        return True

    def find(self, number: int) -> Annotation | None:
        """Return a note by its id."""
        with self._link.read() as connection:
            found = connection.execute(select(ANNOTATION).where(ANNOTATION.c.id == number)).first()
        return None if found is None else _note(found)

    def page(self, query: AnnotationQuery) -> AnnotationPage:
        """Return the notes of a window, newest first, at most ``MAX_PAGE``."""
        c, limit = ANNOTATION.c, max(1, min(query.limit, MAX_PAGE))
        wanted = (
            select(ANNOTATION)
            .where(c.at_ns >= query.from_ns, c.at_ns < query.to_ns, or_(c.tag == "", c.tag.in_(query.tags)))
            .order_by(c.at_ns.desc(), c.id.desc())
            .limit(limit + 1)
        )
        with self._link.read() as connection:
            found = connection.execute(wanted).all()
        return AnnotationPage(tuple(_note(row) for row in found[:limit]), len(found) > limit)


_FIELDS: Final = ("id", "at_ns", "text", "author", "created_ns", "desk", "tag")


def _note(row: Row[Any]) -> Annotation:
    return Annotation(**{name: row._mapping[name] for name in _FIELDS})  # noqa: SLF001 - SQLAlchemy's public name
