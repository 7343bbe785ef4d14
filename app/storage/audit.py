"""The audit chain on disk."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from app.security import GENESIS, AuditEntry, AuditRecord, AuditReport, link, verify_chain
from app.storage.connect import Link
from app.storage.schema import AUDIT

_FIELDS: Final = tuple(field.name for field in fields(AuditEntry))


def append_entries(connection: Connection, entries: Sequence[AuditEntry]) -> list[AuditRecord]:
    """Link entries to the end of the chain, inside a transaction that holds the write lock."""
    if not entries:
        return []
    if connection.dialect.name == "postgresql":  # SQLite has locked the whole database when the transaction began
        connection.exec_driver_sql("LOCK TABLE audit IN SHARE ROW EXCLUSIVE MODE")
    last = connection.execute(select(AUDIT.c.seq, AUDIT.c.hash).order_by(AUDIT.c.seq.desc()).limit(1)).first()
    seq, head = (0, GENESIS) if last is None else (last[0], last[1])
    records: list[AuditRecord] = []
    for entry in entries:
        record = link(entry, seq, head)
        seq, head = record.seq, record.hash
        records.append(record)
    rows = [asdict(each.entry) | {"seq": each.seq, "prev_hash": each.prev_hash, "hash": each.hash} for each in records]
    connection.execute(AUDIT.insert(), rows)
    return records


class Audit:
    """Append-only, chained by hashes; several processes may append."""

    def __init__(self, database_link: Link) -> None:
        self._link = database_link

    def append(self, entries: Sequence[AuditEntry]) -> list[AuditRecord]:
        """Append entries in one transaction; on disk when this returns.

        Raises:
            DatabaseError: none of them was added; a command must then be refused.

        """
        with self._link.write() as connection:
            return append_entries(connection, entries)

    def verify(self, expected_head: tuple[int, str] | None = None) -> AuditReport:
        """Check the whole chain from its first record, without loading it at once."""
        with self._link.read() as connection:
            return verify_chain(_records(connection), expected_head)

    def tail(self, limit: int = 100) -> list[AuditRecord]:
        """Return the newest records, newest first."""
        with self._link.read() as connection:
            rows = connection.execute(select(AUDIT).order_by(AUDIT.c.seq.desc()).limit(limit)).all()
        return [_record(row) for row in rows]


def _records(connection: Connection) -> Iterator[AuditRecord]:
    for row in connection.execution_options(yield_per=1000).execute(select(AUDIT).order_by(AUDIT.c.seq)):
        yield _record(row)


def _record(row: Row[Any]) -> AuditRecord:
    columns = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
    entry = AuditEntry(**{name: columns[name] for name in _FIELDS})
    return AuditRecord(columns["seq"], entry, columns["prev_hash"], columns["hash"])
