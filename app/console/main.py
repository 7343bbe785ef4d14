"""Entry of the console."""

import logging
import os
import signal
import sys
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.console.console import Console
from app.console.desk import Desk
from app.console.options import ConsoleOptions
from app.console.pages.display import DisplayPage
from app.console.places import Place
from app.console.supervisor import EngineSupervisor
from app.console.window import MainWindow
from app.model.plant import Plant
from app.project import load_plant
from app.project.state import console_settings_path

log = logging.getLogger(__name__)

_TURN_S: Final = 0.001
"""So long the window waits for the interpreter while the link's thread reads a flood; Python's own 5 ms add up."""


def has_screen() -> bool:
    """Tell whether there is a screen to show a window on."""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def make_application() -> QApplication:
    """Return the QApplication, offscreen where there is no screen."""
    if not has_screen():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(["haihe"])
    application.setApplicationName("haihe")
    application.setApplicationDisplayName("Haihe Console")
    sys.setswitchinterval(_TURN_S)
    return application


def run_console(project: Path, options: ConsoleOptions | None = None) -> int:
    """Show the console of a project until its window is closed; returns the exit status.

    Raises:
        ProjectError: the project cannot be used.

    """
    options = options or ConsoleOptions()
    application = make_application()

    def make(plant: Plant, supervisor: EngineSupervisor | None) -> Console:
        return Console(
            plant, console_settings_path(plant.id), theme=options.theme, language=options.language,
            supervise=options.supervise, supervisor=supervisor,
        )  # fmt: skip

    desk = Desk(partial(load_plant, project), make)
    console = desk.console
    place = Place("overview", options.display) if options.display else None
    window = console.start(place)
    if options.size is not None:
        window.resize(*options.size)
    _add_reports(window, console, application, options)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: application.quit())
    # Python handles a signal only while it runs: this gives it a turn.
    turn = QTimer()
    turn.start(200)
    turn.timeout.connect(lambda: None)
    try:
        return application.exec()
    finally:
        desk.console.stop()


def _add_reports(window: MainWindow, console: Console, application: QApplication, options: ConsoleOptions) -> None:
    page = window.workspaces.currentWidget()
    if not isinstance(page, DisplayPage) or not (options.report_first_picture or options.report_paint):
        return
    from app.console.report import FirstPictureReport, PaintReport

    if options.report_first_picture:
        report = FirstPictureReport(page.mimic, console.context.hub)
        if options.quit_after_first_picture:
            report.reported.connect(application.quit)
    if options.report_paint:
        PaintReport(page.mimic, console.context.hub, options.report_paint)
