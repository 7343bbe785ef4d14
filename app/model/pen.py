"""How a pen of a saved trend group is drawn."""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

CURVE_COLORS: Final = tuple(f"curve{number}" for number in range(1, 17))
"""Names of the theme's curve colours: apart for colour-blind eyes too, in either theme."""
WIDTHS: Final = (1, 2, 3)


def is_scale(low: float, high: float) -> bool:
    """Tell whether a curve can be drawn from low to high: length, and what a unit is of it, are finite numbers."""
    length = high - low
    return length > 0.0 and math.isfinite(length) and math.isfinite(1.0 / length)


class PenLine(StrEnum):
    """How a line is drawn where its data is good; short dashes of their own mean uncertain data."""

    SOLID = "solid"
    DASH = "dash"
    DOT = "dot"


class PenAxis(StrEnum):
    """Whether a pen shares a scale with the others of its unit, where the trend shares scales."""

    SHARED = "shared"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class PenSetting:
    """What a group says of the pen of a tag.

    Attributes:
        color: name of a curve colour; empty: the first one that no other pen has.
        width: device independent pixels, one of WIDTHS.
        low, high: fixed scale (engineering units), both or neither; such a pen shares none.

    """

    tag: str
    color: str = ""
    line: PenLine = PenLine.SOLID
    width: int = 1
    axis: PenAxis = PenAxis.SHARED
    low: float | None = None
    high: float | None = None
    visible: bool = True
