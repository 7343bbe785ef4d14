"""Options of everything that shows a picture."""

import argparse


def add_looks(parser: argparse.ArgumentParser, theme: str = "", language: str = "") -> None:
    """Add --theme and --language."""
    parser.add_argument("--theme", default=theme, choices=["light", "dark"], help="default: as last time")
    parser.add_argument("--language", default=language, choices=["en", "zh_CN"], help="default: as last time")


def parse_size(text: str) -> tuple[int, int]:
    """Return width and height of ``1920x1080``; for argparse."""
    width, _, height = text.lower().partition("x")
    if not (width.isdigit() and height.isdigit()) or not (320 <= int(width) <= 8192 and 240 <= int(height) <= 8192):
        raise argparse.ArgumentTypeError(f"'{text}' is not a size; expected for example 1920x1080")
    return int(width), int(height)
