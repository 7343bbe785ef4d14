"""Notes of operators in SQLite and in a real PostgreSQL server."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from app.model.annotation import Annotation, AnnotationQuery
from app.model.errors import DatabaseError
from app.model.journal import JournalKind, JournalQuery, JournalRow
from app.security import AuditEntry
from app.storage import Database
from app.storage.connect import Link
from app.storage.schema import METADATA
from benchmarks.postgresql import running_server


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running_server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'haihe.db'}"
    server: str = request.getfixturevalue("server")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS haihe WITH (FORCE)")
        connection.execute("CREATE DATABASE haihe")
    return server.replace("/postgres?", "/haihe?")


def note(at_ns: int, tag: str = "", text: str = "泵切换 'P3'") -> Annotation:
    return Annotation(0, at_ns, text, "anna", 5, "desk", tag)


def row(event: str = "add") -> JournalRow:
    return JournalRow(0, JournalKind.NOTE, event, "", 1, 1, 1)


ENTRY = AuditEntry(1, "note")


def test_notes_survive_and_are_paged_by_time_and_tag(url: str) -> None:
    with Database(url) as database:
        for at_ns, tag in ((10, ""), (20, "A"), (30, "B"), (40, "A")):
            database.annotations.add(note(at_ns, tag), row(), ENTRY)
    with Database(url) as database:
        page = database.annotations.page(AnnotationQuery(10, 40, ("A",)))
        assert [(one.at_ns, one.tag, one.text) for one in page.notes] == [
            (20, "A", "泵切换 'P3'"), (10, "", "泵切换 'P3'"),
        ]  # fmt: skip
        assert not page.more
        page = database.annotations.page(AnnotationQuery(0, 100, ("A",), limit=1))
        assert [one.at_ns for one in page.notes] == [40]
        assert page.more
        assert database.audit.verify().problem == ""
    link = Link(url)
    with link.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    link.close()


def test_a_note_and_its_records_are_one(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Database(url) as database:
        kept = database.annotations.add(note(10), row(), ENTRY)
        assert database.annotations.find(kept.id) == kept
        impossible = JournalRow(0, JournalKind.NOTE, "add", "", 1, 1, 1, text=None)  # type: ignore[arg-type]
        with pytest.raises(DatabaseError):
            database.annotations.add(note(20), impossible, ENTRY)
        with pytest.raises(DatabaseError):
            database.annotations.remove(kept.id, impossible, ENTRY)
        assert [one.at_ns for one in database.annotations.page(AnnotationQuery(0, 100)).notes] == [10]
        assert len(database.audit.tail()) == 1
        assert database.annotations.remove(kept.id, row("remove"), ENTRY)
        assert not database.annotations.remove(kept.id, row("remove"), ENTRY)
        assert database.annotations.find(kept.id) is None
        assert [one.event for one in database.journal.page(JournalQuery()).rows] == ["remove", "add"]
        assert len(database.audit.tail()) == 2
        assert database.annotations.add(note(10), row(), ENTRY).id > kept.id
