"""The legend: one line a pen with live value, value at the ruler, and statistics of the window."""

import time
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from app.model.sample import Sample
from widgets.quality import NOT_KNOWN, age_text, shows_bad, shows_stale
from widgets.theme import ThemeManager
from widgets.trend.pens import Pen, PenSet
from widgets.trend.source import EnvelopeSource
from widgets.wording import Wording
from widgets.wording.wording import DASH

_NUMBERS: Final = range(2, 8)


class TrendLegend(QWidget):
    """Table of pens: a check box shows or hides, a click puts its scale on the axis, Delete removes.

    Signals:
        opened(str): a tag was activated.

    """

    opened = Signal(str)

    def __init__(
        self, pens: PenSet, source: EnvelopeSource, read: Callable[[str], Sample | None], themes: ThemeManager,
        wording: Wording,
    ) -> None:  # fmt: skip
        super().__init__()
        self._pens, self._source, self._read, self._themes, self._wording = pens, source, read, themes, wording
        self._filling = False
        titles = [self.tr("Tag"), self.tr("Description"), self.tr("Now"), self.tr("At ruler"), self.tr("Minimum"),
                  self.tr("Maximum"), self.tr("Mean"), self.tr("% good"), self.tr("Unit")]  # fmt: skip
        self.table = QTableWidget(0, len(titles))
        self.table.setHorizontalHeaderLabels(titles)
        for column in _NUMBERS:
            item = self.table.horizontalHeaderItem(column)
            if item is not None:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(30)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.setColumnWidth(0, 230)
        for column in _NUMBERS:
            self.table.setColumnWidth(column, 104)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.table)
        self.table.itemChanged.connect(self._toggled)
        self.table.currentCellChanged.connect(self._chosen)
        pens.changed.connect(self.rebuild)
        themes.changed.connect(self.rebuild)
        self.rebuild()

    def current(self) -> Pen | None:
        """Return the pen of the current line."""
        row = self.table.currentRow()
        return self._pens.pens[row] if 0 <= row < len(self._pens.pens) else None

    def rebuild(self) -> None:
        """Make the lines anew."""
        self._filling = True
        self.table.setRowCount(len(self._pens.pens))
        for row, pen in enumerate(self._pens.pens):
            name = QTableWidgetItem(pen.tag.name)
            name.setFlags(name.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            name.setCheckState(Qt.CheckState.Checked if pen.visible else Qt.CheckState.Unchecked)
            color: QColor = self._themes.theme.curve_color(pen.color)
            name.setForeground(QBrush(color))
            self.table.setItem(row, 0, name)
            self.table.setItem(row, 1, QTableWidgetItem(self._wording.text(pen.tag.description)))
            for column in _NUMBERS:
                item = QTableWidgetItem(DASH)
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(row, column, item)
            self.table.setItem(row, 8, QTableWidgetItem(pen.tag.unit))
        self._filling = False
        self.refresh_live()

    def refresh_live(self) -> None:
        """Write the live values; a stale one with its age."""
        now_ns = time.time_ns()
        for row, pen in enumerate(self._pens.pens):
            sample = self._read(pen.tag.name)
            text = NOT_KNOWN if shows_bad(sample) else self._wording.sample(pen.tag, sample)
            if sample is not None and shows_stale(sample):
                text = f"{text} ({age_text(sample, now_ns)})"
            self._write(row, 2, text)

    def refresh_ruler(self, seconds: float | None) -> None:
        """Write the values at the ruler: the last at or before it."""
        for row, pen in enumerate(self._pens.pens):
            self._write(row, 3, DASH if seconds is None else self._at(pen, seconds))

    def refresh_statistics(self, start_ns: int, end_ns: int) -> None:
        """Write minimum, maximum, time-weighted mean and share of good time of the window."""
        for row, pen in enumerate(self._pens.pens):
            found = self._source.statistics(pen.tag.name, start_ns, end_ns)
            texts = self._statistics(pen, found) if found is not None else [DASH] * 4
            for column, text in enumerate(texts, 4):
                self._write(row, column, text)

    def _statistics(self, pen: Pen, found: Any) -> list[str]:
        numbers = [float(value) for value in (found.minimum, found.maximum, found.mean)]
        texts = [self._wording.value(pen.tag, n) if np.isfinite(n) else DASH for n in numbers]
        if pen.tag.is_discrete:
            texts[2] = DASH
        share = float(found.good_fraction) * 100.0
        return [*texts, f"{share:.1f}" if np.isfinite(share) else DASH]

    def _at(self, pen: Pen, seconds: float) -> str:
        lines = pen.lines
        place = int(np.searchsorted(lines.x, seconds, side="right")) - 1
        if place < 0 or not (lines.solid[place] or lines.dashed[place]):
            return DASH
        return self._wording.value(pen.tag, float(lines.y[place]))

    def _write(self, row: int, column: int, text: str) -> None:
        item = self.table.item(row, column)
        if item is not None and item.text() != text:
            self._filling = True
            item.setText(text)
            self._filling = False

    def _toggled(self, item: QTableWidgetItem) -> None:
        if not self._filling and item.column() == 0 and item.row() < len(self._pens.pens):
            pen = self._pens.pens[item.row()]
            self._pens.set_visible(pen, item.checkState() is Qt.CheckState.Checked)

    def _chosen(self, row: int) -> None:
        if not self._filling and 0 <= row < len(self._pens.pens):
            self._pens.choose(self._pens.pens[row])
