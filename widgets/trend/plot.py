"""The plot: curves of all pens on one view, limits, ruler, zoom at the cursor and pan."""

from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from widgets.theme import Theme, ThemeManager, font
from widgets.trend.axes import TimeAxis, ValueAxis, dress
from widgets.trend.pens import Pen, PenSet
from widgets.wording import Wording

MIN_SPAN_S: Final = 5.0
MAX_SPAN_S: Final = 400 * 86400.0


class TrendPlot(QWidget):
    """Draws what the pens hold; asks for data by telling its range.

    Signals:
        range_changed(bool): by the user (True) or by ``show_range``.
        ruler_moved(object): seconds since the epoch, or None when the ruler is gone.

    """

    range_changed = Signal(bool)
    ruler_moved = Signal(object)

    def __init__(self, pens: PenSet, themes: ThemeManager, wording: Wording) -> None:
        super().__init__()
        self._pens, self._themes, self._wording = pens, themes, wording
        self._items: dict[Pen, tuple[Any, Any]] = {}
        self._limits: list[Any] = []
        self._setting = False
        self.ruler_s: float | None = None
        self._view = pg.PlotWidget(axisItems={"bottom": TimeAxis(wording), "left": ValueAxis(pens, wording)})
        self._plot = self._view.getPlotItem()
        self._plot.setMenuEnabled(False)
        self._plot.hideButtons()
        box = self._plot.getViewBox()
        box.setMouseEnabled(x=True, y=False)
        box.setMouseMode(pg.ViewBox.PanMode)
        box.setYRange(0.0, 1.0, padding=0.0)
        box.disableAutoRange()
        box.setLimits(minXRange=MIN_SPAN_S, maxXRange=MAX_SPAN_S)
        box.sigXRangeChanged.connect(self._ranged)
        self._ruler = pg.InfiniteLine(angle=90, movable=True)
        self._ruler.setVisible(False)
        self._ruler.setZValue(20)
        self._ruler.sigPositionChanged.connect(self._ruled)
        self._plot.addItem(self._ruler, ignoreBounds=True)
        self._view.scene().sigMouseClicked.connect(self._clicked)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._view)
        self._view.setAccessibleName(self.tr("Trend"))
        themes.changed.connect(self.restyle)
        pens.changed.connect(self.redraw)
        self.restyle(themes.theme)

    @property
    def span(self) -> tuple[float, float]:
        """Range shown (seconds since the epoch)."""
        low, high = self._plot.getViewBox().viewRange()[0]
        return float(low), float(high)

    @property
    def columns(self) -> int:
        """Width of the plot in device pixels: how many columns a query needs."""
        width = float(self._plot.getViewBox().width())
        return max(2, round(width * self.devicePixelRatioF()))

    def show_range(self, start_s: float, end_s: float) -> None:
        """Show a range."""
        self._setting = True
        self._plot.getViewBox().setXRange(start_s, end_s, padding=0.0)
        self._setting = False

    def set_ruler(self, seconds: float | None) -> None:
        """Put the ruler at a time, or take it away."""
        self.ruler_s = seconds
        self._ruler.setVisible(seconds is not None)
        if seconds is not None:
            self._ruler.setValue(seconds)
        self.ruler_moved.emit(seconds)

    def restyle(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._view.setBackground(theme.color("field"))
        for name in ("bottom", "left"):
            dress(self._plot.getAxis(name), theme)
        self._plot.showGrid(x=True, y=True, alpha=0.25)
        self._ruler.setPen(QPen(theme.color("ink"), 1.0))
        self._ruler.setHoverPen(QPen(theme.color("selection"), 1.0))
        self.redraw()

    def redraw(self) -> None:
        """Draw the pens' lines anew."""
        theme = self._themes.theme
        for pen in [pen for pen in self._items if pen not in self._pens.pens]:
            for item in self._items.pop(pen):
                self._plot.removeItem(item)
        for pen in self._pens.pens:
            solid, dashed = self._curves(pen)
            low, high = self._pens.scale(pen)
            y = (pen.lines.y - low) / (high - low)
            for item, connect, style in (
                (solid, pen.lines.solid, Qt.PenStyle.SolidLine),
                (dashed, pen.lines.dashed, Qt.PenStyle.DashLine),
            ):
                drawn = pen.visible and bool(connect.any())
                item.setVisible(drawn)
                if drawn:
                    item.setPen(QPen(theme.curve_color(pen.color), 0.0, style))
                    item.setData(pen.lines.x, y, connect=connect.astype(np.int32), skipFiniteCheck=True)
                    item.setZValue(10 if pen is self._pens.current else 5)
        self._draw_limits(theme)
        axis = self._plot.getAxis("left")
        axis.picture = None
        current = self._pens.current
        dress(axis, theme, theme.curve_color(current.color) if current is not None else None)
        axis.update()

    def _curves(self, pen: Pen) -> tuple[Any, Any]:
        if pen not in self._items:
            self._items[pen] = (pg.PlotCurveItem(), pg.PlotCurveItem())
            for item in self._items[pen]:
                self._plot.addItem(item, ignoreBounds=True)
        return self._items[pen]

    def _draw_limits(self, theme: Theme) -> None:
        for item in self._limits:
            self._plot.removeItem(item)
        self._limits = []
        pen = self._pens.current
        if pen is None or pen.tag.is_discrete:
            return
        limits = pen.tag.limits
        low, high = self._pens.scale(pen)
        for name, value in (("HH", limits.high_high), ("H", limits.high), ("L", limits.low), ("LL", limits.low_low)):
            if value is None or not low <= value <= high:
                continue
            line = pg.InfiniteLine(
                (value - low) / (high - low), angle=0, pen=QPen(theme.color("limit"), 0.0, Qt.PenStyle.DashLine),
                label=f"{name} {self._wording.number(value, pen.tag.decimals)}",
                labelOpts={"position": 0.98, "color": theme.color("dim"), "anchors": [(1, 1), (1, 1)]},
            )  # fmt: skip
            line.label.setFont(font(13))
            self._plot.addItem(line, ignoreBounds=True)
            self._limits.append(line)

    def _ranged(self, *_: object) -> None:
        self.range_changed.emit(not self._setting)

    def _ruled(self) -> None:
        self.ruler_s = float(self._ruler.value())
        self.ruler_moved.emit(self.ruler_s)

    def _clicked(self, event: Any) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            point: QPointF = self._plot.getViewBox().mapSceneToView(event.scenePos())
            self.set_ruler(float(point.x()))
        elif event.button() == Qt.MouseButton.RightButton:
            self.set_ruler(None)

    def event(self, event: QEvent) -> bool:
        """Forget the plot's scene when the widget is about to be deleted."""
        if event.type() is QEvent.Type.DeferredDelete:
            self._view.close()
        return super().event(event)
