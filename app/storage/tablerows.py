"""Many rows of any table at once: one statement, whatever their number."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection, Table

Columns: TypeAlias = tuple[Any, ...]


def add_rows(connection: Connection, table: Table, columns: Iterable[str], rows: Sequence[Columns]) -> None:
    """Add rows in their order, in the transaction of a connection; errors are those of the driver.

    By COPY in PostgreSQL, where a statement a row takes several times as long; past SQLAlchemy in SQLite.
    """
    if not rows:
        return
    names = tuple(columns)
    quoted = ", ".join(f'"{name}"' for name in names)
    into = f"{table.name} ({quoted})"
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
            for each in rows:
                copy.write_row(each)
        return
    places = ", ".join("?" * len(names))
    connection.exec_driver_sql(f"INSERT INTO {into} VALUES ({places})", list(rows))  # noqa: S608
