"""What several commands share: the project argument, a connected client, text of values."""

import argparse
import asyncio
import difflib
import getpass
import json
import os
import socket
import sys
import warnings
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from app.link.client import EngineClient
from app.link.codec import Json
from app.link.endpoint import find_engine
from app.link.messages import LinkEvent
from app.model import status as st
from app.model.errors import AccessDenied, LinkError
from app.model.plant import Plant
from app.model.sample import Sample
from app.model.tag import Tag
from app.project import load_plant

T = TypeVar("T")

FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2262


def add_project(parser: argparse.ArgumentParser) -> None:
    """Add the PROJECT argument."""
    parser.add_argument("project", type=Path, metavar="PROJECT", help="project folder")


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add the --json option."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def desk() -> str:
    """Return the name of this desk for journal and audit."""
    return os.environ.get("HAIHE_DESK", "") or socket.gethostname()


async def connect(plant: Plant, on_event: Callable[[LinkEvent], None] = lambda _event: None) -> EngineClient:
    """Return a client of the engine that serves the project.

    Raises:
        LinkError: none runs.

    """
    endpoint = find_engine(plant.id)
    if endpoint is None:
        raise LinkError(f"no engine runs for project '{plant.id}'; start one with: haihe engine {plant.folder}")
    return await EngineClient.connect(endpoint, on_event)


def with_client(project: Path, work: Callable[[Plant, EngineClient], Awaitable[T]]) -> T:
    """Load a project, connect to its engine, and run ``work``."""
    plant = load_plant(project)

    async def run() -> T:
        client = await connect(plant)
        try:
            return await work(plant, client)
        finally:
            await client.close()

    return asyncio.run(run())


def print_json(data: Json | list[dict[str, Any]] | dict[str, Any]) -> None:
    """Print JSON on stdout."""
    json.dump(data, sys.stdout, ensure_ascii=False, indent=2)
    print(flush=True)


def ask_password(prompt: str, variable: str = "HAIHE_PASSWORD") -> str:
    """Return what a variable of the environment has, or what is typed without echo.

    Raises:
        AccessDenied: there is no terminal to ask at.

    """
    password = os.environ.get(variable)
    if password is not None:
        return password
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)  # it would go on, and show what is typed
        try:
            return getpass.getpass(prompt)
        except (EOFError, getpass.GetPassWarning):
            raise AccessDenied(f"a password is needed and there is no terminal to ask at; set {variable}") from None


def fail(message: str) -> int:
    """Print one line on stderr and return exit status 1."""
    print(message, file=sys.stderr)
    return 1


def time_text(ns: int | None) -> str:
    """Return a time as ISO 8601 in UTC with milliseconds; empty for None."""
    if ns is None:
        return ""
    moment = datetime.fromtimestamp(ns // 10**9, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{ns % 10**9 // 10**6:03d}Z"


def parse_time(text: str) -> int:
    """Return ns since the epoch of an ISO 8601 time (UTC where it names no zone); for argparse."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a time; expected for example 2026-03-01T08:00") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not FIRST_YEAR <= moment.year < LAST_YEAR:  # a time must fit into 64 bits
        raise argparse.ArgumentTypeError(f"'{text}' is out of range; allowed: years {FIRST_YEAR} to {LAST_YEAR - 1}")
    return round(moment.timestamp() * 1000) * 10**6


def parse_port(text: str) -> int:
    """Return a TCP port, 0 for any free one; for argparse."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"'{text}' is not a port; allowed: 0 to 65535")
    return int(text)


def parse_seconds(text: str) -> float:
    """Return a period of 0.05 to 3600 seconds; for argparse."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.05 <= seconds <= 3600:
        raise argparse.ArgumentTypeError(f"'{text}' is not a period; allowed: 0.05 to 3600 seconds")
    return seconds


def unknown_tags(plant: Plant, tags: Iterable[str]) -> str:
    """Return what to say of tags that the project has not; empty where it has them all."""
    unknown = [tag for tag in dict.fromkeys(tags) if tag not in plant.tags]
    if not unknown:
        return ""
    near = difflib.get_close_matches(unknown[0], plant.tags, n=1, cutoff=0.6) if len(unknown) == 1 else []
    hint = f"; did you mean '{near[0]}'?" if near else f"; tags.csv and equipment.csv of {plant.folder} define them"
    return f"no such tag: {', '.join(unknown)}{hint}"


def parse_value(text: str) -> float | int | bool | str:
    """Return the value that a word of the command line means."""
    if text.lower() in {"true", "false"}:
        return text.lower() == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def value_text(tag: Tag | None, sample: Sample) -> str:
    """Return a value with unit or state text."""
    value = sample.value
    if value is None:
        return "-"
    if tag is None or isinstance(value, str):
        return str(value)
    state = tag.state_text(value) if tag.is_discrete else None
    if state is not None:
        return f"{int(value)} {state.en}"
    text = f"{value:.{tag.decimals}f}" if isinstance(value, float) else str(value)
    return f"{text} {tag.unit}".rstrip()


def sample_json(name: str, tag: Tag | None, sample: Sample) -> dict[str, Any]:
    """Return a sample as a JSON object; non-finite numbers become null."""
    value = sample.value
    if isinstance(value, float) and not -float("inf") < value < float("inf"):
        value = None
    return {
        "tag": name,
        "value": value,
        "unit": tag.unit if tag else "",
        "status": sample.status,
        "quality": st.severity(sample.status).name.lower(),
        "status_name": st.status_name(sample.status),
        "stale": st.is_stale(sample.status),
        "source_time": time_text(sample.source_ns),
        "source_ns": sample.source_ns,
        "receive_ns": sample.receive_ns,
    }
