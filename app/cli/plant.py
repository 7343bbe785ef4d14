"""``haihe plant``: run the demo plant alone."""

import argparse

from app.plantsim import main as plantsim


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    plantsim.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the plant until SIGTERM or Ctrl-C."""
    return plantsim.run(arguments)
