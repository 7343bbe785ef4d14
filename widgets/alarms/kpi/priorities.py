"""Shares of the priorities, as configured and as annunciated, beside what they should be."""

from typing import Any, Final

import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush, QKeyEvent, QMouseEvent

from app.alarms.kpi import PRIORITY_SHARES
from app.model.alarm_kpi import AlarmKpiReport, PriorityCount
from widgets.alarms.kpi.plot import FigurePlot
from widgets.theme import Theme, font
from widgets.wording import THIN_SPACE, Wording

_THICK: Final = 0.32
_APART: Final = 0.18


class PrioritiesPlot(FigurePlot):
    """Two bars a priority: hatched as configured, full as annunciated; a tick where the share should be.

    Signals:
        chosen(int): the priority that was clicked, or entered at.

    """

    chosen = Signal(int)

    def __init__(self, theme: Theme, wording: Wording) -> None:
        super().__init__(theme)
        self._wording = wording
        self._counts: tuple[PriorityCount, ...] = ()
        self._at: int | None = None
        self._items: list[Any] = []
        self.setAccessibleName(self.tr("Priorities"))
        self.setToolTip(
            self.tr("Hatched: as configured. Full: as annunciated. Tick: share it should have. Left and right choose a "
                    "priority, Enter opens its rows.")
        )  # fmt: skip

    def show_report(self, report: AlarmKpiReport | None) -> None:
        """Show the priorities of a report."""
        self._counts = () if report is None else report.priorities
        self._at = None
        self.redraw()

    def redraw(self) -> None:
        """Draw bars, ticks and texts."""
        for item in self._items:
            self.plot.removeItem(item)
        self._items = []
        configured = max(1, sum(each.configured for each in self._counts))
        annunciated = max(1, sum(each.annunciated for each in self._counts))
        edge, full = self.theme.color("equipment_edge"), self.theme.color("curve1")
        hatch = QBrush(edge, Qt.BrushStyle.BDiagPattern)
        for each in self._counts:
            x = float(each.priority)
            pairs = ((-_APART, each.configured, configured, hatch), (_APART, each.annunciated, annunciated, full))
            for shift, count, total, brush in pairs:
                share = 100 * count / total
                pen = pg.mkPen(edge, width=1)
                self._add(pg.BarGraphItem(x=[x + shift], height=[share], width=_THICK, brush=brush, pen=pen))
                self._text(f"{self._wording.number(share, 0)}{THIN_SPACE}%", x + shift, share)
            wanted = 100 * PRIORITY_SHARES[each.priority]
            pen = pg.mkPen(self.theme.color("ink"), width=2)
            self._add(pg.PlotCurveItem([x - 0.42, x + 0.42], [wanted, wanted], pen=pen))
        mark = "▸ " if self._at is not None else ""
        names = [
            (each.priority, f"{mark if each.priority == self._at else ''}P{each.priority}") for each in self._counts
        ]
        self.plot.getAxis("bottom").setTicks([names])
        self.plot.setXRange(0.5, 4.5, padding=0)
        self.plot.setYRange(0.0, 112.0, padding=0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose another priority, or ask for its rows."""
        key = Qt.Key(event.key())
        if self._counts and key in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            step = 1 if key is Qt.Key.Key_Right else -1
            self._at = min(4, max(1, (self._at if self._at is not None else 0 if step > 0 else 5) + step))
            self.redraw()
        elif self._at is not None and key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.chosen.emit(self._at)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the focus."""
        self.setFocus()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask for the rows of the priority that was clicked."""
        place = self.plot.getViewBox().mapSceneToView(self.mapToScene(event.position().toPoint()))
        priority = round(place.x())
        if event.button() is Qt.MouseButton.LeftButton and self._counts and 1 <= priority <= 4:
            self.chosen.emit(priority)

    def _text(self, text: str, x: float, y: float) -> None:
        item = pg.TextItem(text, color=self.theme.color("ink"), anchor=(0.5, 1.0))
        item.setFont(font(12))
        item.setPos(x, y)
        self._add(item)

    def _add(self, item: Any) -> None:
        self.plot.addItem(item, ignoreBounds=True)
        self._items.append(item)
