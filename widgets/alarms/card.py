"""One alarm as a card of two lines, to be read in a narrow column and clicked."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel

from app.model.plant import Plant
from widgets.alarms.mark import MarkWidget
from widgets.alarms.row import AlarmRow
from widgets.alarms.words import snapshot_words, value_words
from widgets.theme import GAP, HALF, STEP, ThemeManager
from widgets.wording import Wording


class AlarmCard(QFrame):
    """Mark and text; below them the time it began, and its value beside the limit.

    Signals:
        opened(object): the AlarmRow, on a click or Return.

    """

    opened = Signal(object)

    def __init__(self, plant: Plant, themes: ThemeManager, wording: Wording) -> None:
        super().__init__()
        self._plant, self._themes, self._wording = plant, themes, wording
        self._row: AlarmRow | None = None
        self._mark = MarkWidget(themes)
        self._text, self._time, self._value = QLabel(wordWrap=True), QLabel(), QLabel()
        for label, look in ((self._text, "name"), (self._time, "label"), (self._value, "label")):
            label.setProperty("look", look)
            label.setTextFormat(Qt.TextFormat.PlainText)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, STEP, HALF, STEP)
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(HALF)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._mark, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._text, 0, 1, 1, 2)
        grid.addWidget(self._time, 1, 1)
        grid.addWidget(self._value, 1, 2, Qt.AlignmentFlag.AlignRight)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_row(self, row: AlarmRow) -> None:
        """Show an alarm."""
        if row == self._row:
            return
        self._row = row
        definition, shot, wording = row.definition, row.snapshot, self._wording
        tag = self._plant.tags.get(definition.tag)
        self._mark.show_priority(definition.priority, filled=shot.unacknowledged)
        self._text.setText(wording.text(definition.text))
        time = wording.time(shot.time_in_ns)
        plain = shot.active and (shot.external is None or shot.external.known)
        self._time.setText(time if plain else f"{time} · {snapshot_words(shot)}")
        value = value_words(shot.value, shot.status, tag, wording) if shot.active else ""
        if value and tag is not None and definition.limit is not None and not tag.is_discrete:
            value += f"  {definition.kind} {wording.number(definition.limit, tag.decimals)}"
        self._value.setText(value)
        self.setToolTip(f"{definition.tag or definition.connection}\n{wording.date_time(shot.time_in_ns)}")
        self.setAccessibleName(self._text.text())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the alarm."""
        if self._row is not None and event.button() is Qt.MouseButton.LeftButton:
            self.opened.emit(self._row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the alarm by the keyboard."""
        if self._row is not None and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.opened.emit(self._row)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground of a card pointed at, and the outline of one with the focus."""
        painter = QPainter(self)
        if self.underMouse():
            painter.fillRect(self.rect(), self._themes.color("hover"))
        if self.hasFocus():
            painter.setPen(QPen(self._themes.color("selection"), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
