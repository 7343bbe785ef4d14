"""Conditions that compare the values of two tags: what is needed to see from outside that neither changes anything."""

from dataclasses import dataclass
from typing import Final

ABOVE: Final = 1
"""Met above the other value."""
BELOW: Final = -1
"""Met below it."""
APART: Final = 0
"""Met further from it than the limit."""


@dataclass(frozen=True, slots=True)
class Joint:
    """Two tags whose values are compared. ``limit``: of APART; ``only_good``: whether an uncertain other is none."""

    own: str
    other: str
    side: int
    limit: float
    deadband: float
    only_good: bool
