"""Rows of live values: caption, alarm mark, value, dimmed unit, all aligned."""

import time
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QGridLayout, QLabel, QMenu, QScrollArea, QSizePolicy, QWidget

from app.model import status as st
from app.model.sample import Sample
from app.model.tag import Tag
from widgets.alarms.banner import ElidedLabel
from widgets.alarms.book import AlarmBook
from widgets.alarms.mark import MarkWidget
from widgets.drag import drag_tags
from widgets.faceplate.port import Reader, SubstitutionPort
from widgets.faceplate.substitution import add_substitution_actions
from widgets.quality import (
    NOT_KNOWN,
    age_text,
    cause_text,
    dotted,
    hatch,
    mark_text,
    marked,
    shows_bad,
    shows_stale,
    shows_uncertain,
)
from widgets.theme import HALF, STEP, ThemeManager
from widgets.wording import Wording

_ROW: Final = 26
_OPENS: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_T})


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

    A row can be dragged onto a trend. Tab reaches the rows, arrows go from one to the next, Return or T opens the trend
    of the one with the outline, and the menu key its menu. Signals:
        trend_wanted(str): the tag of a row whose trend is wanted.
        substitute_wanted(str): the tag of a row for which an operator wants to give a substitute.

    """

    trend_wanted = Signal(str)
    substitute_wanted = Signal(str)

    def __init__(
        self, rows: Sequence[tuple[str, Tag]], read: Reader, book: AlarmBook, themes: ThemeManager, wording: Wording,
        port: SubstitutionPort | None = None,
    ) -> None:  # fmt: skip
        """``port``: None where no substitutes can be given."""
        super().__init__()
        self._port = port
        self._read, self._book, self._wording, self._themes = read, book, wording, themes
        self._lines: list[tuple[Tag, MarkWidget, LiveLabel, QLabel]] = []
        self._captions = [caption for caption, _ in rows]
        self._pressed = QPoint()
        self._current = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if rows else Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Values"))
        grid = QGridLayout(self)
        grid.setContentsMargins(HALF, 0, HALF, 0)  # for the outline
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

    def _tag(self, name: str) -> Tag:
        return next(tag for tag, *_ in self._lines if tag.name == name)

    def tag_at(self, y: int) -> str:
        """Return the tag of the row at a height of this widget; empty where there is none."""
        row = self._row_at(y)
        return self._lines[row][0].name if row is not None else ""

    @property
    def current(self) -> str:
        """Tag of the row that has the outline while the rows have the focus; empty where there are none."""
        return self._lines[self._current][0].name if self._lines else ""

    def row_rect(self, number: int) -> QRect:
        """Return the place of a row in this widget."""
        value = self._lines[number][2].geometry()
        return QRect(0, value.top(), self.width(), value.height())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer the trend of a row: of the one pointed at, or by keyboard the one with the outline."""
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        tag = self.current if by_key else self.tag_at(event.pos().y())
        if tag:
            menu = QMenu(self)
            menu.aboutToHide.connect(menu.deleteLater)
            menu.addAction(self.tr("Trend")).triggered.connect(lambda _=False: self.trend_wanted.emit(tag))
            if self._port is not None:
                add_substitution_actions(menu, self._tag(tag), self._port, self.substitute_wanted.emit)
            below = self.mapToGlobal(self.row_rect(self._current).bottomLeft())
            menu.popup(below if by_key else event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from row to row, and open the trend of one."""
        steps = {
            Qt.Key.Key_Up: self._current - 1, Qt.Key.Key_Down: self._current + 1, Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self._lines) - 1,
        }  # fmt: skip
        key = event.key()
        if key in steps:
            self._go(steps[Qt.Key(key)])
        elif key in _OPENS and self.current:
            self.trend_wanted.emit(self.current)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Outline the current row, at the end from where the focus came."""
        if event.reason() is Qt.FocusReason.BacktabFocusReason:
            self._current = max(0, len(self._lines) - 1)
        elif event.reason() is Qt.FocusReason.TabFocusReason:
            self._current = 0
        super().focusInEvent(event)
        self._go(self._current)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the outline away."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Outline the current row while the rows have the focus."""
        if self.hasFocus() and self._lines:
            with QPainter(self) as painter:
                painter.setPen(QPen(self._themes.color("selection"), 2))
                painter.drawRect(self.row_rect(self._current).adjusted(1, 1, -1, -1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Note where a drag may begin."""
        self._pressed = event.position().toPoint()
        row = self._row_at(self._pressed.y())
        if row is not None:
            self._go(row)

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
            beside, tip = self._beside(tag, sample, now_ns), self._tip(tag, sample)
            if unit.text() != beside:
                unit.setText(beside)
            if value.toolTip() != tip:
                value.setToolTip(tip)

    def _row_at(self, y: int) -> int | None:
        places = (value.geometry() for _, _, value, _ in self._lines)
        return next((row for row, place in enumerate(places) if place.top() <= y <= place.bottom()), None)

    def _go(self, row: int) -> None:
        """Outline a row, scrolled into view and said to whoever cannot see it."""
        if not self._lines:
            return
        self._current = max(0, min(len(self._lines) - 1, row))
        _, _, value, unit = self._lines[self._current]
        self.setAccessibleDescription(f"{self._captions[self._current]} {value.text()} {unit.text()}")
        self.update()
        above = self.parentWidget()
        while above is not None:
            if isinstance(above, QScrollArea) and (inside := above.widget()) is not None:
                at = self.mapTo(inside, self.row_rect(self._current).center())
                above.ensureVisible(at.x(), at.y(), 0, _ROW)
            above = above.parentWidget()

    @staticmethod
    def _beside(tag: Tag, sample: Sample | None, now_ns: int) -> str:
        """Return what stands beside a value: its unit, its age while stale, the cause while bad, the mark of others."""
        if sample is not None and shows_stale(sample):
            return marked(age_text(sample, now_ns), sample)
        if sample is not None and shows_bad(sample):
            return cause_text(sample.status)
        return marked(tag.unit, sample)

    def _tip(self, tag: Tag, sample: Sample | None) -> str:
        if sample is None:
            return self.tr("Never received")
        lines = [f"{st.status_name(sample.status)} · {self._wording.date_time(sample.source_ns, milliseconds=True)}"]
        told = self._port.told(tag) if self._port is not None and st.is_substitute(sample.status) else ""
        return "\n".join(filter(None, [*lines, told or mark_text(sample)]))
