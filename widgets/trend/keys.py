"""Keys of a trend: everything that the mouse can do. The operator guide lists them."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


def add_keys(widget: QWidget, actions: Mapping[str, Callable[[], object]]) -> None:
    """Bind keys while the focus is in a widget; what is typed into a field stays there."""
    for keys, action in actions.items():
        shortcut = QShortcut(QKeySequence(keys), widget)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(action)
