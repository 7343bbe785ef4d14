"""``haihe screenshot``: a display or workspace as a PNG, without a screen."""

import argparse
import difflib
from pathlib import Path

from app.cli.common import add_project, fail
from app.cli.looks import add_looks, parse_size
from app.project import load_plant


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_project(parser)
    parser.add_argument("display", metavar="DISPLAY", help="display, or workspace such as trends or alarms")
    parser.add_argument("--out", type=_png, required=True, metavar="FILE.png")
    parser.add_argument("--size", type=parse_size, default=(1920, 1080), metavar="WxH", help="default 1920x1080")
    parser.add_argument("--equipment", default="", help="open its faceplate")
    add_looks(parser, theme="light", language="en")


def run(arguments: argparse.Namespace) -> int:
    """Write the picture."""
    if arguments.equipment:
        plant = load_plant(arguments.project)
        if arguments.equipment not in plant.equipment:
            near = difflib.get_close_matches(arguments.equipment, plant.equipment, n=1)
            hint = f"; did you mean '{near[0]}'?" if near else f"; equipment.csv of {plant.folder} defines it"
            return fail(f"haihe screenshot: no such equipment: {arguments.equipment}{hint}")
    from app.console.screenshot import screenshot

    screenshot(
        arguments.project, arguments.display, arguments.out, arguments.size, arguments.theme, arguments.language,
        equipment=arguments.equipment,
    )  # fmt: skip
    return 0


def _png(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() != ".png":
        raise argparse.ArgumentTypeError(f"'{text}' does not end in .png, the format that is written")
    return path
