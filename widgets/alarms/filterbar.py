"""The filters of an alarm summary: text, priority, unacknowledged only; grouping; saved views."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.model.alarm import Priority
from widgets.alarms.filtering import AlarmFilter
from widgets.alarms.savedviews import ViewBox
from widgets.flow import FlowLayout
from widgets.theme import STEP


class FilterBar(QWidget):
    """Fields that narrow the list.

    Signals:
        narrowed(object): parts of an AlarmFilter by name.
        grouping_wanted(bool): with headings or without.
        reset_wanted(): show all of the list again.

    """

    narrowed = Signal(object)
    grouping_wanted = Signal(bool)
    reset_wanted = Signal()

    def __init__(self, views: ViewBox) -> None:
        super().__init__()
        self.text = QLineEdit(placeholderText=self.tr("Filter by tag or text, * as wildcard"), clearButtonEnabled=True)
        self.text.setMinimumWidth(236)
        self.text.setMaximumWidth(320)
        self.priority = QComboBox()
        self.priority.addItem(self.tr("All priorities"), ())
        for priority in Priority:
            self.priority.addItem(self.tr("Priority {0}").format(int(priority)), (int(priority),))
        self.priority.addItem(self.tr("Priority 1 and 2"), (1, 2))
        self.priority.setAccessibleName(self.tr("Priority"))
        self.unacknowledged = QPushButton(self.tr("Unacknowledged only"))
        self.grouped = QPushButton(self.tr("Grouped"))
        self.grouped.setToolTip(self.tr("A heading for each equipment, with counts (G)"))
        self.whole = QPushButton(self.tr("Clear filters"))
        for button in (self.unacknowledged, self.grouped):
            button.setCheckable(True)
        flow = FlowLayout(gap=STEP)
        for widget in (self.text, self.priority, self.unacknowledged, self.grouped, self.whole):
            flow.add(widget)
        flow.add_stretch()
        flow.add(views)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addLayout(flow)
        self.text.textChanged.connect(lambda text: self._narrow(text=text))
        self.priority.activated.connect(lambda: self._narrow(priorities=self.priority.currentData()))
        self.unacknowledged.clicked.connect(lambda on: self._narrow(unacknowledged=on))
        self.grouped.clicked.connect(self.grouping_wanted)
        self.whole.clicked.connect(self.reset_wanted)

    def show_filter(self, wanted: AlarmFilter, *, grouped: bool) -> None:
        """Show what the summary is narrowed to, without a word."""
        if self.text.text().strip() != wanted.text.strip():
            self.text.blockSignals(True)
            self.text.setText(wanted.text)
            self.text.blockSignals(False)
        self.priority.setCurrentIndex(max(0, self.priority.findData(wanted.priorities)))
        self.unacknowledged.setChecked(wanted.unacknowledged)
        self.grouped.setChecked(grouped)
        self.whole.setEnabled(wanted != AlarmFilter(wanted.which))

    def _narrow(self, **parts: Any) -> None:
        self.narrowed.emit(parts)
