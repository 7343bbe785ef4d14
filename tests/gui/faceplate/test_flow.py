"""A command's way against a port whose answers come late: what was given up meanwhile must not come back."""

import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject

from app.model.clock import SECOND_NS
from app.model.command import CommandDefinition, CommandKind, CommandOutcome, CommandResult, Selection
from app.model.errors import HaiheError, LinkError
from app.model.sample import Value
from app.model.text import LocalText
from widgets.faceplate.flow import CommandFlow, Progress

START = CommandDefinition("P.START", CommandKind.ACTION, LocalText("Start"), "P.CMD", "P.ST", value=1)


class LatePort:
    """Keeps the callbacks, for the test to answer when it wants."""

    def __init__(self) -> None:
        self.select_done: list[Callable[[Selection], None]] = []
        self.operate_done: list[Callable[[CommandResult], None]] = []
        self.failed: list[Callable[[HaiheError], None]] = []
        self.operated: list[str] = []
        self.cancelled: list[str] = []

    def select(
        self,
        command: str,
        value: Value,
        done: Callable[[Selection], None],
        failed: Callable[[HaiheError], None],
        owner: QObject,
    ) -> None:
        self.select_done.append(done)
        self.failed.append(failed)

    def operate(
        self, token: str, done: Callable[[CommandResult], None], failed: Callable[[HaiheError], None], owner: QObject
    ) -> None:
        self.operated.append(token)
        self.operate_done.append(done)
        self.failed.append(failed)

    def cancel(self, token: str) -> None:
        self.cancelled.append(token)


def selection(token: str) -> Selection:
    now = time.time_ns()
    return Selection(token, START.id, None, 80.0, (), "wang", "desk", now, now + 30 * SECOND_NS)


def progress(flow: CommandFlow) -> Progress:
    """Return it by a call, which type checkers do not take for unchanged."""
    return flow.progress


RESULT = CommandResult("P.START", "c", CommandOutcome.SUCCESS, LocalText("Confirmed"))


@pytest.fixture
def port() -> LatePort:
    return LatePort()


@pytest.fixture
def flow(qapp: QObject, port: LatePort) -> CommandFlow:
    return CommandFlow(port, qapp)


def test_a_selection_that_comes_after_it_was_given_up_is_cancelled(flow: CommandFlow, port: LatePort) -> None:
    flow.select(START, None)
    flow.give_up()
    port.select_done[0](selection("t1"))
    assert port.cancelled == ["t1"]
    assert progress(flow) is Progress.IDLE
    flow.operate()
    assert port.operated == []


def test_an_answer_to_an_earlier_command_does_not_touch_the_present_one(flow: CommandFlow, port: LatePort) -> None:
    refused: list[object] = []
    flow.refused.connect(lambda *told: refused.append(told))
    flow.select(START, None)
    flow.give_up()
    flow.select(START, None)
    port.failed[0](LinkError("late"))
    assert progress(flow) is Progress.CHECKING
    assert refused == []
    port.select_done[1](selection("t2"))
    assert progress(flow) is Progress.SELECTED
    assert port.cancelled == []


def test_one_command_at_a_time_is_sent_once(flow: CommandFlow, port: LatePort) -> None:
    ended: list[object] = []
    flow.finished.connect(lambda command, result: ended.append((command, result)))
    flow.select(START, None)
    flow.select(START, None)
    assert len(port.select_done) == 1
    port.select_done[0](selection("t1"))
    assert flow.seconds_left > 0
    flow.operate()
    flow.operate()
    flow.select(START, None)
    assert port.operated == ["t1"]
    assert len(port.select_done) == 1
    assert progress(flow) is Progress.EXECUTING
    port.operate_done[0](RESULT)
    assert ended == [(START, RESULT)]
    assert progress(flow) is Progress.IDLE


def test_what_was_sent_and_given_up_is_not_cancelled_and_its_end_not_told(flow: CommandFlow, port: LatePort) -> None:
    ended: list[object] = []
    flow.finished.connect(lambda command, result: ended.append(result))
    flow.select(START, None)
    port.select_done[0](selection("t1"))
    flow.operate()
    flow.give_up()
    port.operate_done[0](RESULT)
    assert port.cancelled == []
    assert ended == []


def test_a_failure_says_whether_the_command_had_been_sent(flow: CommandFlow, port: LatePort) -> None:
    sent: list[bool] = []
    flow.refused.connect(lambda _command, _error, was_sent: sent.append(was_sent))
    flow.select(START, None)
    port.failed[0](LinkError("broke"))
    flow.select(START, None)
    port.select_done[1](selection("t1"))
    flow.operate()
    port.failed[2](LinkError("broke"))
    assert sent == [False, True]
    assert progress(flow) is Progress.IDLE
