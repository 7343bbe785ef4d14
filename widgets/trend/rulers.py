"""Two rulers over the plot: A and B, dragged or moved by keys."""

from typing import Any, Final

import pyqtgraph as pg
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QPen

from widgets.theme import Theme, font

NAMES: Final = ("A", "B")


class Rulers(QObject):
    """Owns the two lines; the one moved last is the active one.

    Signals:
        moved(): a ruler moved, came or went; see ``at_s``.

    """

    moved = Signal()

    def __init__(self, plot: pg.PlotItem, parent: QObject) -> None:
        super().__init__(parent)
        self.active = 0
        self.at_s: list[float | None] = [None, None]
        self._lines: list[Any] = []
        for number, name in enumerate(NAMES):
            line = pg.InfiniteLine(angle=90, movable=True, label=name, labelOpts={"position": 0.97, "movable": False})
            line.label.setFont(font(13, bold=True))
            line.setVisible(False)
            line.setZValue(20)
            line.sigPositionChanged.connect(lambda _=None, moved=number: self._dragged(moved))
            plot.addItem(line, ignoreBounds=True)
            self._lines.append(line)

    def set(self, number: int, seconds: float | None) -> None:
        """Put a ruler (0: A, 1: B) at a time, or take it away."""
        line = self._lines[number]
        self.at_s[number] = seconds
        if seconds is not None:
            self.active = number
            line.blockSignals(True)
            line.setValue(seconds)
            line.blockSignals(False)
        line.setVisible(seconds is not None)
        self.moved.emit()

    def clear(self) -> None:
        """Take both away."""
        self.at_s = [None, None]
        for line in self._lines:
            line.setVisible(False)
        self.moved.emit()

    def restyle(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        for line, style in zip(self._lines, (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine), strict=True):
            line.setPen(QPen(theme.color("ink"), 0.0, style))
            line.setHoverPen(QPen(theme.color("selection"), 0.0, style))
            line.label.setColor(theme.color("ink"))
            line.label.fill = pg.mkBrush(theme.color("panel"))

    def _dragged(self, number: int) -> None:
        self.active = number
        self.at_s[number] = float(self._lines[number].value())
        self.moved.emit()
