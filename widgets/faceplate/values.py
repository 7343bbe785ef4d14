"""Rows of live values: caption, alarm mark, value, dimmed unit, all aligned."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from app.model import status as st
from app.model.sample import Sample
from app.model.tag import Tag
from widgets.alarms.banner import ElidedLabel
from widgets.alarms.book import AlarmBook
from widgets.alarms.mark import MarkWidget
from widgets.faceplate.port import Reader
from widgets.theme import HALF, STEP, ThemeManager
from widgets.wording import Wording


class ValueRows(QWidget):
    """Shows tags one below the other; ``refresh`` reads and changes only what differs."""

    def __init__(
        self, rows: Sequence[tuple[str, Tag]], read: Reader, book: AlarmBook, themes: ThemeManager, wording: Wording
    ) -> None:
        super().__init__()
        self._read, self._book, self._wording = read, book, wording
        self._lines: list[tuple[Tag, MarkWidget, QLabel, QLabel]] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(STEP)
        grid.setVerticalSpacing(HALF)
        grid.setColumnStretch(0, 1)
        grid.setColumnMinimumWidth(1, 22)
        grid.setColumnMinimumWidth(3, 62)
        for number, (caption, tag) in enumerate(rows):
            name = ElidedLabel("label")
            name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            name.show_text(caption)
            name.setToolTip(f"{caption}\n{tag.name}")
            mark, value, unit = MarkWidget(themes, 22), QLabel(), QLabel(tag.unit)
            value.setProperty("look", "value" if not tag.is_discrete else "name")
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            unit.setProperty("look", "label")
            grid.addWidget(name, number, 0)
            grid.addWidget(mark, number, 1)
            if tag.is_discrete:
                grid.addWidget(value, number, 2, 1, 2)
            else:
                grid.addWidget(value, number, 2)
                grid.addWidget(unit, number, 3)
            grid.setRowMinimumHeight(number, 28)
            self._lines.append((tag, mark, value, unit))
        self.refresh()

    def refresh(self) -> None:
        """Read all rows; bad and stale values are said in words, never shown as if they were good."""
        for tag, mark, value, _unit in self._lines:
            sample = self._read(tag.name)
            row = self._book.of_tag(tag.name)
            mark.show_priority(
                row.definition.priority if row else None, filled=bool(row and row.snapshot.unacknowledged)
            )
            text, tip = self._text(tag, sample)
            if value.text() != text:
                value.setText(text)
            if value.toolTip() != tip:
                value.setToolTip(tip)
            good = sample is not None and st.is_good(sample.status)
            if value.isEnabled() != good:
                value.setEnabled(good)

    def _text(self, tag: Tag, sample: Sample | None) -> tuple[str, str]:
        text = self._wording.sample(tag, sample)
        if sample is None:
            return text, self.tr("Never received")
        tip = f"{st.status_name(sample.status)} · {self._wording.date_time(sample.source_ns, milliseconds=True)}"
        if st.is_stale(sample.status):
            return self.tr("{0} (last)").format(text), tip
        if not st.is_good(sample.status) and not st.is_bad(sample.status):
            return f"{text} ?", tip
        return text, tip
