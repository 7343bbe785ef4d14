"""The legend: one line a pen with live value, values at the rulers, and statistics of the window."""

import math
import time
from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidgetItem, QVBoxLayout, QWidget

from app.model.sample import Sample
from widgets.quality import NOT_KNOWN, age_text, mark_text, marked, shows_bad, shows_stale, shows_uncertain
from widgets.theme import ThemeManager
from widgets.trend.figures import Figures, WindowFigures
from widgets.trend.legend_cell import PEN_ROLE, QUALITY_ROLE, Quality
from widgets.trend.legend_table import LegendTable
from widgets.trend.pens import Pen, PenSet
from widgets.trend.reading import between, value_at
from widgets.wording import Wording
from widgets.wording.wording import DASH

ROW_PX: Final = 25


class LegendColumn(IntEnum):
    """Columns of the legend."""

    TAG = 0
    TEXT = 1
    NOW = 2
    RULER_A = 3
    RULER_B = 4
    DIFFERENCE = 5
    PER_HOUR = 6
    MINIMUM = 7
    MAXIMUM = 8
    MEAN = 9
    GOOD = 10
    UNIT = 11


_NUMBERS: Final = range(LegendColumn.NOW, LegendColumn.UNIT)
_STATISTICS: Final = range(LegendColumn.MINIMUM, LegendColumn.UNIT)
_PARTLY: Final = "…"
_OF_B: Final = (LegendColumn.RULER_B, LegendColumn.DIFFERENCE, LegendColumn.PER_HOUR)


class TrendLegend(QWidget):
    """Table of pens: a check box shows or hides, a click puts its scale on the axis, Delete removes.

    Signals:
        menu_wanted(object, object): the Pen and the place (global) where its menu is wanted.

    """

    menu_wanted = Signal(object, object)

    def __init__(
        self, pens: PenSet, figures: Figures, read: Callable[[str], Sample | None], themes: ThemeManager,
        wording: Wording,
    ) -> None:  # fmt: skip
        super().__init__()
        self._pens, self._figures, self._read, self._wording = pens, figures, read, wording
        self._filling = False
        self._shown: list[Pen] = []
        self._items: list[list[QTableWidgetItem]] = []
        self._texts: list[list[str]] = []
        self._qualities: list[Quality | None] = []
        self._tips: list[str] = []
        self._stand: list[tuple[object, ...]] = []
        """For each line what its values at the rulers were written for."""
        self._partly: set[int] = set()
        """Lines whose figures lack a part of the window."""
        self.table = self._make_table(themes)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.table)
        self.table.itemChanged.connect(self._toggled)
        self.table.currentCellChanged.connect(self._chosen)
        self.table.customContextMenuRequested.connect(self._want_menu)
        pens.changed.connect(self.rebuild)
        figures.changed.connect(self.show_statistics)
        self.rebuild()

    def current(self) -> Pen | None:
        """Return the pen of the current line."""
        row = self.table.currentRow()
        return self._pens.pens[row] if 0 <= row < len(self._pens.pens) else None

    @property
    def lines(self) -> int:
        """How many pens there are."""
        return len(self._shown)

    def height_of(self, lines: int) -> int:
        """Return the height (device independent pixels) at which so many lines are seen whole."""
        return self.table.horizontalHeader().sizeHint().height() + lines * ROW_PX + 2 * self.table.frameWidth()

    def rebuild(self) -> None:
        """Make the lines anew where the pens are others; write what changed."""
        self._filling = True
        if self._shown != self._pens.pens:
            self._shown = list(self._pens.pens)
            self._items, self._texts, self._partly = [], [], set()
            self._stand = [()] * len(self._shown)
            self._qualities = [None] * len(self._shown)
            self._tips = [""] * len(self._shown)
            self.table.take_room_back()
            self.table.setRowCount(0)
            self.table.setRowCount(len(self._shown))
            for row, pen in enumerate(self._shown):
                self._fill_row(row, pen)
        for row, pen in enumerate(self._shown):
            self._items[row][LegendColumn.TAG].setCheckState(
                Qt.CheckState.Checked if pen.visible else Qt.CheckState.Unchecked
            )
        self._filling = False
        self.refresh_live()

    def refresh_live(self) -> None:
        """Write the live values; a stale one hatched and with its age, one that was not measured with its letter."""
        now_ns = time.time_ns()
        for row, pen in enumerate(self._shown):
            sample = self._read(pen.tag.name)
            text = NOT_KNOWN if shows_bad(sample) else self._wording.sample(pen.tag, sample)
            if sample is not None and shows_stale(sample):
                text = f"{text} ({age_text(sample, now_ns)})"
            self._write(row, LegendColumn.NOW, marked(text, sample))
            self._write_quality(row, sample)
            self._write_tip(row, mark_text(sample))

    def refresh_rulers(self, at_s: Sequence[float | None]) -> None:
        """Write the values at rulers A and B, the difference and the rate; B's columns only where there is a B."""
        if self.table.isColumnHidden(LegendColumn.RULER_B) != (at_s[1] is None):
            for column in _OF_B:
                self.table.setColumnHidden(column, at_s[1] is None)
        number = self._wording.number
        for row, pen in enumerate(self._shown):
            values = [value_at(pen, seconds) for seconds in at_s]
            stand = (*at_s, *values, self._wording.language)
            if stand == self._stand[row]:
                continue
            self._stand[row] = stand
            for column, value in zip((LegendColumn.RULER_A, LegendColumn.RULER_B), values, strict=True):
                self._write(row, column, DASH if value is None else self._wording.value(pen.tag, value))
            found, decimals = between(pen, at_s, values), pen.tag.decimals
            self._write(row, LegendColumn.DIFFERENCE, DASH if found is None else number(found.difference, decimals))
            self._write(row, LegendColumn.PER_HOUR, DASH if found is None else number(found.per_hour, decimals))

    def refresh_statistics(self, start_ns: int, end_ns: int) -> None:
        """Write minimum, maximum, time-weighted mean and share of good time of the window; hidden pens have none."""
        self._figures.query([pen.tag.name for pen in self._shown if pen.visible], start_ns, end_ns)
        self.show_statistics()

    def show_statistics(self) -> None:
        """Write what is known of the window; a figure that lacks a part of it has dots behind it."""
        part = self.tr("Part of the window only: history is still missing")
        for row, pen in enumerate(self._shown):
            found = self._figures.of(pen.tag.name) if pen.visible else WindowFigures(None)
            for column, text in enumerate(self._statistics(pen, found), LegendColumn.MINIMUM):
                self._write(row, column, text)
            if found.is_whole == (row in self._partly):
                self._partly ^= {row}
                for column in _STATISTICS:
                    self._items[row][column].setToolTip("" if found.is_whole else part)

    def _statistics(self, pen: Pen, found: WindowFigures) -> list[str]:
        texts = [DASH] * 4
        if found.summary is not None:
            numbers = found.summary.minimum, found.summary.maximum, found.summary.mean
            texts = [self._wording.value(pen.tag, n) if math.isfinite(n) else DASH for n in numbers]
            texts.append(f"{found.good_fraction * 100.0:.1f}")
        if not found.is_whole:
            texts = [_PARTLY if text == DASH else f"{text} {_PARTLY}" for text in texts]
        if pen.tag.is_discrete:
            texts[2] = DASH
        return texts

    def _make_table(self, themes: ThemeManager) -> LegendTable:
        titles = [self.tr("Tag"), self.tr("Description"), self.tr("Now"), self.tr("Ruler A"), self.tr("Ruler B"),
                  self.tr("B − A"), self.tr("per hour"), self.tr("Minimum"), self.tr("Maximum"), self.tr("Mean"),
                  self.tr("% good"), self.tr("Unit")]  # fmt: skip
        table = LegendTable(len(titles), self._pens, themes)
        table.setHorizontalHeaderLabels(titles)
        for column in _NUMBERS:
            item = table.horizontalHeaderItem(column)
            if item is not None:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            table.setColumnWidth(column, 92)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setAccessibleName(self.tr("Pens"))
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(ROW_PX)
        table.verticalHeader().setMinimumSectionSize(ROW_PX)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.setColumnWidth(LegendColumn.TAG, 230)
        table.setColumnWidth(LegendColumn.UNIT, 80)
        header.setSectionResizeMode(LegendColumn.TEXT, QHeaderView.ResizeMode.Stretch)
        for column in _OF_B:
            table.setColumnHidden(column, True)
        return table

    def _fill_row(self, row: int, pen: Pen) -> None:
        text = self._wording.text(pen.tag.description)
        texts = [DASH] * len(LegendColumn)
        texts[LegendColumn.TAG], texts[LegendColumn.TEXT], texts[LegendColumn.UNIT] = pen.tag.name, text, pen.tag.unit
        items = [QTableWidgetItem(one) for one in texts]
        for column, item in enumerate(items):
            self.table.setItem(row, column, item)
        self._items.append(items)
        self._texts.append(texts)
        name = items[LegendColumn.TAG]
        name.setData(PEN_ROLE, pen)
        name.setFlags(name.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        name.setToolTip(text)

    def _write(self, row: int, column: int, text: str) -> None:
        """Write what is not written yet; what was written is known here, since asking the table takes longer."""
        texts = self._texts[row]
        if texts[column] != text:
            texts[column] = text
            self._filling = True
            self._items[row][column].setText(text)
            self._filling = False
            self.table.make_room(column, text)

    def _write_quality(self, row: int, sample: Sample | None) -> None:
        quality = Quality.STALE if shows_stale(sample) else Quality.UNCERTAIN if shows_uncertain(sample) else None
        if quality is not self._qualities[row]:
            self._qualities[row] = quality
            self._filling = True
            self._items[row][LegendColumn.NOW].setData(QUALITY_ROLE, quality)
            self._filling = False

    def _write_tip(self, row: int, tip: str) -> None:
        if tip != self._tips[row]:
            self._tips[row] = tip
            self._filling = True
            self._items[row][LegendColumn.NOW].setToolTip(tip)
            self._filling = False

    def _toggled(self, item: QTableWidgetItem) -> None:
        if not self._filling and item.column() == LegendColumn.TAG and item.row() < len(self._shown):
            self._pens.set_visible(self._shown[item.row()], item.checkState() is Qt.CheckState.Checked)

    def _chosen(self, row: int) -> None:
        if not self._filling and 0 <= row < len(self._shown):
            self._pens.choose(self._shown[row])

    def _want_menu(self, at: QPoint) -> None:
        row = self.table.rowAt(at.y())
        if 0 <= row < len(self._shown):
            self.table.setCurrentCell(row, LegendColumn.TAG)
            self.menu_wanted.emit(self._shown[row], self.table.viewport().mapToGlobal(at))
