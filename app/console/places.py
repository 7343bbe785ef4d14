"""Where the operator is, and was: a history with back and forward, like a browser's."""

from dataclasses import dataclass
from typing import Final

LIMIT: Final = 100


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace, and the display within it (empty for the others)."""

    workspace: str
    display: str = ""


class Places:
    """A list of places and where in it we stand."""

    def __init__(self) -> None:
        self._places: list[Place] = []
        self._at = -1

    @property
    def current(self) -> Place | None:
        """Where we are."""
        return self._places[self._at] if self._at >= 0 else None

    @property
    def can_go_back(self) -> bool:
        """Whether there is an earlier place."""
        return self._at > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether there is a later place."""
        return self._at < len(self._places) - 1

    def visit(self, place: Place) -> None:
        """Go somewhere new; later places are forgotten."""
        if place != self.current:
            self._places = [*self._places[: self._at + 1], place][-LIMIT:]
            self._at = len(self._places) - 1

    def back(self) -> Place | None:
        """Step back; None at the beginning."""
        if not self.can_go_back:
            return None
        self._at -= 1
        return self.current

    def forward(self) -> Place | None:
        """Step forward; None at the end."""
        if not self.can_go_forward:
            return None
        self._at += 1
        return self.current
