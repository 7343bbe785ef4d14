"""Two views of a window beside the trend: one tag over another, and how long a tag was at which value."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.model.tag import Tag
from widgets.theme import Theme
from widgets.trend.axes import dress
from widgets.trend.sampling import at_times
from widgets.trend.shape import Floats
from widgets.trend.source import TrendSource
from widgets.wording import Wording

POINTS = 2000
BINS = 40


def xy_points(source: TrendSource, x: Tag, y: Tag, start_ns: int, end_ns: int) -> tuple[Floats, Floats]:
    """Return values of two tags at the same times, where both are usable."""
    times = np.linspace(start_ns, end_ns, POINTS).astype(np.int64)
    found = []
    for tag in (x, y):
        envelope = source.window(tag.name, start_ns, end_ns, POINTS)
        if envelope is None or not len(envelope.t_last):
            return np.empty(0), np.empty(0)
        found.append(np.asarray(at_times(envelope, tag, times)[0], dtype=float))
    both = np.isfinite(found[0]) & np.isfinite(found[1])
    return found[0][both], found[1][both]


def histogram(source: TrendSource, tag: Tag, start_ns: int, end_ns: int, bins: int = BINS) -> tuple[Floats, Floats]:
    """Return edges of bins, and the share of the good time (per cent) that the tag was in each."""
    envelope = source.window(tag.name, start_ns, end_ns, POINTS)
    if envelope is None or not len(envelope.t_last):
        return np.empty(0), np.empty(0)
    times = np.linspace(start_ns, end_ns, POINTS * 2).astype(np.int64)
    values = np.asarray(at_times(envelope, tag, times)[0], dtype=float)
    values = values[np.isfinite(values)]
    if not len(values):
        return np.empty(0), np.empty(0)
    counts, edges = np.histogram(values, bins=bins)
    return edges, counts * (100.0 / len(values))


class AnalysisWindow(QWidget):
    """A window of its own with one plot; it deletes itself when it is closed."""

    def __init__(self, parent: QWidget, title: str, theme: Theme) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.resize(720, 560)
        self._theme = theme
        self.view = pg.PlotWidget(background=theme.color("field"))
        self.plot: Any = self.view.getPlotItem()
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.showGrid(x=True, y=True, alpha=0.2)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.view)

    def label(self, side: str, text: str) -> None:
        """Name an axis."""
        axis = self.plot.getAxis(side)
        axis.enableAutoSIPrefix(False)
        axis.setLabel(text)
        dress(axis, self._theme, self._theme.color("ink"))

    def event(self, event: QEvent) -> bool:
        """Forget the plot's scene when the window is about to be deleted."""
        if event.type() is QEvent.Type.DeferredDelete:
            self.view.close()
        return super().event(event)


def xy_window(
    parent: QWidget, source: TrendSource, x: Tag, y: Tag, span_ns: tuple[int, int], theme: Theme, wording: Wording
) -> AnalysisWindow:
    """Show one tag over another; the colour goes from pale (old) to full (new)."""
    window = AnalysisWindow(parent, f"{y.name} / {x.name}", theme)
    xs, ys = xy_points(source, x, y, *span_ns)
    quarter = max(1, -(-len(xs) // 4))
    for number in range(4):
        color = theme.curve_color(0)
        color.setAlpha(70 + 60 * number)
        part = slice(number * quarter, (number + 1) * quarter)
        window.plot.addItem(pg.ScatterPlotItem(xs[part], ys[part], size=5, pen=None, brush=color))
    window.label("bottom", _name(x, wording))
    window.label("left", _name(y, wording))
    return window


def histogram_window(
    parent: QWidget, source: TrendSource, tag: Tag, span_ns: tuple[int, int], theme: Theme, wording: Wording
) -> AnalysisWindow:
    """Show how long a tag was at which value."""
    window = AnalysisWindow(parent, tag.name, theme)
    edges, shares = histogram(source, tag, *span_ns)
    if len(edges):
        color = theme.curve_color(0)
        window.plot.addItem(pg.BarGraphItem(x0=edges[:-1], x1=edges[1:], height=shares, brush=color, pen=None))
    window.label("bottom", _name(tag, wording))
    window.label("left", "%")
    return window


def _name(tag: Tag, wording: Wording) -> str:
    return " ".join(filter(None, (tag.name, wording.text(tag.description), f"[{tag.unit}]" if tag.unit else "")))
