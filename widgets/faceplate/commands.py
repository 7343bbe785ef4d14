"""Commands of an equipment: select, read the checks, execute within the time of the selection, see how it ended."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.model.command import (
    CommandDefinition,
    CommandKind,
    CommandOutcome,
    CommandRefused,
    CommandResult,
)
from app.model.errors import HaiheError, LinkError
from app.model.sample import Value
from app.model.status import tells_of_communication
from app.model.tag import Tag
from widgets.faceplate.flow import CommandFlow, Progress
from widgets.faceplate.notice import CommandNotice
from widgets.faceplate.port import CommandPort, Reader
from widgets.faceplate.setpoint import SetpointLine
from widgets.theme import GAP, STEP
from widgets.wording import Wording

_TICK_MS: Final = 250
_ROW_OF: Final = 2


class CommandPanel(QWidget):
    """All commands of one equipment, one selection at a time."""

    def __init__(
        self,
        commands: Sequence[CommandDefinition],
        tags: Mapping[str, Tag],
        read: Reader,
        port: CommandPort,
        wording: Wording,
    ) -> None:
        super().__init__()
        self._tags, self._read, self._wording = tags, read, wording
        self._commands = {command.id: command for command in commands}
        self._flow = CommandFlow(port, self)
        self._granted = False
        self._why_not = ""
        self._may = False
        self.lines: list[SetpointLine] = []
        self.buttons: list[QPushButton] = []
        self.notice = CommandNotice()
        self._blocked = QLabel(wordWrap=True)
        self._blocked.setProperty("look", "label")
        self._lay_out(commands)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._count_down)
        self.notice.execute.clicked.connect(self._operate)
        self.notice.cancel.clicked.connect(self.give_up)
        self._flow.changed.connect(self._follow)
        self._flow.selected.connect(self._selected)
        self._flow.finished.connect(self._finished)
        self._flow.refused.connect(self._refused)
        self.set_may_operate(False)

    def set_may_operate(self, may: bool, why_not: str = "") -> None:
        """Enable or disable at once; a selection is given up when it may no longer be used."""
        self._granted, self._why_not = may, why_not
        self._judge()

    def refresh(self) -> None:
        """Show present setpoints where nothing was typed; stop at once where the PLC is away."""
        for line in self.lines:
            tag = self._tags.get(line.command.target)
            sample = self._read(line.command.target)
            if tag is not None and sample is not None and sample.is_good and sample.number is not None:
                line.propose(f"{sample.number:.{tag.decimals}f}")
        self._judge()

    def _judge(self) -> None:
        """Find out whether anything may be commanded now, and say why not."""
        targets = [self._read(command.target) for command in self._commands.values()]
        lost = any(sample is not None and tells_of_communication(sample.status) for sample in targets)
        may = self._granted and not lost
        if self._may and not may and self._flow.progress is not Progress.IDLE:
            unknown = self._flow.progress is Progress.EXECUTING
            self.give_up()
            if unknown:
                self.notice.say(self.tr("Outcome unknown"), self.tr("The link broke: read before acting again"))
        self._may = may
        why = self._why_not if not self._granted else self.tr("There is no communication with the PLC") if lost else ""
        self._blocked.setText(why)
        self._blocked.setVisible(bool(why and self._commands))
        self._enable()

    def give_up(self) -> None:
        """Give up the selection, if there is one."""
        self._flow.give_up()
        self.notice.hide()

    def _lay_out(self, commands: Sequence[CommandDefinition]) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(GAP)
        for command in commands:
            if command.kind is CommandKind.SETPOINT:
                line = SetpointLine(command, self._tags.get(command.target), self._wording)
                line.select.clicked.connect(lambda _=False, chosen=line: self._select_setpoint(chosen))
                self.lines.append(line)
                box.addWidget(line)
        grid = QGridLayout()
        grid.setSpacing(STEP)
        for command in (c for c in commands if c.kind is CommandKind.ACTION):
            button = QPushButton(self._wording.text(command.title))
            button.clicked.connect(lambda _=False, chosen=command: self._select(chosen, None))
            grid.addWidget(button, len(self.buttons) // _ROW_OF, len(self.buttons) % _ROW_OF)
            self.buttons.append(button)
        box.addLayout(grid)
        box.addWidget(self._blocked)
        box.addWidget(self.notice)

    def _follow(self) -> None:
        """Count down while something is selected; allow the next command when this one has ended."""
        if self._flow.progress is Progress.SELECTED:
            self._timer.start()
        else:
            self._timer.stop()
        self._enable()

    def _enable(self) -> None:
        ready = self._may and self._flow.progress is Progress.IDLE
        for widget in (*self.buttons, *(line.select for line in self.lines), *(line.entry for line in self.lines)):
            widget.setEnabled(ready)

    def _select_setpoint(self, line: SetpointLine) -> None:
        value = line.value()
        line.entry.setModified(False)
        if value is None:
            self.notice.say(self.tr("Not selected"), self.tr("'{0}' is not a number").format(line.entry.text()))
            return
        self._select(line.command, value)

    def _select(self, command: CommandDefinition, value: Value) -> None:
        if self._may and self._flow.progress is Progress.IDLE:
            self.notice.say(self._wording.text(command.title), self.tr("Checking…"))
            self._flow.select(command, value)

    def _selected(self) -> None:
        self.notice.say("", "", actions=True)
        self._count_down()
        self.notice.execute.setFocus()

    def _count_down(self) -> None:
        selection, command = self._flow.selection, self._flow.command
        if selection is None or command is None:
            return
        left = self._flow.seconds_left
        if left <= 0:
            self.give_up()
            self.notice.say(self.tr("Selection expired"), self.tr("Select again to go on"))
            return
        tag = self._tags.get(command.target)
        lines = [self._check_line(check.passed, check.title.get(self._wording.language),
                                  check.detail.get(self._wording.language)) for check in selection.checks]  # fmt: skip
        if command.kind is CommandKind.SETPOINT and tag is not None:
            now, wanted = (self._wording.value(tag, v) for v in (selection.current, selection.value))
            lines.insert(0, f"{now} → {wanted} {tag.unit}")
        title = self._wording.text(command.title)
        self.notice.title.setText(self.tr("{0}: selected, {1} s left").format(title, int(left) + 1))
        self.notice.note.setText("\n".join(lines))

    @staticmethod
    def _check_line(passed: bool, title: str, detail: str) -> str:
        sign = "✓" if passed else "✗"
        return f"{sign} {title}" + (f": {detail}" if detail else "")

    def _operate(self) -> None:
        command = self._flow.command
        if command is not None and self._flow.selection is not None and self._may:
            text = self.tr("Sent; waiting at most {0} s for the feedback…").format(f"{command.timeout_s:g}")
            self.notice.say(self._wording.text(command.title), text)
            self._flow.operate()

    def _finished(self, command: CommandDefinition, result: CommandResult) -> None:
        words = {
            CommandOutcome.SUCCESS: self.tr("done"),
            CommandOutcome.REJECTED: self.tr("rejected by the device"),
            CommandOutcome.UNKNOWN: self.tr("outcome unknown"),
            CommandOutcome.DISCREPANCY: self.tr("feedback did not follow"),
            CommandOutcome.REFUSED: self.tr("not permitted"),
        }
        title = f"{self._wording.text(command.title)}: {words[result.outcome]}"
        self.notice.say(title, self._wording.text(result.message))

    def _refused(self, command: CommandDefinition, error: HaiheError, sent: bool) -> None:
        title = self._wording.text(command.title)
        if isinstance(error, CommandRefused):
            self.notice.say(self.tr("{0}: not permitted").format(title), f"✗ {self._wording.text(error.text)}")
        elif sent and isinstance(error, LinkError):
            text = self.tr("The link broke: read before acting again")
            self.notice.say(self.tr("{0}: outcome unknown").format(title), text)
        else:
            self.notice.say(self.tr("{0}: failed").format(title), self._wording.error(error))
