"""First pages of the journal over ten million rows, through the real Journal, in SQLite and PostgreSQL.

``journal_page_ms_p95`` (SQLite) and ``journal_page_pg_ms_p95``: of all filters below, each asked five times.
``journal_insert_rows_per_s`` (``_pg``): transitions of a flood in batches of 1,000, with the states of their alarms.
The PostgreSQL server is started for the benchmark, with fsync off.
"""

import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import psycopg

from app.model.alarm import AlarmKind, AnnunciationState
from app.model.alarm_state import AlarmSnapshot
from app.model.journal import JournalQuery
from app.storage import Database
from benchmarks.journal_rows import ALARMS, DAY_NS, END_NS, START_NS, alarm_row, fill
from benchmarks.postgresql import running_server
from benchmarks.timing import quantile

ROWS, RUNS, FLOOD, BATCH = 10_000_000, 5, 50_000, 1_000

FILTERS: Final[dict[str, JournalQuery]] = {
    "all": JournalQuery(),
    "time": JournalQuery(from_ns=START_NS + 900 * DAY_NS, to_ns=START_NS + 901 * DAY_NS),
    "jump": JournalQuery(at_ns=START_NS + 700 * DAY_NS),
    "area": JournalQuery(area="UF"),
    "area, priority": JournalQuery(area="HL", priorities=(1,)),
    "tag often": JournalQuery(tag="T00000.PV"),
    "tag seldom": JournalQuery(tag="T04990.PV"),
    "tag five times, long ago": JournalQuery(tag="OLD.PV"),
    "tag none": JournalQuery(tag="NONE.PV"),
    "wildcard": JournalQuery(tag="T0?9*"),
    "wildcard none": JournalQuery(tag="*ZZ*"),
    "wildcard, first two years": JournalQuery(tag="T049*", from_ns=START_NS, to_ns=START_NS + 730 * DAY_NS),
    "priority": JournalQuery(priorities=(1,)),
    "alarm kind, state": JournalQuery(alarm_kinds=(AlarmKind.LOW_LOW,), states=("RTNUN",)),
    "event": JournalQuery(events=("ACK",)),
    "event seldom": JournalQuery(events=("SUPPRESS",)),
    "event none": JournalQuery(events=("RESET",)),
    "user": JournalQuery(user="wang"),
    "user seldom": JournalQuery(user="rare1"),
    "user, priority, time": JournalQuery(
        user="rare2", priorities=(1,), from_ns=START_NS, to_ns=START_NS + 900 * DAY_NS
    ),
    "user, tag": JournalQuery(user="wang", tag="T0499*"),
    "text of definitions": JournalQuery(text="alarm 49"),
    "text of definitions, Chinese": JournalQuery(text="报警 4990"),
    "text of comments": JournalQuery(text="现场"),
    "text of one comment": JournalQuery(text="order 2026-01234"),
    "text of comments, area, priority": JournalQuery(text="round 77", area="NW", priorities=(1,)),
    "text of comments, seldom tag": JournalQuery(text="已现场", tag="T0499*"),
    "text none": JournalQuery(text="stands nowhere"),
    "text none, area": JournalQuery(text="无", area="UF"),
    "oldest": JournalQuery(area="CW", oldest_first=True),
}


def run(rows: int = ROWS) -> dict[str, float]:
    """Return milliseconds of first pages, and rows per second of a flood."""
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="haihe-journal-") as folder:
        figures |= _measure(f"sqlite:///{Path(folder) / 'journal.db'}", rows, "")
    with running_server() as server, psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE haihe")
        figures |= _measure(server.replace("/postgres?", "/haihe?"), rows, "_pg")
    return figures


def _settle(url: str) -> None:
    """Have done what PostgreSQL would do beside the measurement: so many rows at once are not its usual day."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")


def pages(database: Database) -> dict[str, list[float]]:
    """Return milliseconds of each filter's first page."""
    found: dict[str, list[float]] = {name: [] for name in FILTERS}
    for _ in range(RUNS):
        for name, query in FILTERS.items():
            began = time.perf_counter()
            database.journal.page(query)
            found[name].append((time.perf_counter() - began) * 1000)
    return found


def flood(database: Database) -> float:
    """Return rows per second of a flood, states of the alarms and all."""
    rows = [
        alarm_row(END_NS + n * 1000, f"T{n % ALARMS:05}.PV", 1 + n % 4, n % ALARMS, correlation=f"{n:032x}")
        for n in range(FLOOD)
    ]
    states = [
        AlarmSnapshot(row.object, row.correlation, AnnunciationState.UNACKNOWLEDGED, active=True, time_in_ns=n)
        for n, row in enumerate(rows)
    ]
    began = time.perf_counter()
    for begin in range(0, FLOOD, BATCH):
        database.record(rows[begin : begin + BATCH], states[begin : begin + BATCH])
    return FLOOD / (time.perf_counter() - began)


def _measure(url: str, rows: int, mark: str) -> dict[str, float]:
    with Database(url) as database:
        fill(database, rows)
        if mark:
            _settle(url)
        figures = {f"journal_insert_rows_per_s{mark}": flood(database)}
        milliseconds = pages(database)
    every = [each for some in milliseconds.values() for each in some]
    slowest = max(milliseconds, key=lambda name: min(milliseconds[name]))
    print(f"slowest filter{mark}: {slowest}, {min(milliseconds[slowest]):.1f} ms at best", file=sys.stderr)
    return figures | {
        f"journal_page{mark}_ms_p50": quantile(every, 50),
        f"journal_page{mark}_ms_p95": quantile(every, 95),
        f"journal_page{mark}_ms_max": max(every),
    }
