"""The row of controls that choose the time: back, forward, presets, live, period and end."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QToolButton, QWidget

from app.model.clock import SECOND_NS
from widgets.flow import FlowLayout
from widgets.theme import HALF, STEP
from widgets.trend.navigation import TimeNavigator
from widgets.trend.period import parse_moment, parse_period, period_text
from widgets.wording import Wording

PRESETS_S: Final = (600, 3600, 8 * 3600, 86400, 7 * 86400, 30 * 86400, 365 * 86400)


class TimeBar(QWidget):
    """Drives a TimeNavigator and shows where it is.

    Signals:
        refused(str): why what was typed cannot be shown.
        box_wanted(bool): a plain drag shall draw a box.

    """

    refused = Signal(str)
    box_wanted = Signal(bool)

    def __init__(self, navigator: TimeNavigator, wording: Wording) -> None:
        super().__init__()
        self._navigator, self._wording = navigator, wording
        self.live = QPushButton(self.tr("Live"))
        self.live.setCheckable(True)
        self.live.setToolTip(self.tr("Follow the time (L)"))
        self.live.clicked.connect(navigator.go_live)
        self.box = QPushButton(self.tr("Box zoom"))
        self.box.setCheckable(True)
        self.box.setToolTip(self.tr("Draw a box to zoom into its time (Z; Shift+drag does it always)"))
        self.box.toggled.connect(self.box_wanted)
        self.period = self._edit(self.tr("Period: 90 min, 2 h, 3 d …"), 104)
        self.end = self._edit(self.tr("End: 14:00, 2026-02-28 06:30, or empty for live"), 168)
        self.back = self._arrow("◂", self.tr("View before (Backspace)"), navigator.back)
        self.forward = self._arrow("▸", self.tr("View after (Shift+Backspace)"), navigator.forward)
        self._lay_out()
        navigator.changed.connect(self.refresh)
        navigator.moved.connect(self.refresh)
        navigator.history_changed.connect(self._show_history)
        self.refresh()
        self._show_history()

    def refresh(self) -> None:
        """Show the view, but leave alone what is being typed."""
        view = self._navigator.view
        self.live.setChecked(view.live)
        if not self.period.hasFocus():
            self.period.setText(period_text(view.span_s, self._wording.language))
        if not self.end.hasFocus():
            self.end.setText(self._wording.date_time(int(view.end_s * SECOND_NS)))

    def _lay_out(self) -> None:
        row = FlowLayout(self, gap=HALF)
        row.add(self.back)
        row.add(self.forward)
        names = (self.tr("10 min"), self.tr("1 h"), self.tr("8 h"), self.tr("24 h"), self.tr("7 d"), self.tr("30 d"),
                 self.tr("1 y"))  # fmt: skip
        for number, (name, seconds) in enumerate(zip(names, PRESETS_S, strict=True), 1):
            button = QPushButton(name)
            button.setToolTip(self.tr("Key {0}").format(number))
            button.clicked.connect(lambda _=False, chosen=seconds: self._navigator.show_span(chosen))
            row.add(button)
        row.add(self.live)
        row.add_stretch()
        row.add(self._typed_row())

    def _typed_row(self) -> QWidget:
        """Return the period and the end with the box zoom, which stay together."""
        together = QWidget()
        row = QHBoxLayout(together)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(HALF)
        for text, edit in ((self.tr("Period"), self.period), (self.tr("End"), self.end)):
            label = QLabel(text)
            label.setProperty("look", "label")
            row.addWidget(label)
            row.addWidget(edit)
            row.addSpacing(STEP)
        row.addWidget(self.box)
        return together

    def _edit(self, tip: str, width: int) -> QLineEdit:
        edit = QLineEdit()
        edit.setFixedWidth(width)
        edit.setToolTip(tip)
        edit.setAccessibleName(tip)
        edit.returnPressed.connect(self._typed)
        edit.editingFinished.connect(self.refresh)
        return edit

    def _arrow(self, text: str, tip: str, do: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(do)
        return button

    def _typed(self) -> None:
        """Show what was typed: the period alone keeps live; an end in the past leaves it."""
        navigator = self._navigator
        period, text = parse_period(self.period.text()), self.end.text().strip()
        if period is None:
            no_period = self.tr("'{0}' is no period from 5 s to 400 d; write 90 min, 2 h or 3 d")
            self.refused.emit(no_period.format(self.period.text()))
            return
        shown = self._wording.date_time(int(navigator.view.end_s * SECOND_NS))
        live = text in {"", self.tr("now"), "now"} or (navigator.view.live and text == shown)
        end = None if live else parse_moment(text, self._wording.zone, int(navigator.now_s * SECOND_NS))
        if not live and end is None:
            self.refused.emit(self.tr("'{0}' is no time of the plant's zone").format(text))
            return
        self.refused.emit("")
        navigator.show_until(end, period)
        self.period.clearFocus()
        self.end.clearFocus()
        self.refresh()

    def _show_history(self) -> None:
        back, forward = self._navigator.can_go
        self.back.setEnabled(back)
        self.forward.setEnabled(forward)
