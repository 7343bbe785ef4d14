"""The session of this desk, as the console knows it; the engine checks it at every call."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.console.bridge import EngineBridge, LinkState
from app.model.errors import HaiheError
from app.model.text import LocalText
from app.model.user import Role, Session

Failed = Callable[[HaiheError], None]


class SessionHolder(QObject):
    """The session of this desk; it ends with the link.

    Signals:
        changed(): logged in or out, or the link came or went; see ``may_operate`` and ``why_not``.
        ended(object): the engine ended the session, for this reason (LocalText); after ``changed``.

    """

    changed = Signal()
    ended = Signal(object)

    def __init__(self, bridge: EngineBridge, desk: str) -> None:
        super().__init__()
        self._bridge = bridge
        self.desk = desk
        self.session: Session | None = None
        bridge.state_changed.connect(self._link)
        bridge.session_ended.connect(self._end)

    @property
    def may_operate(self) -> bool:
        """Whether commands and acknowledgements can be given now."""
        linked = self._bridge.state is LinkState.CONNECTED
        return linked and self.session is not None and self.session.role >= Role.OPERATOR

    @property
    def why_not(self) -> str:
        """Why ``may_operate`` is False; empty while it is True."""
        if self._bridge.state is not LinkState.CONNECTED:
            return self.tr("There is no link to the engine")
        if self.session is None:
            return self.tr("Log in to operate")
        return "" if self.session.role >= Role.OPERATOR else self.tr("Your role may only view")

    def login(self, user: str, password: str, done: Callable[[], None], failed: Failed, owner: QObject) -> None:
        """Log in; exactly one callback follows."""

        def accepted(session: Session) -> None:
            self.session = session
            self.changed.emit()
            done()

        self._bridge.call(lambda client: client.login(user, password, self.desk), accepted, failed, owner)

    def logout(self) -> None:
        """End the session: here at once, at the engine as soon as it hears."""
        if self.session is not None:
            self.session = None
            self._bridge.call(lambda client: client.logout(), lambda _: None, lambda _: None)
            self.changed.emit()

    def _end(self, session: str, reason: LocalText) -> None:
        if self.session is not None and self.session.id == session:
            self.session = None
            self.changed.emit()
            self.ended.emit(reason)

    def _link(self, state: LinkState) -> None:
        if state is not LinkState.CONNECTED:
            self.session = None
        self.changed.emit()
