"""Writing the journal from the window: every row of the filter, progress, and the old file where it is given up."""

import asyncio
import csv
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.console.journal_export import JournalExport
from app.export.journal import PAGE
from app.model.clock import SECOND_NS
from app.model.errors import HaiheError, LinkError
from app.model.journal import JournalPage, JournalQuery
from app.model.plant import Plant
from app.model.text import LocalText
from app.storage import Database
from tests.unit.storage.rows import row
from widgets.alarms.journal_model import JournalModel
from widgets.alarms.journal_sheet import JournalSheet
from widgets.wording import Wording

ROWS = 4_321
START_NS = 1_700_000_000 * SECOND_NS


class DirectBridge:
    """Runs what is asked of the link at once, over a database; gives up once ``pages`` were asked for."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.pages = 100
        self.queries: list[JournalQuery] = []

    async def journal(self, query: JournalQuery) -> JournalPage:
        self.queries.append(query)
        if len(self.queries) > self.pages:
            raise asyncio.CancelledError
        return self.database.journal.page(query)

    def call(
        self, make: Callable[[Any], Awaitable[int]], done: Callable[[int], None], failed: Callable[[HaiheError], None],
        _owner: object,
    ) -> Future[None]:  # fmt: skip
        async def run() -> None:
            done(await make(SimpleNamespace(journal=self.journal)))

        try:
            asyncio.run(run())
        except asyncio.CancelledError:
            failed(LinkError("closed"))
        except HaiheError as error:
            failed(error)
        return Future()


@pytest.fixture
def bridge(tmp_path: Path) -> Iterator[DirectBridge]:
    with Database(f"sqlite:///{tmp_path / 'j.db'}") as made:
        made.journal.append([row(n, source_ns=START_NS + n * SECOND_NS) for n in range(ROWS)])
        yield DirectBridge(made)


@pytest.fixture
def sheet(qtbot: QtBot) -> JournalSheet:
    plant = Plant(Path(), "p", LocalText("p"), "Asia/Shanghai")
    return JournalSheet(JournalModel(plant, Wording("Asia/Shanghai")))


def make(bridge: DirectBridge) -> tuple[JournalExport, list[str], list[float]]:
    export = JournalExport(bridge, Wording("Asia/Shanghai"))  # type: ignore[arg-type]  # its call is all that is used
    said: list[str] = []
    parts: list[float] = []
    export.ended.connect(said.append)
    export.progressed.connect(lambda _rows, part: parts.append(part))
    return export, said, parts


def test_every_row_of_the_filter_is_written_oldest_first_with_exact_times(
    bridge: DirectBridge, sheet: JournalSheet, tmp_path: Path
) -> None:
    export, said, parts = make(bridge)
    path = tmp_path / "journal.csv"
    export.start(path, JournalQuery(), sheet)
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [int(line["source_ns"]) for line in lines] == [START_NS + n * SECOND_NS for n in range(ROWS)]
    assert lines[0]["Event"] == "Alarm"
    assert said == ["4\u202f321 rows written to journal.csv"]
    assert len(parts) == -(-ROWS // PAGE)
    assert parts == sorted(parts)


def test_given_up_it_leaves_the_file_as_it_was(bridge: DirectBridge, sheet: JournalSheet, tmp_path: Path) -> None:
    export, said, _ = make(bridge)
    path = tmp_path / "journal.csv"
    path.write_text("before")
    bridge.pages = 1
    export.start(path, JournalQuery(), sheet)
    assert path.read_text() == "before"
    assert said == ["closed"]
    assert sorted(tmp_path.glob("journal.csv*")) == [path]


def test_a_file_that_cannot_be_written_is_said(bridge: DirectBridge, sheet: JournalSheet, tmp_path: Path) -> None:
    export, said, _ = make(bridge)
    export.start(tmp_path / "none" / "journal.csv", JournalQuery(), sheet)
    assert len(said) == 1
    assert "cannot be written" in said[0]
