"""What dialogs about alarms share: which alarms, a reason, and staying open until the engine has agreed."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QWidget

from widgets.alarms.actions import AlarmAsk
from widgets.alarms.row import AlarmRow
from widgets.wording import Wording

WIDTH: Final = 440
_NAMED: Final = 5
MOST_CHARACTERS: Final = 500


class AskDialog(QDialog):
    """A form with the alarms at its head; deletes itself once it was closed.

    Signals:
        wanted(object): the AlarmAsk; ``answer`` is to be called with what became of it.

    """

    wanted = Signal(object)

    def __init__(self, rows: Sequence[AlarmRow], wording: Wording, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.rows, self.wording = rows, wording
        self.form = QFormLayout(self)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.form.addRow(self._make_head())
        self.reason = QLineEdit(placeholderText=self.tr("Mandatory"))
        self.reason.setMaxLength(MOST_CHARACTERS)
        self.reason.setMinimumWidth(WIDTH)
        self.reason.textChanged.connect(self.look)
        self.why = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.agree = self._buttons.button(QDialogButtonBox.StandardButton.Ok)
        self._buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(self.tr("Cancel"))
        self._buttons.accepted.connect(self._send)
        self._buttons.rejected.connect(self.reject)

    def finish_form(self, agree: str) -> None:
        """Add what stands at the foot; ``agree``: what the button says that sends it."""
        self.agree.setText(agree)
        self.form.addRow(self.why)
        self.form.addRow(self._buttons)
        self.look()

    def ask(self) -> AlarmAsk:
        """Return what was entered."""
        raise NotImplementedError

    def is_complete(self) -> bool:
        """Tell whether everything mandatory was entered."""
        return bool(self.reason.text().strip())

    def look(self) -> None:
        """Let it be sent once it is complete."""
        self.agree.setEnabled(self.is_complete())

    def answer(self, refusals: Sequence[str]) -> None:
        """Close where nothing was refused; else say why, and let it be sent again."""
        if refusals:
            self.why.setText("\n".join(dict.fromkeys(refusals)))
            self.look()
        else:
            self.accept()

    def note(self, text: str) -> QLabel:
        """Return a quiet line of text."""
        label = QLabel(text, wordWrap=True)
        label.setProperty("look", "label")
        return label

    def _send(self) -> None:
        if self.agree.isEnabled():
            self.agree.setEnabled(False)
            self.why.clear()
            self.wanted.emit(self.ask())

    def _make_head(self) -> QLabel:
        lines = [
            f"{int(row.definition.priority)}  {row.definition.tag or row.definition.connection}  "
            f"{self.wording.text(row.definition.text)}"
            for row in self.rows[:_NAMED]
        ]
        if len(self.rows) > _NAMED:
            lines.append(self.tr("and {0} more").format(len(self.rows) - _NAMED))
        head = QLabel("\n".join(lines), textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        head.setProperty("look", "name")
        return head
