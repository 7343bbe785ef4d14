"""Spacing in steps of 4 px (device independent pixels)."""

from typing import Final

HALF: Final = 4
STEP: Final = 8
GAP: Final = 12
LARGE: Final = 20
ROW: Final = 32
"""Height of one line with a control."""
