"""``haihe engine``: run the engine of a project until SIGTERM or Ctrl-C."""

import argparse
import json

from app.cli.common import add_project, parse_port
from app.engine.main import run_engine
from app.link.endpoint import public
from app.model.engine import EngineEndpoint


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_project(parser)
    parser.add_argument("--port", type=parse_port, default=0, help="of the link on loopback (default: any free one)")
    parser.add_argument(
        "--metrics", type=parse_port, metavar="PORT", help="serve OpenMetrics on loopback (default: not at all)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the engine; prints ``READY`` and its endpoint when it serves."""
    return run_engine(arguments.project, _ready, port=arguments.port, metrics_port=arguments.metrics)


def _ready(endpoint: EngineEndpoint) -> None:
    print("READY", json.dumps(public(endpoint)), flush=True)
