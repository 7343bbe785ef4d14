"""The navigation rail at the left: one button a workspace."""

from typing import Final

from PySide6.QtCore import QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QButtonGroup, QToolButton, QVBoxLayout, QWidget

from app.console.icons import SIZE, icon
from widgets.drag import dragged_tags
from widgets.theme import STEP, ThemeManager

WIDTH: Final = 84
_OPEN_MS: Final = 600
"""So long tags are held over Trends before it opens, to be dropped in the plot."""


class NavigationRail(QWidget):
    """Buttons of the workspaces; tags can be dropped on Trends.

    Signals:
        chosen(str): id of the workspace that was clicked, or over which tags are held.
        tags_dropped(list): tags for the trend workspace.

    """

    chosen = Signal(str)
    tags_dropped = Signal(list)

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
            "alarms": self.tr("Alarms"), "journal": self.tr("Journal"), "kpi": self.tr("Alarm KPIs"),
            "system": self.tr("System"),
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
        self.setAcceptDrops(True)
        self._open_soon = QTimer(self, singleShot=True, interval=_OPEN_MS)
        self._open_soon.timeout.connect(lambda: self.chosen.emit("trends"))
        self._paint_icons()
        themes.changed.connect(self._paint_icons)

    def show_current(self, name: str) -> None:
        """Mark a workspace as the current one."""
        if name in self.buttons:
            self.buttons[name].setChecked(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take tags along."""
        if dragged_tags(event.mimeData()):
            event.accept()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Take tags over Trends only, and open it where they are held there."""
        if not self._is_over_trends(event.position()):
            self._open_soon.stop()
            event.ignore()
            return
        event.acceptProposedAction()
        if not self._open_soon.isActive() and not self.buttons["trends"].isChecked():
            self._open_soon.start()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Open nothing any more."""
        self._open_soon.stop()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand the tags on."""
        self._open_soon.stop()
        if self._is_over_trends(event.position()):
            event.acceptProposedAction()
            self.tags_dropped.emit(dragged_tags(event.mimeData()))

    def _is_over_trends(self, position: QPointF) -> bool:
        return self.buttons["trends"].geometry().contains(position.toPoint())

    def _paint_icons(self) -> None:
        for name, button in self.buttons.items():
            button.setIcon(icon(name, self._themes.theme, self.devicePixelRatioF()))
