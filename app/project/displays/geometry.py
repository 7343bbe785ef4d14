"""Positions: the part of SVG transforms that live elements understand (translate and scale)."""

import re
from dataclasses import dataclass
from typing import Final

from app.project.displays.model import Box

_STEP: Final = re.compile(r"\s*(translate|scale)\(\s*([-+\d.eE]+)(?:[\s,]+([-+\d.eE]+))?\s*\)\s*,?")
_PATH: Final = re.compile(r"([MLHVZmlhvz])([^MLHVZmlhvz]*)")
_NUMBER: Final = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


class GeometryError(ValueError):
    """A transform, number or path that live elements do not support."""


@dataclass(frozen=True, slots=True)
class Place:
    """Scale, then move."""

    sx: float = 1.0
    sy: float = 1.0
    tx: float = 0.0
    ty: float = 0.0

    def then(self, text: str) -> "Place":
        """Return this place with a transform attribute applied inside it; raises GeometryError."""
        place, at = self, 0
        text = text.strip()
        while at < len(text):
            match = _STEP.match(text, at)
            if match is None:
                raise GeometryError(f"transform '{text}': live elements may only be moved and scaled")
            one = float(match[2])
            if match[1] == "translate":
                two = float(match[3] or 0)
                place = Place(place.sx, place.sy, place.tx + place.sx * one, place.ty + place.sy * two)
            else:
                two = float(match[3] or one)
                place = Place(place.sx * one, place.sy * two, place.tx, place.ty)
            at = match.end()
        return place

    def box(self, x: float, y: float, width: float, height: float) -> Box:
        """Return a rectangle in view box units."""
        return Box(self.tx + self.sx * x, self.ty + self.sy * y, self.sx * width, self.sy * height)


def number(text: str, name: str) -> float:
    """Return a plain number (a trailing ``px`` is allowed); raises GeometryError."""
    try:
        return float(text.strip().removesuffix("px"))
    except ValueError:
        raise GeometryError(f"{name}='{text}' is not a number") from None


def polyline(text: str, place: Place) -> tuple[tuple[float, float], ...]:
    """Return the corners of a path of M, L, H, V and Z; raises GeometryError for curves."""
    points: list[tuple[float, float]] = []
    x = y = 0.0
    if re.search(r"[^MLHVZmlhvz\d\s,.eE+-]", text):
        raise GeometryError("a flow path may only use M, L, H and V")
    for letter, rest in _PATH.findall(text):
        values = [float(value) for value in _NUMBER.findall(rest)]
        relative = letter.islower()
        kind = letter.upper()
        if kind == "Z" and points:
            points.append(points[0])
        elif kind == "H":
            for value in values:
                x = x + value if relative else value
                points.append((x, y))
        elif kind == "V":
            for value in values:
                y = y + value if relative else value
                points.append((x, y))
        else:
            for px, py in zip(values[::2], values[1::2], strict=False):
                x, y = (x + px, y + py) if relative else (px, py)
                points.append((x, y))
    return tuple((place.tx + place.sx * px, place.ty + place.sy * py) for px, py in points)
