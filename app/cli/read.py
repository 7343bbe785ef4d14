"""``haihe read``: value, quality and time of tags from the running engine."""

import argparse
import asyncio
import json
from typing import Any

from app.cli.common import (
    add_json,
    add_project,
    fail,
    parse_seconds,
    print_json,
    sample_json,
    time_text,
    unknown_tags,
    value_text,
    with_client,
)  # fmt: skip
from app.link.client import EngineClient
from app.model import status as st
from app.model.plant import Plant
from app.model.sample import Sample


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_project(parser)
    parser.add_argument("tags", nargs="+", metavar="TAG")
    add_json(parser)
    parser.add_argument("--watch", action="store_true", help="print changes until Ctrl-C")
    parser.add_argument(
        "--interval", type=parse_seconds, default=0.5, metavar="S", help="of --watch, seconds (default 0.5)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Read the tags; exit status 1 where one does not exist."""

    async def work(plant: Plant, client: EngineClient) -> int:
        if problem := unknown_tags(plant, arguments.tags):
            return fail(f"haihe read: {problem}")
        samples = await client.read(arguments.tags)
        hidden = await client.device(arguments.tags)
        _print(plant, samples, hidden, as_json=arguments.json, watch=arguments.watch)
        while arguments.watch:
            await asyncio.sleep(arguments.interval)
            newer = await client.read(arguments.tags)
            changed = {name: sample for name, sample in newer.items() if sample != samples[name]}
            hidden = await client.device(changed) if changed else {}
            _print(plant, changed, hidden, as_json=arguments.json, watch=True)
            samples = newer
        return 0

    return with_client(arguments.project, work)


def _print(plant: Plant, samples: dict[str, Sample], hidden: dict[str, Sample], *, as_json: bool, watch: bool) -> None:
    """Print samples; ``hidden``: what the device sent where it does not count."""
    rows = [_row(plant, name, sample, hidden.get(name)) for name, sample in samples.items()]
    if as_json and watch:  # one object a line, so that a program can follow
        for row in rows:
            print(json.dumps(row, ensure_ascii=False), flush=True)
    elif as_json:
        print_json(rows)
    else:
        for name, sample in samples.items():
            text = value_text(plant.tags.get(name), sample)
            quality = st.status_name(sample.status)
            line = f"{name:<28} {text:>20}  {quality:<24} {time_text(sample.source_ns)}"
            device = hidden.get(name)
            if device is not None:
                line += f"  device: {value_text(plant.tags.get(name), device)} {st.status_name(device.status)}"
            print(line, flush=True)


def _row(plant: Plant, name: str, sample: Sample, device: Sample | None) -> dict[str, Any]:
    tag = plant.tags.get(name)
    return {
        **sample_json(name, tag, sample),
        "device": None if device is None else sample_json(name, tag, device),
    }
