"""The mouse held down in a display: a click when it is let go where it was pressed, or a drag of tags to a trend."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from app.model.plant import Plant
from widgets.mimic.pointing import Target


class Press:
    """From press to release. Nothing opens at the press: whoever pressed in the wrong place slides off."""

    def __init__(self) -> None:
        self._at: QPoint | None = None
        self._target: Target | None = None

    def begin(self, at: QPoint, target: Target | None) -> None:
        """Take where the button went down (widget px), and on what."""
        self._at, self._target = at, target

    def drags(self, to: QPoint) -> QPoint | None:
        """Return where a drag began once the pointer is far enough from there; that is no click any more."""
        at = self._at
        if at is None or (to - at).manhattanLength() < QApplication.startDragDistance():
            return None
        self._at = self._target = None
        return at

    def end(self, target: Target | None) -> Target | None:
        """Return what was clicked: pressed and let go on the same target."""
        pressed = self._target
        clicked = target if target is not None and pressed is not None and target.what == pressed.what else None
        self._at = self._target = None
        return clicked


def tags_of(plant: Plant, tag: str, equipment: str) -> list[str]:
    """Return what a trend takes from a place of a display: its value, or the course of its equipment.

    ``tag``: the value there; ``equipment``: what stands there; empty for none. The state of an equipment, which its
    symbol shows, stands for all of it: the members that its type's faceplate draws, and the state.
    """
    known = plant.equipment.get(equipment)
    kind = plant.types.get(known.type) if known is not None else None
    if known is None or kind is None:
        return [tag] if tag else []
    state = known.members.get(kind.state_member, "")
    if tag and tag != state:
        return [tag]
    return [name for name in dict.fromkeys([*plant.trended(equipment), state]) if name]
