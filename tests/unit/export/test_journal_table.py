"""The journal as a file: every row once, exact, in sheets that fit; given up or failed, the old file stays."""

import asyncio
import csv
import zipfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from defusedxml.ElementTree import fromstring

from app.export import ExportProgress, JournalLayout, export_journal, journal_pages, opened_table, tables
from app.model.alarm import AlarmKind
from app.model.journal import JournalKind, JournalPage, JournalQuery, JournalRow
from app.storage import Database
from tests.unit.storage.rows import row

SECOND = 10**9
ZONE = ZoneInfo("Asia/Shanghai")
END = 100 * SECOND


def made(count: int) -> list[JournalRow]:
    return [row(n * SECOND, text_zh="浊度高", value=n / 2, alarm_kind=AlarmKind.HIGH) for n in range(count)]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database(f"sqlite:///{tmp_path / 'haihe.db'}") as opened:
        opened.journal.append(made(7))
        yield opened


async def pages_of(database: Database, query: JournalQuery, size: int) -> AsyncIterator[JournalPage]:
    async def fetch(asked: JournalQuery) -> JournalPage:
        return database.journal.page(replace(asked, limit=size))

    async for page in journal_pages(fetch, query):
        yield page


async def test_csv_has_every_row_once_oldest_first(database: Database, tmp_path: Path) -> None:
    told: list[ExportProgress] = []
    path = tmp_path / "journal.csv"
    pages = pages_of(database, JournalQuery(from_ns=SECOND), 2)
    assert await export_journal(path, JournalLayout(ZONE), pages, 6 * SECOND, told.append) == 6
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [each["source_ns"] for each in rows] == [str(n * SECOND) for n in range(1, 7)]
    assert (rows[0]["time"], rows[0]["Asia/Shanghai"]) == ("1970-01-01T00:00:01.000Z", "1970-01-01 08:00:01.000")
    assert (rows[1]["value"], rows[1]["alarm_kind"], rows[1]["text_zh"], rows[1]["id"]) == ("1.0", "H", "浊度高", "3")
    assert [each.rows for each in told] == [2, 4, 6]
    assert [round(each.part, 1) for each in told] == [0.2, 0.6, 1.0]


async def test_a_workbook_goes_on_in_further_sheets(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "SHEET_ROWS", 3)
    path = tmp_path / "journal.xlsx"
    await export_journal(path, JournalLayout(ZONE), pages_of(database, JournalQuery(), 2), END, sheet="日志")
    with zipfile.ZipFile(path) as book:
        names = [
            each.attrib["name"] for each in fromstring(book.read("xl/workbook.xml")).iter() if "sheetId" in each.attrib
        ]
        sheets = [book.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2, 3)]
    assert names == ["日志", "日志 2", "日志 3"]
    assert [sheet.count("<row") for sheet in sheets] == [4, 4, 2]
    assert str(6 * SECOND) in sheets[2]


@pytest.mark.parametrize("name", ["journal.csv", "journal.xlsx"])
async def test_given_up_the_old_file_stays_and_nothing_else(database: Database, tmp_path: Path, name: str) -> None:
    path = tmp_path / "out" / name
    path.parent.mkdir()
    path.write_text("old")
    begun = asyncio.Event()

    async def endless() -> AsyncIterator[JournalPage]:
        yield JournalPage(tuple(made(3)))
        begun.set()
        await asyncio.Event().wait()

    export = asyncio.create_task(export_journal(path, JournalLayout(ZONE), endless(), END))
    await asyncio.wait_for(begun.wait(), 10)
    export.cancel()
    with pytest.raises(asyncio.CancelledError):
        await export
    assert [(each.name, each.read_text()) for each in path.parent.iterdir()] == [(name, "old")]


async def test_a_folder_that_is_not_there_is_an_error_of_the_system(database: Database, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        await export_journal(
            tmp_path / "none" / "a.csv", JournalLayout(ZONE), pages_of(database, JournalQuery(), 5), END
        )


def test_a_text_is_no_formula_and_a_number_stays_one(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    with opened_table(path, ["a"], "s") as add:
        add([["=1+1"], ["-2.5 kPa"], ["-x"], [-3.5], [None], ["@a"]])
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert lines == ["a", "'=1+1", "-2.5 kPa", "'-x", "-3.5", '""', "'@a"]


def test_kinds_are_written_as_they_are_kept() -> None:
    cells = JournalLayout(ZONE).cells(row(1, kind=JournalKind.NOTE, value=True))
    assert dict(zip(JournalLayout(ZONE).header, cells, strict=True))["kind"] == "note"
    assert cells[JournalLayout(ZONE).header.index("value")] == 1
