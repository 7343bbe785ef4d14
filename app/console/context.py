"""What every part of the console shares: one object for each, made once in ``main``."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.console.bridge import EngineBridge, LinkState
from app.console.settings import ConsoleSettings
from app.link.messages import AcknowledgeReport
from app.model.command import CommandResult, Selection
from app.model.errors import HaiheError
from app.model.plant import Plant
from app.model.sample import Value
from app.model.user import Role, Session
from widgets.alarms.book import AlarmBook
from widgets.live import TagHub
from widgets.theme import ThemeManager
from widgets.wording import Wording

Failed = Callable[[HaiheError], None]


class SessionHolder(QObject):
    """The session of this desk; it ends with the link.

    Signals:
        changed(): logged in or out, or the link came or went; see ``may_operate`` and ``why_not``.

    """

    changed = Signal()

    def __init__(self, bridge: EngineBridge, desk: str) -> None:
        super().__init__()
        self._bridge = bridge
        self.desk = desk
        self.session: Session | None = None
        bridge.state_changed.connect(self._link)

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

    def _link(self, state: LinkState) -> None:
        if state is not LinkState.CONNECTED:
            self.session = None
        self.changed.emit()


class BridgePort:
    """CommandPort and acknowledgement over the bridge."""

    def __init__(self, bridge: EngineBridge) -> None:
        self._bridge = bridge

    def select(
        self, command: str, value: Value, done: Callable[[Selection], None], failed: Failed, owner: QObject
    ) -> None:
        """Select a command."""
        self._bridge.call(lambda client: client.select(command, value), done, failed, owner)

    def operate(self, token: str, done: Callable[[CommandResult], None], failed: Failed, owner: QObject) -> None:
        """Carry out a selection."""
        self._bridge.call(lambda client: client.operate(token), done, failed, owner)

    def cancel(self, token: str) -> None:
        """Give up a selection; it ends by itself if this does not arrive."""
        self._bridge.call(lambda client: client.cancel(token), lambda _: None, lambda _: None)

    def acknowledge(
        self,
        pairs: list[tuple[str, str]],
        comment: str,
        done: Callable[[AcknowledgeReport], None],
        failed: Failed,
        owner: QObject,
    ) -> None:
        """Acknowledge occurrences."""
        self._bridge.call(lambda client: client.acknowledge(pairs, comment), done, failed, owner)


@dataclass(frozen=True)
class Context:
    """The shared objects."""

    plant: Plant
    hub: TagHub
    bridge: EngineBridge
    port: BridgePort
    session: SessionHolder
    book: AlarmBook
    themes: ThemeManager
    wording: Wording
    settings: ConsoleSettings
