"""Bring a database to the schema of this program. Alembic is imported only where there is something to do."""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from app.model.errors import DatabaseError
from app.model.text import LocalText

HEAD: Final = "0008"
"""Revision that this program works with (the newest in migrations/versions)."""

_KNOWN: Final = frozenset({"0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008"})


def current_revision(connection: Connection) -> str | None:
    """Return the revision of a database; None where it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if revision is None else str(revision)


def upgrade(connection: Connection) -> None:
    """Migrate inside the transaction of the connection, so that a crash leaves the former schema.

    Raises:
        DatabaseError: the database was made by a newer program.

    """
    revision = current_revision(connection)
    if revision == HEAD:
        return
    if revision is not None and revision not in _KNOWN:
        raise DatabaseError(
            LocalText(
                f"the database has schema {revision}, made by a newer version; this one knows up to {HEAD}",
                f"数据库结构版本为 {revision}，由更新的程序创建；本程序最高支持 {HEAD}",
            )
        )
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)
