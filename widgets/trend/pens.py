"""The pens of a trend: which tags, on which scale, in which colour of the theme. No painting here."""

from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QObject, Signal

from app.model.tag import Tag
from widgets.trend.shape import EMPTY, Lines

MAX_PENS: Final = 16


@dataclass(eq=False)
class Pen:
    """One curve.

    Attributes:
        color: number of the theme's curve colour. low, high: its scale (engineering units); fixed unless fitted.
        lines: what the last query gave.

    """

    tag: Tag
    color: int
    low: float
    high: float
    visible: bool = True
    lines: Lines = field(default=EMPTY)


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
        self.pens, self.current = [], None
        self.blockSignals(True)
        for tag in tags:
            self.add(tag)
        self.blockSignals(False)
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

    def set_shared(self, shared: bool) -> None:
        """Put all pens on the current one's scale, or each on its own."""
        self.shared = shared
        self.changed.emit()

    def fit(self) -> None:
        """Scale every pen to what it shows now, with its limits of normal operation."""
        for pen in self.pens:
            bounds = pen.lines.bounds()
            if bounds is not None and not pen.tag.is_discrete:
                margin = (bounds[1] - bounds[0]) * 0.1 or max(abs(bounds[0]) * 0.05, 10.0**-pen.tag.decimals)
                pen.low, pen.high = bounds[0] - margin, bounds[1] + margin
        self.changed.emit()

    def full(self) -> None:
        """Scale every pen to the range of its tag."""
        for pen in self.pens:
            if not pen.tag.is_discrete:
                pen.low, pen.high = pen.tag.low, max(pen.tag.high, pen.tag.low + 1e-9)
        self.changed.emit()

    def scale(self, pen: Pen) -> tuple[float, float]:
        """Return the scale that a pen is drawn on."""
        if not self.shared or pen.tag.is_discrete:
            return pen.low, pen.high
        mine = [p for p in self.pens if p.visible and p.tag.unit == pen.tag.unit and not p.tag.is_discrete] or [pen]
        return min(p.low for p in mine), max(p.high for p in mine)

    @staticmethod
    def _states(tag: Tag) -> tuple[float, float]:
        numbers = [number for number, _ in tag.states] or [0, 1]
        return min(numbers) - 0.5, max(numbers) + 0.5
