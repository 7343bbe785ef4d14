"""The schema is what the migrations make; opening again is quick, and a newer database is left alone."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.model.errors import DatabaseError
from app.model.history import LATE, HistoryRow
from app.model.journal import JournalQuery
from app.storage import Database, migrate
from app.storage.connect import Link
from app.storage.schema import METADATA


def test_migrations_make_the_schema(url: str) -> None:
    Database(url).close()
    link = Link(url)
    with link.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
        assert migrate.current_revision(connection) == migrate.HEAD
    link.close()


def test_head_is_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [migrate.HEAD]


def test_an_open_database_needs_no_alembic(url: str) -> None:
    Database(url).close()
    code = (
        "import sys\nfrom app.storage import Database\nDatabase(sys.argv[1]).close()\n"
        "sys.exit(any(name.startswith('alembic') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code, url], check=False).returncode == 0


def test_a_newer_database_is_left_alone(url: str, tmp_path: Path) -> None:
    Database(url).close()
    with sqlite3.connect(tmp_path / "haihe.db") as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    other.close()
    with pytest.raises(DatabaseError, match="newer version") as caught:
        Database(url)
    assert "9999" in caught.value.text.zh


def test_a_migration_that_fails_leaves_the_database_empty(url: str) -> None:
    link = Link(url)

    def cut_off() -> None:
        with link.write() as connection:
            migrate.upgrade(connection)
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        cut_off()
    with link.read() as connection:
        assert migrate.current_revision(connection) is None
    link.close()
    Database(url).close()


def test_rows_of_the_first_schema_are_kept(url: str) -> None:
    link = Link(url)
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    with link.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql("INSERT INTO history_tag (id, name) VALUES (3, 'T'), (4, 'S')")
        connection.exec_driver_sql(
            "INSERT INTO history (tag_id, source_ns, receive_ns, value, text, status, late) VALUES "
            "(3, 20, 21, 2.5, NULL, 0, 0), (3, 10, 30, NULL, NULL, 2150694912, 1), (4, 10, 10, NULL, '开', 0, 0)"
        )
        connection.exec_driver_sql(
            "INSERT INTO journal (kind, event, object, source_ns, receive_ns, journal_ns, tag, area, old, new, status, "
            '"user", desk, text, text_zh, comment, correlation) VALUES '
            "('system', 'start', 'engine', 1, 2, 3, '', '', '', '', 0, '', '', '', '', '', '')"
        )
    link.close()
    with Database(url) as database:
        assert list(database.samples.page("T", 0, 100).rows) == [
            HistoryRow("T", 10, 2, 10, 30, None, 0x80310000, LATE), HistoryRow("T", 20, 1, 20, 21, 2.5, 0),
        ]  # fmt: skip
        assert database.samples.page("S", 0, 100).rows[0].value == "开"
        assert [row.event for row in database.journal.page(JournalQuery()).rows] == ["start"]
