"""A real engine on a real PostgreSQL server that crashes and comes back: every sample is there, and once."""

from contextlib import closing
from typing import Any

import psycopg
import pytest

from benchmarks.postgresql import PostgresServer, postgres_server
from tests.system.harness import Service, Site, until
from tests.system.test_history import FAST, changes_in_store

pytestmark = pytest.mark.system

TAGS = (FAST, "LZ.UF.R03.TMP")


def rows_of(server: PostgresServer, tag: str) -> list[tuple[Any, ...]]:
    with closing(psycopg.connect(server.url)) as connection:
        query = "SELECT time_ns, value, status, back_filled FROM history_samples WHERE tag = %s ORDER BY time_ns, id"
        return connection.execute(query, (tag,)).fetchall()


def test_a_crash_of_the_server_leaves_no_hole_and_stores_nothing_twice(site: Site) -> None:
    if site.engine is not None:
        site.engine.end()
        site.engine = None
    with postgres_server() as server:
        engine = Service(["engine", str(site.project)], site.environment | {"HAIHE_DATABASE": server.url})
        try:
            engine.ready()
            crash_and_compare(site, server)
        finally:
            engine.end()


def crash_and_compare(site: Site, server: PostgresServer) -> None:
    def is_written() -> bool:
        with closing(psycopg.connect(server.url)) as connection:
            return connection.execute("SELECT to_regclass('history_samples')").fetchone() != (None,)

    until(is_written, 40, "the schema is made")
    until(lambda: all(len(rows_of(server, tag)) > 3 for tag in TAGS), 60, "history is written")
    before = min(rows_of(server, tag)[-1][0] for tag in TAGS)
    server.stop()
    until(lambda: site.json("status")["spool_bytes"] > 200_000, 60, "samples are kept on disk")
    assert site.json("status")["database_error"]
    server.start()
    until(lambda: site.json("status")["spool_bytes"] == 0, 60, "the spool is empty")
    now = site.json("status")["now_ns"]
    until(lambda: all(rows_of(server, tag)[-1][0] > now for tag in TAGS), 60, "new samples come")
    status = site.json("status")
    assert (status["database_error"], status["rows_dropped"], status["rows_refused"]) == ("", 0, 0)
    for tag in TAGS:
        stored = rows_of(server, tag)
        keys = {row[:3] for row in stored}
        assert len(keys) == len(stored)
        wanted = changes_in_store(site, tag, before, now)
        assert len(wanted) > 5
        assert [each for each in wanted if each not in keys] == []
        assert {row[3] for row in stored if row[0] > before} == {0, 1}
