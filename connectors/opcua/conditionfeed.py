"""The alarms of one server: subscribes to their events, has them refreshed, and tells what the server says."""

import logging
from collections.abc import Sequence
from typing import Any, Final

from asyncua import ua

from app.model import status as st
from app.model.clock import Clock
from app.model.external_alarm import ConditionsUnknown, ExternalEvent, ExternalSink, RefreshBegan, RefreshEnded
from app.model.opcua_address import OpcUaAddress
from app.model.text import LocalText
from connectors.opcua import conditions as c
from connectors.opcua.nodes import resolve
from connectors.opcua.notifications import Notification
from connectors.opcua.sessions import Sessions
from connectors.opcua.settings import AlarmSettings, Terms
from connectors.opcua.subscription import Subscription

_LOG = logging.getLogger(__name__)

PUBLISHING_MS: Final = 250.0
REFRESH_DEADLINE_S: Final = 30.0
"""After this long the end of a refresh is not waited for any more."""
_NO_WHERE: Final = frozenset(
    int(code)
    for code in (
        ua.StatusCodes.BadEventFilterInvalid,
        ua.StatusCodes.BadContentFilterInvalid,
        ua.StatusCodes.BadFilterOperatorUnsupported,
        ua.StatusCodes.BadFilterNotAllowed,
        ua.StatusCodes.BadMonitoredItemFilterInvalid,
        ua.StatusCodes.BadMonitoredItemFilterUnsupported,
    )
)


_UNTOLD: Final = LocalText("the server does not tell its alarms", "服务器不发布报警")

_ENDLESS: Final = LocalText(
    "the server does not say where a refresh of its alarms ends; with alarms = 'server' it may",
    "服务器未告知报警刷新何时结束；可尝试 alarms = 'server'",
)


def _ignore(_event: ExternalEvent) -> None:
    pass


class ConditionFeed:
    """Belongs to a connection, over all its sessions; in the event loop.

    Attributes:
        sink: is told everything, in order.
        overflows: times that the server's queue lost events.
        problem: why the server's alarms are not known, in words; empty while they are.

    """

    def __init__(self, settings: AlarmSettings, clock: Clock) -> None:
        self.sink: ExternalSink = _ignore
        self.overflows = 0
        self.problem = LocalText()
        self._settings = settings
        self._clock = clock
        self._uris: Sequence[str] = ()
        self._sessions: Sessions | None = None
        self._subscription: Subscription | None = None
        self._is_monitored = False
        self._wanted = False
        self._running_since: float | None = None
        self._not_before = 0.0

    async def open(self, sessions: Sessions, uris: Sequence[str]) -> None:
        """Subscribe through a fresh connection, and have everything told; nothing where no alarms are configured.

        Raises:
            OSError, UaError: see faults.TROUBLE.

        """
        self._sessions, self._uris, self._subscription = sessions, uris, None
        self._running_since, self._not_before = None, 0.0
        self._is_monitored = self._wanted = False
        self.problem = LocalText()
        if self._settings.notifier:
            await self.tend()

    async def tend(self) -> None:
        """Do what is due: subscribe where that failed, ask for a refresh; called about once a second.

        What the server refuses is said in ``problem``, and tried again.

        Raises:
            OSError, UaError: see faults.TROUBLE.

        """
        if not self._settings.notifier or self._sessions is None or self._clock.monotonic() < self._not_before:
            return
        try:
            await self._tend(self._sessions)
        except ua.UaStatusCodeError as error:
            self._refuse(int(error.code), _UNTOLD)

    def want_refresh(self) -> None:
        """Have everything told anew by the next ``tend``: not every server sends an event when an alarm is shelved."""
        self._wanted = True

    def take(self, notification: Notification) -> None:
        """Tell what the events of a notification say."""
        for fields in notification.events:
            kind = c.event_type(fields)
            if kind == c.REFRESH_START:
                self._running_since = self._clock.monotonic()
                self.sink(RefreshBegan())
            elif kind == c.REFRESH_END:
                self._running_since = None
                self.problem = LocalText()
                self.sink(RefreshEnded())
            elif kind == c.REFRESH_REQUIRED:
                self._wanted = True
            elif kind == c.OVERFLOW:
                self.overflows += 1
                self._wanted = True
                _LOG.warning("the server's queue lost events of alarms; their states are refreshed")
                self.sink(ConditionsUnknown())
            elif (condition := c.read_condition(fields, self._uris, notification.receive_ns)) is not None:
                self.sink(condition)

    def lose(self) -> None:
        """Say that nothing is heard any more."""
        if self._sessions is not None and self._settings.notifier:
            self.sink(ConditionsUnknown())
        self._sessions = self._subscription = None

    async def _tend(self, sessions: Sessions) -> None:
        if self._subscription is None:
            self._subscription = await sessions.subscribe(Terms(PUBLISHING_MS, self._settings.queue))
        if not self._is_monitored:
            status = await self._monitor(self._subscription)
            if st.is_bad(status):
                self._refuse(status, _UNTOLD)
                return
            self._is_monitored = self._wanted = True
        since = self._running_since
        if since is not None and self._clock.monotonic() - since > REFRESH_DEADLINE_S:
            # Nothing is closed: what the refresh would not have named stays shown as unknown.
            self._running_since = None
            self.problem = _ENDLESS
            _LOG.warning("%s", self.problem.en)
        if self._wanted and self._running_since is None:
            await self._refresh(sessions, self._subscription.id)

    async def _monitor(self, subscription: Subscription) -> int:
        """Ask for the events of the notifier; return the server's StatusCode."""
        notifier = self._notifier()
        if notifier is None:
            return st.BAD_NODE_ID_UNKNOWN
        status = await subscription.monitor_events(notifier, c.event_filter())
        if status in _NO_WHERE:
            _LOG.info("the server does not choose events by type; all of them are asked for")
            status = await subscription.monitor_events(notifier, c.event_filter(where=False))
        return status

    async def _refresh(self, sessions: Sessions, subscription: int) -> None:
        """Ask for the state of every retained condition; they come as events."""
        self._wanted = False
        self._running_since = self._clock.monotonic()
        status = await sessions.services.call(
            ua.NodeId(ua.ObjectIds.ConditionType),
            ua.NodeId(ua.ObjectIds.ConditionType_ConditionRefresh),
            [ua.Variant(subscription, ua.VariantType.UInt32)],
        )
        if st.is_bad(status):
            self._wanted, self._running_since = True, None
            if status != int(ua.StatusCodes.BadRefreshInProgress):
                why = LocalText("the server does not refresh its alarms", "服务器不刷新报警状态")
                self._refuse(status, why)

    def _refuse(self, status: int, what: LocalText) -> None:
        name = ua.StatusCode(ua.UInt32(status)).name
        self.problem = LocalText(f"{what.en}: {name}", f"{what.get('zh')}：{name}")
        self._not_before = self._clock.monotonic() + self._settings.retry_s
        _LOG.warning("%s", self.problem.en)

    def _notifier(self) -> Any:
        """Return the node whose events are asked for, or None where its namespace is unknown."""
        if self._settings.notifier == "server":
            return ua.NodeId(ua.ObjectIds.Server)
        return resolve(OpcUaAddress.parse(self._settings.notifier), self._uris)
