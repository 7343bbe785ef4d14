"""How one command goes: select, have it checked, execute within the time of the selection, learn how it ended."""

import time
from enum import Enum, auto

from PySide6.QtCore import QObject, Signal

from app.model.clock import SECOND_NS
from app.model.command import CommandDefinition, CommandResult, Selection
from app.model.errors import HaiheError
from app.model.sample import Value
from widgets.faceplate.port import CommandPort, Failed


class Progress(Enum):
    """Where a command stands."""

    IDLE = auto()
    CHECKING = auto()
    SELECTED = auto()
    EXECUTING = auto()


class CommandFlow(QObject):
    """One command at a time, sent once; answers to what was given up meanwhile are dropped. GUI thread only.

    Signals:
        changed(): the progress is another.
        selected(): the checks are passed; ``selection`` can be executed now.
        finished(object, object): the CommandDefinition and its CommandResult.
        refused(object, object, bool): the CommandDefinition, the HaiheError, and whether it had been sent.

    """

    changed = Signal()
    selected = Signal()
    finished = Signal(object, object)
    refused = Signal(object, object, bool)

    def __init__(self, port: CommandPort, parent: QObject) -> None:
        super().__init__(parent)
        self._port = port
        self._generation = 0
        self._command: CommandDefinition | None = None
        self.progress = Progress.IDLE
        self.selection: Selection | None = None

    @property
    def command(self) -> CommandDefinition | None:
        """The command that is under way; None while idle."""
        return self._command

    @property
    def seconds_left(self) -> float:
        """Seconds until the selection expires; 0 or less from then on, and where there is none."""
        return (self.selection.expires_ns - time.time_ns()) / SECOND_NS if self.selection is not None else 0.0

    def select(self, command: CommandDefinition, value: Value) -> None:
        """Have a command checked; does nothing while another is under way."""
        if self.progress is not Progress.IDLE:
            return
        mine = self._enter(Progress.CHECKING, command)

        def done(selection: Selection) -> None:
            if mine == self._generation:
                self.selection = selection
                self._enter(Progress.SELECTED, command)
                self.selected.emit()
            else:
                self._port.cancel(selection.token)

        self._port.select(command.id, value, done, self._failing(mine, command, sent=False), self)

    def operate(self) -> None:
        """Execute what is selected; a second call does nothing."""
        selection, command = self.selection, self._command
        if selection is None or command is None:
            return
        self.selection = None
        mine = self._enter(Progress.EXECUTING, command)

        def done(result: CommandResult) -> None:
            if mine == self._generation:
                self._enter(Progress.IDLE)
                self.finished.emit(command, result)

        self._port.operate(selection.token, done, self._failing(mine, command, sent=True), self)

    def give_up(self) -> None:
        """Give up the selection, if there is one; of what was sent already, the answer is no longer waited for."""
        selection, self.selection = self.selection, None
        if selection is not None:
            self._port.cancel(selection.token)
        self._enter(Progress.IDLE)

    def _failing(self, mine: int, command: CommandDefinition, *, sent: bool) -> Failed:
        def failed(error: HaiheError) -> None:
            if mine == self._generation:
                self._enter(Progress.IDLE)
                self.refused.emit(command, error, sent)

        return failed

    def _enter(self, progress: Progress, command: CommandDefinition | None = None) -> int:
        """Go on; return the generation that an answer must find unchanged."""
        self._generation += 1
        self.progress, self._command = progress, command
        self.changed.emit()
        return self._generation
