"""History of a trend over a real link that breaks, refuses, is silent, and comes back."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt
from pytestqt.qtbot import QtBot

from app.console.bridge import EngineBridge, LinkState
from app.console.trend_history import LinkHistory
from app.link.client import EngineClient
from app.model.errors import DatabaseError
from app.model.text import LocalText
from tests.gui.console.linkserver import LinkThread, link_thread
from widgets.trend.archive import Archive
from widgets.trend.source import WindowRequest
from widgets.wording import Wording

WINDOW = WindowRequest("A", 1000, 2000, 10)
OTHER = WindowRequest("A", 2000, 3000, 10)


class Desk:
    """A trend's archive on a bridge; without a link at first."""

    def __init__(self, link: LinkThread) -> None:
        self.link, self.bridge, self._owner = link, EngineBridge(link.find), QObject()
        self.history = LinkHistory(self.bridge, Wording("UTC"), self._owner)
        self.archive = Archive(self.history, self._owner)
        self.problems: list[str] = []
        self.archive.problem_changed.connect(self.problems.append)
        self.taken: list[tuple[WindowRequest, list[float]]] = []
        self.failed: list[tuple[WindowRequest, str]] = []

    def connect(self, qtbot: QtBot) -> None:
        self.link.open()
        with qtbot.waitSignal(self.bridge.state_changed, check_params_cb=lambda state: state is LinkState.CONNECTED):
            self.bridge.start()

    def request(self, window: WindowRequest) -> None:
        self.history.request(window, self._take, lambda request, reason: self.failed.append((request, reason)))

    def _take(self, request: WindowRequest, rows: Any) -> None:
        self.taken.append((request, rows.last.tolist()))

    def close(self) -> None:
        self.link.release()
        self.bridge.stop()
        self._owner.deleteLater()


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    with link_thread() as link:
        made = Desk(link)
        yield made
        made.close()


def has_come(desk: Desk) -> bool:
    return desk.archive.waiting == 0 and desk.archive.cache.get(WINDOW) is not None


def test_a_part_asked_when_the_link_breaks_is_told_and_asked_again_when_it_is_back(qtbot: QtBot, desk: Desk) -> None:
    desk.connect(qtbot)
    desk.link.hold()
    desk.archive.want([WINDOW, OTHER])
    assert desk.link.asked.acquire(timeout=5)
    assert desk.link.asked.acquire(timeout=5)
    with qtbot.waitSignal(desk.archive.problem_changed):
        desk.link.close()
    assert desk.archive.waiting == 1  # of a tag both parts are awaited, and nothing is there
    desk.link.release()
    desk.link.open()
    qtbot.waitUntil(lambda: has_come(desk) and desk.archive.cache.get(OTHER) is not None, timeout=15_000)
    assert desk.problems[0] != ""
    assert desk.problems[-1] == desk.archive.problem == ""
    assert len(desk.link.windows) == 4  # each once before and once after: none is asked without a link, or twice


def test_without_a_link_a_part_fails_later_and_comes_with_the_link(qtbot: QtBot, desk: Desk) -> None:
    desk.request(WINDOW)
    assert desk.failed == []  # never within the call
    qtbot.waitUntil(lambda: len(desk.failed) == 1, timeout=5000)
    desk.archive.want([WINDOW])
    qtbot.waitUntil(lambda: desk.archive.problem != "", timeout=5000)
    desk.connect(qtbot)
    qtbot.waitUntil(lambda: has_come(desk), timeout=15_000)
    assert (desk.archive.problem, desk.taken) == ("", [])


def test_a_part_that_nobody_wants_is_withdrawn_from_the_engine_and_finds_nobody(qtbot: QtBot, desk: Desk) -> None:
    desk.connect(qtbot)
    desk.link.hold()
    desk.request(WINDOW)
    assert desk.link.asked.acquire(timeout=5)
    desk.history.cancel(WINDOW)
    assert desk.link.withdrawn.wait(5)
    desk.request(WINDOW)  # wanted again, while the end of the first one may still be on its way
    assert desk.link.asked.acquire(timeout=5)
    desk.request(OTHER)
    desk.history.cancel(OTHER)
    desk.link.release()
    qtbot.waitUntil(lambda: bool(desk.taken), timeout=5000)
    desk.request(OTHER)
    qtbot.waitUntil(lambda: len(desk.taken) == 2, timeout=5000)
    assert [request for request, _ in desk.taken] == [WINDOW, OTHER]
    assert desk.taken[0][1] == [2.0]  # the answer to the second question, not to the first
    assert desk.failed == []


def test_an_answer_on_its_way_when_it_is_cancelled_finds_nobody(qtbot: QtBot, desk: Desk) -> None:
    desk.connect(qtbot)
    desk.link.hold()
    desk.request(WINDOW)
    assert desk.link.asked.acquire(timeout=5)
    came = threading.Event()
    desk.bridge._from_thread.connect(lambda _callback: came.set(), Qt.ConnectionType.DirectConnection)
    desk.link.release()
    assert came.wait(5)  # and waits for its turn in this thread
    desk.history.cancel(WINDOW)
    desk.request(OTHER)
    qtbot.waitUntil(lambda: bool(desk.taken), timeout=5000)
    assert [request for request, _ in desk.taken] == [OTHER]
    assert desk.failed == []


def test_an_error_of_the_engine_is_told_in_its_words_and_asked_again(qtbot: QtBot, desk: Desk) -> None:
    desk.link.refusal = DatabaseError(LocalText("the disk is gone", "磁盘不可用"))
    desk.connect(qtbot)
    desk.archive.want([WINDOW])
    qtbot.waitUntil(lambda: "the disk is gone" in desk.archive.problem, timeout=5000)
    assert desk.archive.waiting == 1
    desk.link.refusal = None
    qtbot.waitUntil(lambda: has_come(desk), timeout=10_000)
    assert desk.problems[-1] == ""


def test_an_engine_that_is_silent_is_told_and_asked_again(
    qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EngineClient._call, "__defaults__", (0.3,))  # instead of CALL_TIMEOUT_S
    desk.connect(qtbot)
    desk.link.hold()
    desk.archive.want([WINDOW])
    qtbot.waitUntil(lambda: "did not answer" in desk.archive.problem, timeout=5000)
    assert desk.link.withdrawn.wait(5)  # the engine does not go on working at it
    desk.link.release()
    qtbot.waitUntil(lambda: has_come(desk), timeout=10_000)
    assert desk.problems[-1] == ""
    assert desk.bridge.reconnections == 0
