"""The alarm banner: the most urgent unacknowledged alarms, counts of each priority, silence and acknowledge."""

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from app.model.alarm import Priority, Suppression
from app.model.flood import FloodState
from app.model.plant import Plant
from widgets.alarms.book import AlarmBook
from widgets.alarms.mark import MarkWidget
from widgets.alarms.row import AlarmRow
from widgets.alarms.words import value_words
from widgets.theme import GAP, HALF, LARGE, STEP, ThemeManager
from widgets.wording import DASH, Wording

HEIGHT: Final = 60
_SECOND_FROM: Final = 1500
"""The second alarm is shown from this width (px) on."""


class ElidedLabel(QLabel):
    """A label that gives way: its text is cut with an ellipsis when there is no room; the whole is in its tool tip."""

    def __init__(self, look: str = "") -> None:
        super().__init__()
        self._full = self._short = ""
        if look:
            self.setProperty("look", look)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def show_text(self, text: str, short: str = "") -> None:
        """Show a text; where it does not fit, its short form if there is one."""
        if (text, short) != (self._full, self._short):
            self._full, self._short = text, short
            self.setToolTip(text)
            self.updateGeometry()
            self._elide()

    def sizeHint(self) -> QSize:
        """Return the room that the whole text wants."""
        return QSize(self.fontMetrics().horizontalAdvance(self._full) + 8, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Return next to nothing: the label gives way."""
        return QSize(16, super().minimumSizeHint().height())

    def resizeEvent(self, event: object) -> None:
        """Cut the text to the new width."""
        self._elide()

    def _elide(self) -> None:
        metrics, width = self.fontMetrics(), self.width()
        text = self._short if self._short and metrics.horizontalAdvance(self._full) > width else self._full
        self.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, width))


class AlarmLine(QWidget):
    """One alarm on one line; a click opens it.

    Signals:
        clicked(object): the AlarmRow.

    """

    clicked = Signal(object)

    def __init__(self, plant: Plant, themes: ThemeManager, wording: Wording, *, brief: bool = False) -> None:
        super().__init__()
        self._plant, self._wording, self._brief = plant, wording, brief
        self._row: AlarmRow | None = None
        self._mark = MarkWidget(themes)
        self._time = QLabel()
        self._tag = QLabel()
        self._text = ElidedLabel("" if brief else "name")
        self._value = QLabel()
        self._value.setProperty("look", "label")
        for label, look in ((self._time, "label" if brief else "name"), (self._tag, "label" if brief else "")):
            label.setProperty("look", look)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(GAP)
        for widget in (self._mark, self._time, self._tag):
            box.addWidget(widget)
        box.addWidget(self._text)
        box.addWidget(self._value)
        box.addStretch(1)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_row(self, row: AlarmRow | None) -> None:
        """Show an alarm, or nothing."""
        self._row = row
        for widget in (self._mark, self._time, self._tag, self._value):
            widget.setVisible(row is not None)
        if row is None:
            self._text.show_text("")
            return
        definition, shot = row.definition, row.snapshot
        tag = self._plant.tags.get(definition.tag)
        self._mark.show_priority(definition.priority, filled=shot.unacknowledged)
        self._time.setText(self._wording.time(shot.time_in_ns))
        self._tag.setText(definition.tag or definition.connection)
        self._text.show_text(self._wording.text(definition.text))
        value = "" if self._brief else value_words(shot.value, shot.status, tag, self._wording)
        if value and tag is not None and definition.limit is not None and not tag.is_discrete:
            value += "  " + self.tr("limit {0}").format(self._wording.number(definition.limit, tag.decimals))
        self._value.setText(value)

    def blink(self, lit: bool) -> None:
        """Show the other phase of the mark while the alarm waits to be acknowledged."""
        if self._row is not None:
            waiting = self._row.waiting
            self._mark.show_priority(self._row.definition.priority, filled=waiting, blank=waiting and not lit)

    def show_note(self, text: str) -> None:
        """Show a quiet text in place of an alarm."""
        self.show_row(None)
        self._text.show_text(text)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the alarm."""
        if self._row is not None and event.button() is Qt.MouseButton.LeftButton:
            self.clicked.emit(self._row)


class AlarmBanner(QWidget):
    """Always visible at the foot of the window.

    Signals:
        acknowledge(object, str): list of (alarm id, event id) of the alarm shown first, empty comment.
        silence(): stop the horn of this console only.
        opened(object): the AlarmRow of an alarm that was clicked.
        list_wanted(): the counts were clicked.

    """

    acknowledge = Signal(object, str)
    silence = Signal()
    opened = Signal(object)
    list_wanted = Signal()

    def __init__(self, plant: Plant, book: AlarmBook, themes: ThemeManager, wording: Wording) -> None:
        super().__init__()
        self._book, self._themes, self._wording = book, themes, wording
        self.setProperty("look", "chrome")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._may = False
        self._first = AlarmLine(plant, themes, wording)
        self._second = AlarmLine(plant, themes, wording, brief=True)
        self._marks = {priority: MarkWidget(themes, 22) for priority in Priority}
        self._counts = {priority: QLabel("0") for priority in Priority}
        self._shelved = QLabel()
        self._shelved.setProperty("look", "label")
        self._flood = QLabel()
        self._flood.setProperty("look", "name")
        self._flood.hide()
        self._silence = QPushButton(self.tr("Silence"))
        self._silence.setToolTip(self.tr("Stops the horn of this desk; acknowledges nothing (Ctrl+M)"))
        self._acknowledge = QPushButton(self.tr("Acknowledge"))
        self._acknowledge.setToolTip(self.tr("Acknowledges the alarm shown at the left (Ctrl+Return)"))
        self._lay_out()
        for line in (self._first, self._second):
            line.clicked.connect(self.opened)
        self._silence.clicked.connect(self.silence)
        self._acknowledge.clicked.connect(self.acknowledge_first)
        book.changed.connect(self._show)
        self._show()

    def set_may_acknowledge(self, may: bool) -> None:
        """Enable or disable acknowledging (logged in and linked)."""
        self._may = may
        self._show()

    def set_horn(self, sounding: bool) -> None:
        """Say whether the horn sounds; silence is offered only then."""
        self._silence.setEnabled(sounding)

    def blink(self, lit: bool) -> None:
        """Show the other phase of the marks of the alarms shown."""
        for line in (self._first, self._second):
            line.blink(lit)

    def show_flood(self, state: FloodState) -> None:
        """Say that more alarms come than can be answered."""
        self._flood.setVisible(state.active)
        self._flood.setText(self.tr("Flood: {0}").format(self._wording.number(state.count, 0)))
        self._flood.setToolTip(self.tr("{0} alarms in the last 10 minutes; the list groups them").format(state.count))

    def show_refusals(self, reasons: list[str]) -> None:
        """Say why something was not acknowledged, until the alarms change; nothing for an empty list."""
        if reasons:
            self._first.show_note("✗ " + "; ".join(reasons))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask for the whole list when the ground or a count is clicked."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.list_wanted.emit()

    def acknowledge_first(self) -> None:
        """Ask to acknowledge the alarm that is shown first."""
        waiting = self._book.waiting(1)
        if self._may and waiting:
            shot = waiting[0].snapshot
            self.acknowledge.emit([(shot.id, shot.event_id)], "")

    def _lay_out(self) -> None:
        box = QHBoxLayout(self)
        box.setContentsMargins(LARGE, STEP, GAP, STEP)
        box.setSpacing(STEP)
        box.addWidget(self._first, 3)
        box.addSpacing(LARGE)
        box.addWidget(self._second, 2)
        box.addSpacing(LARGE)
        for priority in Priority:
            box.addWidget(self._marks[priority])
            self._counts[priority].setProperty("look", "name")
            self._counts[priority].setMinimumWidth(24)
            box.addWidget(self._counts[priority])
            box.addSpacing(HALF)
        box.addWidget(self._flood)
        box.addWidget(self._shelved)
        box.addSpacing(STEP)
        box.addWidget(self._silence)
        box.addWidget(self._acknowledge)

    def _show(self) -> None:
        waiting = self._book.waiting(2)
        if not self._book.known:
            self._first.show_note(self.tr("Alarms are not known: no link to the engine"))
        elif waiting:
            self._first.show_row(waiting[0])
        else:
            self._first.show_note(self.tr("No unacknowledged alarm"))
        self._second.show_row(waiting[1] if self._book.known and len(waiting) > 1 else None)
        self._second.setVisible(self.width() >= _SECOND_FROM)
        for priority, count in self._book.counts().items():
            self._marks[priority].show_priority(priority, filled=count.unacknowledged > 0)
            self._counts[priority].setText(self._wording.number(count.total, 0) if self._book.known else DASH)
            self._counts[priority].setToolTip(
                self.tr("Priority {0}: {1} alarms, {2} unacknowledged").format(
                    int(priority), count.total, count.unacknowledged
                )
            )
        self._show_silent()
        self._acknowledge.setEnabled(self._may and bool(waiting))

    def _show_silent(self) -> None:
        """Say how many alarms people keep silent: shelved, and out of service where there are any."""
        index = self._book.index
        out = index.suppressed(Suppression.OUT_OF_SERVICE)
        shelved = self.tr("Shelved {0}").format(self._book.shelved() if self._book.known else DASH)
        self._shelved.setText(f"{shelved}\n" + self.tr("Out of service {0}").format(out) if out else shelved)

    def resizeEvent(self, event: object) -> None:
        """Show the second alarm only where there is room."""
        self._second.setVisible(self.width() >= _SECOND_FROM)
