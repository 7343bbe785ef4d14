"""Notes of operators: who may write and remove them; kept with journal and audit, and told to every desk."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.engine.annotations import AnnotationService
from app.engine.database import DatabaseWorker
from app.engine.records import Records
from app.engine.stores import Stores
from app.link.messages import AnnotateRequest, AnnotationChanged
from app.model.annotation import MAX_NOTE, AnnotationQuery
from app.model.clock import SECOND_NS, SystemClock
from app.model.errors import AccessDenied, DatabaseError, EnvironmentProblem
from app.model.journal import JournalQuery
from app.model.plant import HistorySettings
from app.model.user import Role, Session
from app.storage import Database

CLOCK = SystemClock()
ANNA = Session("s1", "anna", Role.OPERATOR, "desk 1", 0, 2**62)
WANG = Session("s2", "wang", Role.OPERATOR, "desk 2", 0, 2**62)
CHIEF = Session("s3", "li", Role.SUPERVISOR, "desk 3", 0, 2**62)
ALL = AnnotationQuery(0, 2**62, ("A.FLOW",))


class Bench:
    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'test.db'}"
        self.away = False
        self.told: list[AnnotationChanged] = []
        self.database = DatabaseWorker(self._open)
        self.stores = Stores(self.database, self._open, folder / "spool", HistorySettings())
        records = Records(self.database, self.stores.journal, CLOCK)
        self.notes = AnnotationService(self.database, self.stores.queries, records, {"A.FLOW"}, self.told.append, CLOCK)

    def _open(self) -> Database:
        return Database("sqlite:////nowhere/at/all.db" if self.away else self.url)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(tmp_path)
    bench.stores.start()
    yield bench
    await asyncio.to_thread(bench.stores.close)


async def test_a_note_is_kept_told_journalled_and_audited(bench: Bench) -> None:
    at = CLOCK.now_ns() - SECOND_NS
    note = await bench.notes.add(AnnotateRequest(at, "  filter washed ", "A.FLOW"), ANNA)
    assert (note.at_ns, note.text, note.author, note.tag) == (at, "filter washed", "anna", "A.FLOW")
    assert bench.told == [AnnotationChanged(note)]
    assert (await bench.notes.page(ALL)).notes == (note,)
    with Database(bench.url) as database:
        row = database.journal.page(JournalQuery()).rows[0]
        assert (row.event, row.source_ns, row.text, row.user, row.tag) == ("add", at, "filter washed", "anna", "A.FLOW")
        assert [(one.entry.action, one.entry.user, one.entry.new) for one in database.audit.tail()] == [
            ("note", "anna", "filter washed")
        ]


async def test_its_author_or_a_supervisor_removes_it(bench: Bench) -> None:
    at = CLOCK.now_ns()
    first = await bench.notes.add(AnnotateRequest(at, "one"), ANNA)
    second = await bench.notes.add(AnnotateRequest(at, "two"), ANNA)
    with pytest.raises(AccessDenied, match="anna"):
        await bench.notes.remove(first.id, WANG)
    assert len((await bench.notes.page(ALL)).notes) == 2
    await bench.notes.remove(first.id, ANNA)
    await bench.notes.remove(second.id, CHIEF)
    assert bench.told[-1] == AnnotationChanged(second, removed=True)
    assert (await bench.notes.page(ALL)).notes == ()
    with pytest.raises(EnvironmentProblem, match="any more"):
        await bench.notes.remove(first.id, ANNA)
    with Database(bench.url) as database:
        audit = [(one.entry.action, one.entry.user, one.entry.old) for one in database.audit.tail(2)]
    assert audit == [("note-remove", "li", "two"), ("note-remove", "anna", "one")]


@pytest.mark.parametrize(
    ("text", "tag", "ahead_s", "why"),
    [
        (" \n", "", 0, "text"), ("x" * (MAX_NOTE + 1), "", 0, str(MAX_NOTE)), ("x", "B", 0, "'B'"),
        ("x", "", 3600, "future"),
    ],
)  # fmt: skip
async def test_what_cannot_be_kept_is_refused(bench: Bench, text: str, tag: str, ahead_s: int, why: str) -> None:
    with pytest.raises(EnvironmentProblem, match=why):
        await bench.notes.add(AnnotateRequest(CLOCK.now_ns() + ahead_s * SECOND_NS, text, tag), ANNA)
    assert bench.told == []


async def test_a_note_that_the_database_does_not_take_is_told_to_nobody(bench: Bench) -> None:
    bench.away = True
    with pytest.raises(DatabaseError):
        await bench.notes.add(AnnotateRequest(CLOCK.now_ns(), "x"), ANNA)
    assert bench.told == []
