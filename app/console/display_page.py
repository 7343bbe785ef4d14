"""A display as a workspace: the mimic of a project display, or the problems that keep it from being shown."""

from collections.abc import Callable

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.console.context import Context
from app.model.plant import DisplayEntry
from app.project.displays import parse_display
from widgets.mimic import MimicView
from widgets.theme import GAP


class DisplayPage(QWidget):
    """One display with its mimic; ``mimic`` shows what is live."""

    def __init__(self, context: Context, entry: DisplayEntry) -> None:
        super().__init__()
        self.mimic = MimicView(context.hub, context.themes, context.wording.language)
        box = QVBoxLayout(self)
        box.setContentsMargins(GAP, GAP, GAP, GAP)
        box.addWidget(self.mimic, 1)
        display, problems = parse_display(entry.path, context.plant.folder)
        if problems:
            note = QLabel("\n".join(str(problem) for problem in problems[:5]))
            note.setProperty("look", "label")
            box.addWidget(note)
        self.mimic.set_display(display)

    @property
    def tags(self) -> list[str]:
        """The tags on the display."""
        return self.mimic.scene.tags if self.mimic.scene is not None else []


def make_display_page(
    context: Context,
    entry: DisplayEntry,
    open_equipment: Callable[[str], None],
    open_display: Callable[[str], None],
    open_trend: Callable[[str], None],
) -> DisplayPage:
    """Make the page of a display and connect what can be clicked in it."""
    page = DisplayPage(context, entry)
    page.mimic.equipment_selected.connect(open_equipment)
    page.mimic.link_activated.connect(open_display)
    page.mimic.trend_requested.connect(open_trend)
    return page
