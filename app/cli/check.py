"""``haihe check``: validate a project."""

import argparse
import sys

from app.cli.common import add_json, add_project, print_json
from app.link.codec import encode
from app.project import check_project


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_project(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print each problem as ``file:line: field: message``; exit status 1 where there is one."""
    plant, problems = check_project(arguments.project)
    if arguments.json:
        print_json({"problems": [encode(problem) for problem in problems]})
    else:
        for problem in problems:
            print(problem)
        if plant is not None and not problems:
            print(
                f"{plant.id}: no problems; {len(plant.tags)} tags, {len(plant.equipment)} equipment, "
                f"{len(plant.alarms)} alarms, {len(plant.commands)} commands, {len(plant.displays)} displays"
            )
    if problems:
        sys.stdout.flush()
        print(f"haihe check: {len(problems)} problem{'s' if len(problems) > 1 else ''}", file=sys.stderr)
    return 1 if problems or plant is None else 0
