"""A real SQLite file for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.storage import Database


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'haihe.db'}"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    with Database(url) as opened:
        yield opened
