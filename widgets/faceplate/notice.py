"""The box in which a faceplate says how a command stands: checks, time left, result."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout

from widgets.theme import GAP, HALF, STEP


class CommandNotice(QFrame):
    """Title and text; Execute and Cancel while a command is selected. Hidden until it has something to say."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "note")
        self.title = QLabel(wordWrap=True)
        self.title.setProperty("look", "name")
        self.note = QLabel(wordWrap=True)
        self.execute = QPushButton(self.tr("Execute"))
        self.execute.setProperty("look", "primary")
        self.cancel = QPushButton(self.tr("Cancel"))
        inner = QVBoxLayout(self)
        inner.setContentsMargins(GAP, STEP, GAP, STEP)
        inner.setSpacing(HALF)
        inner.addWidget(self.title)
        inner.addWidget(self.note)
        inner.addSpacing(HALF)
        row = QHBoxLayout()
        row.setSpacing(STEP)
        row.addWidget(self.execute, 1)
        row.addWidget(self.cancel, 1)
        inner.addLayout(row)
        self.hide()

    def say(self, title: str, text: str, *, actions: bool = False) -> None:
        """Show a title and a text, with Execute and Cancel if wanted."""
        self.title.setText(title)
        self.note.setText(text)
        self.execute.setVisible(actions)
        self.cancel.setVisible(actions)
        self.show()
        QTimer.singleShot(0, self, self._bring_into_view)

    def _bring_into_view(self) -> None:
        """Scroll so that the checks and Execute can be seen on a small screen."""
        parent = self.parentWidget()
        while parent is not None and not isinstance(parent, QScrollArea):
            parent = parent.parentWidget()
        if parent is not None and self.isVisible():
            parent.ensureWidgetVisible(self, 0, STEP)
