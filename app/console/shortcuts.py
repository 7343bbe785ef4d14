"""Keys of the main window; the operator guide lists them."""

from collections.abc import Callable, Mapping

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


def add_shortcuts(window: QWidget, actions: Mapping[str, Callable[[], object]]) -> None:
    """Bind each key sequence (``Ctrl+K``) to an action, wherever the focus is in the window."""
    for keys, action in actions.items():
        QShortcut(QKeySequence(keys), window).activated.connect(action)
