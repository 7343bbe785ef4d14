"""Options of everything that shows a picture."""

import argparse


def add_looks(parser: argparse.ArgumentParser, theme: str = "", language: str = "") -> None:
    """Add --theme and --language."""
    parser.add_argument("--theme", default=theme, choices=["light", "dark"], help="default: as last time")
    parser.add_argument("--language", default=language, choices=["en", "zh_CN"], help="default: as last time")


def parse_size(text: str) -> tuple[int, int]:
    """Return width and height of ``1920x1080``; for argparse."""
    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise argparse.ArgumentTypeError(f"'{text}' is not a size; expected for example 1920x1080")
    if not (1024 <= int(width) <= 8192 and 640 <= int(height) <= 8192):  # the window's own least size
        raise argparse.ArgumentTypeError(f"'{text}' is out of range; allowed: 1024x640 to 8192x8192")
    return int(width), int(height)
