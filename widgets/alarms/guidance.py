"""What rationalisation says about the current alarm, and where to go from it."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.model.clock import SECOND_NS, Clock, SystemClock
from app.model.plant import Plant
from widgets.alarms.cells import AlarmCells, Column
from widgets.alarms.mark import MarkWidget
from widgets.alarms.row import AlarmRow
from widgets.theme import GAP, HALF, STEP, ThemeManager
from widgets.wording import Wording

_LINES: Final = 3


class GuidancePanel(QWidget):
    """Cause, consequence and action of one alarm with the time left to respond; buttons to display, trend, faceplate.

    Signals:
        display_wanted(object), trend_wanted(object), faceplate_wanted(object): the AlarmRow.

    """

    display_wanted = Signal(object)
    trend_wanted = Signal(object)
    faceplate_wanted = Signal(object)

    def __init__(self, plant: Plant, themes: ThemeManager, wording: Wording, clock: Clock | None = None) -> None:
        super().__init__()
        self._plant, self._wording, self._clock = plant, wording, clock or SystemClock()
        self._cells = AlarmCells(plant, wording)
        self._row: AlarmRow | None = None
        self.setProperty("look", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._mark, self._head, self._left = MarkWidget(themes), QLabel(), QLabel()
        self._lines = {name: QLabel(wordWrap=True) for name in ("cause", "consequence", "action")}
        self.display = QPushButton(self.tr("Display"))
        self.trend = QPushButton(self.tr("Trend"))
        self.faceplate = QPushButton(self.tr("Faceplate"))
        self._lay_out()
        for button, signal, key in (
            (self.display, self.display_wanted, "D"), (self.trend, self.trend_wanted, "T"),
            (self.faceplate, self.faceplate_wanted, "F"),
        ):  # fmt: skip
            button.setToolTip(self.tr("Key: {0}").format(key))
            button.clicked.connect(lambda _=False, wanted=signal: self._emit(wanted))
        self.show_row(None)

    @property
    def row(self) -> AlarmRow | None:
        """The alarm shown."""
        return self._row

    def show_row(self, row: AlarmRow | None) -> None:
        """Show an alarm, or what to do to see one."""
        self._row = row
        self._mark.show_priority(row.definition.priority if row else None, filled=row is not None and row.waiting)
        definition = row.definition if row is not None else None
        self.display.setEnabled(row is not None)
        self.trend.setEnabled(definition is not None and definition.tag in self._plant.tags)
        self.faceplate.setEnabled(definition is not None and definition.equipment in self._plant.equipment)
        if row is None or definition is None:
            self._head.setText(self.tr("Choose a line to see what it means and what to do."))
            self._left.clear()
            for label in self._lines.values():
                label.clear()
                label.hide()
            return
        self._head.setText(f"{self._cells.text(row, Column.TAG)}   {self._cells.text(row, Column.TEXT)}")
        said = definition.guidance
        for name, title, text in (
            ("cause", self.tr("Cause: {0}"), said.cause), ("consequence", self.tr("If nothing is done: {0}"),
            said.consequence), ("action", self.tr("Do: {0}"), said.action),
        ):  # fmt: skip
            self._lines[name].setText(title.format(self._wording.text(text)) if text else "")
        if said.confirmation:
            confirm = self.tr("To be sure: {0}").format(self._wording.text(said.confirmation))
            self._lines["cause"].setText("\n".join(filter(None, (self._lines["cause"].text(), confirm))))
        if not (said.cause or said.confirmation or said.consequence or said.action):
            self._lines["cause"].setText(self.tr("No guidance was written for this alarm."))
        for label in self._lines.values():
            label.setVisible(bool(label.text()))
        self.tick()

    def tick(self) -> None:
        """Count the time to respond down."""
        row = self._row
        seconds = row.definition.guidance.respond_s if row is not None else None
        if row is None or seconds is None or not row.snapshot.active or row.suppressed:
            self._left.clear()
            return
        left = seconds - (self._clock.now_ns() - row.snapshot.time_in_ns) / SECOND_NS
        if left > 0:
            self._left.setText(self.tr("{0} left to respond").format(self._wording.duration(left)))
        else:
            self._left.setText(self.tr("time to respond is over since {0}").format(self._wording.duration(-left)))

    def _emit(self, wanted: Signal) -> None:
        if self._row is not None:
            wanted.emit(self._row)  # type: ignore[attr-defined]  # a bound signal

    def _lay_out(self) -> None:
        self._head.setProperty("look", "name")
        self._left.setProperty("look", "name")
        for label in (self._head, *self._lines.values()):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        head = QHBoxLayout()
        head.setSpacing(STEP)
        head.addWidget(self._mark)
        head.addWidget(self._head, 1)
        head.addWidget(self._left)
        for button in (self.display, self.trend, self.faceplate):
            head.addWidget(button)
        lines = QHBoxLayout()
        lines.setSpacing(GAP)
        lines.addStrut(_LINES * self._head.fontMetrics().lineSpacing())  # the table does not move for a line more
        for label in self._lines.values():
            lines.addWidget(label, 1, Qt.AlignmentFlag.AlignTop)
        box = QVBoxLayout(self)
        box.setContentsMargins(GAP, HALF, GAP, HALF)
        box.setSpacing(HALF)
        box.addLayout(head)
        box.addLayout(lines)
