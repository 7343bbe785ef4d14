"""The bridge against a real link server: it connects, delivers on the GUI thread, never waits, and comes back."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.console.bridge import EngineBridge, LinkState
from app.link.messages import AlarmChanged, ConnectionChanged
from app.model.alarm import AnnunciationState
from app.model.alarm_state import AlarmSnapshot
from app.model.connection import ConnectionState, ConnectionStatus
from app.model.errors import HaiheError, LinkError
from app.model.sample import Sample
from tests.gui.console.linkserver import SAMPLE, LinkThread, link_thread


@pytest.fixture
def link() -> Iterator[LinkThread]:
    with link_thread() as made:
        yield made


@pytest.fixture
def bridge(qtbot: QtBot, link: LinkThread) -> Iterator[EngineBridge]:
    made = EngineBridge(link.find)
    yield made
    link.release()
    made.stop()
    assert not made._thread.is_alive()


class Answers:
    """Keeps what callbacks were given, and in which thread."""

    def __init__(self) -> None:
        self.done: list[dict[str, Sample]] = []
        self.failed: list[HaiheError] = []
        self.threads: set[int] = set()

    def take(self, result: dict[str, Sample]) -> None:
        self.threads.add(threading.get_ident())
        self.done.append(result)

    def fail(self, error: HaiheError) -> None:
        self.threads.add(threading.get_ident())
        self.failed.append(error)


def read(bridge: EngineBridge, answers: Answers, owner: QObject | None = None) -> None:
    bridge.call(lambda client: client.read(["A"]), answers.take, answers.fail, owner)


def connect(qtbot: QtBot, bridge: EngineBridge) -> None:
    with qtbot.waitSignal(bridge.state_changed, check_params_cb=lambda state: state is LinkState.CONNECTED):
        bridge.start()


def test_without_a_link_a_call_fails_at_once_and_is_not_kept(
    qtbot: QtBot, bridge: EngineBridge, link: LinkThread
) -> None:
    answers = Answers()
    read(bridge, answers)
    assert answers.failed == []  # even a refusal is delivered by the event loop, never inside of the call
    qtbot.waitUntil(lambda: len(answers.failed) == 1, timeout=1000)
    assert isinstance(answers.failed[0], LinkError)
    link.open()
    connect(qtbot, bridge)
    later = Answers()
    read(bridge, later)
    qtbot.waitUntil(lambda: bool(later.done))
    assert answers.done == []
    assert len(answers.failed) == 1


def test_a_call_returns_before_its_answer_which_comes_on_the_gui_thread(
    qtbot: QtBot, bridge: EngineBridge, link: LinkThread
) -> None:
    link.open()
    connect(qtbot, bridge)
    link.hold()
    answers = Answers()
    read(bridge, answers)
    assert link.reading.wait(5)  # the server waits in the middle of the call, and this thread goes on
    assert answers.done == []
    link.release()
    qtbot.waitUntil(lambda: bool(answers.done))
    assert answers.done == [{"A": SAMPLE}]
    assert answers.threads == {threading.get_ident()}
    assert link.threads.isdisjoint(answers.threads)


def test_events_arrive_on_the_gui_thread(qtbot: QtBot, bridge: EngineBridge, link: LinkThread) -> None:
    link.open()
    connect(qtbot, bridge)
    seen: list[tuple[Any, int]] = []
    for signal in (bridge.alarms_changed, bridge.connection_changed):
        signal.connect(lambda what: seen.append((what, threading.get_ident())))
    snapshot = AlarmSnapshot("A.H", "1", AnnunciationState.UNACKNOWLEDGED, True, 5)
    status = ConnectionStatus("uf", ConnectionState.LOST, 7)
    with qtbot.waitSignal(bridge.connection_changed):
        link.announce(AlarmChanged(snapshot))
        link.announce(ConnectionChanged(status))
    assert seen == [([snapshot], threading.get_ident()), (status, threading.get_ident())]


def test_a_lost_server_fails_what_waits_and_is_found_again(
    qtbot: QtBot, bridge: EngineBridge, link: LinkThread
) -> None:
    states: list[LinkState] = []
    bridge.state_changed.connect(states.append)
    link.open()
    connect(qtbot, bridge)
    link.hold()
    waiting = Answers()
    read(bridge, waiting)
    assert link.reading.wait(5)
    with qtbot.waitSignal(bridge.state_changed):
        link.close()
    qtbot.waitUntil(lambda: bool(waiting.failed))
    assert isinstance(waiting.failed[0], LinkError)
    assert bridge.state is LinkState.LOST
    refused = Answers()
    read(bridge, refused)
    qtbot.waitUntil(lambda: bool(refused.failed), timeout=1000)

    link.release()
    with qtbot.waitSignal(bridge.state_changed):
        link.open()
    assert states == [LinkState.CONNECTED, LinkState.LOST, LinkState.CONNECTED]
    assert bridge.reconnections == 1
    again = Answers()
    read(bridge, again)
    qtbot.waitUntil(lambda: bool(again.done))
    assert waiting.done == []  # what failed is never repeated
    assert refused.done == []


def test_the_answer_for_a_closed_page_is_dropped(qtbot: QtBot, bridge: EngineBridge, link: LinkThread) -> None:
    link.open()
    connect(qtbot, bridge)
    link.hold()
    page, gone, later = QObject(), Answers(), Answers()
    read(bridge, gone, page)
    assert link.reading.wait(5)
    shiboken6.delete(page)
    read(bridge, later)
    link.release()
    qtbot.waitUntil(lambda: bool(later.done))
    assert gone.done == []
    assert gone.failed == []


def test_stop_ends_the_thread_while_a_call_waits(qtbot: QtBot, bridge: EngineBridge, link: LinkThread) -> None:
    link.open()
    connect(qtbot, bridge)
    link.hold()
    answers = Answers()
    read(bridge, answers)
    assert link.reading.wait(5)
    bridge.stop()
    assert not bridge._thread.is_alive()
    assert answers.done == []
