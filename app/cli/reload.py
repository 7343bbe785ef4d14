"""``haihe reload``: let the running engine take the project folder as it is now."""

import argparse
import os

from app.cli.common import add_json, add_project, desk, print_json, with_client
from app.link.client import EngineClient
from app.link.codec import encode
from app.link.endpoint import find_engine
from app.link.messages import ReloadReport
from app.model.errors import EnvironmentProblem
from app.model.plant import Plant


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_project(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Reload, and print what was changed."""

    async def work(plant: Plant, client: EngineClient) -> ReloadReport:
        _check_folder(plant)
        return await client.reload(f"os:{os.environ.get('USER') or os.environ.get('LOGNAME') or 'unknown'}", desk())

    report = with_client(arguments.project, work)
    if arguments.json:
        print_json(encode(report))
        return 0
    if not report.changes:
        print("nothing has changed")
        return 0
    print("\n".join(report.changes))
    print(f"applied; connections made anew: {', '.join(report.connections) or 'none'}")
    return 0


def _check_folder(plant: Plant) -> None:
    endpoint = find_engine(plant.id)
    if endpoint is not None and not os.path.samefile(endpoint.project_folder, plant.folder):
        raise EnvironmentProblem(f"the engine takes its project from {endpoint.project_folder}; reload that")
