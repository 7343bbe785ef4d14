"""The SQL engine: SQLite with a write-ahead log by default, explicit write transactions, one kind of error."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, NoSuchModuleError, SQLAlchemyError

from app.model.errors import DatabaseError, RowsRefused
from app.model.text import LocalText
from app.storage.bound import Bound

BUSY_S: Final = 10.0
"""How long to wait for another process that writes."""

_CACHE_KIB: Final = 16_384
"""Pages that a transaction of SQLite may change before it writes the first of them, and perhaps writes it again."""
_CHECKPOINT_PAGES: Final = 4_000
"""Length of SQLite's log at which its pages go into the database (16 MiB): one changed often meanwhile goes once."""

_SILENT_S: Final = {"idle": 5, "interval": 2, "count": 3}
"""Keep-alives: asked after so much silence, then so often, and given up after so many without an answer."""
_UNANSWERED_MS: Final = 10_000

_POSTGRESQL: Final = {
    "connect_timeout": 3,
    "tcp_user_timeout": _UNANSWERED_MS,
    **{f"keepalives_{name}": value for name, value in _SILENT_S.items()},
    "options": f"-c lock_timeout={round(BUSY_S * 1000)} -c tcp_user_timeout={_UNANSWERED_MS} "
    + " ".join(f"-c tcp_keepalives_{name}={value}" for name, value in _SILENT_S.items()),
}
"""A host that vanished is noticed in seconds, not in the two hours of TCP: by the time-out where it does not confirm
what it was sent, by keep-alives while its answer is awaited. The same in the server, which lets go of our locks."""


class Link:
    """Transactions on one database. Used by one thread at a time."""

    def __init__(self, url: str) -> None:
        """Open the database of a URL such as ``sqlite:////path/haihe.db``.

        Raises:
            DatabaseError: the URL is wrong, or its driver is not installed.

        """
        try:
            parsed = make_url(url)
            self.name = parsed.render_as_string(hide_password=True)
            self.is_sqlite: Final = parsed.get_backend_name() == "sqlite"
            """Otherwise it is PostgreSQL."""
            self._engine = _create(parsed, sqlite=self.is_sqlite)
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, OSError) as error:
            raise DatabaseError(_cannot_open(str(error), str(error))) from error
        self._driver: Any = self._engine.dialect.dbapi
        self._writer = self._engine.execution_options(haihe_writes=True)
        self._bound: Bound | None = None

    @contextmanager
    def bounded(self, bound: Bound) -> Iterator[None]:
        """Hold what is read in the block to a bound."""
        self._bound = bound
        bound.start()
        try:
            yield
        finally:
            self._bound = None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection in a transaction that only reads: one consistent state."""
        with self._translated(), self._engine.begin() as connection, self._held(connection):
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection in a transaction that writes; it is on disk when the block ends without an error."""
        with self._translated(), self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def _held(self, connection: Connection) -> AbstractContextManager[None]:
        return nullcontext() if self._bound is None else self._bound.over(connection)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (DataError, IntegrityError) as error:
            raise RowsRefused(self._words(error.orig)) from error
        except DBAPIError as error:
            raise DatabaseError(self._words(error.orig)) from error
        except SQLAlchemyError as error:
            raise DatabaseError(self._words(error)) from error
        except (OverflowError, UnicodeError) as error:  # the driver cannot even hand such a value over
            raise RowsRefused(self._words(error)) from error
        except self._driver.Error as error:  # of statements that go round SQLAlchemy: COPY
            refused = isinstance(error, self._driver.DataError | self._driver.IntegrityError)
            raise (RowsRefused if refused else DatabaseError)(self._words(error)) from error

    def _words(self, error: object) -> LocalText:
        if _is_locked(error):
            return LocalText(
                f"database {self.name} is locked: another program has it open for itself; end that (a backup, a "
                "database tool), and try again",
                f"数据库 {self.name} 已被其他程序锁定，请结束该程序（如备份或数据库工具）后重试",
            )
        line = " ".join(str(error).split())
        return LocalText(f"database {self.name}: {line}", f"数据库 {self.name} 不可用：{line}")


def _is_locked(error: object) -> bool:
    """Tell whether another program holds what we waited for (PostgreSQL: 55P03, of lock_timeout)."""
    code = getattr(error, "sqlite_errorcode", None)
    busy = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
    return (isinstance(code, int) and code & 0xFF in busy) or getattr(error, "sqlstate", None) == "55P03"


def _cannot_open(en: str, zh: str) -> LocalText:
    return LocalText(f"database cannot be opened: {en}", f"数据库无法打开：{zh}")


def _create(url: URL, *, sqlite: bool) -> Engine:
    if not sqlite:
        if url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        return create_engine(url, pool_pre_ping=True, connect_args=_POSTGRESQL if "psycopg" in url.drivername else {})
    if url.database and url.database != ":memory:":
        folder = Path(url.database).resolve().parent
        if not folder.is_dir():
            raise DatabaseError(_cannot_open(f"folder {folder} does not exist", f"文件夹 {folder} 不存在"))
    engine = create_engine(url, connect_args={"timeout": BUSY_S, "isolation_level": None})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    cursor = connection.cursor()
    try:
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")  # what was acknowledged survives a power cut
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA wal_autocheckpoint={_CHECKPOINT_PAGES}")
    finally:
        cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once where we will write: waiting for it later can fail half way."""
    writes = connection.get_execution_options().get("haihe_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    if writes:  # a connection that only reads has no use for a cache that every write of another one empties
        driver: Any = connection.connection.driver_connection
        driver.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
