"""Shelving: how long, or until the alarm returns, and why."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QComboBox, QWidget

from app.model.alarm_action import AlarmAction
from widgets.alarms.actions import AlarmAsk, longest_shelving_s, pairs_of
from widgets.alarms.askdialog import AskDialog
from widgets.alarms.row import AlarmRow
from widgets.wording import Wording

_TIMES_S: Final = (300, 900, 1800, 3600, 2 * 3600, 4 * 3600, 8 * 3600)
_USUAL_S: Final = 900
_OFTEN: Final = 2
_ONCE: Final = -1.0


def times_up_to(longest_s: float) -> list[float]:
    """Return the times (s) that are offered, the longest that is allowed among them."""
    return [*(time for time in _TIMES_S if time < longest_s), longest_s]


class ShelveDialog(AskDialog):
    """Asks for time and reason; offers no longer time than every one of the alarms allows."""

    def __init__(self, rows: Sequence[AlarmRow], wording: Wording, parent: QWidget) -> None:
        super().__init__(rows, wording, parent)
        self.setWindowTitle(self.tr("Shelve"))
        longest = longest_shelving_s(rows)
        self.time = QComboBox()
        for seconds in times_up_to(longest):
            self.time.addItem(wording.duration(seconds), seconds)
        self.time.addItem(self.tr("Until it returns to normal"), _ONCE)
        self.time.setCurrentIndex(max(0, self.time.findData(min(_USUAL_S, longest))))
        self.form.addRow(self.tr("For"), self.time)
        self.form.addRow(self.tr("Reason"), self.reason)
        often = [row for row in rows if len(row.snapshot.shelvings) >= _OFTEN]
        if often:
            most = max(len(row.snapshot.shelvings) for row in often)
            self.form.addRow(self.note(self.tr("Shelved {0} times in 24 h: tell the engineer.").format(most)))
        silent = self.tr("It stays silent at every desk, and annunciates anew at its end if it is active.")
        self.form.addRow(self.note(silent))
        self.finish_form(self.tr("Shelve"))

    def ask(self) -> AlarmAsk:
        """Return what was entered."""
        seconds = float(self.time.currentData())
        once = seconds == _ONCE
        action = AlarmAction.SHELVE_ONCE if once else AlarmAction.SHELVE
        return AlarmAsk(action, pairs_of(self.rows), self.reason.text().strip(), 0.0 if once else seconds)
