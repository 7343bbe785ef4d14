"""Select, execute, refuse: the panel against a port that answers as the engine does."""

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.model import status as st
from app.model.clock import SECOND_NS
from app.model.command import (
    Check,
    CommandDefinition,
    CommandKind,
    CommandOutcome,
    CommandRefused,
    CommandResult,
    RefusalReason,
    Selection,
)
from app.model.errors import HaiheError, LinkError
from app.model.sample import Sample, Value
from app.model.tag import Tag
from app.model.text import LocalText
from tests.gui.dragging import drop, hold
from widgets.faceplate.commands import CommandPanel
from widgets.faceplate.port import Reader
from widgets.wording import Wording

SETPOINT = CommandDefinition("P.SP", CommandKind.SETPOINT, LocalText("Speed"), "P.SP", "P.REF", low=60, high=100)
START = CommandDefinition("P.START", CommandKind.ACTION, LocalText("Start"), "P.CMD", "P.ST", value=1)


class Port:
    def __init__(self) -> None:
        self.selected: list[tuple[str, Value]] = []
        self.operated: list[str] = []
        self.cancelled: list[str] = []
        self.refusal: HaiheError | None = None
        self.operate_error: HaiheError | None = None
        self.host: QWidget | None = None
        self.silent = False

    def select(
        self, command: str, value: Value, done: Callable[[Selection], None], failed: Any, owner: QObject
    ) -> None:
        self.selected.append((command, value))
        if self.silent:
            return
        if self.refusal is not None:
            failed(self.refusal)
            return
        now = time.time_ns()
        checks = (Check("role", LocalText("Role"), True),)
        done(Selection("t1", command, value, 80.0, checks, "wang", "desk", now, now + 30 * SECOND_NS))

    def operate(self, token: str, done: Callable[[CommandResult], None], failed: Any, owner: QObject) -> None:
        self.operated.append(token)
        if self.silent:
            return
        if self.operate_error is not None:
            failed(self.operate_error)
        else:
            done(CommandResult("P.SP", "c", CommandOutcome.SUCCESS, LocalText("Confirmed")))

    def cancel(self, token: str) -> None:
        self.cancelled.append(token)


NOW = Sample(80.0, 0, 1, 1)


def make(qtbot: QtBot, read: Reader = lambda _: NOW) -> tuple[CommandPanel, Port]:
    port = Port()
    host = QWidget()
    panel = CommandPanel([SETPOINT, START], {"P.SP": Tag("P.SP")}, read, port, Wording("UTC"))
    panel.setParent(host)
    qtbot.addWidget(host)
    port.host = host
    host.resize(360, 500)
    host.show()
    return panel, port


def test_nothing_can_be_selected_before_login(qtbot: QtBot) -> None:
    panel, port = make(qtbot)
    panel.buttons[0].click()
    panel.lines[0].select.click()
    assert port.selected == []


def test_select_then_execute(qtbot: QtBot) -> None:
    panel, port = make(qtbot)
    panel.set_may_operate(True)
    panel.lines[0].entry.setText("88.5")
    panel.lines[0].select.click()
    assert port.selected == [("P.SP", 88.5)]
    assert port.operated == []
    assert "✓ Role" in panel.notice.note.text()
    panel.notice.execute.click()
    panel.notice.execute.click()
    assert port.operated == ["t1"]
    assert panel.notice.title.text() == "Speed: done"


def test_text_that_is_no_number_is_never_sent(qtbot: QtBot) -> None:
    panel, port = make(qtbot)
    panel.set_may_operate(True)
    panel.lines[0].entry.setText("nan")
    panel.lines[0].select.click()
    assert port.selected == []


def test_a_setpoint_is_typed_and_takes_nothing_that_is_dropped(qtbot: QtBot) -> None:
    panel, _ = make(qtbot)
    panel.set_may_operate(True)
    qtbot.waitExposed(panel.window())
    data = QMimeData()
    data.setText("99")
    if hold(data, panel.lines[0].entry):
        drop(data, panel.lines[0].entry)
    assert panel.lines[0].entry.text() == ""


def test_refusal_shows_its_reason(qtbot: QtBot) -> None:
    panel, port = make(qtbot)
    panel.set_may_operate(True)
    port.refusal = CommandRefused(RefusalReason.LOCAL_CONTROL, LocalText("The switch stands on LOCAL"))
    panel.buttons[0].click()
    assert "The switch stands on LOCAL" in panel.notice.note.text()
    assert not panel.notice.execute.isVisible()


def test_losing_the_right_gives_up_the_selection(qtbot: QtBot) -> None:
    panel, port = make(qtbot)
    panel.set_may_operate(True)
    panel.buttons[0].click()
    panel.set_may_operate(False, "There is no link")
    assert port.cancelled == ["t1"]
    assert not panel.notice.isVisible()
    assert not panel.buttons[0].isEnabled()


def test_a_lost_plc_stops_commands_at_once_and_says_so(qtbot: QtBot) -> None:
    samples = {"P.SP": NOW, "P.CMD": NOW}
    panel, port = make(qtbot, samples.get)
    panel.set_may_operate(True)
    panel.buttons[0].click()
    samples["P.CMD"] = Sample(80.0, st.BAD_NO_COMMUNICATION, 1, 1)
    panel.refresh()
    assert port.cancelled == ["t1"]
    assert not panel.notice.isVisible()
    assert not panel.buttons[0].isEnabled()
    said = [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
    assert "There is no communication with the PLC" in said
    samples["P.CMD"] = NOW
    panel.refresh()
    assert panel.buttons[0].isEnabled()
    assert port.operated == []


def test_why_nothing_can_be_commanded_stands_beside_the_buttons(qtbot: QtBot) -> None:
    panel, _ = make(qtbot)
    panel.set_may_operate(False, "Log in to operate")
    panel.refresh()
    said = [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
    assert "Log in to operate" in said


def test_what_was_only_being_checked_has_no_unknown_outcome(qtbot: QtBot) -> None:
    panel, port = make(qtbot)
    panel.set_may_operate(True)
    port.silent = True
    panel.buttons[0].click()
    assert panel.notice.isVisible()
    panel.set_may_operate(False, "There is no link")
    assert not panel.notice.isVisible()


def test_losing_the_link_while_executing_leaves_the_outcome_unknown(qtbot: QtBot) -> None:
    panel, port = make(qtbot)
    panel.set_may_operate(True)
    panel.buttons[0].click()
    port.silent = True
    panel.notice.execute.click()
    panel.set_may_operate(False, "There is no link")
    assert panel.notice.title.text() == "Outcome unknown"
    assert port.operated == ["t1"]


def test_broken_link_while_executing_is_unknown_and_never_repeated(qtbot: QtBot) -> None:
    panel, port = make(qtbot)
    panel.set_may_operate(True)
    port.operate_error = LinkError("broke")
    panel.buttons[0].click()
    panel.notice.execute.click()
    assert panel.notice.title.text() == "Start: outcome unknown"
    assert port.operated == ["t1"]
