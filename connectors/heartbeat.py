"""A tag that must change: connected is not enough, the program behind the connection must run, too.

A PLC whose program has stopped, or a gateway whose field bus is cut, goes on to answer with the values that it had
last, as good ones. Of a tag that its program changes all the time (a counter, a blinking bit) every sample is looked
at; when none differs for too long, the other tags of the connection become uncertain:
UncertainNoCommunicationLastUsableValue.
"""

from dataclasses import dataclass
from typing import Final

from app.model import status as st
from app.model.clock import Clock
from app.model.connection import Connection, ConnectionState
from app.model.errors import ProjectError
from app.model.text import LocalText
from connectors.ledger import Ledger
from connectors.settings import number, text

OPTIONS: Final = frozenset({"heartbeat", "heartbeat_s"})
DOUBT: Final = st.UNCERTAIN_NO_COMMUNICATION_LAST_USABLE


@dataclass(frozen=True, slots=True)
class HeartbeatSettings:
    """Which tag must change, and within how long (s); an empty name: none."""

    tag: str
    within_s: float

    @classmethod
    def of(cls, connection: Connection) -> "HeartbeatSettings":
        """Read the options of a connection.

        Raises:
            ProjectError: one is not allowed.

        """
        options = connection.options
        return cls(text(options, "heartbeat", ""), number(options, "heartbeat_s", 10, 1, 3600))


class Heartbeat:
    """Watches the tag that must change, and puts the others in doubt while it does not; used from the event loop.

    Raises:
        ProjectError: the tag is not on this connection.

    """

    def __init__(self, connection: Connection, ledger: Ledger, clock: Clock) -> None:
        self._settings = HeartbeatSettings.of(connection)
        self._ledger = ledger
        self._clock = clock
        self._index: int | None = None
        self._changes = 0
        self._since = clock.monotonic()
        if not self._settings.tag:
            return
        for index, tag in enumerate(ledger.tags):
            if tag.name == self._settings.tag:
                self._index = index
                ledger.watch(index)
        if self._index is None:
            raise ProjectError(
                f"connection '{connection.id}': option 'heartbeat': {self._settings.tag} is no tag of this connection"
            )

    @property
    def is_wanted(self) -> bool:
        """Whether a tag is named that must change."""
        return self._index is not None

    def begin(self) -> None:
        """Count from now on: the connection has just come up. Nothing is in doubt any more."""
        self._since = self._clock.monotonic()
        self._changes = self._ledger.changes
        self._ledger.trust()

    def judge(self, state: ConnectionState, reason: LocalText) -> tuple[ConnectionState, LocalText]:
        """Return state and reason of a connection, given those that it has without the heartbeat.

        To be asked about once a second while the connection is up.
        """
        if self._index is None:
            return state, reason
        if self._ledger.changes != self._changes:
            self.begin()
        still_s = self._clock.monotonic() - self._since
        if still_s <= self._settings.within_s:
            return state, reason
        self._ledger.doubt(DOUBT)
        tag, within = self._settings.tag, self._settings.within_s
        return ConnectionState.DEGRADED, LocalText(
            f"connected, but the program stands still: {tag} has not changed for more than {within:g} s; "
            "see whether the PLC runs, and whether its gateway still reaches it",
            f"已连接，但程序停止运行：{tag} 超过 {within:g} 秒未变化；请检查 PLC 是否运行、网关与其通信是否正常",
        )
