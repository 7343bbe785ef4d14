"""Between pens on the screen and what a saved group says of them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from app.model.pen import CURVE_COLORS, PenAxis, PenLine, PenSetting
from app.model.tag import Tag
from widgets.trend.pens import LineStyle, Pen, PenSet

_LINES: Final = {
    PenLine.SOLID: LineStyle.SOLID, PenLine.DASH: LineStyle.DASHED, PenLine.DOT: LineStyle.DOTTED,
}  # fmt: skip
_NAMES: Final = {style: line for line, style in _LINES.items()}


def resolved(tags: Iterable[str], settings: Iterable[PenSetting]) -> list[PenSetting]:
    """Return the setting of every pen with its colour: the one asked for, else the first that no other has."""
    by_tag = {setting.tag: setting for setting in settings}
    whole = [by_tag.get(tag, PenSetting(tag)) for tag in tags]
    taken = {setting.color for setting in whole if setting.color}
    free = iter([color for color in CURVE_COLORS if color not in taken])
    return [setting if setting.color else replace(setting, color=next(free)) for setting in whole]


def settings_of(pens: Sequence[Pen]) -> list[PenSetting]:
    """Return how pens are drawn, whole."""
    return [
        PenSetting(
            pen.tag.name, CURVE_COLORS[pen.color], _NAMES[pen.style], pen.width,
            PenAxis.OWN if pen.own_axis else PenAxis.SHARED, pen.low if pen.fixed else None,
            pen.high if pen.fixed else None, pen.visible,
        )
        for pen in pens
    ]  # fmt: skip


def kept(pens: Sequence[Pen]) -> tuple[PenSetting, ...]:
    """Return what a group must say of pens: colours only where they are not those that would be given anyway."""
    whole = settings_of(pens)
    given = resolved([pen.tag.name for pen in pens], ())
    if [one.color for one in whole] == [one.color for one in given]:
        whole = [replace(one, color="") for one in whole]
    return tuple(one for one in whole if one != PenSetting(one.tag))


def copy_pens(pens: PenSet, other: PenSet) -> None:
    """Show the pens of another trend as they are there."""
    put_pens(pens, [pen.tag for pen in other.pens], settings_of(other.pens), other.shared, other.staggered)


def put_pens(pens: PenSet, tags: Sequence[Tag], settings: Sequence[PenSetting], shared: bool, stagger: bool) -> None:
    """Replace the pens by those of tags, each as its setting says, which must be resolved; one change for all."""
    with pens.one_change():
        pens.replace(list(tags))
        pens.shared, pens.staggered = shared, stagger
        for pen, setting in zip(pens.pens, settings, strict=True):
            pen.color = CURVE_COLORS.index(setting.color)
            pen.style, pen.width, pen.visible = _LINES[setting.line], setting.width, setting.visible
            pen.own_axis = setting.axis is PenAxis.OWN
            if setting.low is not None and setting.high is not None and not pen.is_discrete:
                pen.low, pen.high, pen.fixed = setting.low, setting.high, True
