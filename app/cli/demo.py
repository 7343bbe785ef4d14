"""``haihe demo``: the demo plant, an engine and a console; everything ends together."""

import argparse
import os
import secrets
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from app.cli.accounts import add_user, open_database, set_password
from app.cli.looks import add_looks, parse_size
from app.cli.process import Child
from app.model.user import Role
from app.plantsim.main import DEMO_PROJECT, between, endpoints
from app.plantsim.ports import check_ports
from app.project import load_plant

OPERATOR: Final = "demo"
START_S: Final = 60.0
PAST_HOURS: Final = "24"
"""Courses begin a day before the first start, so that trends have something to show."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("project", nargs="?", type=Path, default=DEMO_PROJECT, metavar="PROJECT")
    parser.add_argument("--out", type=Path, default=Path("screenshots"), metavar="DIR", help="of pictures offscreen")
    parser.add_argument(
        "--seconds", type=between(0, 86400), default=60.0, metavar="S", help="offscreen: run so long before them"
    )
    parser.add_argument("--size", type=parse_size, default=(1920, 1080), metavar="WxH")
    parser.add_argument(
        "--speed", type=between(0.01, 3600), default=1.0, metavar="N", help="run the plant N times as fast"
    )
    add_looks(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the demo until the console is closed, or Ctrl-C."""
    plant = load_plant(arguments.project)
    check_ports(endpoints(plant, None))
    password = make_operator(arguments.project)
    print(f"demo operator: {OPERATOR}   password: {password}", flush=True)
    try:
        return run_all(arguments, password)
    except KeyboardInterrupt:
        print("stopped", flush=True)
        return 130


def run_all(arguments: argparse.Namespace, password: str) -> int:
    """Start every process, and stop them all in the end, whatever happened."""
    folder = str(arguments.project)
    with interrupted_by_sigterm(), ExitStack() as stack:
        print("starting the plant …", flush=True)
        words = ["plant", folder, "--speed", str(arguments.speed), "--past", PAST_HOURS]
        stack.enter_context(Child("plant", words)).ready(START_S)
        print("starting the engine …", flush=True)
        stack.enter_context(Child("engine", ["engine", folder])).ready(START_S)
        if has_screen():
            return show(arguments, folder, password, stack)
        return tour_offscreen(arguments)


def show(arguments: argparse.Namespace, folder: str, password: str, stack: ExitStack) -> int:
    """Open the console and wait for its end."""
    words = ["console", folder, "--no-engine"]
    words += ["--theme", arguments.theme] if arguments.theme else []
    words += ["--language", arguments.language] if arguments.language else []
    environment = {"HAIHE_LOGIN_USER": OPERATOR, "HAIHE_LOGIN_PASSWORD": password}
    console = stack.enter_context(Child("console", words, environment))
    print("the console is open; close its window or press Ctrl-C to end the demo", flush=True)
    return console.wait()


def tour_offscreen(arguments: argparse.Namespace) -> int:
    """Let the plant run, then write a picture of every workspace."""
    print(
        f"no screen (neither DISPLAY nor WAYLAND_DISPLAY is set): running offscreen for {arguments.seconds:g} s, "
        f"then writing pictures to {arguments.out}",
        flush=True,
    )
    time.sleep(max(0.0, arguments.seconds))
    from app.console.tour import tour

    pictures = tour(
        arguments.project, arguments.out, arguments.size, arguments.theme or "light", arguments.language or "en"
    )
    for path in pictures:
        print(path)
    return 0 if pictures else 1


def make_operator(project: Path) -> str:
    """Give the demo operator a new random password, kept nowhere; returns it."""
    password = secrets.token_urlsafe(9)
    _plant, database = open_database(project)
    with database:
        if database.users.find(OPERATOR) is None:
            add_user(database, OPERATOR, Role.OPERATOR, password)
        else:
            set_password(database, OPERATOR, password)
    return password


def has_screen() -> bool:
    """Tell whether there is a screen to show a window on."""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@contextmanager
def interrupted_by_sigterm() -> Iterator[None]:
    """Turn SIGTERM into KeyboardInterrupt, so that children are stopped on the way out."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
