"""What the model puts out: true values by tag name."""

from typing import TypeAlias

Reading: TypeAlias = float | int | bool
Readings: TypeAlias = dict[str, Reading]
"""Tag name to value in engineering units, before the instruments add their noise."""
