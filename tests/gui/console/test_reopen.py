"""A changed configuration is said calmly, and opened anew where the operator wants it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import resources
from app.console.console import Console
from app.console.desk import Desk
from app.console.supervisor import EngineSupervisor
from app.console.window import MainWindow
from app.model.engine import EngineEndpoint
from app.model.errors import ProjectError
from app.model.plant import Plant
from app.model.text import LocalText
from app.project import load_plant

pytestmark = [pytest.mark.gui, pytest.mark.qt_log_ignore("propagateSizeHints")]

RUNNING: Final = EngineEndpoint(1, "ws://127.0.0.1:1", "", "", "lingzhuang", "", 0, "0")
"""So that none is started."""


def window_of(console: Console) -> MainWindow:
    assert console.window is not None
    return console.window


class Folder:
    """A project folder: what it holds, or what is wrong with it."""

    def __init__(self) -> None:
        self.plant = load_plant(Path(resources.__path__[0]) / "projects" / "lingzhuang")
        self.problem: ProjectError | None = None

    def load(self) -> Plant:
        if self.problem is not None:
            raise self.problem
        return self.plant


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.setenv("HAIHE_STATE", str(tmp_path))
    return Folder()


@pytest.fixture
def desk(qapp: QApplication, folder: Folder, tmp_path: Path) -> Iterator[Desk]:
    def make(plant: Plant, supervisor: EngineSupervisor | None) -> Console:
        return Console(
            plant, tmp_path / "console.ini", theme="light", language="en", supervise=False,
            supervisor=supervisor or EngineSupervisor(plant.folder, lambda: RUNNING),
        )  # fmt: skip

    made = Desk(folder.load, make)
    made.console.context.themes.apply()
    made.console.open_window()
    yield made
    window_of(made.console).dispose()
    made.console.window = None
    made.console.stop()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_changes_are_counted_also_over_a_change_of_language(console: Console) -> None:
    assert not window_of(console).notice.isVisible()
    console.context.bridge.project_changed.emit(2)
    console.context.bridge.project_changed.emit(1)
    assert window_of(console).notice.isVisible()
    assert "(3 changes)" in window_of(console).notice.text
    console.change_language("zh_CN")
    assert "3" in window_of(console).notice.text
    assert "组态" in window_of(console).notice.text
    window_of(console).notice.later.click()
    assert not window_of(console).notice.isVisible()


def test_opened_anew_it_shows_the_project_as_it_is_at_the_same_place_and_keeps_the_engine(
    desk: Desk, folder: Folder, qtbot: QtBot
) -> None:
    old, supervisor = desk.console, desk.console.supervisor
    window_of(old).navigator.go("alarms")
    folder.plant = replace(folder.plant, title=LocalText("Another works", "另一水厂"))
    old.context.bridge.project_changed.emit(1)
    window_of(old).notice.reopen.click()
    qtbot.waitUntil(lambda: desk.console is not old)
    assert window_of(desk.console).windowTitle() == "Another works"
    assert not window_of(desk.console).notice.isVisible()
    place = window_of(desk.console).place
    assert place is not None
    assert place.workspace == "alarms"
    assert desk.console.supervisor is supervisor


def test_a_project_with_mistakes_leaves_the_window_as_it_is_and_says_why(
    desk: Desk, folder: Folder, qtbot: QtBot
) -> None:
    old = desk.console
    folder.problem = ProjectError("tags.csv, line 3: wrong")
    old.context.bridge.project_changed.emit(1)
    window_of(old).notice.reopen.click()
    qtbot.waitUntil(lambda: "line 3" in window_of(old).notice.text)
    assert desk.console is old
