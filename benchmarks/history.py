"""Rows into and out of SQL history, beside plain statements of the same driver on the same machine.

``insert``: 1,000 tags, 100,000 rows in batches of 5,000. ``day``: one tag at 1 Hz, a day to 2,000 columns, against
fetching its rows. The PostgreSQL server is started for the benchmark, with fsync off.
"""

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psycopg

from app.model.history import HistoryRow
from app.storage import Database
from benchmarks.postgresql import running_server

SECOND = 1_000_000_000
TAGS, ROWS, BATCH, DAY, RUNS = 1000, 100_000, 5_000, 86_400, 5
COLUMNS = "tag_id, time_ns, id, source_ns, receive_ns, value, text, status, flags"


def run() -> dict[str, float]:
    """Return rows per second, and milliseconds (median of five), for both databases and for plain statements."""
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.db"
        plain = sqlite3.connect(Path(folder) / "plain.db", isolation_level=None)
        plain.execute("PRAGMA journal_mode=WAL")
        plain.execute("PRAGMA synchronous=FULL")
        figures |= _measure("sqlite", f"sqlite:///{path}", plain, "?")
        plain.close()
    with running_server() as server, psycopg.connect(server) as connection:
        connection.autocommit = True
        connection.execute("CREATE DATABASE haihe")
        url = server.replace("/postgres?", "/haihe?")
        figures |= _measure("postgresql", url, connection, "%s")
    return figures


def _measure(name: str, url: str, plain: Any, mark: str) -> dict[str, float]:
    cursor = plain.cursor()
    cursor.execute(
        "CREATE TABLE plain (tag_id integer, time_ns bigint, id bigint, source_ns bigint, receive_ns bigint, "
        "value double precision, text text, status bigint, flags integer, PRIMARY KEY (tag_id, time_ns, id))"
    )
    insert = f"INSERT INTO plain ({COLUMNS}) VALUES ({', '.join([mark] * 9)})"

    def executemany(rows: Sequence[HistoryRow]) -> None:
        cursor.execute("BEGIN")
        cursor.executemany(
            insert,
            [(int(r.tag[1:]), r.time_ns, r.id, None, r.receive_ns, r.value, None, r.status, r.flags) for r in rows],
        )
        cursor.execute("COMMIT")

    with Database(url) as database:
        wide = [_row(n % TAGS, n // TAGS, n) for n in range(ROWS)]
        day = [_row(TAGS, n, ROWS + n) for n in range(DAY)]
        figures = {
            f"history_insert_rows_per_s_{name}": _rate(database.history.append, wide),
            f"history_insert_rows_per_s_{name}_plain": _rate(executemany, wide),
        }
        _rate(database.history.append, day)
        select = f"SELECT {COLUMNS} FROM history WHERE tag_id = (SELECT id FROM history_tag WHERE name = 'T{TAGS}')"
        _rate(executemany, day)
        plain_select = select.replace("FROM history WHERE", "FROM plain WHERE").replace(
            f"(SELECT id FROM history_tag WHERE name = 'T{TAGS}')", str(TAGS)
        )
        window = lambda: len(database.samples.envelope(f"T{TAGS}", 0, DAY * SECOND, 2000).columns)  # noqa: E731
        fetch = lambda: len(cursor.execute(plain_select).fetchall())  # noqa: E731
        figures[f"history_day_window_ms_{name}"] = _milliseconds(window)
        figures[f"history_day_window_ms_{name}_plain"] = _milliseconds(fetch)
    return figures


def _row(tag: int, second: int, number: int) -> HistoryRow:
    at = second * SECOND
    return HistoryRow(f"T{tag}", at, number, at, at + 1, (number * 7919) % 1000 / 10, 0)


def _rate(append: Callable[[Sequence[HistoryRow]], None], rows: Sequence[HistoryRow]) -> float:
    started = time.perf_counter()
    for begin in range(0, len(rows), BATCH):
        append(rows[begin : begin + BATCH])
    return len(rows) / (time.perf_counter() - started)


def _milliseconds(work: Callable[[], int]) -> float:
    seconds = []
    for _ in range(RUNS):
        started = time.perf_counter()
        assert work() > 0
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds) * 1000
