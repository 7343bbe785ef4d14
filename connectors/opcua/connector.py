"""Supervisor of one OPC UA connection: connect, subscribe, watch, recover, write."""

import asyncio
import functools
from collections.abc import Callable, Sequence
from typing import Final

from asyncua import ua

from app.model import status as st
from app.model.browsing import BrowseResult
from app.model.clock import Clock
from app.model.connection import (
    Binding,
    Connection,
    ConnectionState,
    ConnectionStatus,
    ConnectorFactory,
    Promise,
    WriteResult,
)
from app.model.errors import EnvironmentProblem
from app.model.external_alarm import AlarmCall, AlarmCallResult, ExternalSink
from app.model.keystore import Keystore
from app.model.sample import SampleSink, Value
from app.model.tag import Tag
from app.model.text import LocalText
from connectors.backoff import Backoff
from connectors.health import Health
from connectors.heartbeat import Heartbeat
from connectors.ledger import Ledger
from connectors.opcua.browsing import browse
from connectors.opcua.client import make_client
from connectors.opcua.conditioncalls import call_condition
from connectors.opcua.conditionfeed import ConditionFeed
from connectors.opcua.faults import TROUBLE, fault, fault_status, fault_text, is_decided, quieten_library
from connectors.opcua.items import Items
from connectors.opcua.notifications import Notification
from connectors.opcua.secured import ChannelSecurity
from connectors.opcua.session import CLOSE_DEADLINE_S, PROBE_DEADLINE_S, OpcUaSession
from connectors.opcua.sessions import Sessions
from connectors.opcua.settings import OpcUaSettings
from connectors.opcua.values import encode
from connectors.opcua.verdict import judge
from connectors.reasons import TO_ANSWER, TO_CONNECT, located
from connectors.recovery import serve_until_cancelled
from connectors.scaling import ValueRefused

NOT_CONNECTED: Final = LocalText("not connected; nothing was sent", "未连接；未发送任何内容")
PROBE_PERIOD_S: Final = 1.0


class OpcUaConnector:
    """Implements app.model.connection.Connector over OPC UA; used from one event loop."""

    def __init__(
        self,
        connection: Connection,
        bindings: Sequence[Binding],
        sink: SampleSink,
        on_status: Callable[[ConnectionStatus], None],
        clock: Clock,
        keystore: Keystore | None = None,
    ) -> None:
        quieten_library()
        self._connection = connection
        self._settings = OpcUaSettings.of(connection)
        self._security = ChannelSecurity(connection, keystore, clock)
        self._clock = clock
        self._ledger = Ledger(bindings, sink, clock)
        self._health = Health(connection.id, self._ledger, on_status, clock)
        self._items = Items(self._ledger, self._settings, clock)
        self._conditions = ConditionFeed(self._settings.alarms, clock)
        self._heartbeat = Heartbeat(connection, self._ledger, clock)
        self._sessions: Sessions | None = None
        self._server_state = 0

    async def run(self) -> None:
        """Serve until cancelled; on cancellation the session is closed."""
        self._health.enter(ConnectionState.CONNECTING)
        self._ledger.announce()
        await serve_until_cancelled(
            self._connection.id, self._serve, self._lose, _trouble, self._settings.reconnect_max_s, self._health.promise
        )

    async def write(self, tag: Tag, value: Value, timeout_s: float) -> WriteResult:
        """Write one value once; see app.model.connection.Connector."""
        index = self._ledger.index_of(tag)
        if index is None:
            return WriteResult(st.BAD_CONFIGURATION_ERROR, message=f"{tag.name} is not on this connection")
        if not tag.writable:
            return WriteResult(st.BAD_NOT_WRITABLE, message=f"{tag.name} is not writable by its configuration")
        sessions, node = self._sessions, self._items.nodes[index]
        if sessions is None or not self._health.is_up:
            return WriteResult(st.BAD_NOT_CONNECTED, message="not connected; nothing was sent")
        if node is None:
            return WriteResult(self._ledger.last(index).status, message="the server does not know this node")
        sent = False
        try:
            async with asyncio.timeout(timeout_s):
                data = encode(tag, value, await self._items.kind(sessions.services, index))
                sent = True
                status = await sessions.services.write(node, data)
        except ValueRefused as error:
            return WriteResult(error.status, message=str(error))
        except TROUBLE as error:
            answered = isinstance(error, ua.UaStatusCodeError) and is_decided(int(error.code))
            return WriteResult(fault_status(error), known=answered or not sent, message=fault_text(error))
        return WriteResult(status, is_decided(status), "" if st.is_good(status) else st.status_name(status))

    async def browse(self, address: str, depth: int) -> BrowseResult:
        """Return what stands below a node; see app.model.browsing.Browser."""
        sessions = self._sessions
        if sessions is None:
            raise EnvironmentProblem(f"connection '{self._connection.id}' is not connected: {self.status().error}")
        return await browse(sessions.services, address, depth)

    def watch_alarms(self, sink: ExternalSink) -> None:
        """Tell the sink what the server says of its alarms; see app.model.external_alarm.ExternalAlarmSource."""
        self._conditions.sink = sink

    async def call_alarm(self, call: AlarmCall, timeout_s: float) -> AlarmCallResult:
        """Ask the server once; see app.model.external_alarm.ExternalAlarmSource."""
        sessions = self._sessions
        if sessions is None or not self._health.is_up:
            return AlarmCallResult(st.BAD_NOT_CONNECTED, message=NOT_CONNECTED)
        try:
            async with asyncio.timeout(timeout_s):
                result = await call_condition(sessions.services, self._items.uris, call)
        except TimeoutError as error:
            return AlarmCallResult(st.BAD_TIMEOUT, known=False, message=fault(error))
        if call.action.is_shelving and st.is_good(result.status):
            self._conditions.want_refresh()
        return result

    def status(self) -> ConnectionStatus:
        """Return a snapshot."""
        self._health.overflows = self._items.feed.overflows + self._conditions.overflows
        self._health.notices = self._items.semantics.notices
        return self._health.snapshot()

    def promise(self) -> Promise | None:
        """Return what is waited for now."""
        return self._health.promised

    async def _serve(self, backoff: Backoff) -> None:
        sessions = Sessions([self._session() for _ in range(self._settings.sessions)], self._settings)
        connect_s = self._settings.connect_timeout_s + 3 * CLOSE_DEADLINE_S
        self._health.promise(self._settings.sessions * connect_s, TO_CONNECT)
        try:
            await sessions.open()
            self._server_state = 0
            requests = 10 + len(self._ledger) // 100  # a server may take but so few items at once
            requests *= 1 + self._settings.metadata  # which takes as many again
            self._health.promise(requests * self._settings.timeout_s, TO_ANSWER)
            await self._items.open(sessions)
            await self._conditions.open(sessions, self._items.uris)
            self._sessions = sessions
            self._health.period_ms = sessions.publishing_ms
            backoff.reset()
            self._heartbeat.begin()
            self._judge()
            await self._watch(sessions)
        except TROUBLE as error:
            self._lose(fault(error))
            raise
        finally:
            self._sessions = None
            await sessions.close()

    def _session(self) -> OpcUaSession:
        client = make_client(self._connection.endpoint, self._settings, self._security)
        return OpcUaSession(client, self._settings, self._take, self._clock)

    def _take(self, notification: Notification) -> None:
        self._items.feed.take(notification)
        self._conditions.take(notification)

    async def _watch(self, sessions: Sessions) -> None:
        """Prove every second that the server lives, whatever else is asked of it meanwhile.

        Raises:
            SessionLost: it does not.

        """
        tending = asyncio.create_task(self._tend(sessions))
        try:
            while not tending.done():
                self._health.promise(PROBE_PERIOD_S + PROBE_DEADLINE_S, TO_ANSWER)
                await sessions.wait_lost(PROBE_PERIOD_S)
                before = self._clock.monotonic()
                self._server_state = await sessions.probe()
                self._health.round_trip_ms = (self._clock.monotonic() - before) * 1000
                self._judge()
            await tending
        finally:
            tending.cancel()
            await asyncio.wait({tending})
            if not tending.cancelled():
                tending.exception()

    async def _tend(self, sessions: Sessions) -> None:
        """See to items and alarms that want more than their subscription."""
        while True:
            await asyncio.sleep(PROBE_PERIOD_S)
            await self._items.tend(sessions)
            await self._conditions.tend()

    def _judge(self) -> None:
        """Say whether the connection is whole: the server runs, every tag could be subscribed, the program moves."""
        verdict = judge(self._ledger.tags, self._server_state, self._items.refused, self._conditions.problem)
        self._health.enter(*self._heartbeat.judge(*verdict))

    def _lose(self, reason: LocalText, state: ConnectionState = ConnectionState.LOST) -> None:
        """Mark every tag at once; what is still to close must not delay it."""
        self._sessions = None
        self._health.enter(state, located(reason, self._connection.endpoint))
        self._conditions.lose()
        self._ledger.spoil_all(st.BAD_NO_COMMUNICATION)


create: ConnectorFactory = OpcUaConnector
"""For connections without security. Raises ProjectError where the endpoint or an option is not allowed."""


def factory(keystore: Keystore) -> ConnectorFactory:
    """Return what makes connectors that find keys, certificates and secrets there."""
    return functools.partial(OpcUaConnector, keystore=keystore)


def _trouble(error: Exception) -> LocalText | None:
    return fault(error) if isinstance(error, TROUBLE) else None
