"""The trend workspace: plot, legend and tools, fed from the store at pixel width."""

import csv
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.model.clock import SECOND_NS
from app.model.plant import Plant
from app.model.sample import Sample
from widgets.theme import GAP, HALF, STEP, ThemeManager
from widgets.trend.legend import TrendLegend
from widgets.trend.pens import MAX_PENS, PenSet
from widgets.trend.plot import TrendPlot
from widgets.trend.shape import EMPTY, polyline
from widgets.trend.source import EnvelopeSource
from widgets.wording import Wording

PRESETS_S: Final = (600, 3600, 8 * 3600, 86400, 7 * 86400, 30 * 86400)
_QUERY_MS: Final = 30
_LIVE_MS: Final = 250


class TrendWorkspace(QWidget):
    """Pens over time; follows live until it is scrolled, and again at a click."""

    def __init__(
        self,
        plant: Plant,
        source: EnvelopeSource,
        read: Callable[[str], Sample | None],
        themes: ThemeManager,
        wording: Wording,
        finder: QWidget | None = None,
    ) -> None:
        super().__init__()
        self._plant, self._source, self._wording = plant, source, wording
        self.pens = PenSet()
        self.pens.setParent(self)
        self.plot = TrendPlot(self.pens, themes, wording)
        self.legend = TrendLegend(self.pens, source, read, themes, wording)
        self._live = QPushButton(self.tr("Live"))
        self._live.setCheckable(True)
        self._live.setChecked(True)
        self._span_s = float(PRESETS_S[1])
        self._groups = QComboBox()
        self._note = QLabel()
        self._note.setProperty("look", "label")
        self._query = QTimer(self)
        self._query.setSingleShot(True)
        self._query.setInterval(_QUERY_MS)
        self._query.timeout.connect(self.query)
        self._follow_timer = QTimer(self)
        self._follow_timer.setInterval(_LIVE_MS)
        self._follow_timer.timeout.connect(self._follow)
        self._lay_out(finder)
        self._connect()
        self._fill_groups()

    def add_tag(self, name: str) -> bool:
        """Add a pen; tells False when there is no such tag or no room."""
        tag = self._plant.tags.get(name)
        if tag is None or self.pens.add(tag) is None:
            self._note.setText(self.tr("Not added: already shown, or {0} pens reached").format(MAX_PENS))
            return False
        self._query.start()
        return True

    def show_group(self, group_id: str) -> None:
        """Show a saved group."""
        group = self._plant.trends.get(group_id)
        if group is not None:
            self._span_s = float(group.span_s)
            self.pens.replace([self._plant.tags[name] for name in group.tags if name in self._plant.tags])
            self._go_live()

    def show_span(self, seconds: float) -> None:
        """Show the last so many seconds, or as many around the middle while scrolled back."""
        self._span_s = float(seconds)
        if self._live.isChecked():
            self._follow()
        else:
            start, end = self.plot.span
            middle = (start + end) / 2
            self.plot.show_range(middle - seconds / 2, middle + seconds / 2)
        self._query.start()

    def query(self) -> None:
        """Read every pen's window from the store at pixel width, and draw."""
        start, end = self.plot.span
        start_ns, end_ns = int(start * SECOND_NS), int(end * SECOND_NS)
        now = min(end_ns, time.time_ns())
        for pen in self.pens.pens:
            envelope = self._source.window(pen.tag.name, start_ns, end_ns, self.plot.columns)
            pen.lines = EMPTY if envelope is None else polyline(envelope, pen.tag.is_discrete, now)
        self.plot.redraw()
        self.legend.refresh_ruler(self.plot.ruler_s)
        self.legend.refresh_statistics(start_ns, now)

    def write_csv(self, path: Path) -> None:
        """Write what is drawn: one row a point; UTC nanoseconds, the plant's time, tag, value (empty in a gap)."""
        with path.open("w", newline="", encoding="utf-8-sig") as file:
            writer = csv.writer(file)
            writer.writerow(["time_ns", self._plant.time_zone, "tag", "value", "unit"])
            for pen in self.pens.pens:
                lines = pen.lines
                for x, y, known in zip(lines.x.tolist(), lines.y.tolist(), lines.known.tolist(), strict=True):
                    ns = round(x * SECOND_NS)
                    text = self._wording.date_time(ns, milliseconds=True)
                    value = f"{y:.{pen.tag.decimals + 2}f}" if known else ""
                    writer.writerow([ns, text, pen.tag.name, value, pen.tag.unit])

    def write_png(self, path: Path) -> bool:
        """Write a picture of plot and legend."""
        return self.grab().save(str(path), "PNG")

    def showEvent(self, event: object) -> None:
        """Follow while visible."""
        self._follow_timer.start()
        self._follow()
        self._query.start()

    def hideEvent(self, event: object) -> None:
        """Rest while hidden."""
        self._follow_timer.stop()

    def resizeEvent(self, event: object) -> None:
        """Ask for the new width."""
        self._query.start()

    def _lay_out(self, finder: QWidget | None) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(HALF)
        tools.addWidget(self._groups)
        if finder is not None:
            finder.setMaximumWidth(300)
            tools.addWidget(finder)
        tools.addSpacing(STEP)
        names = (self.tr("10 min"), self.tr("1 h"), self.tr("8 h"), self.tr("24 h"), self.tr("7 d"), self.tr("30 d"))
        for name, seconds in zip(names, PRESETS_S, strict=True):
            button = QPushButton(name)
            button.clicked.connect(lambda _=False, chosen=seconds: self.show_span(chosen))
            tools.addWidget(button)
        tools.addWidget(self._live)
        tools.addSpacing(STEP)
        tools.addStretch(1)
        tools.addWidget(self._note)
        for title, action in (
            (self.tr("Fit"), self.pens.fit),
            (self.tr("Full range"), self.pens.full),
            (self.tr("Remove"), self._remove),
            ("CSV…", self._ask_csv),
            ("PNG…", self._ask_png),
        ):
            button = QPushButton(title)
            button.clicked.connect(lambda _=False, do=action: do())
            tools.addWidget(button)
        self._shared = QPushButton(self.tr("Shared axis"))
        self._shared.setCheckable(True)
        self._shared.toggled.connect(self.pens.set_shared)
        tools.insertWidget(tools.count() - 5, self._shared)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.plot)
        split.addWidget(self.legend)
        split.setStretchFactor(0, 4)
        split.setStretchFactor(1, 1)
        split.setChildrenCollapsible(False)
        split.setSizes([640, 230])
        box = QVBoxLayout(self)
        box.setContentsMargins(GAP, GAP, GAP, GAP)
        box.setSpacing(STEP + HALF)
        box.addLayout(tools)
        box.addWidget(split, 1)

    def _connect(self) -> None:
        self.plot.range_changed.connect(self._ranged)
        self.plot.ruler_moved.connect(self.legend.refresh_ruler)
        self._live.clicked.connect(self._go_live)
        self._groups.activated.connect(lambda _: self.show_group(str(self._groups.currentData() or "")))
        self.pens.changed.connect(self._query.start)
        QShortcut(QKeySequence(Qt.Key.Key_Delete), self.legend, self._remove)

    def _fill_groups(self) -> None:
        self._groups.addItem(self.tr("Trend group…"), "")
        for group in self._plant.trends.values():
            self._groups.addItem(self._wording.text(group.title), group.id)
        first = next(iter(self._plant.trends), None)
        if first is not None:
            self._groups.setCurrentIndex(1)
            self.show_group(first)

    def _remove(self) -> None:
        pen = self.legend.current() or self.pens.current
        if pen is not None:
            self.pens.remove(pen)

    def _ranged(self, by_user: bool) -> None:
        start, end = self.plot.span
        if by_user:
            self._span_s = end - start
            self._live.setChecked(abs(end - time.time()) < max(2.0, 0.02 * self._span_s))
        self._query.start()

    def _go_live(self) -> None:
        self._live.setChecked(True)
        self._follow()
        self._query.start()

    def _follow(self) -> None:
        if self._live.isChecked():
            end = time.time()
            start, old = self.plot.span
            pixel = self._span_s / self.plot.columns
            if abs(end - old) >= pixel or abs((old - start) - self._span_s) > pixel:
                self.plot.show_range(end - self._span_s, end)
        self.legend.refresh_live()

    def _ask_csv(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Export the trend"), "trend.csv", "CSV (*.csv)")
        if name:
            try:
                self.write_csv(Path(name))
            except OSError as error:
                self._note.setText(self.tr("Not written: {0}").format(error.strerror))

    def _ask_png(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Export the picture"), "trend.png", "PNG (*.png)")
        if name and not self.write_png(Path(name)):
            self._note.setText(self.tr("Not written: {0}").format(name))
