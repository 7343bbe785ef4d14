"""Fonts: one family for both scripts, with tabular figures."""

from functools import lru_cache
from typing import Final

from PySide6.QtGui import QFont

FAMILY: Final = "Noto Sans CJK SC"
_FALLBACKS: Final = [
    FAMILY,
    "Noto Sans SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "Noto Sans",
    "sans-serif",
]

BODY: Final = 15
LABEL: Final = 13
HEADING: Final = 18
VALUE: Final = 22


@lru_cache(maxsize=128)
def _cached(pixels: int, bold: bool) -> QFont:
    result = QFont()
    result.setFamilies(_FALLBACKS)
    result.setPixelSize(pixels)
    result.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    result.setFeature(QFont.Tag("tnum"), 1)
    return result


def font(pixels: int = BODY, *, bold: bool = False) -> QFont:
    """Return the font of the given height (px, at least 7)."""
    return QFont(_cached(max(7, pixels), bold))


def number_font(pixels: int = VALUE) -> QFont:
    """Return the semi-bold font of live values: figures of equal width."""
    return font(pixels, bold=True)
