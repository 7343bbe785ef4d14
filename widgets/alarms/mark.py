"""A priority mark as a widget; hollow while acknowledged."""

from typing import Final

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.model.alarm import Priority
from widgets.marks import paint_mark
from widgets.theme import ThemeManager

SIZE: Final = 22


class MarkWidget(QWidget):
    """A priority mark as a widget; empty while ``priority`` is None."""

    def __init__(self, themes: ThemeManager, size: int = SIZE, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._size = size
        self._priority: Priority | None = None
        self._filled = True
        self._blank = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self.update)

    def show_priority(self, priority: Priority | None, *, filled: bool = True, blank: bool = False) -> None:
        """Show a mark, or nothing; ``blank``: the other phase of blinking."""
        if (priority, filled, blank) != (self._priority, self._filled, self._blank):
            self._priority, self._filled, self._blank = priority, filled, blank
            self.update()

    def sizeHint(self) -> QSize:
        """Return the square's size."""
        return QSize(self._size, self._size)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the mark."""
        if self._priority is not None:
            painter = QPainter(self)
            theme, box = self._themes.theme, QRectF(self.rect())
            paint_mark(painter, box, self._priority, theme, hollow=not self._filled, blank=self._blank)
            painter.end()
