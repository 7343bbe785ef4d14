"""Substitutions in force: stored and removed together with their journal row and audit entry, or not at all."""

from typing import Any, Final

from sqlalchemy import BigInteger, Column, Connection, String, Table, Text, delete, select

from app.model.journal import JournalRow
from app.model.substitution import Substitution
from app.security import AuditEntry
from app.storage.audit import append_entries
from app.storage.connect import Link
from app.storage.journalwrite import insert_rows
from app.storage.schema import METADATA
from app.storage.values import value_from_text, value_to_text

SUBSTITUTION: Final = Table(
    "substitution",
    METADATA,
    Column("tag", String(80), primary_key=True),
    Column("value", Text),
    Column("device_value", Text),
    Column("reason", Text, nullable=False),
    Column("user", String(80), nullable=False),
    Column("desk", String(80), nullable=False),
    Column("since_ns", BigInteger, nullable=False),
    Column("until_ns", BigInteger, nullable=False),
)
"""One a tag; times are ns since the epoch, UTC. Journal and audit keep those that are over."""


class Substitutions:
    """The substitutions of one database. Every method raises DatabaseError; nothing of that call was stored then."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def put(self, substitution: Substitution, row: JournalRow, entry: AuditEntry) -> None:
        """Store a substitution in the place of the one that its tag has."""
        columns = {name: getattr(substitution, name) for name in _FIELDS}
        for name in _VALUES:
            columns[name] = value_to_text(columns[name])
        with self._link.write() as connection:
            _delete(connection, substitution.tag)
            connection.execute(SUBSTITUTION.insert().values(**columns))
            append_entries(connection, [entry])
            insert_rows(connection, [row])

    def remove(self, tag: str, row: JournalRow, entry: AuditEntry) -> None:
        """Remove the substitution of a tag."""
        with self._link.write() as connection:
            _delete(connection, tag)
            append_entries(connection, [entry])
            insert_rows(connection, [row])

    def discard(self, substitution: Substitution) -> None:
        """Remove one that is over, unless another took its place; its end is recorded elsewhere."""
        c = SUBSTITUTION.c
        with self._link.write() as connection:
            gone = delete(SUBSTITUTION).where(c.tag == substitution.tag, c.since_ns == substitution.since_ns)
            connection.execute(gone)

    def load(self) -> list[Substitution]:
        """Return all of them, by tag; some may be over."""
        with self._link.read() as connection:
            rows = connection.execute(select(SUBSTITUTION).order_by(SUBSTITUTION.c.tag)).mappings().all()
        return [_substitution(dict(row)) for row in rows]


_FIELDS: Final = ("tag", "value", "device_value", "reason", "user", "desk", "since_ns", "until_ns")
_VALUES: Final = ("value", "device_value")


def _delete(connection: Connection, tag: str) -> None:
    connection.execute(delete(SUBSTITUTION).where(SUBSTITUTION.c.tag == tag))


def _substitution(columns: dict[str, Any]) -> Substitution:
    return Substitution(**{**columns, **{name: value_from_text(columns[name]) for name in _VALUES}})
