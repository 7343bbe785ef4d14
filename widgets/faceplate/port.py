"""What a faceplate asks of the console to command: never blocking, answers by callback on the GUI thread."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject

from app.model.command import CommandResult, Selection
from app.model.errors import HaiheError
from app.model.sample import Sample, Value

Failed = Callable[[HaiheError], None]
Reader = Callable[[str], Sample | None]
"""Returns the newest reading of a tag by name."""


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
