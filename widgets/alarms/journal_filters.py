"""What narrows the journal: time, kind, area, text, tag; and, on request, priority, type of alarm, state, user."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.model.alarm import AlarmKind, AnnunciationState, Priority, Suppression
from app.model.clock import SECOND_NS, Clock, SystemClock
from app.model.journal import JournalKind, JournalQuery
from app.model.plant import Plant
from widgets.alarms.journal_words import alarm_kind_words, kind_words
from widgets.alarms.words import state_words
from widgets.flow import FlowLayout
from widgets.theme import STEP
from widgets.trend.period import parse_moment
from widgets.wording import Wording

_SPANS_H: Final = (1, 8, 24, 24 * 7, 24 * 31)
_PERIOD: Final = -1
_USUAL: Final = 1


class JournalFilters(QWidget):
    """Fields, and the query that they make.

    Signals:
        changed(): one was changed.

    """

    changed = Signal()

    def __init__(self, plant: Plant, wording: Wording, clock: Clock | None = None) -> None:
        super().__init__()
        self._plant, self._wording, self._clock = plant, wording, clock or SystemClock()
        self.span, self.kind, self.area = QComboBox(), QComboBox(), QComboBox()
        self.text = QLineEdit(placeholderText=self.tr("Text, * as wildcard"), clearButtonEnabled=True)
        self.tag = QLineEdit(placeholderText=self.tr("Tag, * as wildcard"), clearButtonEnabled=True)
        self.begin = QLineEdit(placeholderText=self.tr("from: 2026-01-31 14:00"))
        self.end = QLineEdit(placeholderText=self.tr("to: empty is now"))
        self.more = QPushButton(self.tr("More filters"))
        self.more.setCheckable(True)
        self.priority, self.type, self.state = QComboBox(), QComboBox(), QComboBox()
        self.user = QLineEdit(placeholderText=self.tr("User"), clearButtonEnabled=True)
        self.wrong = QLabel()
        self.wrong.setProperty("look", "name")
        self._choices = (self.kind, self.area, self.priority, self.type, self.state)
        self._fields = (self.text, self.tag, self.user)
        self._fill()
        self.rest = FlowLayout(gap=STEP)
        """Room for what stands at the end of the first row."""
        self._second = QWidget()
        self._lay_out()
        for choice in (self.span, *self._choices):
            choice.currentIndexChanged.connect(self._changed)
        for field in (*self._fields, self.begin, self.end):
            field.textChanged.connect(self.changed)
        self.more.toggled.connect(self._second.setVisible)
        self._changed()

    def query(self) -> JournalQuery:
        """Return what the fields ask for; times that cannot be read do not narrow, and are said so."""
        now_ns = self._clock.now_ns()
        hours = self.span.currentData()
        from_ns, to_ns = None if hours is None else now_ns - int(hours) * 3600 * SECOND_NS, None
        self.wrong.clear()
        if hours == _PERIOD:
            from_ns, to_ns = self._moment(self.begin, now_ns), self._moment(self.end, now_ns)
        kind, priority = self.kind.currentData(), self.priority.currentData()
        alarm_kind, state = self.type.currentData(), self.state.currentData()
        return JournalQuery(
            from_ns=from_ns, to_ns=to_ns, kinds=(JournalKind(kind),) if kind else (), tag=self.tag.text().strip(),
            area=self.area.currentData() or "", priorities=(priority,) if priority else (),
            user=self.user.text().strip(), text=self.text.text().strip(),
            alarm_kinds=(AlarmKind(alarm_kind),) if alarm_kind else (), states=(state,) if state else (),
        )  # fmt: skip

    def clear(self) -> None:
        """Empty what narrows, but for the time, without a word."""
        self.blockSignals(True)
        for choice in self._choices:
            choice.setCurrentIndex(0)
        for field in self._fields:
            field.clear()
        self.blockSignals(False)

    def _moment(self, field: QLineEdit, now_ns: int) -> int | None:
        text = field.text().strip()
        if not text:
            return None
        at = parse_moment(text, self._wording.zone, now_ns)
        if at is None:
            self.wrong.setText(self.tr("No time: {0}").format(text))
            return None
        return round(at * SECOND_NS)

    def _changed(self) -> None:
        period = self.span.currentData() == _PERIOD
        self.begin.setVisible(period)
        self.end.setVisible(period)
        self.changed.emit()

    def _fill(self) -> None:
        names = {1: self.tr("Last hour"), 8: self.tr("Last 8 hours"), 24: self.tr("Last 24 hours"),
                 168: self.tr("Last 7 days"), 744: self.tr("Last 31 days")}  # fmt: skip
        for hours in _SPANS_H:
            self.span.addItem(names[hours], hours)
        self.span.addItem(self.tr("All"), None)
        self.span.addItem(self.tr("From … to …"), _PERIOD)
        self.span.setCurrentIndex(_USUAL)
        self.kind.addItem(self.tr("All kinds"), None)
        for kind in JournalKind:
            self.kind.addItem(kind_words(kind), kind.value)
        self.area.addItem(self.tr("All areas"), None)
        for area in self._plant.areas.values():
            self.area.addItem(self._wording.text(area.title), area.id)
        self.priority.addItem(self.tr("All priorities"), None)
        for priority in Priority:
            self.priority.addItem(self.tr("Priority {0}").format(int(priority)), int(priority))
        self.type.addItem(self.tr("All types of alarm"), None)
        for alarm_kind in AlarmKind:
            self.type.addItem(alarm_kind_words(alarm_kind), alarm_kind.value)
        self.state.addItem(self.tr("All states"), None)
        for state in AnnunciationState:
            self.state.addItem(state_words(state), state.value)
        for member in Suppression:
            self.state.addItem(state_words(AnnunciationState.NORMAL, [member]), member.value)

    def _lay_out(self) -> None:
        first = FlowLayout(gap=STEP)
        for field in (self.text, self.tag):
            field.setMinimumWidth(172)
            field.setMaximumWidth(240)
        for field in (self.begin, self.end, self.user):
            field.setFixedWidth(196)
        for widget in (self.span, self.begin, self.end, self.kind, self.area, self.text, self.tag, self.more):
            first.add(widget)
        second = QHBoxLayout(self._second)
        second.setContentsMargins(0, 0, 0, 0)
        second.setSpacing(STEP)
        rare: tuple[QWidget, ...] = (self.priority, self.type, self.state, self.user, self.wrong)
        for one in rare:
            second.addWidget(one)
        second.addStretch(1)
        self._second.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(STEP)
        box.addLayout(first)
        box.addWidget(self._second)
