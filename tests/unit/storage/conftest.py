"""A real SQLite file for each test; a real PostgreSQL server for a module that wants one."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.storage import Database
from benchmarks.postgresql import running_server


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'haihe.db'}"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    with Database(url) as opened:
        yield opened


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running_server() as running:
        yield running


def fresh_database(server: str) -> str:
    """Return the URL of an empty database of a server."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS haihe WITH (FORCE)")
        connection.execute("CREATE DATABASE haihe")
    return server.replace("/postgres?", "/haihe?")


@pytest.fixture(params=["sqlite", "postgresql"])
def either_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'haihe.db'}"
    return fresh_database(request.getfixturevalue("server"))
