"""How long questions to the database may take, and whether anybody still waits for the answer."""

import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, event

from app.model.errors import DatabaseError
from app.model.text import LocalText

_STEPS: Final = 20_000
"""Instructions of SQLite between two looks at the bound: some tenths of a millisecond."""
_CANCEL_S: Final = 2.0


class Bound:
    """Ends the statements of a thread when their time is up, or when they are no longer wanted.

    ``cancel`` may be called from any thread; everything else belongs to the thread that asks.
    """

    def __init__(self, limit_s: float) -> None:
        """Take how long all statements together may take, from ``start`` on."""
        self._limit_s = limit_s
        self._deadline = time.monotonic() + limit_s
        self._lock = threading.Lock()
        self._remote: Any = None
        self._cancelled = False

    def start(self) -> None:
        """Count the time from now on."""
        self._deadline = time.monotonic() + self._limit_s

    def cancel(self) -> None:
        """End the statement that runs, and every later one. Blocks for a moment where the server is elsewhere."""
        self._cancelled = True
        with self._lock:  # held while the server is told: the statement of nobody else is hit
            if self._remote is not None:
                with contextlib.suppress(Exception):  # a link that broke runs no statement either
                    self._remote.cancel_safe(timeout=_CANCEL_S)

    @contextlib.contextmanager
    def over(self, connection: Connection) -> Iterator[None]:
        """Hold a transaction of a database to the bound.

        Raises:
            DatabaseError: it ended because of the bound.

        """
        self._check()
        driver: Any = connection.connection.driver_connection
        try:
            if isinstance(driver, sqlite3.Connection):
                driver.set_progress_handler(self._is_over, _STEPS)
            else:
                left_ms = max(1, round((self._deadline - time.monotonic()) * 1000))
                connection.exec_driver_sql(f"SET LOCAL statement_timeout = {left_ms}")
                with self._lock:
                    self._remote = driver
                event.listen(connection, "before_cursor_execute", self._before)
            yield
        except DatabaseError:
            raise
        except Exception as error:
            self._check(error)
            raise
        finally:
            with self._lock:
                self._remote = None
            if event.contains(connection, "before_cursor_execute", self._before):
                event.remove(connection, "before_cursor_execute", self._before)
            if isinstance(driver, sqlite3.Connection):
                driver.set_progress_handler(None, 0)

    def _before(self, *_words: Any) -> None:
        """Stop before a statement: between two of them the server has nothing to cancel."""
        self._check()

    def _is_over(self) -> bool:
        return self._cancelled or time.monotonic() >= self._deadline

    def _check(self, cause: Exception | None = None) -> None:
        stopped = cause is None or _was_stopped(cause)
        if self._cancelled and stopped:
            raise DatabaseError(LocalText("the question was withdrawn", "查询已取消")) from cause
        # The server's clock may end a statement a moment before ours would.
        if stopped and (cause is not None or self._is_over()):
            raise DatabaseError(too_slow(self._limit_s)) from cause


def too_slow(limit_s: float) -> LocalText:
    """Return the one message of an answer that takes too long."""
    return LocalText(
        f"the database needs more than {limit_s:g} s for this answer; ask for a shorter time",
        f"数据库应答超过 {limit_s:g} 秒，请缩短查询时段",
    )


def _was_stopped(error: Exception) -> bool:
    """Tell whether a statement was interrupted (SQLite) or cancelled (PostgreSQL: 57014, by us or by its time-out)."""
    original = getattr(error, "orig", error)
    return getattr(original, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT or (
        getattr(original, "sqlstate", None) == "57014"
    )
