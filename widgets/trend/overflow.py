"""Buttons of a row that go into its menu where the row is too narrow for all of them."""

from collections.abc import Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton


class Overflow:
    """Shows a button in its row, or its entry in the menu; the first of them leave the row first."""

    def __init__(self, menu: QMenu, buttons: Sequence[QPushButton], gap: int) -> None:
        self.buttons, self._gap = buttons, gap
        self._entries = [_entry(menu, button) for button in buttons]
        self._line = menu.addSeparator()
        self._line.setVisible(False)

    def fit(self, room: int) -> None:
        """Let so many buttons leave the row that the others fit into ``room`` (device independent pixels)."""
        widths = [button.sizeHint().width() + self._gap for button in self.buttons]
        for number, (button, entry) in enumerate(zip(self.buttons, self._entries, strict=True)):
            fits = sum(widths[number:]) <= room
            button.setVisible(fits)
            entry.setVisible(not fits)
        self._line.setVisible(self._entries[0].isVisible())


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
