"""Marks of a trend from the journal: all pages of it, what concerns the pens, returns, and where it was cut."""

import asyncio
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.console import trend_markers
from app.console.trend_markers import PAGE, JournalMarkers
from app.model.alarm import Priority
from app.model.annotation import Annotation, AnnotationPage, AnnotationQuery
from app.model.journal import JournalKind, JournalPage, JournalQuery, JournalRow
from app.model.plant import Plant
from app.model.text import LocalText
from app.storage import Database
from widgets.trend.markers import Marker, MarkerKind, Markers
from widgets.wording import Wording


class Link:
    """A bridge to a database without an engine in between; answers at once."""

    def __init__(self, database: Database, notes: tuple[Annotation, ...] = ()) -> None:
        self.database, self.notes = database, notes
        self.pages = 0

    def call(self, make: Any, done: Any, failed: Any, owner: object) -> None:
        done(asyncio.run(make(self)))

    async def journal(self, query: JournalQuery) -> JournalPage:
        self.pages += 1
        return self.database.journal.page(query)

    async def annotations(self, query: AnnotationQuery) -> AnnotationPage:
        return AnnotationPage(self.notes)


def row(at_ns: int, event: str, tag: str, priority: int = 2) -> JournalRow:
    return JournalRow(
        0, JournalKind.ALARM, event, f"{tag}.H", at_ns, at_ns, at_ns, tag=tag, priority=priority, text="x"
    )


@pytest.fixture
def link(tmp_path: Path) -> Any:
    with Database(f"sqlite:///{tmp_path / 'j.db'}") as database:
        rows = [row(1, "ALM", "A"), row(2, "RTN", "A"), row(3, "ACK", "A")]
        rows += [row(at, "ALM", "B") for at in range(4, 2 * PAGE + 10)]
        database.journal.append(rows)
        yield Link(database, (Annotation(7, 5, "washed", "anna", 6, tag="A"),))


def asked(link: Link) -> tuple[Sequence[Marker], int | None]:
    answers: list[tuple[Sequence[Marker], int | None]] = []
    source = JournalMarkers(Plant(Path(), "p", LocalText("P"), "UTC"), link, Wording("UTC"), QObject())  # type: ignore[arg-type]
    source.request(0, 10**9, ["A"], lambda marks, cut_ns: answers.append((marks, cut_ns)))
    return answers[0]


def test_marks_behind_thousands_of_others_are_found(link: Link) -> None:
    marks, cut_ns = asked(link)
    assert link.pages == 3
    assert cut_ns is None
    assert sorted((one.at_ns, one.kind, one.priority, one.id) for one in marks) == [
        (1, MarkerKind.ALARM, Priority.HIGH, 0), (2, MarkerKind.RETURN, Priority.HIGH, 0),
        (5, MarkerKind.NOTE, None, 7),
    ]  # fmt: skip


class Slow(Link):
    """A link over which no page ever comes; tells how many are waited for."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        self.waiting: set[int] = set()

    def call(self, make: Any, done: Any, failed: Any, owner: object) -> Any:
        return asyncio.run_coroutine_threadsafe(make(self), self.loop)

    async def journal(self, query: JournalQuery) -> JournalPage:
        self.waiting.add(query.from_ns or 0)
        try:
            await asyncio.Event().wait()
        finally:
            self.waiting.discard(query.from_ns or 0)
        raise AssertionError

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


def test_pages_for_a_view_that_is_gone_are_given_up(qtbot: QtBot, link: Link) -> None:
    slow, owner = Slow(link.database), QObject()
    try:
        plant = Plant(Path(), "p", LocalText("P"), "UTC")
        markers = Markers(JournalMarkers(plant, slow, Wording("UTC"), owner), owner)  # type: ignore[arg-type]
        markers.want(0, 10**9, ["A"])
        qtbot.waitUntil(lambda: slow.waiting == {0})
        markers.want(5 * 10**9, 6 * 10**9, ["A"])
        qtbot.waitUntil(lambda: slow.waiting == {5 * 10**9})
        markers.show(shown=False)
        qtbot.waitUntil(lambda: not slow.waiting)
        markers.show(shown=True)
        markers.want(0, 10**9, ["A"])
        qtbot.waitUntil(lambda: slow.waiting == {0})
        markers.cancel()
        qtbot.waitUntil(lambda: not slow.waiting)
    finally:
        slow.close()


def test_what_is_too_much_is_cut_and_said(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trend_markers, "_PAGES", 1)
    marks, cut_ns = asked(link)
    assert [one.kind for one in marks] == [MarkerKind.NOTE]
    assert cut_ns == 2 * PAGE + 9 - (PAGE - 1)
