"""A line below the header that says that the window shows an old configuration, until it is opened anew."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from widgets.theme import GAP, LARGE, STEP


class ChangeNotice(QWidget):
    """Hidden until there is something to say.

    Signals:
        reopen_wanted(): the operator wants the new configuration now.

    """

    reopen_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "chrome")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._text = QLabel()
        self._text.setWordWrap(True)
        self.reopen = QPushButton(self.tr("Open it anew"))
        self.later = QPushButton(self.tr("Later"))
        self.later.setProperty("look", "flat")
        box = QHBoxLayout(self)
        box.setContentsMargins(LARGE, STEP, GAP, STEP)
        box.setSpacing(STEP)
        box.addWidget(self._text, 1)
        box.addWidget(self.reopen)
        box.addWidget(self.later)
        self.reopen.clicked.connect(self.reopen_wanted)
        self.later.clicked.connect(self.hide)
        self.hide()

    @property
    def text(self) -> str:
        """What is said."""
        return self._text.text()

    def say_changed(self, changes: int) -> None:
        """Say that the engine runs another configuration, with so many changes."""
        self._text.setText(
            self.tr("ⓘ The configuration was changed ({0} changes). This window still shows the old one.").format(
                changes
            )
        )
        self.show()

    def say_refused(self, reason: str) -> None:
        """Say why the new configuration cannot be opened."""
        self._text.setText(self.tr("✗ The new configuration cannot be opened: {0}").format(reason))
        self.show()
