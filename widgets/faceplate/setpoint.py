"""One setpoint of a faceplate."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QPushButton, QWidget

from app.model.command import CommandDefinition
from app.model.tag import Tag
from widgets.theme import HALF, STEP
from widgets.wording import Wording


class SetpointLine(QWidget):
    """A setpoint: entry, range, and the button that selects it."""

    def __init__(self, command: CommandDefinition, tag: Tag | None, wording: Wording) -> None:
        super().__init__()
        self.command = command
        self._tag = tag
        caption = QLabel(wording.text(command.title))
        caption.setProperty("look", "label")
        self.entry = QLineEdit()
        self.entry.setAcceptDrops(False)  # what is sent is typed, never what a drag happened to carry
        self.entry.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.entry.setFixedWidth(104)
        self.entry.setAccessibleName(wording.text(command.title))
        low = command.low if command.low is not None else (tag.low if tag else 0.0)
        high = command.high if command.high is not None else (tag.high if tag else 0.0)
        decimals = tag.decimals if tag else 1
        unit = f"{tag.unit} " if tag and tag.unit else ""
        span = QLabel(f"{unit}{wording.number(low, decimals)} – {wording.number(high, decimals)}")
        span.setProperty("look", "label")
        self.select = QPushButton(self.tr("Select"))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(STEP)
        grid.setVerticalSpacing(HALF)
        grid.addWidget(caption, 0, 0, 1, 3)
        grid.addWidget(self.entry, 1, 0)
        grid.addWidget(span, 1, 1)
        grid.addWidget(self.select, 1, 2)
        grid.setColumnStretch(1, 1)
        self.entry.returnPressed.connect(self.select.click)

    def value(self) -> float | None:
        """Return the number entered, or None where it is not one."""
        text = self.entry.text().strip().replace("\u202f", "").replace(" ", "").replace(",", ".")
        try:
            number = float(text)
        except ValueError:
            return None
        return number if abs(number) < 1e15 else None

    def propose(self, text: str) -> None:
        """Show the present value as long as nothing was typed."""
        if not self.entry.isModified() and not self.entry.hasFocus() and self.entry.text() != text:
            self.entry.setText(text)
