"""The plot: axes, interaction and rulers of pyqtgraph around one picture of all curves."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QHelpEvent, QPainter
from PySide6.QtWidgets import QToolTip, QVBoxLayout, QWidget

from widgets.theme import Theme, ThemeManager
from widgets.tips import plain_tip
from widgets.trend.axes import TimeAxis, ValueAxis, dress
from widgets.trend.canvas import Canvas
from widgets.trend.curves import paint_curves
from widgets.trend.frame import Frame
from widgets.trend.ground import paint_ground, paint_limits
from widgets.trend.lanes import paint_lanes
from widgets.trend.margin import Margin
from widgets.trend.pens import Pen, PenSet
from widgets.trend.rulers import Rulers
from widgets.trend.view import TrendView
from widgets.trend.viewbox import TrendViewBox
from widgets.wording import Wording

_MOST_AXES: Final = 6
_ABOVE_PX: Final = 10
"""Over the plot, for the upper half of the topmost text of its value axes."""

Layer = Callable[[Frame], None]


class TrendPlot(QWidget):
    """Draws what the pens hold; asks for data by telling its range.

    Signals:
        range_changed(bool): by the user (True) or by ``show_range``.
        boxed(float, float): the user drew a box over this time.
        resized(): it has another width, and wants data for it.

    """

    range_changed = Signal(bool)
    boxed = Signal(float, float)
    resized = Signal()

    def __init__(self, pens: PenSet, themes: ThemeManager, wording: Wording) -> None:
        super().__init__()
        self._pens, self._themes, self._wording = pens, themes, wording
        self._setting = False
        self._more_axes: list[Any] = []
        self.all_axes = False
        self.layers: list[Layer] = []
        """Painted over the curves, in order."""
        self.tip: Callable[[QPointF], str] = lambda _: ""
        """What to say at a position of this widget."""
        self.box = TrendViewBox()
        self._time = TimeAxis(wording)
        self._value = ValueAxis(pens, wording, lambda: pens.current, Margin(pens, wording))
        self._view = TrendView(self.box, {"bottom": self._time, "left": self._value})
        self._plot = self._view.getPlotItem()
        self._plot.setMenuEnabled(False)
        self._plot.hideButtons()
        self._plot.layout.setContentsMargins(0, _ABOVE_PX, 0, 0)
        self._canvas = Canvas(self._paint)
        self.rulers = Rulers(self.box, self)
        self._view.strips = [self._draw_strips]
        self._view.pieces = [self._draw_axes, self.rulers.paint, self._draw_box]
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self.redraw)
        self.box.sigXRangeChanged.connect(self._ranged)
        self.box.sigResized.connect(self._resized)
        self.box.boxed.connect(self.boxed)
        self.box.drawn.connect(self._view.repaint_soon)
        self.rulers.touched.connect(self._view.repaint_soon)
        self._view.scene().sigMouseClicked.connect(self._clicked)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._view)
        self._view.setAccessibleName(self.tr("Trend"))
        self.setFocusProxy(self._view)
        themes.changed.connect(self.restyle)
        pens.changed.connect(self.redraw_soon)
        self.restyle(themes.theme)

    @property
    def span(self) -> tuple[float, float]:
        """Range shown (seconds since the epoch)."""
        low, high = self.box.viewRange()[0]
        return float(low), float(high)

    @property
    def columns(self) -> int:
        """Width of the plot in device pixels: how many columns a query needs."""
        return max(2, round(float(self.box.width()) * self.devicePixelRatioF()))

    def show_range(self, start_s: float, end_s: float) -> None:
        """Show a range."""
        self._setting = True
        self.box.show_range(start_s, end_s)
        self._setting = False

    def show_all_axes(self, wanted: bool) -> None:
        """Show a value axis for every scale, or for the current pen alone."""
        self.all_axes = wanted
        self.redraw()

    def restyle(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._view.ground = theme.color("field")
        dress(self._time, theme)
        self.rulers.restyle(theme)
        self.redraw_soon()

    def redraw_soon(self) -> None:
        """Draw once for all that changes in this turn of the event loop."""
        self._later.start()

    def redraw(self) -> None:
        """Draw the pens anew."""
        self._later.stop()
        self._arrange_axes()
        self._value.refresh(self._themes.theme)
        for axis in self._more_axes:
            axis.refresh(self._themes.theme)
        width, height = float(self.box.width()), float(self.box.height())
        self._canvas.refresh(width, height, self.devicePixelRatioF(), *self.span, self._themes.theme)
        self.rulers.place()
        self._view.repaint_soon()

    def time_at(self, position: QPointF) -> float:
        """Return the time at a position of this widget."""
        scene = self._view.mapToScene(self._view.mapFrom(self, position.toPoint()))
        return float(self.box.mapSceneToView(scene).x())

    def _draw_strips(self, painter: QPainter, ratio: float) -> None:
        for axis in (self._value, *self._more_axes):
            axis.draw(painter, ratio)
        self._canvas.draw(painter, self.box.scenePos(), ratio)

    def _draw_axes(self, painter: QPainter) -> None:
        for axis in (self._value, *self._more_axes):
            axis.draw_ticks(painter)
        self._time.draw(painter)

    def _draw_box(self, painter: QPainter) -> None:
        self.box.paint_box(painter, self._themes.theme.color("selection"))

    def _paint(self, frame: Frame) -> None:
        ratio = frame.ratio
        ticks = self._time.ticks(frame.start_s, frame.end_s, frame.width / ratio)
        paint_ground(frame, self._pens, ticks, self._value.shares(frame.height / ratio))
        paint_curves(frame, self._pens)
        paint_lanes(frame, self._pens, self._wording)
        paint_limits(frame, self._pens, self._wording)
        for layer in self.layers:
            layer(frame)

    def _arrange_axes(self) -> None:
        wanted: list[Pen] = []
        current = self._pens.current
        if self.all_axes and not self._pens.staggered:  # then each has its own at the left
            shown = set(self._pens.sharing(current)) if current is not None else set()
            for pen in self._pens.curves():
                if pen not in shown:
                    wanted.append(pen)
                    shown |= set(self._pens.sharing(pen))
        wanted = wanted[:_MOST_AXES]
        if [axis.pen_shown for axis in self._more_axes] == wanted:
            return
        for axis in self._more_axes:
            self._plot.layout.removeItem(axis)
            self._plot.scene().removeItem(axis)
        self._more_axes = []
        for number, pen in enumerate(wanted):
            axis = ValueAxis(self._pens, self._wording, partial(_same, pen))
            axis.pen_shown = pen
            self._plot.layout.addItem(axis, 2, 3 + number)
            axis.linkToView(self.box)
            self._more_axes.append(axis)
        self._plot.layout.activate()

    def _ranged(self, *_: object) -> None:
        self.redraw_soon()
        self.range_changed.emit(not self._setting)

    def _resized(self, *_: object) -> None:
        self.redraw_soon()
        self.resized.emit()

    def _clicked(self, event: Any) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            point: QPointF = self.box.mapSceneToView(event.scenePos())
            second = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self.rulers.set(1 if second else 0, float(point.x()))
        elif event.button() == Qt.MouseButton.RightButton:
            self.rulers.clear()

    def event(self, event: QEvent) -> bool:
        """Tell what a mark says; forget the plot's scene when the widget is about to be deleted."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), plain_tip(self.tip(QPointF(event.pos()))), self)
            return True
        if event.type() is QEvent.Type.DeferredDelete:
            self._view.close()
        return super().event(event)


def _same(pen: Pen) -> Pen | None:
    return pen
