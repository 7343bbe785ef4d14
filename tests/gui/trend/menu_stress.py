"""Opens and closes trend windows with their menus in every order; run as a process, since a failure kills it."""

import gc
import os
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication

from app.model.clock import SystemClock
from app.model.plant import Plant
from app.model.tag import Tag
from app.model.text import LocalText
from app.trend import StoreReader
from tests.gui.trend.site import Store
from widgets.live import TagHub
from widgets.theme import ThemeManager
from widgets.trend.source import HubSource
from widgets.trend.workspace import TrendWorkspace
from widgets.wording import Wording


def main(folder: Path, rounds: int) -> None:
    """Run so many rounds."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application: Any = QApplication([])
    store = Store(folder / "t.trend")
    plant = Plant(Path(), "s", LocalText("S"), "UTC", tags={name: Tag(name, high=200) for name in store.names})
    hub: Any = TagHub(plant, lambda: StoreReader(store.path), SystemClock())
    hub.tick()
    themes = ThemeManager("light")
    for number in range(rounds):
        trend = TrendWorkspace(plant, HubSource(hub), hub.sample, themes, Wording("UTC"))
        trend.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        trend.add_tag("A.FLOW")
        trend.show()
        application.processEvents()
        trend.current_pen.show_menu()
        menu = QApplication.activePopupWidget()
        assert menu is not None
        if number % 3 == 0:
            menu.close()
        if number % 3 == 1:
            menu.actions()[-1].trigger()
            menu.close()
            trend.tools.menu.popup(trend.mapToGlobal(trend.rect().center()))
        trend.close()
        if number % 2:
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        del trend, menu
        gc.collect()
        application.processEvents()
    hub.stop()
    store.close()
    sys.stdout.write(f"{rounds} rounds\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
