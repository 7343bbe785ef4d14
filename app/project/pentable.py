"""Pens of a trend group as tables: ``[pens."TAG"]``, with only what differs from the default."""

from collections.abc import Mapping
from typing import Any

from app.model.pen import CURVE_COLORS, WIDTHS, PenAxis, PenLine, PenSetting, is_scale


def pen_from_table(tag: str, table: Mapping[str, Any]) -> PenSetting:
    """Return the pen of a table; raises ValueError or TypeError where it is none."""
    low, high = table.get("low"), table.get("high")
    setting = PenSetting(
        tag,
        color=str(table.get("color", "")),
        line=PenLine(table.get("line", "solid")),
        width=int(table.get("width", 1)),
        axis=PenAxis(table.get("axis", "shared")),
        low=None if low is None else float(low),
        high=None if high is None else float(high),
        visible=bool(table.get("visible", True)),
    )
    if setting.color and setting.color not in CURVE_COLORS:
        raise ValueError(f"colour {setting.color!r} is unknown")
    if setting.width not in WIDTHS:
        raise ValueError(f"width {setting.width} is not allowed")
    why = scale_problem(setting.low, setting.high)
    if why:
        raise ValueError(why)
    return setting


def table_from_pen(pen: PenSetting) -> dict[str, Any]:
    """Return what a table says of a pen; empty for one that is as by default."""
    default = PenSetting(pen.tag)
    keys = ("color", "line", "width", "axis", "low", "high", "visible")
    changed = {key: getattr(pen, key) for key in keys if getattr(pen, key) != getattr(default, key)}
    return {key: value.value if isinstance(value, PenLine | PenAxis) else value for key, value in changed.items()}


def scale_problem(low: float | None, high: float | None) -> str:
    """Return why two numbers are no fixed scale; empty where they are one, or there is none."""
    if low is None and high is None:
        return ""
    if low is None or high is None:
        return "a fixed scale needs both low and high"
    if not is_scale(low, high):
        return f"low {low:g} is not below high {high:g}, or they are too far apart or too near"
    return ""
