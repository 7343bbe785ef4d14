"""``haihe console``: open the console on a project; without one, on the last."""

import argparse
from pathlib import Path

from app.cli.looks import add_looks, parse_size
from app.model.errors import ProjectError
from app.project.state import state_root

LAST = "last-project"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("project", nargs="?", type=Path, metavar="PROJECT", help="default: the last one opened")
    add_looks(parser)
    parser.add_argument("--size", type=parse_size, default=None, metavar="WxH", help="of the window, pixels")
    parser.add_argument("--display", default="", help="first display")
    parser.add_argument("--no-engine", action="store_true", help="start no engine where none runs")
    parser.add_argument("--report-first-picture", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--report-paint", default="", metavar="TAG", help=argparse.SUPPRESS)
    parser.add_argument("--quit-after-first-picture", action="store_true", help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace) -> int:
    """Show the console until its window is closed."""
    from app.console.main import run_console
    from app.console.options import ConsoleOptions

    project = arguments.project or last_project()
    options = ConsoleOptions(
        theme=arguments.theme,
        language=arguments.language,
        size=arguments.size,
        display=arguments.display,
        supervise=not arguments.no_engine,
        report_first_picture=arguments.report_first_picture,
        report_paint=arguments.report_paint,
        quit_after_first_picture=arguments.quit_after_first_picture,
    )
    remember(project)
    return run_console(project, options)


def last_project() -> Path:
    """Return the project opened last. Raises ProjectError where there is none."""
    try:
        return Path((state_root() / LAST).read_text(encoding="utf-8").strip())
    except OSError:
        raise ProjectError("no project was opened yet; try: haihe demo, or: haihe console PROJECT") from None


def remember(project: Path) -> None:
    """Keep the project for the next ``haihe`` without arguments; not essential, so a failure is silent."""
    try:
        state_root().mkdir(mode=0o700, parents=True, exist_ok=True)
        (state_root() / LAST).write_text(f"{project.resolve()}\n", encoding="utf-8")
    except OSError:
        return
