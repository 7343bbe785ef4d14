"""``haihe export``: stored samples of tags as CSV."""

import argparse
import csv
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TextIO

from app.cli.common import add_project, fail, parse_time, time_text, unknown_tags, with_client
from app.link.client import EngineClient
from app.link.messages import RawRequest
from app.model.history import HistoryCursor, HistoryRow
from app.model.plant import Plant
from app.model.status import status_name
from app.model.tag import DataType, Tag
from app.project.atomic import replacing
from app.project.state import state_folder

PROGRESS_S: Final = 2.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_project(parser)
    parser.add_argument("tags", nargs="+", metavar="TAG")
    parser.add_argument("--from", dest="from_ns", type=parse_time, required=True, metavar="T", help="ISO 8601, UTC")
    parser.add_argument(
        "--to", dest="to_ns", type=parse_time, required=True, metavar="T", help="ISO 8601, UTC; not included"
    )
    parser.add_argument("--csv", type=Path, metavar="FILE", help="default: standard output")


def run(arguments: argparse.Namespace) -> int:
    """Write tag, time, value, quality rows, tag by tag, oldest first; tags without any are named on stderr."""
    if arguments.from_ns >= arguments.to_ns:
        print("haihe export: --from must be before --to", file=sys.stderr)
        return 2

    async def work(plant: Plant, client: EngineClient) -> int:
        if problem := unknown_tags(plant, arguments.tags):
            return fail(f"haihe export: {problem}")
        waiting = (await client.status()).history_waiting
        try:
            with _target(arguments.csv) as file:
                empty = await _write(file, plant, client, arguments)
        except OSError as error:
            if arguments.csv is None:
                raise
            return fail(f"haihe export: {arguments.csv}: {error.strerror}; free room there, or name another file")
        if empty:
            print(f"haihe export: no samples in this time: {', '.join(empty)}", file=sys.stderr)
        waiting = max(waiting, (await client.status()).history_waiting)
        if waiting:
            print(
                f"haihe export: {waiting} samples (of all tags) wait for the database in "
                f"{state_folder(plant.id) / 'spool' / 'history'}, and are not in this output; export again when "
                f"'haihe status {plant.folder}' shows none waiting",
                file=sys.stderr,
            )
        return 0

    return with_client(arguments.project, work)


@contextmanager
def _target(path: Path | None) -> Iterator[TextIO]:
    """Give where the rows go; a file is written whole, or stays as it was."""
    if path is None:
        yield sys.stdout
        return
    with replacing(path) as made, made.open("w", encoding="utf-8-sig", newline="") as file:
        yield file


async def _write(file: TextIO, plant: Plant, client: EngineClient, arguments: argparse.Namespace) -> list[str]:
    writer = csv.writer(file)
    writer.writerow(["tag", "time", "value", "status", "source_ns"])
    empty = []
    tags = list(dict.fromkeys(arguments.tags))
    progress = await _progress(client, tags, arguments)
    for tag in tags:
        after: HistoryCursor | None = None
        rows = 0
        while True:
            request = RawRequest(
                tag, arguments.from_ns, arguments.to_ns, after=after, newest_first=False, confirmed=True
            )
            page = await client.raw(request)
            rows += len(page.rows)
            progress.add(len(page.rows))
            for each in page.rows:
                value = _value(plant.tags[tag], each)
                writer.writerow([tag, time_text(each.time_ns), value, status_name(each.status), each.source_ns])
            after = page.next
            if after is None:
                break
        if not rows:
            empty.append(tag)
    return empty


async def _progress(client: EngineClient, tags: Iterable[str], arguments: argparse.Namespace) -> "_Progress":
    """Tell how many samples are to be written; what takes long tells how far it is."""
    counts = [await client.history_count(tag, arguments.from_ns, arguments.to_ns) for tag in tags]
    more = "" if all(count.exact for count in counts) else "more than "
    return _Progress(f"{more}{sum(count.rows for count in counts)}")


class _Progress:
    def __init__(self, total: str) -> None:
        self._total, self._rows, self._told = total, 0, time.monotonic()
        print(f"haihe export: {total} samples", file=sys.stderr)

    def add(self, rows: int) -> None:
        self._rows += rows
        if time.monotonic() - self._told >= PROGRESS_S:
            self._told = time.monotonic()
            print(f"haihe export: {self._rows} of {self._total}", file=sys.stderr)


def _value(tag: Tag, sample: HistoryRow) -> float | int | str:
    """Return a stored number as its tag has it: history keeps every number as a real one."""
    value = sample.value
    if value is None:
        return ""
    whole = tag.data_type in {DataType.INT, DataType.ENUM, DataType.BOOL}
    return int(value) if whole and not isinstance(value, str) else value
