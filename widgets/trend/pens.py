"""The pens of a trend: which tags, on which scale, in which colour of the theme. No painting here."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from PySide6.QtCore import QObject, Signal

from app.model.pen import is_scale
from app.model.tag import Tag
from widgets.trend.shape import EMPTY, Lines

MAX_PENS: Final = 16


LANE: Final = 0.06
"""Height of a lane of a discrete tag, as a share of the plot."""


class LineStyle(Enum):
    """How a curve is drawn: pixels on and off along the time axis. Uncertain data has a pattern of its own."""

    SOLID = (1, 0)
    DASHED = (14, 6)
    DOTTED = (2, 4)


@dataclass(eq=False)
class Pen:
    """One curve.

    Attributes:
        color: number of the theme's curve colour. low, high: its scale (engineering units).
        own_axis: keeps its own scale while the others share one a unit. fixed: so it does, and is not fitted either.
        width: device independent pixels.
        lines: what the last query gave. past: its course at the time that is compared with, moved to the time shown.

    """

    tag: Tag
    color: int
    low: float
    high: float
    visible: bool = True
    own_axis: bool = False
    fixed: bool = False
    style: LineStyle = LineStyle.SOLID
    width: int = 1
    lines: Lines = field(default=EMPTY)
    past: Lines = field(default=EMPTY)
    is_discrete: bool = field(init=False)

    def __post_init__(self) -> None:
        self.is_discrete = self.tag.is_discrete


class PenSet(QObject):
    """At most sixteen pens, one of them current (its scale is on the axis).

    Signals:
        changed(): pens came or went, or one changed its visibility or scale.

    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.pens: list[Pen] = []
        self.current: Pen | None = None
        self.shared = False
        self.staggered = False

    def add(self, tag: Tag) -> Pen | None:
        """Add a tag; None when it is already there or there is no room."""
        if len(self.pens) >= MAX_PENS or any(pen.tag.name == tag.name for pen in self.pens):
            return None
        used = {pen.color for pen in self.pens}
        color = next(number for number in range(MAX_PENS) if number not in used)
        low, high = self._states(tag) if tag.is_discrete else (tag.low, tag.high)
        pen = Pen(tag, color, low, high if high > low else low + 1.0)
        self.pens.append(pen)
        self.current = self.current or pen
        self.changed.emit()
        return pen

    def remove(self, pen: Pen) -> None:
        """Take a pen away."""
        if pen in self.pens:
            self.pens.remove(pen)
            if self.current is pen:
                self.current = self.pens[0] if self.pens else None
            self.changed.emit()

    def replace(self, tags: list[Tag]) -> None:
        """Take other tags (a saved group)."""
        with self.one_change():
            self.pens, self.current = [], None
            for tag in tags:
                self.add(tag)

    @contextmanager
    def one_change(self) -> Iterator[None]:
        """Tell once of all that changes within."""
        before = self.blockSignals(True)
        try:
            yield
        finally:
            self.blockSignals(before)
        self.changed.emit()

    def choose(self, pen: Pen) -> None:
        """Put a pen's scale on the axis."""
        if pen is not self.current:
            self.current = pen
            self.changed.emit()

    def set_visible(self, pen: Pen, visible: bool) -> None:
        """Show or hide a pen."""
        if pen.visible != visible:
            pen.visible = visible
            self.changed.emit()

    def set_style(self, pen: Pen, style: LineStyle, width: int) -> None:
        """Draw a pen in another way."""
        pen.style, pen.width = style, width
        self.changed.emit()

    def set_color(self, pen: Pen, color: int) -> None:
        """Give a pen another colour of the theme; the pen that had it takes the old one."""
        for other in self.pens:
            if other.color == color:
                other.color = pen.color
        pen.color = color
        self.changed.emit()

    def set_own_axis(self, pen: Pen, own: bool) -> None:
        """Let a pen keep its own scale while the others share theirs."""
        pen.own_axis = own
        self.changed.emit()

    def fix_scale(self, pen: Pen, low: float, high: float) -> None:
        """Put a pen on a scale that stays; ``low`` is below ``high``."""
        pen.low, pen.high, pen.fixed = low, high, True
        self.changed.emit()

    def free_scale(self, pen: Pen) -> None:
        """Put a pen on the range of its tag, from where it may be fitted."""
        pen.fixed = False
        pen.low, pen.high = pen.tag.low, max(pen.tag.high, pen.tag.low + 1e-9)
        self.changed.emit()

    def set_staggered(self, staggered: bool) -> None:
        """Give every analog pen a band of its own, one below the other, or all the whole height."""
        if self.staggered != staggered:
            self.staggered = staggered
            self.changed.emit()

    def set_shared(self, shared: bool) -> None:
        """Put all pens on the current one's scale, or each on its own."""
        if self.shared != shared:
            self.shared = shared
            self.changed.emit()

    def fit(self) -> None:
        """Scale every pen to what it shows now, with its limits of normal operation."""
        for pen in self.pens:
            bounds = pen.lines.bounds()
            if bounds is not None and not pen.is_discrete and not pen.fixed:
                margin = (bounds[1] - bounds[0]) * 0.1 or max(abs(bounds[0]) * 0.05, 10.0**-pen.tag.decimals)
                low, high = bounds[0] - margin, bounds[1] + margin
                if is_scale(low, high):
                    pen.low, pen.high = low, high
        self.changed.emit()

    def full(self) -> None:
        """Scale every pen to the range of its tag."""
        for pen in self.pens:
            if not pen.is_discrete and not pen.fixed:
                pen.low, pen.high = pen.tag.low, max(pen.tag.high, pen.tag.low + 1e-9)
        self.changed.emit()

    def scale(self, pen: Pen) -> tuple[float, float]:
        """Return the scale that a pen is drawn on."""
        if not self.shared:
            return pen.low, pen.high
        mine = self.sharing(pen)
        return min(p.low for p in mine), max(p.high for p in mine)

    def sharing(self, pen: Pen) -> list[Pen]:
        """Return the pens that are drawn on one scale with this one, itself included."""
        if not self.shared or pen.own_axis or pen.fixed or pen.is_discrete:
            return [pen]
        mine = [p for p in self.curves() if p.tag.unit == pen.tag.unit and not (p.own_axis or p.fixed)]
        return mine or [pen]

    def curves(self) -> list[Pen]:
        """Return the visible analog pens."""
        return [pen for pen in self.pens if pen.visible and not pen.is_discrete]

    def lanes(self) -> list[Pen]:
        """Return the visible discrete pens, top lane first."""
        return [pen for pen in self.pens if pen.visible and pen.is_discrete]

    def place(self, pen: Pen) -> tuple[float, float]:
        """Return bottom and top of a visible pen in the plot: 0 to 1, upwards."""
        lanes = self.lanes()
        if not lanes and not self.staggered:
            return 0.0, 1.0
        curves = self.curves()
        height = min(LANE, (0.5 if curves else 1.0) / max(1, len(lanes)))
        ground = height * len(lanes)
        if pen in lanes:
            top = ground - height * lanes.index(pen)
            return top - height, top
        if not self.staggered or pen not in curves:
            return ground, 1.0
        band = (1.0 - ground) / len(curves)
        top = 1.0 - band * curves.index(pen)
        return top - band, top

    @staticmethod
    def _states(tag: Tag) -> tuple[float, float]:
        numbers = [number for number, _ in tag.states] or [0, 1]
        return min(numbers) - 0.5, max(numbers) + 0.5
