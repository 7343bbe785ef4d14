"""Typing the fixed scale of a pen: two numbers, the lower one first."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QWidget

from app.model.pen import is_scale
from widgets.trend.pens import Pen
from widgets.wording import Wording


class ScaleDialog(QDialog):
    """Accepted only with two numbers of which the first is lower; deletes itself once it was closed."""

    def __init__(self, pen: Pen, wording: Wording, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Fixed scale of {0}").format(pen.tag.name))
        unit = f" ({pen.tag.unit})" if pen.tag.unit else ""
        self.low = QLineEdit(wording.number(pen.low, pen.tag.decimals))
        self.high = QLineEdit(wording.number(pen.high, pen.tag.decimals))
        self.why = QLabel()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.agree = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.agree.setText(self.tr("Set"))
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(self.tr("Cancel"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form = QFormLayout(self)
        form.addRow(self.tr("From{0}").format(unit), self.low)
        form.addRow(self.tr("To{0}").format(unit), self.high)
        form.addRow(self.why)
        form.addRow(buttons)
        for edit in (self.low, self.high):
            edit.textChanged.connect(self._look)
        self._look()

    def scale(self) -> tuple[float, float]:
        """Return what was typed; raises ValueError where that is no scale."""
        low, high = (_number(edit.text()) for edit in (self.low, self.high))
        if not is_scale(low, high):
            raise ValueError(f"from {low} to {high} is no scale")
        return low, high

    def _look(self) -> None:
        try:
            self.scale()
        except ValueError:
            self.agree.setEnabled(False)
            self.why.setText(self.tr("Two numbers, the lower one first, with a point before decimals"))
        else:
            self.agree.setEnabled(True)
            self.why.setText("")


def _number(text: str) -> float:
    """Return a number as it is shown or typed; raises ValueError. NaN and infinities are none."""
    plain = text.strip().replace("\u2212", "-").replace(" ", "").replace("\u202f", "").replace("\u00a0", "")
    found = float(plain)  # a comma is refused: 1,100 is a thousand for one, and one for another
    if not -1e300 < found < 1e300:
        raise ValueError(f"{text} is out of range")
    return found
