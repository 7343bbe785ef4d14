"""Rulers by keys: placed into the view, moved by pixels, zoomed between."""

from widgets.trend.navigation import TimeNavigator
from widgets.trend.plot import TrendPlot

_PLACES = (0.5, 0.75)


class RulerSteps:
    """What the keys of the rulers do."""

    def __init__(self, plot: TrendPlot, navigator: TimeNavigator) -> None:
        self._plot, self._navigator = plot, navigator

    def place(self, number: int) -> None:
        """Put a ruler (0: A, 1: B) into the view."""
        start, end = self._plot.span
        self._plot.rulers.set(number, start + (end - start) * _PLACES[number])

    def step(self, pixels: int) -> None:
        """Move the ruler that was moved last, or place it."""
        rulers, (start, end) = self._plot.rulers, self._plot.span
        at = rulers.at_s[rulers.active]
        if at is None:
            self.place(rulers.active)
        else:
            rulers.set(rulers.active, at + pixels * (end - start) / self._plot.columns)

    def zoom_between(self) -> bool:
        """Show the time between the rulers; tells False where there are no two."""
        a, b = self._plot.rulers.at_s
        if a is None or b is None or a == b:
            return False
        self._navigator.show_range(min(a, b), max(a, b))
        return True
