"""A display as a page: the mimic of a project display, or the problems that keep it from being shown."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.console.context import Context
from app.console.navigator import Navigator
from app.console.page import Page
from app.model.plant import DisplayEntry
from app.project.displays import parse_display
from widgets.mimic import MimicView

MARGIN = 4
"""Displays bring a margin of their own (px)."""


class DisplayPage(QWidget):
    """One display with its mimic; ``mimic`` shows what is live."""

    def __init__(self, context: Context, entry: DisplayEntry) -> None:
        super().__init__()
        self.mimic = MimicView(context.hub, context.themes, context.wording.language)
        box = QVBoxLayout(self)
        box.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        box.addWidget(self.mimic, 1)
        display, problems = parse_display(entry.path, context.plant.folder)
        self.aspect = display.width / display.height
        if problems:
            note = QLabel("\n".join(str(problem) for problem in problems[:5]))
            note.setProperty("look", "label")
            box.addWidget(note)
        self.mimic.set_display(display)

    def tags(self) -> list[str]:
        """Return the tags on the display."""
        return self.mimic.scene.tags if self.mimic.scene is not None else []


def make(context: Context, navigator: Navigator, display: str) -> Page:
    """Make the page of a display, with what can be clicked in it; a note where there is no such display."""
    entry = context.plant.displays.get(display)
    if entry is None:
        label = QLabel(QCoreApplication.translate("DisplayPage", "There is no display '{0}'").format(display))
        label.setProperty("look", "heading")
        return Page(label)
    page = DisplayPage(context, entry)
    page.mimic.equipment_selected.connect(navigator.open_equipment)
    page.mimic.link_activated.connect(navigator.open_display)
    page.mimic.trends_requested.connect(navigator.open_trends)
    return Page(
        page, tags=page.tags, aspect=page.aspect, release=page.mimic.close_display, select=page.mimic.set_selected
    )
