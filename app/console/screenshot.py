"""Pictures of workspaces and displays without a screen."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from app.console.bridge import LinkState
from app.console.console import Console
from app.console.main import make_application
from app.console.places import Place
from app.console.workspaces import WORKSPACES
from app.model.errors import EnvironmentProblem
from app.model.plant import Plant
from app.project import load_plant
from app.project.state import console_settings_path

WAIT_S: Final = 6.0
SETTLE_MS: Final = 900


def screenshot(
    project: Path,
    what: str,
    out: Path,
    size: tuple[int, int] = (1920, 1080),
    theme: str = "light",
    language: str = "en",
    *,
    equipment: str = "",
    wait_s: float = WAIT_S,
) -> None:
    """Write a PNG of a workspace (``trends``, ``alarms`` …) or a display, with a faceplate if wanted.

    Waits at most ``wait_s`` for live values; without an engine the picture shows that there is none.

    Raises:
        EnvironmentProblem: no such workspace or display, or the file cannot be written.

    """
    shoot(project, [(what, equipment, out)], size, theme, language, wait_s=wait_s)


def shoot(
    project: Path,
    pictures: list[tuple[str, str, Path]],
    size: tuple[int, int],
    theme: str,
    language: str,
    *,
    wait_s: float = WAIT_S,
) -> None:
    """Write several pictures (workspace or display, equipment, file) from one window."""
    make_application()
    plant = load_plant(project)
    places = [(place_of(plant, what), equipment, out) for what, equipment, out in pictures]
    settings = console_settings_path(plant.id).with_name("screenshot.ini")
    console = Console(plant, settings, theme=theme, language=language, supervise=False)
    window = console.start(places[0][0])
    try:
        window.resize(*size)
        context = console.context
        wait_for(lambda: context.hub.alive and context.bridge.state is LinkState.CONNECTED, wait_s)
        for place, equipment, out in places:
            window.navigator.go(place.workspace, place.display)
            if equipment:
                window.navigator.open_equipment(equipment)
            else:
                window.dock.close_faceplate()
            console.refresh_status()
            settle(SETTLE_MS)
            if not window.grab().save(str(out)):
                raise EnvironmentProblem(f"The picture {out} cannot be written")
    finally:
        console.stop()
        window.dispose()
        settle(0)


def place_of(plant: Plant, what: str) -> Place:
    """Return the place that a name on the command line means."""
    if what in plant.displays and what != "overview":
        return Place("overview", what)
    if what in WORKSPACES:
        return Place(what, plant.home_display if what == "overview" else "")
    if what in plant.displays:
        return Place("overview", what)
    known = ", ".join([*WORKSPACES, *plant.displays])
    raise EnvironmentProblem(f"There is no workspace or display '{what}'; known: {known}")


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    """Run the event loop until a condition holds, at most so long; tells whether it holds."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= until:
            return False
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
    return True


def settle(milliseconds: int) -> None:
    """Run the event loop for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
