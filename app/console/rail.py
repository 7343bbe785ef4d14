"""The navigation rail at the left: one button a workspace."""

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QToolButton, QVBoxLayout, QWidget

from app.console.icons import SIZE, icon
from widgets.theme import STEP, ThemeManager

WIDTH: Final = 84


class NavigationRail(QWidget):
    """Buttons of the workspaces.

    Signals:
        chosen(str): id of the workspace that was clicked.

    """

    chosen = Signal(str)

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self._themes = themes
        self.setProperty("look", "chrome")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QToolButton] = {}
        titles = {
            "overview": self.tr("Overview"), "areas": self.tr("Areas"), "trends": self.tr("Trends"),
            "alarms": self.tr("Alarms"), "journal": self.tr("Journal"), "system": self.tr("System"),
        }  # fmt: skip
        box = QVBoxLayout(self)
        box.setContentsMargins(0, STEP, 0, STEP)
        box.setSpacing(4)
        for number, (name, title) in enumerate(titles.items(), 1):
            button = QToolButton()
            button.setText(title)
            button.setProperty("look", "nav")
            button.setCheckable(True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setIconSize(QSize(SIZE, SIZE))
            button.setFixedSize(WIDTH, 66)
            button.setToolTip(f"{title} (Ctrl+{number})")
            button.clicked.connect(lambda _=False, chosen=name: self.chosen.emit(chosen))
            self._group.addButton(button)
            self.buttons[name] = button
            box.addWidget(button)
        box.addStretch(1)
        self._paint_icons()
        themes.changed.connect(self._paint_icons)

    def show_current(self, name: str) -> None:
        """Mark a workspace as the current one."""
        if name in self.buttons:
            self.buttons[name].setChecked(True)

    def _paint_icons(self) -> None:
        for name, button in self.buttons.items():
            button.setIcon(icon(name, self._themes.theme, self.devicePixelRatioF()))
