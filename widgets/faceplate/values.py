"""Rows of live values: caption, alarm mark, value, dimmed unit, all aligned."""

import time
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QLabel, QMenu, QSizePolicy, QWidget

from app.model import status as st
from app.model.sample import Sample
from app.model.tag import Tag
from widgets.alarms.banner import ElidedLabel
from widgets.alarms.book import AlarmBook
from widgets.alarms.mark import MarkWidget
from widgets.drag import drag_tags
from widgets.faceplate.port import Reader
from widgets.quality import (
    NOT_KNOWN,
    age_text,
    cause_text,
    dotted,
    hatch,
    shows_bad,
    shows_stale,
    shows_uncertain,
)
from widgets.theme import HALF, STEP, ThemeManager
from widgets.wording import Wording

_ROW: Final = 26


class LiveLabel(QLabel):
    """Right-aligned digits or a state; hatched while stale, with a dotted outline while uncertain."""

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self._themes = themes
        self._sample: Sample | None = None
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def show_sample(self, text: str, sample: Sample | None) -> None:
        """Show a text and how far it can be trusted; disabled (dim) where it is not good."""
        self._sample = sample
        good = sample is not None and st.is_good(sample.status)
        if self.text() != text:
            self.setText(text)
        if self.isEnabled() != good:
            self.setEnabled(good)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text, then its quality over it."""
        super().paintEvent(event)
        stale, uncertain = shows_stale(self._sample), shows_uncertain(self._sample)
        if not (stale or uncertain):
            return
        size = self.fontMetrics().size(0, self.text())
        left = max(0, self.width() - size.width() - 2)
        box = QRect(left, (self.height() - size.height()) // 2 + 2, self.width() - left, size.height() - 3)
        with QPainter(self) as painter:
            (hatch if stale else dotted)(painter, box, self._themes.theme)


class ValueRows(QWidget):
    """Shows tags one below the other; ``refresh`` reads and changes only what differs.

    A row can be dragged onto a trend. Signals:
        trend_wanted(str): the tag of a row whose trend is wanted.

    """

    trend_wanted = Signal(str)

    def __init__(
        self, rows: Sequence[tuple[str, Tag]], read: Reader, book: AlarmBook, themes: ThemeManager, wording: Wording
    ) -> None:
        super().__init__()
        self._read, self._book, self._wording = read, book, wording
        self._lines: list[tuple[Tag, MarkWidget, LiveLabel, QLabel]] = []
        self._pressed = QPoint()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(STEP)
        grid.setVerticalSpacing(HALF)
        grid.setColumnStretch(0, 1)
        grid.setColumnMinimumWidth(1, 22)
        grid.setColumnMinimumWidth(3, 66)
        for number, (caption, tag) in enumerate(rows):
            name = ElidedLabel("label")
            name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            name.show_text(caption)
            name.setToolTip(f"{caption}\n{tag.name}")
            mark, value, unit = MarkWidget(themes, 22), LiveLabel(themes), QLabel(tag.unit)
            value.setProperty("look", "value" if not tag.is_discrete else "name")
            unit.setProperty("look", "label")
            grid.addWidget(name, number, 0)
            grid.addWidget(mark, number, 1)
            grid.addWidget(value, number, 2)
            grid.addWidget(unit, number, 3)
            value.setFixedHeight(_ROW)
            self._lines.append((tag, mark, value, unit))
        self.refresh()

    def tag_at(self, y: int) -> str:
        """Return the tag of the row at a height of this widget; empty where there is none."""
        for tag, _, value, _ in self._lines:
            if value.geometry().top() <= y <= value.geometry().bottom():
                return tag.name
        return ""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer the trend of a row."""
        tag = self.tag_at(event.pos().y())
        if tag:
            menu = QMenu(self)
            menu.aboutToHide.connect(menu.deleteLater)
            menu.addAction(self.tr("Trend")).triggered.connect(lambda _=False: self.trend_wanted.emit(tag))
            menu.popup(event.globalPos())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Note where a drag may begin."""
        self._pressed = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Begin to drag the tag of a row."""
        far = (event.position().toPoint() - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        tag = self.tag_at(self._pressed.y())
        if far and tag and event.buttons() & Qt.MouseButton.LeftButton:
            drag_tags(self, [tag])

    def refresh(self) -> None:
        """Read all rows; bad and stale values are said in words, never shown as if they were good."""
        now_ns = time.time_ns()
        for tag, mark, value, unit in self._lines:
            sample = self._read(tag.name)
            row = self._book.of_tag(tag.name)
            mark.show_priority(
                row.definition.priority if row else None, filled=bool(row and row.snapshot.unacknowledged)
            )
            value.show_sample(NOT_KNOWN if shows_bad(sample) else self._wording.sample(tag, sample), sample)
            beside, tip = self._beside(tag, sample, now_ns), self._tip(sample)
            if unit.text() != beside:
                unit.setText(beside)
            if value.toolTip() != tip:
                value.setToolTip(tip)

    @staticmethod
    def _beside(tag: Tag, sample: Sample | None, now_ns: int) -> str:
        """Return what stands beside a value: its unit, its age while stale, the cause while bad."""
        if sample is not None and shows_stale(sample):
            return age_text(sample, now_ns)
        return cause_text(sample.status) if sample is not None and shows_bad(sample) else tag.unit

    def _tip(self, sample: Sample | None) -> str:
        if sample is None:
            return self.tr("Never received")
        return f"{st.status_name(sample.status)} · {self._wording.date_time(sample.source_ns, milliseconds=True)}"
