"""A real plant and engine for tests of the window, and an operator's hands on the window."""

import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QTableView, QWidget
from pytestqt.qtbot import QtBot

from app.console.console import Console
from app.console.login import LoginDialog
from app.console.pages.display import DisplayPage
from app.console.window import MainWindow
from app.plantsim.control import call
from app.plantsim.project_copy import free_ports, write_project
from app.project import load_plant
from app.project.state import console_settings_path, plant_endpoint_path
from tests.system.harness import PASSWORD, Service
from widgets.mimic import MimicView
from widgets.mimic.values import ValueItem

USER = "wang"
SPEED = 6
"""The plant runs so many times as fast; delays of alarms and commands are real ones."""


class Works:
    """A plant that runs fast, on free ports, with an operator and state of its own; an engine when asked for."""

    def __init__(self, folder: Path, setenv: Callable[[str, str], None]) -> None:
        (folder / "shm").mkdir()
        for name, value in (
            ("HAIHE_STATE", str(folder / "state")), ("HAIHE_SHM", str(folder / "shm")),
            ("HAIHE_PASSWORD", PASSWORD), ("PYTHONUNBUFFERED", "1"),
        ):  # fmt: skip
            setenv(name, value)
        self.project = write_project(folder / "project", free_ports(4))
        self.plant = load_plant(self.project)
        self._services: list[Service] = []
        self._start("plant", str(self.project), "--speed", str(SPEED), "--hour", "2")  # at night no pump is added
        self.change_user("add", "--role", "operator")

    def start_engine(self) -> Service:
        """Start an engine of its own, as ``haihe engine`` does."""
        return self._start("engine", str(self.project))

    def change_user(self, verb: str, *more: str) -> None:
        """Change the operator's account as an administrator does, beside the running engine."""
        change = Service(["user", verb, str(self.project), USER, *more], dict(os.environ))
        assert change.process.wait(30) == 0, change.lines
        change.end()

    def disturb(self, name: str, equipment: str, *, on: bool = True) -> None:
        """Switch a disturbance of the plant."""
        call(plant_endpoint_path(self.plant.id), "disturb", {"name": name, "on": on, "target": equipment})

    def open_console(self) -> Console:
        """Make the console as ``haihe console`` does."""
        return Console(self.plant, console_settings_path(self.plant.id), theme="light", language="en")

    def close(self) -> None:
        """End every process."""
        for service in reversed(self._services):
            service.end()

    def _start(self, *words: str) -> Service:
        service = Service(list(words), dict(os.environ))
        self._services.append(service)
        service.ready()
        return service


class Operator:
    """Looks at the window and uses its mouse and keyboard."""

    def __init__(self, qtbot: QtBot, window: MainWindow, pictures: Path) -> None:
        self.qtbot, self.window, self._pictures = qtbot, window, pictures

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Click on a widget that can be seen and used."""
        assert widget.isVisible(), widget
        assert widget.isEnabled(), widget
        spot = at if at is not None else widget.rect().center()
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)

    def button(self, text: str, inside: QWidget | None = None) -> QPushButton:
        """Return the one visible button with a text."""
        found = [one for one in (inside or self.window).findChildren(QPushButton) if one.text() == text]
        found = [one for one in found if one.isVisible()]
        assert len(found) == 1, (text, len(found))
        return found[0]

    def press(self, text: str, inside: QWidget | None = None) -> None:
        """Wait until the button with a text can be used, and click on it."""
        self.qtbot.waitUntil(lambda: self.button(text, inside).isEnabled(), timeout=5000)
        self.click(self.button(text, inside))

    def shows(self, *texts: str, inside: QWidget | None = None) -> bool:
        """Tell whether every text can be read on some label or button."""
        said = self.words(inside or self.window)
        return all(any(text in line for line in said) for text in texts)

    def words(self, inside: QWidget) -> list[str]:
        """Return what the labels and buttons say."""
        found: list[QLabel | QPushButton] = [*inside.findChildren(QLabel), *inside.findChildren(QPushButton)]
        return [one.text() for one in found if one.isVisible() and one.text()]

    def type_into(self, field: QLineEdit, text: str) -> None:
        """Replace the text of a field."""
        self.click(field)
        field.selectAll()
        QTest.keyClicks(field, text)

    def mimic(self) -> MimicView:
        """Return the display that is shown."""
        page = self.window.workspaces.currentWidget()
        assert isinstance(page, DisplayPage)
        return page.mimic

    def point(self, *, equipment: str = "", display: str = "") -> None:
        """Click on an equipment or a link in the display."""
        view = self.mimic()
        spots = [one.rect for one in view.pointing.targets if (one.equipment, one.display) == (equipment, display)]
        assert spots, equipment or display
        self.click(view, spots[0].center())

    def painted(self, tag: str) -> QImage:
        """Return the picture of the digits of a tag, as they are on the screen now."""
        view = self.mimic()
        items = view.scene.items if view.scene is not None else []
        item = next(one for one in items if isinstance(one, ValueItem) and one.tags[0] == tag)
        return view.grab(item.rect).toImage()

    def log_in(self, user: str, password: str) -> LoginDialog:
        """Log in by the dialog; the answer comes later."""
        self.press("Log in", self.window.header)
        dialog = next(one for one in self.window.findChildren(LoginDialog) if one.isVisible())
        self.type_into(dialog.user, user)
        self.type_into(dialog.password, password)
        QTest.keyClick(dialog.password, Qt.Key.Key_Return)
        return dialog

    def cells(self, table: QTableView) -> list[list[str]]:
        """Return the texts of a table, row by row."""
        model = table.model()
        columns = range(model.columnCount())
        return [[str(model.index(row, column).data() or "") for column in columns] for row in range(model.rowCount())]

    def picture(self, name: str, widget: QWidget | None = None) -> None:
        """Keep a picture of the window (or of another one) beside the test's files."""
        QApplication.processEvents()
        (widget or self.window).grab().save(str(self._pictures / f"{name}.png"))


__all__ = ["PASSWORD", "USER", "Operator", "Works"]
