"""The foot of an alarm summary: a comment, and what can be done with the selected alarms."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.model.alarm_action import AlarmAction
from widgets.alarms.actions import fitting, words
from widgets.alarms.filtering import AlarmList
from widgets.alarms.row import AlarmRow
from widgets.flow import FlowLayout
from widgets.theme import STEP

_OF_LIST: Final = {
    AlarmList.ACTIVE: (
        AlarmAction.ACKNOWLEDGE, AlarmAction.RESET, AlarmAction.COMMENT, AlarmAction.SHELVE,
        AlarmAction.REMOVE_FROM_SERVICE,
    ),
    AlarmList.SHELVED: (AlarmAction.UNSHELVE, AlarmAction.COMMENT, AlarmAction.REMOVE_FROM_SERVICE),
    AlarmList.OUT_OF_SERVICE: (AlarmAction.RETURN_TO_SERVICE, AlarmAction.COMMENT),
    AlarmList.SUPPRESSED: (AlarmAction.COMMENT,),
}  # fmt: skip
_RARE: Final = frozenset({AlarmAction.RESET, AlarmAction.COMMENT, AlarmAction.REMOVE_FROM_SERVICE})
_KEYS: Final = {
    AlarmAction.ACKNOWLEDGE: "A", AlarmAction.RESET: "R", AlarmAction.COMMENT: "C", AlarmAction.SHELVE: "S",
    AlarmAction.UNSHELVE: "U", AlarmAction.REMOVE_FROM_SERVICE: "O", AlarmAction.RETURN_TO_SERVICE: "I",
}  # fmt: skip


class ActionBar(QWidget):
    """Buttons of the list that is shown, enabled where the action makes sense for a selected alarm.

    Signals:
        wanted(object): an AlarmAction for the selected alarms.
        page_wanted(): acknowledge what is on the screen.

    """

    wanted = Signal(object)
    page_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._may, self._why = False, ""
        self._rows: Sequence[AlarmRow] = ()
        self._which = AlarmList.ACTIVE
        self._page = False
        self._brief = False
        self.comment = QLineEdit(placeholderText=self.tr("Comment (optional)"))
        self.comment.setFixedWidth(240)
        self.comment.textChanged.connect(self._look)
        self.visible_page = QPushButton(self.tr("Acknowledge visible page"))
        self.visible_page.clicked.connect(self.page_wanted)
        self.buttons = {action: QPushButton(self._words(action)) for action in _KEYS}
        flow = FlowLayout(gap=STEP)
        flow.add_stretch()
        flow.add(self.comment)
        flow.add(self.buttons[AlarmAction.ACKNOWLEDGE])
        flow.add(self.visible_page)
        for action, button in self.buttons.items():
            button.clicked.connect(lambda _=False, asked=action: self.wanted.emit(asked))
            if action is not AlarmAction.ACKNOWLEDGE:
                flow.add(button)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addLayout(flow)
        self._look()

    def set_may(self, may: bool, why: str = "") -> None:
        """Say whether the user may act now, and why not."""
        self._may, self._why = may, why
        self._look()

    def set_brief(self, brief: bool) -> None:
        """Show only the buttons that are pressed most."""
        if brief != self._brief:
            self._brief = brief
            self._look()

    def show_list(self, which: AlarmList) -> None:
        """Show the buttons of a list."""
        self._which = which
        self._look()

    def show_rows(self, rows: Sequence[AlarmRow], *, page: bool) -> None:
        """Take the selected alarms; ``page``: whether there is anything on the screen to acknowledge."""
        self._rows, self._page = rows, page
        self._look()

    def take_comment(self) -> str:
        """Return the comment that was typed; it is used once."""
        text = self.comment.text().strip()
        self.comment.clear()
        return text

    def _words(self, action: AlarmAction) -> str:
        return self.tr("Acknowledge selected") if action is AlarmAction.ACKNOWLEDGE else words(action)

    def _look(self) -> None:
        for action, button in self.buttons.items():
            button.setVisible(action in _OF_LIST[self._which] and not (self._brief and action in _RARE))
            typed = action is not AlarmAction.COMMENT or bool(self.comment.text().strip())
            button.setEnabled(self._may and typed and bool(fitting(action, self._rows)))
            button.setToolTip(self._why or QCoreApplication.translate("ActionBar", "Key: {0}").format(_KEYS[action]))
        self.visible_page.setVisible(self._which is AlarmList.ACTIVE)
        self.visible_page.setEnabled(self._may and self._page)
        self.visible_page.setToolTip(
            self._why or self.tr("The alarms whose lines are on the screen now, and no other (Shift+A)")
        )
        self.comment.setEnabled(self._may)
