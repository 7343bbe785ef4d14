"""Commands of an equipment: select, read the checks, execute within the time of the selection, see how it ended."""

import time
from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.model.clock import SECOND_NS
from app.model.command import (
    CommandDefinition,
    CommandKind,
    CommandOutcome,
    CommandRefused,
    CommandResult,
    Selection,
)
from app.model.errors import HaiheError, LinkError
from app.model.sample import Value
from app.model.tag import Tag
from widgets.faceplate.port import CommandPort, Reader
from widgets.theme import GAP, HALF, STEP
from widgets.wording import Wording

_TICK_MS: Final = 250
_ROW_OF: Final = 2


class SetpointLine(QWidget):
    """A setpoint: entry, range, and the button that selects it."""

    def __init__(self, command: CommandDefinition, tag: Tag | None, wording: Wording) -> None:
        super().__init__()
        self.command = command
        self._tag = tag
        caption = QLabel(wording.text(command.title))
        caption.setProperty("look", "label")
        self.entry = QLineEdit()
        self.entry.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.entry.setFixedWidth(104)
        self.entry.setAccessibleName(wording.text(command.title))
        low = command.low if command.low is not None else (tag.low if tag else 0.0)
        high = command.high if command.high is not None else (tag.high if tag else 0.0)
        decimals = tag.decimals if tag else 1
        unit = f"{tag.unit} " if tag and tag.unit else ""
        span = QLabel(f"{unit}{wording.number(low, decimals)} – {wording.number(high, decimals)}")
        span.setProperty("look", "label")
        self.select = QPushButton(self.tr("Select"))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(STEP)
        grid.setVerticalSpacing(HALF)
        grid.addWidget(caption, 0, 0, 1, 3)
        grid.addWidget(self.entry, 1, 0)
        grid.addWidget(span, 1, 1)
        grid.addWidget(self.select, 1, 2)
        grid.setColumnStretch(1, 1)
        self.entry.returnPressed.connect(self.select.click)

    def value(self) -> float | None:
        """Return the number entered, or None where it is not one."""
        text = self.entry.text().strip().replace("\u202f", "").replace(" ", "").replace(",", ".")
        try:
            number = float(text)
        except ValueError:
            return None
        return number if abs(number) < 1e15 else None

    def propose(self, text: str) -> None:
        """Show the present value as long as nothing was typed."""
        if not self.entry.isModified() and not self.entry.hasFocus() and self.entry.text() != text:
            self.entry.setText(text)


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
        self._tags, self._read, self._port, self._wording = tags, read, port, wording
        self._commands = {command.id: command for command in commands}
        self._selection: Selection | None = None
        self._busy = False
        self._may = False
        self._generation = 0
        self._lines: list[SetpointLine] = []
        self._buttons: list[QPushButton] = []
        self._note = QLabel(wordWrap=True)
        self._title = QLabel(wordWrap=True)
        self._title.setProperty("look", "name")
        self._execute = QPushButton(self.tr("Execute"))
        self._execute.setProperty("look", "primary")
        self._cancel = QPushButton(self.tr("Cancel"))
        self._box = QFrame()
        self._box.setProperty("look", "note")
        self._lay_out(commands)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._count_down)
        self._execute.clicked.connect(self._operate)
        self._cancel.clicked.connect(self.give_up)
        self._box.hide()
        self.set_may_operate(False)

    def set_may_operate(self, may: bool, why_not: str = "") -> None:
        """Enable or disable at once; a selection is given up when it may no longer be used."""
        if self._may and not may and (self._selection is not None or self._busy):
            lost = self._busy and self._selection is None
            self.give_up()
            if lost:
                self._show(self.tr("Outcome unknown"), self.tr("The link broke: read before acting again"))
        self._may = may
        for widget in (*self._buttons, *(line.select for line in self._lines), *(line.entry for line in self._lines)):
            widget.setEnabled(may and not self._busy and self._selection is None)
            widget.setToolTip("" if may else why_not)

    def refresh(self) -> None:
        """Show present setpoints where nothing was typed."""
        for line in self._lines:
            tag = self._tags.get(line.command.target)
            sample = self._read(line.command.target)
            if tag is not None and sample is not None and sample.is_good and sample.number is not None:
                line.propose(f"{sample.number:.{tag.decimals}f}")

    def give_up(self) -> None:
        """Give up the selection, if there is one."""
        selection, self._selection = self._selection, None
        self._generation += 1
        self._busy = False
        self._timer.stop()
        if selection is not None:
            self._port.cancel(selection.token)
        self._box.hide()
        self._enable()

    def _lay_out(self, commands: Sequence[CommandDefinition]) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(GAP)
        for command in commands:
            if command.kind is CommandKind.SETPOINT:
                line = SetpointLine(command, self._tags.get(command.target), self._wording)
                line.select.clicked.connect(lambda _=False, chosen=line: self._select_setpoint(chosen))
                self._lines.append(line)
                box.addWidget(line)
        grid = QGridLayout()
        grid.setSpacing(STEP)
        for command in (c for c in commands if c.kind is CommandKind.ACTION):
            button = QPushButton(self._wording.text(command.title))
            button.clicked.connect(lambda _=False, chosen=command: self._select(chosen, None))
            grid.addWidget(button, len(self._buttons) // _ROW_OF, len(self._buttons) % _ROW_OF)
            self._buttons.append(button)
        box.addLayout(grid)
        inner = QVBoxLayout(self._box)
        inner.setContentsMargins(GAP, STEP, GAP, STEP)
        inner.setSpacing(HALF)
        inner.addWidget(self._title)
        inner.addWidget(self._note)
        inner.addSpacing(HALF)
        row = QHBoxLayout()
        row.setSpacing(STEP)
        row.addWidget(self._execute, 1)
        row.addWidget(self._cancel, 1)
        inner.addLayout(row)
        box.addWidget(self._box)

    def _enable(self) -> None:
        self.set_may_operate(self._may)

    def _select_setpoint(self, line: SetpointLine) -> None:
        value = line.value()
        line.entry.setModified(False)
        if value is None:
            self._show(self.tr("Not selected"), self.tr("'{0}' is not a number").format(line.entry.text()))
            return
        self._select(line.command, value)

    def _select(self, command: CommandDefinition, value: Value) -> None:
        if not self._may or self._busy or self._selection is not None:
            return
        self._busy = True
        self._generation += 1
        mine = self._generation
        self._enable()
        self._show(self._wording.text(command.title), self.tr("Checking…"))

        def done(selection: Selection) -> None:
            if mine == self._generation:
                self._selected(selection)
            else:
                self._port.cancel(selection.token)

        def failed(error: HaiheError) -> None:
            if mine == self._generation:
                self._refused(command, error)

        self._port.select(command.id, value, done, failed, self)

    def _selected(self, selection: Selection) -> None:
        self._busy = False
        self._selection = selection
        self._enable()
        self._timer.start()
        self._show("", "", actions=True)
        self._count_down()
        self._execute.setFocus()

    def _count_down(self) -> None:
        selection = self._selection
        if selection is None:
            return
        left = (selection.expires_ns - time.time_ns()) / SECOND_NS
        if left <= 0:
            self.give_up()
            self._show(self.tr("Selection expired"), self.tr("Select again to go on"))
            return
        command = self._commands[selection.command]
        tag = self._tags.get(command.target)
        lines = [self._check_line(check.passed, check.title.get(self._wording.language),
                                  check.detail.get(self._wording.language)) for check in selection.checks]  # fmt: skip
        if command.kind is CommandKind.SETPOINT and tag is not None:
            now, wanted = (self._wording.value(tag, v) for v in (selection.current, selection.value))
            lines.insert(0, f"{now} → {wanted} {tag.unit}")
        title = self._wording.text(command.title)
        self._title.setText(self.tr("{0}: selected, {1} s left").format(title, int(left) + 1))
        self._note.setText("\n".join(lines))

    @staticmethod
    def _check_line(passed: bool, title: str, detail: str) -> str:
        sign = "✓" if passed else "✗"
        return f"{sign} {title}" + (f": {detail}" if detail else "")

    def _operate(self) -> None:
        selection, self._selection = self._selection, None
        if selection is None or not self._may:
            return
        self._timer.stop()
        self._busy = True
        self._generation += 1
        mine = self._generation
        command = self._commands[selection.command]
        self._enable()
        seconds = f"{command.timeout_s:g}"
        self._show(
            self._wording.text(command.title), self.tr("Sent; waiting at most {0} s for the feedback…").format(seconds)
        )

        def done(result: CommandResult) -> None:
            if mine == self._generation:
                self._finished(command, result)

        def failed(error: HaiheError) -> None:
            if mine == self._generation:
                self._refused(command, error, sent=True)

        self._port.operate(selection.token, done, failed, self)

    def _finished(self, command: CommandDefinition, result: CommandResult) -> None:
        self._busy = False
        self._enable()
        words = {
            CommandOutcome.SUCCESS: self.tr("done"),
            CommandOutcome.REJECTED: self.tr("rejected by the device"),
            CommandOutcome.UNKNOWN: self.tr("outcome unknown"),
            CommandOutcome.DISCREPANCY: self.tr("feedback did not follow"),
            CommandOutcome.REFUSED: self.tr("not permitted"),
        }
        title = f"{self._wording.text(command.title)}: {words[result.outcome]}"
        self._show(title, self._wording.text(result.message))

    def _refused(self, command: CommandDefinition, error: HaiheError, *, sent: bool = False) -> None:
        self._busy = False
        self._enable()
        title = self._wording.text(command.title)
        if isinstance(error, CommandRefused):
            self._show(self.tr("{0}: not permitted").format(title), f"✗ {self._wording.text(error.text)}")
        elif sent and isinstance(error, LinkError):
            text = self.tr("The link broke: read before acting again")
            self._show(self.tr("{0}: outcome unknown").format(title), text)
        else:
            self._show(self.tr("{0}: failed").format(title), self._wording.error(error))

    def _show(self, title: str, text: str, *, actions: bool = False) -> None:
        self._title.setText(title)
        self._note.setText(text)
        self._execute.setVisible(actions)
        self._cancel.setVisible(actions)
        self._box.show()
        QTimer.singleShot(0, self, self._bring_into_view)

    def _bring_into_view(self) -> None:
        """Scroll so that the checks and Execute can be seen on a small screen."""
        parent = self.parentWidget()
        while parent is not None and not isinstance(parent, QScrollArea):
            parent = parent.parentWidget()
        if parent is not None and self._box.isVisible():
            parent.ensureWidgetVisible(self._box, 0, STEP)
