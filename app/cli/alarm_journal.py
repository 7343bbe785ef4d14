"""``haihe alarms PROJECT --journal``: rows of the journal, printed or written into a file."""

import argparse
import asyncio
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.cli.common import fail, print_json, time_text, with_client
from app.export import ExportProgress, JournalLayout, export_journal, journal_pages
from app.link.client import EngineClient
from app.link.codec import encode
from app.model.alarm import AlarmKind
from app.model.journal import JournalKind, JournalPage, JournalQuery, JournalRow
from app.model.plant import Plant

_PAGE: Final = 2_000
_PROGRESS_S: Final = 2.0


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the journal to the command's; ``--from`` and ``--to`` are those of the figures."""
    group = parser.add_argument_group("journal", "rows for which everything holds that is given; --from and --to too")
    group.add_argument("--journal", action="store_true", help="print rows of the journal, the newest first")
    group.add_argument("--tag", default="", metavar="TAG", help="whole, or with * and ?")
    group.add_argument("--area", default="", metavar="AREA")
    group.add_argument("--priority", dest="priorities", type=int, action="append", choices=(1, 2, 3, 4), metavar="N")
    group.add_argument("--kind", dest="kinds", action="append", choices=[each.value for each in JournalKind])
    group.add_argument(
        "--type",
        dest="types",
        action="append",
        choices=[each.value for each in AlarmKind],
        help="what the alarm looks at",
    )
    group.add_argument(
        "--state", dest="states", action="append", metavar="STATE", help="after the event, such as UNACK"
    )
    group.add_argument(
        "--event", dest="events", action="append", metavar="EVENT", help="such as ALM, ACK, SHELVE, login"
    )
    group.add_argument("--user", default="", metavar="NAME")
    group.add_argument("--text", default="", metavar="TEXT", help="stands in object, texts or comment; * as wildcard")
    group.add_argument("--limit", type=int, default=200, metavar="N", help="most rows that are printed (200); 0: all")
    group.add_argument("--out", type=Path, metavar="FILE", help="write all rows, oldest first, as .csv or .xlsx")


def run(arguments: argparse.Namespace) -> int:
    """Print rows of the journal, or write them into a file."""
    if arguments.from_ns is not None and arguments.to_ns is not None and arguments.from_ns >= arguments.to_ns:
        print("haihe alarms: --from must be before --to", file=sys.stderr)
        return 2
    query = JournalQuery(
        from_ns=arguments.from_ns, to_ns=arguments.to_ns, tag=arguments.tag, area=arguments.area, user=arguments.user,
        text=arguments.text, priorities=tuple(arguments.priorities or ()), states=tuple(arguments.states or ()),
        events=tuple(arguments.events or ()), kinds=tuple(map(JournalKind, arguments.kinds or ())),
        alarm_kinds=tuple(map(AlarmKind, arguments.types or ())),
    )  # fmt: skip
    return with_client(arguments.project, lambda plant, client: _answer(plant, client, query, arguments))


async def _answer(plant: Plant, client: EngineClient, query: JournalQuery, arguments: argparse.Namespace) -> int:
    if query.area and query.area not in plant.areas:
        return fail(f"haihe alarms: no such area: {query.area}; {plant.folder} has: {', '.join(plant.areas)}")
    if arguments.out is not None:
        return await _write(plant, client, query, arguments.out)
    rows = [row async for row in _newest(client, query, arguments.limit)]
    if arguments.json:
        print_json([_data(row) for row in rows])
        return 0
    for row in rows:
        print(_line(row))
    if not rows:
        print("no rows")
    elif len(rows) == arguments.limit:
        print(f"the newest {len(rows)} rows (--limit 0 prints all, --out FILE writes them)", file=sys.stderr)
    return 0


async def _newest(client: EngineClient, query: JournalQuery, limit: int) -> AsyncIterator[JournalRow]:
    """Give the newest rows; a search that stops on the way goes on."""
    left, before = limit or sys.maxsize, None
    while left > 0:
        page: JournalPage = await client.journal(replace(query, before_id=before, limit=min(left, _PAGE)))
        for row in page.rows:
            yield row
        left -= len(page.rows)
        before = page.next_before_id
        if before is None:
            return


async def _write(plant: Plant, client: EngineClient, query: JournalQuery, path: Path) -> int:
    end_ns = query.to_ns if query.to_ns is not None else time.time_ns()
    pages = journal_pages(client.journal, replace(query, to_ns=end_ns))
    told = _Told()
    try:
        rows = await export_journal(path, JournalLayout(ZoneInfo(plant.time_zone)), pages, end_ns, told)
    except OSError as error:
        return fail(f"haihe alarms: {path}: {error.strerror or error}; free room there, or name another file")
    except asyncio.CancelledError:
        print(f"haihe alarms: given up; {path} is as it was", file=sys.stderr)
        raise
    print(f"haihe alarms: {rows} rows in {path}", file=sys.stderr)
    return 0


class _Told:
    """Tells every few seconds how far an export is."""

    def __init__(self) -> None:
        self._at = time.monotonic()

    def __call__(self, progress: ExportProgress) -> None:
        if time.monotonic() - self._at >= _PROGRESS_S:
            self._at = time.monotonic()
            print(f"haihe alarms: {progress.rows} rows, {progress.part:.0%} of the time", file=sys.stderr)


def _data(row: JournalRow) -> dict[str, Any]:
    data = encode(row)
    return {"time": time_text(row.counts_ns), **data} if isinstance(data, dict) else {}


def _line(row: JournalRow) -> str:
    said = row.text or row.comment
    who = f"  {row.user}@{row.desk}" if row.user else ""
    state = f"{row.old} -> {row.new}" if row.old or row.new else ""
    return (
        f"{time_text(row.counts_ns)}  {row.priority or '-'}  {row.event:<10} {row.object:<28} {state:<20} {said}{who}"
    ).rstrip()
