"""``haihe export``: stored samples of tags as CSV."""

import argparse
import csv
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TextIO

from app.cli.common import add_project, fail, parse_time, time_text, with_client
from app.link.client import EngineClient
from app.link.messages import HISTORY_LIMIT
from app.model.plant import Plant
from app.model.status import status_name


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_project(parser)
    parser.add_argument("tags", nargs="+", metavar="TAG")
    parser.add_argument("--from", dest="from_ns", type=parse_time, required=True, metavar="T", help="ISO 8601, UTC")
    parser.add_argument("--to", dest="to_ns", type=parse_time, required=True, metavar="T", help="ISO 8601, UTC")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="default: standard output")


def run(arguments: argparse.Namespace) -> int:
    """Write tag, time, value, quality rows, tag by tag, oldest first."""

    async def work(plant: Plant, client: EngineClient) -> int:
        unknown = [tag for tag in arguments.tags if tag not in plant.tags]
        if unknown:
            return fail(f"haihe export: no such tag: {', '.join(unknown)}")
        try:
            with _target(arguments.csv) as file:
                await _write(file, client, arguments)
        except OSError as error:
            return fail(f"haihe export: {arguments.csv}: {error.strerror}")
        return 0

    return with_client(arguments.project, work)


def _target(path: Path | None) -> "nullcontext[TextIO] | TextIO":
    return nullcontext(sys.stdout) if path is None else path.open("w", encoding="utf-8-sig", newline="")


async def _write(file: TextIO, client: EngineClient, arguments: argparse.Namespace) -> None:
    writer = csv.writer(file)
    writer.writerow(["tag", "time", "value", "status", "source_ns"])
    for tag in arguments.tags:
        start = arguments.from_ns
        while True:
            samples = await client.history(tag, start, arguments.to_ns, HISTORY_LIMIT)
            for each in samples:
                value = "" if each.value is None else each.value
                writer.writerow([tag, time_text(each.source_ns), value, status_name(each.status), each.source_ns])
            if len(samples) < HISTORY_LIMIT:
                break
            start = samples[-1].source_ns + 1
