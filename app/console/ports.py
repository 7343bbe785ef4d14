"""What widgets ask of the engine, over the bridge."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.console.bridge import EngineBridge
from app.link.messages import AcknowledgeReport, AlarmActionRequest
from app.model.command import CommandResult, Selection
from app.model.errors import HaiheError
from app.model.sample import Value

Failed = Callable[[HaiheError], None]


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

    def alarm_action(
        self,
        request: AlarmActionRequest,
        done: Callable[[AcknowledgeReport], None],
        failed: Failed,
        owner: QObject,
    ) -> None:
        """Ask for something about alarms that devices judge."""
        self._bridge.call(lambda client: client.alarm_action(request), done, failed, owner)
