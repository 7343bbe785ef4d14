"""What a faceplate asks of the console to command: never blocking, answers by callback on the GUI thread."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject

from app.model.command import CommandResult, Selection
from app.model.errors import HaiheError
from app.model.sample import Sample, Value
from app.model.tag import Tag

Failed = Callable[[HaiheError], None]
Reader = Callable[[str], Sample | None]
"""Returns the newest reading of a tag by name."""


class SubstitutionPort(Protocol):
    """What is known of substitutes, and how they are set and ended; exactly one callback follows."""

    @property
    def why_not(self) -> str:
        """Why none can be set now; empty where one can."""

    def may(self, tag: Tag) -> bool:
        """Whether the role of this desk's session allows it for a tag."""

    def is_active(self, tag: Tag) -> bool:
        """Whether a tag is substituted."""

    def told(self, tag: Tag) -> str:
        """Return who substituted a tag, until when and why, and what its device says; empty where it is not."""

    def substitute(
        self, tag: Tag, value: Value, reason: str, duration_s: float, done: Callable[[], None],
        failed: Callable[[str], None],
    ) -> None:  # fmt: skip
        """Substitute a tag."""

    def end(self, tag: Tag, failed: Callable[[str], None]) -> None:
        """Let the device's value count again."""


class CommandPort(Protocol):
    """Select, operate, cancel; exactly one of the two callbacks follows unless the owner is gone."""

    def select(
        self, command: str, value: Value, done: Callable[[Selection], None], failed: Failed, owner: QObject
    ) -> None:
        """Select a command."""

    def operate(self, token: str, done: Callable[[CommandResult], None], failed: Failed, owner: QObject) -> None:
        """Carry out a selection; ``done`` follows when it is verified or failed."""

    def cancel(self, token: str) -> None:
        """Give up a selection."""
