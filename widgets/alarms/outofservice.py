"""Removal from service: permit and reason, and for priority 1 a second person."""

from collections.abc import Sequence

from PySide6.QtWidgets import QLineEdit, QWidget

from app.model.alarm_action import AlarmAction
from widgets.alarms.actions import AlarmAsk, needs_approver, pairs_of
from widgets.alarms.askdialog import MOST_CHARACTERS, AskDialog
from widgets.alarms.row import AlarmRow
from widgets.wording import Wording


class OutOfServiceDialog(AskDialog):
    """Asks for permit, reason and, where the engine will, the second person; the password leaves with the request."""

    def __init__(self, rows: Sequence[AlarmRow], wording: Wording, parent: QWidget) -> None:
        super().__init__(rows, wording, parent)
        self.setWindowTitle(self.tr("Remove from service"))
        self.permit = QLineEdit(placeholderText=self.tr("Mandatory"))
        self.permit.setMaxLength(MOST_CHARACTERS)
        self.approver, self.password = QLineEdit(), QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self._two = needs_approver(rows)
        self.form.addRow(self.tr("Permit no."), self.permit)
        self.form.addRow(self.tr("Reason"), self.reason)
        if self._two:
            self.form.addRow(self.note(self.tr("Priority 1: a second person (supervisor or above) has to agree.")))
            self.form.addRow(self.tr("Second person"), self.approver)
            self.form.addRow(self.tr("Their password"), self.password)
        self.form.addRow(self.note(self.tr("It stays silent at every desk until somebody returns it to service.")))
        for field in (self.permit, self.approver, self.password):
            field.textChanged.connect(self.look)
        self.finish_form(self.tr("Remove from service"))
        self.permit.setFocus()

    def is_complete(self) -> bool:
        """Tell whether everything mandatory was entered."""
        second = not self._two or bool(self.approver.text().strip() and self.password.text())
        return super().is_complete() and bool(self.permit.text().strip()) and second

    def ask(self) -> AlarmAsk:
        """Return what was entered; the password is forgotten here."""
        made = AlarmAsk(
            AlarmAction.REMOVE_FROM_SERVICE, pairs_of(self.rows), self.reason.text().strip(),
            permit=self.permit.text().strip(), approver=self.approver.text().strip(),
            approver_password=self.password.text(),
        )  # fmt: skip
        self.password.clear()
        return made
