"""What is done to the pen of the legend's current line: take it away, hide it, show its menu."""

from PySide6.QtCore import QObject, QPoint

from widgets.theme import ThemeManager
from widgets.trend.legend import TrendLegend
from widgets.trend.penmenu import pen_menu
from widgets.trend.pens import Pen, PenSet
from widgets.wording import Wording


class CurrentPen(QObject):
    """Acts on one pen; without a current line on the one whose scale is on the axis."""

    def __init__(self, pens: PenSet, legend: TrendLegend, themes: ThemeManager, wording: Wording) -> None:
        super().__init__(legend)
        self._pens, self._legend, self._themes, self._wording = pens, legend, themes, wording
        legend.menu_wanted.connect(self._show_menu)

    @property
    def pen(self) -> Pen | None:
        """The pen; None where there is none."""
        return self._legend.current() or self._pens.current

    def remove(self) -> None:
        """Take it away."""
        if (pen := self.pen) is not None:
            self._pens.remove(pen)

    def toggle(self) -> None:
        """Show or hide it."""
        if (pen := self.pen) is not None:
            self._pens.set_visible(pen, not pen.visible)

    def show_menu(self) -> None:
        """Show its menu beside the legend."""
        if (pen := self.pen) is not None:
            self._show_menu(pen, self._legend.mapToGlobal(self._legend.rect().topLeft()))

    def _show_menu(self, pen: Pen, at: QPoint) -> None:
        pen_menu(self._pens, pen, self._themes.theme, self._wording, self._legend).popup(at)
