"""What can be pointed at in a display: by mouse, by keyboard, and how that is outlined."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPen

from app.project.displays import Display, Frame, Link, Symbol
from widgets.mimic.context import Layout, outer
from widgets.theme import Theme

_MARGIN = 4
_MARK = 20
"""What a value's place has at either side for its mark (px); the outline leaves it out."""


@dataclass(frozen=True)
class Target:
    """Something that can be pointed at: an equipment, a link, or by keyboard alone a value that stands in neither."""

    rect: QRect
    equipment: str = ""
    display: str = ""
    tag: str = ""

    @property
    def what(self) -> tuple[str, str, str]:
        """What it is, wherever it stands: a display is laid out anew at any time."""
        return self.equipment, self.display, self.tag


def find_targets(display: Display, layout: Layout) -> list[Target]:
    """Return the targets of a display in its order; a symbol within the frame of its equipment is none of its own."""
    framed = {element.equipment for element in display.elements if isinstance(element, Frame)}
    targets = []
    for element in display.elements:
        rect = outer(layout.rect(element.box))
        match element:
            case Frame():
                targets.append(Target(rect, equipment=element.equipment))
            case Symbol() if element.equipment and element.equipment not in framed:
                targets.append(Target(rect.adjusted(-4, -4, 4, 4), equipment=element.equipment))
            case Link():
                targets.append(Target(rect, display=element.display))
    return targets


def lone_values(targets: Sequence[Target], values: Sequence[tuple[str, QRect]]) -> list[Target]:
    """Return the values that stand in no target, as targets of their own."""
    lone = [each for each in values if not any(one.rect.contains(each[1].center()) for one in targets)]
    return [Target(rect.adjusted(_MARK, 0, -_MARK, 0), tag=tag) for tag, rect in lone]


class Pointing:
    """The targets of one layout: which is hovered, focused, selected."""

    def __init__(self) -> None:
        self.targets: list[Target] = []
        self.selected = ""
        self._hovered: Target | None = None
        self._focused = -1

    def clear(self) -> None:
        """Forget selection, hover and focus: another display is shown."""
        self.selected, self._focused, self._hovered = "", -1, None

    @property
    def focused(self) -> Target | None:
        """The target that Enter opens."""
        return self.targets[self._focused] if 0 <= self._focused < len(self.targets) else None

    def at(self, point: QPoint) -> Target | None:
        """Return the equipment or link at a point; the smallest where several lie over one another."""
        found = [target for target in self.targets if target.rect.contains(point) and not target.tag]
        return min(found, key=lambda target: target.rect.width() * target.rect.height()) if found else None

    def hover(self, target: Target | None) -> list[QRect]:
        """Take what is pointed at; return what has to be repainted."""
        if target is self._hovered:
            return []
        old, self._hovered = self._hovered, target
        return [one.rect.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN) for one in (old, target) if one is not None]

    def step(self, forward: bool) -> bool:
        """Move the focus to the next or previous target; False at the end."""
        focused = self._focused + (1 if forward else -1)
        if not 0 <= focused < len(self.targets):
            return False
        self._focused = focused
        return True

    def focus_end(self, *, first: bool) -> None:
        """Put the focus on the first or last target."""
        self._focused = 0 if first and self.targets else len(self.targets) - 1

    def unfocus(self) -> None:
        """Take the focus away."""
        self._focused = -1

    def paint(self, painter: QPainter, theme: Theme) -> None:
        """Outline what is selected, focused or hovered."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for index, target in enumerate(self.targets):
            if self.selected and target.equipment == self.selected:
                painter.setPen(QPen(theme.color("selection"), 3))
            elif index == self._focused:
                painter.setPen(QPen(theme.color("selection"), 2, Qt.PenStyle.DashLine))
            elif target is self._hovered:
                painter.setPen(QPen(theme.color("equipment_edge"), 1.5))
            else:
                continue
            painter.drawRoundedRect(target.rect.adjusted(0, 0, -1, -1), 4, 4)
