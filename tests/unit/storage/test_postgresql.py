"""The same storage in a real PostgreSQL server."""

import os
import socket
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from app.model.errors import DatabaseError, RowsRefused
from app.model.history import BACK_FILLED, LATE, HistoryRow
from app.model.journal import JournalQuery
from app.security import AuditEntry
from app.storage import Bound, Database, JournalItem, Mark, connect, migrations
from app.storage.connect import Link
from app.storage.partitions import WEEK_NS
from app.storage.schema import METADATA
from tests.unit.storage.conftest import fresh_database
from tests.unit.storage.relay import relayed
from tests.unit.storage.rows import row, snapshot
from tests.unit.storage.samples import WHOLE_NUMBERS, WRITTEN_TIMES, sample


@pytest.fixture
def url(server: str) -> str:
    return fresh_database(server)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    with Database(url) as opened:
        yield opened


def rows_of(database: Database, tag: str = "T") -> list[HistoryRow]:
    return list(database.samples.page(tag, -(2**62), 2**62).rows)


def test_migrations_make_the_schema(database: Database, url: str) -> None:
    database.history.append([sample(1)])
    link = Link(url)

    def ours(_item: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
        return not (kind in {"table", "index"} and (name or "").startswith("history_w"))

    with link.read() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours})
        assert compare_metadata(context, METADATA) == []
    link.close()


def test_rows_of_history_are_copied_into_weeks_and_come_back(database: Database, url: str) -> None:
    rows = [sample(n, time_ns=n * WEEK_NS // 2, flags=BACK_FILLED) for n in range(6)]
    database.history.append([*rows, sample(1, "开\t\\n", tag="S"), sample(2, float("inf"), tag="I")], Mark("run", 8))
    assert rows_of(database) == rows
    assert [rows_of(database, tag)[0].value for tag in ("S", "I")] == ["开\t\\n", float("inf")]
    assert database.marks.get("run") == 8
    envelope = database.samples.envelope("T", 0, 3 * WEEK_NS, 3)
    assert [(each.samples, each.minimum, each.first, each.last) for each in envelope.columns] == [
        (2, 0.0, 0.0, 1.0), (2, 2.0, 2.0, 3.0), (2, 4.0, 4.0, 5.0),
    ]  # fmt: skip
    with psycopg.connect(url) as other:
        weeks = other.execute("SELECT count(*) FROM pg_inherits WHERE inhparent = 'history'::regclass").fetchone()
        found = other.execute("SELECT time, quality, back_filled FROM history_samples WHERE tag = 'T' AND id = 2")
        assert found.fetchall() == [("1970-01-04T12:00:00.000000Z", "good", 1)]
    assert weeks == (3,)


def test_times_from_before_the_epoch_are_written_as_the_others_are(database: Database, url: str) -> None:
    database.history.append([sample(0, time_ns=at) for at in WRITTEN_TIMES])
    with psycopg.connect(url) as other:
        assert dict(other.execute("SELECT time_ns, time FROM history_samples").fetchall()) == WRITTEN_TIMES


def test_whole_numbers_keep_every_digit(database: Database) -> None:
    database.history.append([sample(n, value) for n, value in enumerate(WHOLE_NUMBERS)])
    assert [row.value for row in rows_of(database)] == list(WHOLE_NUMBERS)
    [column] = database.samples.envelope("T", 0, 10**10, 1).columns
    assert (column.minimum, column.maximum) == (-(2.0**63), 2.0**64)


def test_what_postgresql_refuses_as_such_is_told_apart_and_stores_nothing(database: Database) -> None:
    database.history.append([sample(1)])
    for wrong in (sample(2, "nul \x00 inside"), sample(2, status=2**70), sample(1)):
        with pytest.raises(RowsRefused):
            database.history.append([sample(9), wrong], Mark("run", 2))
    assert (rows_of(database), database.marks.get("run")) == ([sample(1)], 0)
    with pytest.raises(RowsRefused):
        database.journal.append([row(1, text="nul \x00 inside")])


def test_journal_states_and_audit_are_one_transaction_and_append_only(database: Database, url: str) -> None:
    database.record([row(1)], [snapshot(1)], [AuditEntry(1, "login")])
    database.record([row(2)], [], [AuditEntry(2, "logout")])
    assert [each.source_ns for each in database.journal.page(JournalQuery()).rows] == [2, 1]
    assert database.alarm_states.load() == [snapshot(1)]
    report = database.audit.verify()
    assert (report.records, report.broken_seq) == (2, None)
    with psycopg.connect(url) as other, pytest.raises(psycopg.Error, match="append-only"):
        other.execute("DELETE FROM journal")


def test_a_connection_that_was_cut_is_made_anew(database: Database, server: str) -> None:
    database.history.append([sample(1)])
    with psycopg.connect(server, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'haihe'")
    database.history.append([sample(2)])
    assert len(rows_of(database)) == 2


def test_a_table_that_another_program_keeps_for_itself_is_named_with_a_remedy(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connect._POSTGRESQL, "options", "-c lock_timeout=100")
    with Database(url) as database, psycopg.connect(url) as other:
        other.execute("LOCK TABLE history")
        with pytest.raises(DatabaseError, match="is locked: another program has it open for itself; end that"):
            database.history.append([sample(1)])


@pytest.mark.parametrize("known", [True, False])
def test_what_a_lost_connection_still_commits_is_not_stored_again(database: Database, url: str, known: bool) -> None:
    """The engine gave it up and tries again, while the server still works at it."""
    item = JournalItem([row(1)], (), [AuditEntry(1, "login")])
    if known:
        database.store([JournalItem([row(0)])], Mark("run", 1))
    with psycopg.connect(url) as lost, ThreadPoolExecutor() as pool, psycopg.connect(url, autocommit=True) as other:
        if known:
            lost.execute("UPDATE spool_mark SET number = 2 WHERE run = 'run'")
        else:
            lost.execute("INSERT INTO spool_mark VALUES ('run', 2)")
        again = pool.submit(database.store, [JournalItem([row(0)]), item, JournalItem([row(2)])], Mark("run", 3))
        waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        while other.execute(waits).fetchone() != (1,):
            assert not again.done()
        lost.commit()
        again.result(10)
    stored = [each.source_ns for each in database.journal.page(JournalQuery()).rows]
    assert stored == ([2, 0] if known else [2])
    assert database.marks.get("run") == 3


def test_a_server_that_is_not_there_is_one_clear_line() -> None:
    with pytest.raises(DatabaseError) as caught:
        Database("postgresql://haihe@/haihe?host=/nowhere")
    assert "\n" not in str(caught.value)
    assert not isinstance(caught.value, RowsRefused)


@pytest.mark.skipif(sys.platform != "linux", reason="names of Linux")
def test_a_host_that_vanished_is_noticed_in_seconds_by_either_side(database: Database, url: str) -> None:
    """Both kernels are told so: by themselves they wait two hours."""
    folder = Path(url.partition("host=")[2])
    settings = "SELECT name, reset_val::int FROM pg_settings WHERE name ~ '^tcp_'"
    with (
        relayed(folder / ".s.PGSQL.5432") as port,
        Database(f"postgresql://haihe@127.0.0.1:{port}/haihe") as far,
        far._link.read() as connection,
    ):
        driver: Any = connection.connection.driver_connection
        server: dict[str, int] = {row.name: row.reset_val for row in connection.exec_driver_sql(settings)}
        with socket.socket(fileno=os.dup(driver.fileno())) as ours:
            assert ours.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
            names = ("TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT", "TCP_USER_TIMEOUT")
            here = [ours.getsockopt(socket.IPPROTO_TCP, getattr(socket, name)) for name in names]
    there = [
        server[f"tcp_{name}"] for name in ("keepalives_idle", "keepalives_interval", "keepalives_count", "user_timeout")
    ]
    for idle_s, interval_s, count, unanswered_ms in (here, there):
        assert 0 < idle_s + interval_s * count <= 15
        assert 0 < unanswered_ms <= 15_000


def test_a_server_that_takes_a_connection_and_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(DatabaseError, match="timeout"):
        Database(f"postgresql://haihe@127.0.0.1:{silent.getsockname()[1]}/haihe")


def test_a_statement_ends_when_its_time_is_up_or_when_it_is_cancelled(database: Database) -> None:
    with pytest.raises(DatabaseError, match=r"needs more than 0\.2 s"), database.bounded(Bound(0.2)):
        sleep(database)
    bound = Bound(60.0)
    canceller = threading.Timer(0.2, bound.cancel)
    canceller.start()
    with pytest.raises(DatabaseError, match="withdrawn"), database.bounded(bound):
        sleep(database)
    canceller.join()
    with pytest.raises(DatabaseError, match="withdrawn"), database.bounded(bound):
        rows_of(database)
    with database.bounded(Bound(60.0)):
        assert rows_of(database) == []


def test_what_is_cancelled_between_two_statements_begins_no_other(database: Database) -> None:
    bound = Bound(60.0)

    def ask_twice() -> None:
        with database.bounded(bound), database._link.read() as connection:
            assert connection.exec_driver_sql("SELECT 1").scalar() == 1
            bound.cancel()
            connection.exec_driver_sql("SELECT 2")

    with pytest.raises(DatabaseError, match="withdrawn"):
        ask_twice()
    with database.bounded(Bound(60.0)):
        assert rows_of(database) == []


def sleep(database: Database) -> None:
    with database._link.read() as connection:
        connection.exec_driver_sql("SELECT pg_sleep(60)")


def test_rows_of_the_first_schema_are_kept_also_from_before_the_epoch(url: str) -> None:
    times = [-WEEK_NS - 1, -WEEK_NS, -1, 0, 1, 3 * WEEK_NS]
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    link = Link(url)
    with link.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql("INSERT INTO history_tag (id, name) VALUES (1, 'T')")
        for n, time_ns in enumerate(times):
            connection.exec_driver_sql(
                "INSERT INTO history (id, tag_id, source_ns, receive_ns, value, status, late) "
                f"VALUES ({n + 1}, 1, {time_ns}, {time_ns + 1}, {n}, 0, {n == 2})"
            )
    link.close()
    with Database(url) as database:
        assert [(row.time_ns, row.value, row.flags) for row in rows_of(database)] == [
            (time_ns, float(n), LATE if n == 2 else 0) for n, time_ns in enumerate(times)
        ]
        database.history.append([sample(1, time_ns=-2, id=99)])  # into a week that is there
        assert len(rows_of(database)) == 7


def test_weeks_beyond_the_age_limit_are_dropped(database: Database) -> None:
    week_s = WEEK_NS // 1_000_000_000
    database.history.append([sample(n * week_s + 5) for n in range(5)])
    assert not database.retention.prune(3 * WEEK_NS + 1)
    assert sorted(row.time_ns // WEEK_NS for row in rows_of(database)) == [3, 4]
    database.history.append([sample(6 * week_s)])
    assert max(row.time_ns // WEEK_NS for row in rows_of(database)) == 6


def test_weeks_before_the_epoch_are_dropped_and_a_dropped_week_takes_rows_again(database: Database) -> None:
    week_s = WEEK_NS // 1_000_000_000
    database.history.append([sample(n * week_s + 5) for n in range(-3, 3)])
    assert not database.retention.prune(-WEEK_NS - 1)
    assert [row.time_ns // WEEK_NS for row in rows_of(database)] == [-2, -1, 0, 1, 2]
    assert not database.retention.prune(2 * WEEK_NS)
    assert [row.time_ns // WEEK_NS for row in rows_of(database)] == [2]
    database.history.append([sample(n * week_s + 6) for n in range(-1, 2)])  # a device without a clock goes on
    assert [row.time_ns // WEEK_NS for row in rows_of(database)] == [-1, 0, 1, 2]
    assert not database.retention.prune(2 * WEEK_NS)
    assert [row.time_ns // WEEK_NS for row in rows_of(database)] == [2]
