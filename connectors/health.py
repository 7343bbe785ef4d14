"""State of one connection, and who is told when it changes."""

from collections.abc import Callable
from typing import Final

from app.model.clock import Clock
from app.model.connection import ConnectionState, ConnectionStatus, Promise, ScanStatus
from app.model.text import LocalText
from connectors.ledger import Ledger

NOTHING: Final = LocalText()


class Health:
    """State, last error and figures of a connection; used from the event loop only.

    Attributes:
        overflows, missing, reconnects, round_trip_ms, period_ms, scans, notices, clock_skew_ms, endpoint: as in
            ConnectionStatus; set by the connector.
        promised: what the connector waits for now; None before its first wait.

    """

    def __init__(
        self, connection: str, ledger: Ledger, on_status: Callable[[ConnectionStatus], None], clock: Clock
    ) -> None:
        self.overflows = 0
        self.missing = 0
        self.reconnects = 0
        self.round_trip_ms: float | None = None
        self.period_ms: float | None = None
        self.scans: tuple[ScanStatus, ...] = ()
        self.promised: Promise | None = None
        self.clock_skew_ms: float | None = None
        self.endpoint = ""
        self.notices: tuple[LocalText, ...] = ()
        self._connection = connection
        self._ledger = ledger
        self._on_status = on_status
        self._clock = clock
        self._state = ConnectionState.STOPPED
        self._since_ns = clock.now_ns()
        self._error = NOTHING
        self._ever_up = False

    @property
    def state(self) -> ConnectionState:
        """The state now."""
        return self._state

    @property
    def is_up(self) -> bool:
        """Whether requests can be sent."""
        return self._state.is_up

    @property
    def is_whole(self) -> bool:
        """Whether it is connected, and nothing is the matter."""
        return self._state is ConnectionState.CONNECTED and not self._error

    def promise(self, seconds: float, awaited: LocalText) -> None:
        """Promise, before a wait, to go on within ``seconds``: who breaks it hangs, and is started again."""
        self.promised = Promise(self._clock.monotonic() + seconds, awaited)

    def enter(self, state: ConnectionState, error: LocalText = NOTHING) -> None:
        """Enter a state; listeners hear of it when the state or the error is another."""
        if state is self._state and error == self._error:
            return
        if state.is_up and not self.is_up:
            self.reconnects += self._ever_up
            self._ever_up = True
        if state is not self._state:
            self._since_ns = self._clock.now_ns()
        self._state, self._error = state, error
        self._on_status(self.snapshot())

    def snapshot(self) -> ConnectionStatus:
        """Return the figures as one object."""
        ledger = self._ledger
        return ConnectionStatus(
            id=self._connection,
            state=self._state,
            since_ns=self._since_ns,
            error=self._error.en,
            error_zh=self._error.zh,
            tags=len(ledger),
            bad_tags=ledger.bad_tags,
            updates=ledger.updates,
            overflows=self.overflows,
            missing=self.missing,
            reconnects=self.reconnects,
            rate=ledger.rate(),
            lag_ms=ledger.lag_ms(),
            round_trip_ms=self.round_trip_ms,
            period_ms=self.period_ms,
            scans=self.scans,
            notices=self.notices,
            clock_skew_ms=self.clock_skew_ms,
            endpoint=self.endpoint,
        )
