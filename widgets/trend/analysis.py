"""Two views of a window beside the trend: one tag over another, and how long a tag was at which value."""

import math
from collections.abc import Callable
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.model.errors import HaiheError
from app.model.tag import Tag
from widgets.theme import Theme
from widgets.trend.axes import dress
from widgets.trend.background import Background, Work
from widgets.trend.distribution import histogram, xy_points
from widgets.trend.joining import Stretch
from widgets.trend.shape import Floats
from widgets.trend.source import HistoryPages, TrendSource
from widgets.trend.whole import WholeSource
from widgets.wording import THIN_SPACE, Wording, with_minus


class NumberAxis(pg.AxisItem):  # type: ignore[misc]
    """Numbers as they are written everywhere else on screen, all of one axis with the same decimals."""

    def __init__(self, side: str) -> None:
        super().__init__(side)
        self._finest = 0.0
        self.setStyle(maxTextLevel=1)

    def tickValues(self, minimum: float, maximum: float, size: float) -> list[Any]:
        """Return the ticks of every level, and keep the finest step that has texts."""
        levels: list[Any] = super().tickValues(minimum, maximum, size)
        self._finest = min((step for step, _ in levels[:2]), default=0.0)
        return levels

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Return the texts."""
        step = (self._finest or spacing) * scale
        places = min(12, max(0, math.ceil(-math.log10(step) - 1e-9))) if step > 0 else 0
        return [with_minus(f"{value * scale:,.{places}f}").replace(",", THIN_SPACE) for value in values]


class AnalysisWindow(QWidget):
    """A window of its own with one plot; it deletes itself when it is closed."""

    def __init__(self, parent: QWidget, title: str, theme: Theme) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.resize(720, 560)
        self._theme = theme
        self.task: Background | None = None
        """What reads its data."""
        self.view = pg.PlotWidget(
            background=theme.color("field"), axisItems={side: NumberAxis(side) for side in ("left", "bottom")}
        )
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

    def say(self, text: str) -> None:
        """Show a line above the plot; none where it is empty."""
        self.plot.setTitle(text or None, color=self._theme.color("ink"))

    def event(self, event: QEvent) -> bool:
        """Forget the plot's scene when the window is about to be deleted."""
        if event.type() is QEvent.Type.DeferredDelete:
            self.view.close()
        return super().event(event)


class Analyses:
    """Makes these windows; what they show is read in a thread of its own, from ring and history."""

    def __init__(self, parent: QWidget, source: TrendSource, pages: HistoryPages | None, wording: Wording) -> None:
        self._parent, self._source, self._pages, self._wording = parent, source, pages, wording

    def xy(self, x: Tag, y: Tag, span_ns: Stretch, theme: Theme) -> AnalysisWindow:
        """Show one tag over another; the colour goes from pale (old) to full (new)."""
        window = AnalysisWindow(self._parent, f"{y.name} / {x.name}", theme)

        def draw(found: tuple[Floats, Floats]) -> bool:
            xs, ys = found
            quarter = max(1, -(-len(xs) // 4))
            for number in range(4):
                color = QColor(theme.curve_color(0))
                color.setAlpha(70 + 60 * number)
                part = slice(number * quarter, (number + 1) * quarter)
                window.plot.addItem(pg.ScatterPlotItem(xs[part], ys[part], size=5, pen=None, brush=color))
            return len(xs) > 0

        window.label("bottom", _name(x, self._wording))
        window.label("left", _name(y, self._wording))
        self._fill(window, span_ns, lambda whole: xy_points(whole, x, y), draw)
        return window

    def histogram(self, tag: Tag, span_ns: Stretch, theme: Theme) -> AnalysisWindow:
        """Show how long a tag was at which value."""
        window = AnalysisWindow(self._parent, tag.name, theme)

        def draw(found: tuple[Floats, Floats]) -> bool:
            edges, shares = found
            if len(edges):
                color = QColor(theme.curve_color(0))
                window.plot.addItem(pg.BarGraphItem(x0=edges[:-1], x1=edges[1:], height=shares, brush=color, pen=None))
            return len(edges) > 0

        window.label("bottom", _name(tag, self._wording))
        window.label("left", "%")
        self._fill(window, span_ns, lambda whole: histogram(whole, tag), draw)
        return window

    def _fill(
        self, window: AnalysisWindow, span_ns: Stretch, read: Callable[[WholeSource], tuple[Floats, Floats]],
        draw: Callable[[tuple[Floats, Floats]], bool],
    ) -> None:  # fmt: skip
        apart, pages = self._source.apart(), self._pages

        def work(line: Work) -> tuple[Floats, Floats]:
            with apart as ring:
                return read(WholeSource(ring, pages, span_ns, line))

        def failed(error: Exception) -> None:
            why = self._wording.error(error) if isinstance(error, HaiheError) else str(error)
            window.say(translate("AnalysisWindow", "Not read: {0}").format(why))

        translate = QCoreApplication.translate
        window.say(translate("AnalysisWindow", "Reading…"))
        task = Background(work, window, "trend-analysis")
        task.done.connect(
            lambda found: window.say("" if draw(found) else translate("AnalysisWindow", "No good values in this time"))
        )
        task.failed.connect(failed)
        window.task = task
        task.start()


def _name(tag: Tag, wording: Wording) -> str:
    return " ".join(filter(None, (tag.name, wording.text(tag.description), f"[{tag.unit}]" if tag.unit else "")))
