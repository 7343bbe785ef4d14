"""``haihe disturb``: cause or end a disturbance in the running demo plant."""

import argparse

from app.plantsim import control


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    control.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Tell the plant; exit status 1 where none runs."""
    return control.run(arguments)
