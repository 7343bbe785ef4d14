"""The login dialog. There is no default password; the engine says how to make the first user."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.console.session import SessionHolder
from app.model.errors import HaiheError
from widgets.theme import GAP, LARGE, STEP


class LoginDialog(QDialog):
    """Asks for user and password; stays open with the reason (``say`` writes it) when it is refused."""

    def __init__(
        self,
        session: SessionHolder,
        user: str,
        parent: QWidget | None = None,
        say: Callable[[HaiheError], str] = str,
    ) -> None:
        super().__init__(parent)
        self._session, self._say = session, say
        self.setWindowTitle(self.tr("Log in"))
        self.setMinimumWidth(380)
        self.user = QLineEdit(user)
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self._reason = QLabel()
        self._reason.setWordWrap(True)
        self.submit = QPushButton(self.tr("Log in"))
        self.submit.setProperty("look", "primary")
        self.submit.setDefault(True)
        cancel = QPushButton(self.tr("Cancel"))
        form = QFormLayout()
        form.setSpacing(STEP)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.addRow(self.tr("User"), self.user)
        form.addRow(self.tr("Password"), self.password)
        form.addRow(self.tr("Desk"), QLabel(session.desk))
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.submit)
        box = QVBoxLayout(self)
        box.setContentsMargins(LARGE, LARGE, LARGE, LARGE)
        box.setSpacing(GAP)
        heading = QLabel(self.windowTitle())
        heading.setProperty("look", "heading")
        box.addWidget(heading)
        box.addLayout(form)
        box.addWidget(self._reason)
        box.addLayout(buttons)
        self.submit.clicked.connect(self._try)
        cancel.clicked.connect(self.reject)
        (self.password if user else self.user).setFocus()

    @property
    def reason(self) -> str:
        """Why the last try was refused, or a login is asked for."""
        return self._reason.text()

    def tell(self, reason: str) -> None:
        """Say why a login is asked for."""
        self._reason.setText(reason)

    def _try(self) -> None:
        user, password = self.user.text().strip(), self.password.text()
        if not user or not password:
            self._reason.setText(self.tr("Enter user and password"))
            return
        self.submit.setEnabled(False)
        self._reason.setText(self.tr("Checking…"))
        self._session.login(user, password, self.accept, self._refused, self)

    def _refused(self, error: HaiheError) -> None:
        self.submit.setEnabled(True)
        self.password.clear()
        self.password.setFocus()
        self._reason.setText(self._say(error))
