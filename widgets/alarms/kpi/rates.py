"""Annunciated alarms in each ten minutes, floods shaded; a window of it is chosen by mouse or keys."""

from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QMouseEvent, QPen

from app.alarms.kpi.definitions import FLOOD_BEGINS_ABOVE, FLOOD_ENDS_BELOW
from app.model.alarm_kpi import TEN_MINUTES_NS, AlarmKpiReport
from app.model.clock import SECOND_NS
from widgets.alarms.kpi.plot import FigurePlot, PlantTimeAxis
from widgets.theme import Theme
from widgets.wording import Wording

_LEAST_TOP: Final = 15
_DAY: Final = 144
_HEADROOM: Final = 1.1


class RatesPlot(FigurePlot):
    """Bars of ten minutes.

    Signals:
        pointed(str): what the window under pointer or cursor has; empty: none.
        chosen(object, object): from and to (ns) of the window that was clicked, or entered at.

    """

    pointed = Signal(str)
    chosen = Signal(object, object)

    def __init__(self, theme: Theme, wording: Wording) -> None:
        super().__init__(theme, {"bottom": PlantTimeAxis(wording)})
        self._wording = wording
        self._report: AlarmKpiReport | None = None
        self._items: list[Any] = []
        self._at: int | None = None
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Alarms in ten minutes"))
        self.setToolTip(
            self.tr("Annunciated in each ten minutes of the clock. Left and right move, page keys by a day, Enter "
                    "opens the rows.")
        )  # fmt: skip

    def show_report(self, report: AlarmKpiReport | None) -> None:
        """Show the rates of a report; nothing for None."""
        self._report, self._at = report, None
        self.redraw()
        self.pointed.emit("")

    def redraw(self) -> None:
        """Draw bars, floods, bounds and cursor."""
        for item in self._items:
            self.plot.removeItem(item)
        self._items = []
        report = self._report
        if report is None or not report.bins:
            return
        edges = report.from_ns / SECOND_NS + np.arange(len(report.bins) + 1) * (TEN_MINUTES_NS / SECOND_NS)
        edges[-1] = report.to_ns / SECOND_NS
        top = max(_LEAST_TOP, max(report.bins) * _HEADROOM)
        self._shade(report, top)
        color = QColor(self.theme.color("curve1"))
        bars = pg.PlotCurveItem(
            edges, np.array(report.bins, float), stepMode="center", fillLevel=0, brush=color, pen=QPen(color, 0)
        )
        self._add(bars)
        for bound in (FLOOD_BEGINS_ABOVE, FLOOD_ENDS_BELOW):
            pen = pg.mkPen(self.theme.color("dim"), width=1, style=Qt.PenStyle.DashLine)
            self._add(pg.InfiniteLine(bound, angle=0, pen=pen))
        self._cursor.setPen(pg.mkPen(self.theme.color("ink"), width=1))
        self._add(self._cursor)
        self._cursor.setVisible(self._at is not None)
        self.plot.setXRange(float(edges[0]), float(edges[-1]), padding=0)
        self.plot.setYRange(0.0, top, padding=0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the cursor, or ask for the rows of its window."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageUp: -_DAY, Qt.Key.Key_PageDown: _DAY}
        key = Qt.Key(event.key())
        if self._report is None or not self._report.bins:
            super().keyPressEvent(event)
        elif key in steps:
            last = len(self._report.bins) - 1
            self._point(min(last, max(0, (last if self._at is None else self._at) + steps[key])))
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._at is not None:
            self._choose(self._at)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the window under the pointer."""
        self._point(self._window(event.position().toPoint()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the focus."""
        self.setFocus()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask for the rows of the window that was clicked."""
        at = self._window(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and at is not None:
            self._choose(at)

    def _window(self, at: QPoint) -> int | None:
        report = self._report
        if report is None:
            return None
        seconds = self.plot.getViewBox().mapSceneToView(self.mapToScene(at)).x()
        number = int((seconds * SECOND_NS - report.from_ns) // TEN_MINUTES_NS)
        return number if 0 <= number < len(report.bins) else None

    def _point(self, at: int | None) -> None:
        report = self._report
        self._at = at
        self._cursor.setVisible(at is not None)
        if at is None or report is None:
            self.pointed.emit("")
            return
        from_ns = report.from_ns + at * TEN_MINUTES_NS
        self._cursor.setValue((from_ns + TEN_MINUTES_NS // 2) / SECOND_NS)
        flood = any(each.from_ns <= from_ns < each.to_ns for each in report.floods)
        text = self.tr("{0}: {1} in ten minutes, flood") if flood else self.tr("{0}: {1} in ten minutes")
        self.pointed.emit(text.format(self._wording.date_time(from_ns)[:-3], report.bins[at]))

    def _choose(self, at: int) -> None:
        if self._report is not None:
            from_ns = self._report.from_ns + at * TEN_MINUTES_NS
            self.chosen.emit(from_ns, from_ns + TEN_MINUTES_NS)

    def _shade(self, report: AlarmKpiReport, top: float) -> None:
        """Hatch the floods; one that is narrower than a pixel has an edge all the same."""
        if not report.floods:
            return
        ends = np.array([(each.from_ns, each.to_ns) for each in report.floods]) / SECOND_NS
        hatch = QBrush(self.theme.color("equipment_edge"), Qt.BrushStyle.BDiagPattern)
        pen = pg.mkPen(self.theme.color("faint"), width=1)
        self._add(pg.BarGraphItem(x0=ends[:, 0], x1=ends[:, 1], y0=0, height=top, brush=hatch, pen=pen))

    def _add(self, item: Any) -> None:
        self.plot.addItem(item, ignoreBounds=True)
        self._items.append(item)
