"""The ten most frequent alarms as bars; one is chosen by mouse or keys."""

import math
from typing import Any, Final

import pyqtgraph as pg
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QResizeEvent

from app.model.alarm_kpi import AlarmCount, AlarmKpiReport
from app.model.plant import Plant
from widgets.alarms.kpi.plot import FigurePlot
from widgets.alarms.kpi.words import alarm_words
from widgets.theme import Theme, font
from widgets.wording import THIN_SPACE, Wording

_ROWS: Final = 10
_THICK: Final = 0.5
_ROOM: Final = 1.5
"""The longest bar leaves room for its figures."""
_NAMES: Final = 0.5
"""Share of the width that the names have."""


class TopTenPlot(FigurePlot):
    """A name beside each bar, and its number and share.

    Signals:
        chosen(str): the alarm that was clicked, or entered at.
        pointed(str): the whole name of the alarm under pointer or cursor; empty: none.

    """

    chosen = Signal(str)
    pointed = Signal(str)

    def __init__(self, theme: Theme, plant: Plant, wording: Wording) -> None:
        super().__init__(theme)
        self._plant, self._wording = plant, wording
        self._top: tuple[AlarmCount, ...] = ()
        self._all = 0
        self._at: int | None = None
        self._items: list[Any] = []
        for side in ("left", "bottom"):
            self.plot.hideAxis(side)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Ten most frequent"))
        self.setToolTip(self.tr("Up and down choose an alarm, Enter opens its rows."))

    def show_report(self, report: AlarmKpiReport | None) -> None:
        """Show the most frequent alarms of a report."""
        self._top, self._all = ((), 0) if report is None else (report.top, report.annunciated)
        self._at = None
        self.redraw()

    def redraw(self) -> None:
        """Draw names at the left, bars and figures at the right."""
        for item in self._items:
            self.plot.removeItem(item)
        self._items = []
        most = float(self._top[0].count if self._top else 1)
        left = -most * _ROOM * _NAMES / (1 - _NAMES)
        self.plot.setXRange(left, most * _ROOM, padding=0)
        self.plot.setYRange(-_ROWS, 0.0, padding=0)
        for row, each in enumerate(self._top):
            chosen = row == self._at
            color = self.theme.color("selection" if chosen else "curve1")
            y = -row - 0.5
            self._add(pg.BarGraphItem(x0=[0.0], x1=[each.count], y=[y], height=_THICK, brush=color, pen=None))
            share = self._wording.number(100 * each.count / max(1, self._all), 1)
            self._text(f"{self._wording.number(each.count, 0)} · {share}{THIN_SPACE}%", each.count, y, bold=chosen)
            self._text(self._name(each.alarm), left, y, bold=chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose another alarm, or ask for its rows."""
        key = Qt.Key(event.key())
        if self._top and key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            step = 1 if key is Qt.Key.Key_Down else -1
            before = self._at if self._at is not None else -1 if step > 0 else len(self._top)
            self._at = min(len(self._top) - 1, max(0, before + step))
            self.redraw()
            self._point(self._at)
        elif self._at is not None and key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.chosen.emit(self._top[self._at].alarm)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the focus."""
        self.setFocus()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the alarm under the pointer."""
        self._point(self._row(event.position().toPoint()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask for the rows of the alarm that was clicked."""
        row = self._row(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and row is not None:
            self._at = row
            self.redraw()
            self.chosen.emit(self._top[row].alarm)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the names anew."""
        super().resizeEvent(event)
        if hasattr(self, "_items"):  # the base class is resized before this one is made
            self.redraw()

    def _row(self, at: QPoint) -> int | None:
        row = math.floor(-self.plot.getViewBox().mapSceneToView(self.mapToScene(at)).y())
        return row if 0 <= row < len(self._top) else None

    def _point(self, row: int | None) -> None:
        self.pointed.emit("" if row is None else alarm_words(self._top[row].alarm, self._plant, self._wording))

    def _name(self, alarm: str) -> str:
        text = alarm_words(alarm, self._plant, self._wording)
        room = max(80, round(self.width() * _NAMES) - 12)
        return QFontMetricsF(font(13, bold=True)).elidedText(text, Qt.TextElideMode.ElideRight, room)

    def _text(self, text: str, x: float, y: float, *, bold: bool) -> None:
        item = pg.TextItem(text, color=self.theme.color("ink"), anchor=(0.0, 0.5))
        item.setFont(font(13, bold=bold))
        item.setPos(x, y)
        self._add(item)

    def _add(self, item: Any) -> None:
        self.plot.addItem(item, ignoreBounds=True)
        self._items.append(item)
