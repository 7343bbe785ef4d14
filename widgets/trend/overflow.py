"""Buttons of a row that go into its menu where the row is too narrow for all of them."""

from collections.abc import Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton


class Overflow:
    """Shows a button in its row, or its entry in the menu; the first of them leave the row first."""

    def __init__(self, menu: QMenu, buttons: Sequence[QPushButton]) -> None:
        self.buttons = buttons
        self._entries = [_entry(menu, button) for button in buttons]
        self._line = menu.addSeparator()
        self._line.setVisible(False)

    def show(self, gone: int) -> None:
        """Show so many of the buttons in the menu, the others in the row."""
        for number, (button, entry) in enumerate(zip(self.buttons, self._entries, strict=True)):
            button.setVisible(number >= gone)
            entry.setVisible(number < gone)
        self._line.setVisible(gone > 0)


def _entry(menu: QMenu, button: QPushButton) -> QAction:
    """Add an entry that is the button: the same text, and the same state where it has one."""
    entry = menu.addAction(button.text())
    entry.setToolTip(button.toolTip())
    entry.setVisible(False)
    entry.triggered.connect(lambda _=False: button.click())
    if button.isCheckable():
        entry.setCheckable(True)
        entry.setChecked(button.isChecked())
        button.toggled.connect(entry.setChecked)
    return entry
