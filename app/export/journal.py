"""The journal as a table: streamed page by page, oldest row first, with progress, and given up when it is cancelled."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import Final, Protocol, TypeVar

from app.export.tables import Cell, opened_table
from app.model.journal import JournalPage, JournalQuery, JournalRow

T = TypeVar("T")

PAGE: Final = 500
"""Rows of a page that is asked for: few, so that a window beside it is not held up while they are decoded."""
_SECOND_NS: Final = 10**9
_HEADER: Final = (
    "kind", "event", "object", "tag", "area", "priority", "alarm_kind", "old", "new", "value", "limit", "status",
    "user", "desk", "text", "text_zh", "comment", "comment_zh", "correlation", "source_ns", "receive_ns", "journal_ns",
    "id",
)  # fmt: skip


class Layout(Protocol):
    """What a table shows of a row."""

    @property
    def header(self) -> Sequence[str]:
        """Titles of the columns."""

    def cells(self, row: JournalRow) -> Sequence[Cell]:
        """Return the cells of a row, as many as the header has."""


@dataclass(frozen=True)
class JournalLayout:
    """Every field as the journal keeps it, after the time that orders the rows, in UTC and a zone; ns are exact."""

    zone: tzinfo

    @property
    def header(self) -> Sequence[str]:
        """Titles of the columns: the names of the fields."""
        return ("time", str(self.zone), *_HEADER)

    def cells(self, row: JournalRow) -> Sequence[Cell]:
        """Return the cells of a row."""
        time_ns = row.counts_ns
        value = int(row.value) if isinstance(row.value, bool) else row.value
        return (
            _moment(time_ns, UTC).replace(" ", "T") + "Z", _moment(time_ns, self.zone),
            row.kind.value, row.event, row.object, row.tag, row.area, row.priority,
            row.alarm_kind.value if row.alarm_kind else "", row.old, row.new, value, row.limit, row.status, row.user,
            row.desk, row.text, row.text_zh, row.comment, row.comment_zh, row.correlation, row.source_ns,
            row.receive_ns, row.journal_ns, row.id,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ExportProgress:
    """How far an export is: rows written, and the part (0 to 1) of the time that it covers."""

    rows: int
    part: float


async def journal_pages(
    fetch: Callable[[JournalQuery], Awaitable[JournalPage]], query: JournalQuery
) -> AsyncIterator[JournalPage]:
    """Give all pages of a filter, the oldest first; ``fetch`` is the link's ``journal``.

    Raises:
        HaiheError: what ``fetch`` raises.

    """
    asked = replace(query, oldest_first=True, limit=PAGE, before_id=None, after_id=None, at_ns=None)
    while True:
        page = await fetch(asked)
        yield page
        if page.next_after_id is None:
            return
        asked = replace(asked, after_id=page.next_after_id)


async def export_journal(
    path: Path, layout: Layout, pages: AsyncIterable[JournalPage], end_ns: int,
    told: Callable[[ExportProgress], None] = lambda _: None, sheet: str = "journal",
) -> int:  # fmt: skip
    """Write pages (the oldest first) into a CSV or XLSX file; returns how many rows.

    Rows are written in a thread, and no more than a page of them is in memory. ``told`` is called in the loop after
    each page; ``end_ns`` (ns, UTC) is where the time ends that they cover. Cancelled, the file is as it was before,
    or whole where it was being finished.

    Raises:
        OSError: it cannot be written; it is as it was before.

    """
    rows, begin_ns = 0, 0
    with ExitStack() as stack:
        add = await _in_thread(lambda: stack.enter_context(opened_table(path, layout.header, sheet)))
        async for page in pages:
            some = page.rows[::-1]
            if some:
                await _in_thread(partial(add, map(layout.cells, some)))
            rows += len(some)
            at_ns = page.searched_ns or (some[-1].counts_ns if some else end_ns)
            begin_ns = begin_ns or (some[0].counts_ns if some else at_ns)
            told(ExportProgress(rows, _part(at_ns, begin_ns, end_ns)))
        await _in_thread(stack.close)
    return rows


async def _in_thread(work: Callable[[], T]) -> T:
    """Run work in a thread and wait for its end even where nobody wants it any more: it has the file."""
    running = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait({running})
        raise


def _part(at_ns: int, begin_ns: int, end_ns: int) -> float:
    return min(1.0, max(0.0, (at_ns - begin_ns) / (end_ns - begin_ns))) if end_ns > begin_ns else 1.0


def _moment(ns: int, zone: tzinfo) -> str:
    moment = datetime.fromtimestamp(ns // _SECOND_NS, UTC).astimezone(zone)
    return f"{moment:%Y-%m-%d %H:%M:%S}.{ns % _SECOND_NS // 10**6:03d}"
