"""``haihe screenshot``: a display or workspace as a PNG, without a screen."""

import argparse
from pathlib import Path

from app.cli.common import add_project
from app.cli.looks import add_looks, parse_size


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_project(parser)
    parser.add_argument("display", metavar="DISPLAY", help="display, or workspace such as trends or alarms")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.png")
    parser.add_argument("--size", type=parse_size, default=(1920, 1080), metavar="WxH", help="default 1920x1080")
    parser.add_argument("--equipment", default="", help="open its faceplate")
    add_looks(parser, theme="light", language="en")


def run(arguments: argparse.Namespace) -> int:
    """Write the picture."""
    from app.console.screenshot import screenshot

    screenshot(
        arguments.project, arguments.display, arguments.out, arguments.size, arguments.theme, arguments.language,
        equipment=arguments.equipment,
    )  # fmt: skip
    return 0
