"""Which list of alarms is shown: what annunciates, what is shelved, out of service, suppressed; each with its count."""

from functools import partial

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QLabel, QPushButton, QVBoxLayout, QWidget

from widgets.alarms.book import AlarmBook
from widgets.alarms.filtering import AlarmList, listed
from widgets.flow import FlowLayout
from widgets.theme import HALF
from widgets.wording import Wording


class ListBar(QWidget):
    """Buttons of the lists, and how many alarms annunciate.

    Signals:
        chosen(object): an AlarmList.

    """

    chosen = Signal(object)

    def __init__(self, book: AlarmBook, wording: Wording) -> None:
        super().__init__()
        self._book, self._wording = book, wording
        self.buttons = {each: QPushButton() for each in AlarmList}
        self._count = QLabel()
        self._count.setProperty("look", "label")
        group = QButtonGroup(self)
        flow = FlowLayout(gap=HALF)
        for which, button in self.buttons.items():
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, asked=which: self.chosen.emit(asked))
            group.addButton(button)
            flow.add(button)
        flow.add_stretch()
        flow.add(self._count)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addLayout(flow)
        self.buttons[AlarmList.SUPPRESSED].setToolTip(
            self.tr("Kept silent by the logic of the project, or because their connection is lost")
        )
        book.changed.connect(self.refresh)
        self.show_list(AlarmList.ACTIVE)
        self.refresh()

    def show_list(self, which: AlarmList) -> None:
        """Mark the list that is shown."""
        self.buttons[which].setChecked(True)

    def refresh(self) -> None:
        """Count anew."""
        index, known = self._book.index, self._book.known
        words = {
            AlarmList.ACTIVE: self.tr("Active {0}"), AlarmList.SHELVED: self.tr("Shelved {0}"),
            AlarmList.OUT_OF_SERVICE: self.tr("Out of service {0}"), AlarmList.SUPPRESSED: self.tr("Suppressed {0}"),
        }  # fmt: skip
        number = partial(self._wording.number, decimals=0)
        counts = {which: number(int(np.count_nonzero(listed(index, which)))) for which in AlarmList}
        for which, button in self.buttons.items():
            button.setText(words[which].format(counts[which] if known else "—"))
        unacknowledged = sum(each.unacknowledged for each in self._book.counts().values())
        text = self.tr("{0} alarms, {1} unacknowledged").format(counts[AlarmList.ACTIVE], number(unacknowledged))
        self._count.setText(text if known else self.tr("Not known: no link to the engine"))
