"""Whether more alarms come than an operator can answer, as the engine judges it."""

from PySide6.QtCore import QObject, Signal

from app.console.bridge import EngineBridge, LinkState
from app.model.errors import HaiheError
from app.model.flood import FloodState


class FloodWatch(QObject):
    """Follows the engine's judgement; without a link the last one stays.

    Signals:
        changed(object): the FloodState.

    """

    changed = Signal(object)

    def __init__(self, bridge: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.state = FloodState()
        bridge.flood_changed.connect(self._take)
        bridge.state_changed.connect(self._link_changed)

    def _take(self, state: FloodState) -> None:
        self.state = state
        self.changed.emit(state)

    def _link_changed(self, state: LinkState) -> None:
        if state is LinkState.CONNECTED:
            self._bridge.call(lambda client: client.alarm_flood(), self._take, self._unknown, self)

    def _unknown(self, _error: HaiheError) -> None:
        """Keep what was known."""
