"""The line that says that more alarms come than can be answered, and groups them."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from app.model.flood import FloodState
from widgets.theme import GAP, HALF, STEP
from widgets.wording import Wording


class FloodBar(QWidget):
    """Hidden while there is no flood.

    Signals:
        grouping_wanted(bool): group by equipment, or single lines. At the start of a flood it groups by itself, and
            at its end it undoes that, unless the operator decided meanwhile.

    """

    grouping_wanted = Signal(bool)

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self._wording = wording
        self._state = FloodState()
        self._by_itself = False
        self._text = QLabel()
        self._text.setProperty("look", "name")
        self.toggle = QPushButton()
        self.setProperty("look", "note")
        box = QHBoxLayout(self)
        box.setContentsMargins(GAP, HALF, HALF, HALF)
        box.setSpacing(STEP)
        box.addWidget(self._text, 1)
        box.addWidget(self.toggle)
        self.toggle.clicked.connect(self._toggle)
        self._grouped = False
        self.hide()

    def show_state(self, state: FloodState) -> None:
        """Take the engine's judgement."""
        began, ended = state.active and not self._state.active, self._state.active and not state.active
        self._state = state
        if state.active:
            since = self._wording.time(state.since_ns)
            self._text.setText(
                self.tr("Alarm flood since {0}: {1} alarms in the last 10 minutes. Look at priority 1 first.").format(
                    since, self._wording.number(state.count, 0)
                )
            )
        self.setVisible(state.active)
        if began and not self._grouped:
            self._by_itself = True
            self.grouping_wanted.emit(True)
        elif ended and self._by_itself:
            self._by_itself = False
            self.grouping_wanted.emit(False)

    def show_grouped(self, on: bool) -> None:
        """Say whether the summary is grouped now."""
        self._grouped = on
        self.toggle.setText(self.tr("Show single lines") if on else self.tr("Group by equipment"))

    def decided(self) -> None:
        """Say that the operator chose the grouping."""
        self._by_itself = False

    def _toggle(self) -> None:
        self.decided()
        self.grouping_wanted.emit(not self._grouped)
