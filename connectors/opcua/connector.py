"""Supervisor of one OPC UA connection: connect, subscribe, watch, recover, write."""

import asyncio
import functools
import logging
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
from connectors.opcua.faults import (
    TROUBLE,
    NotificationMissing,
    fault,
    fault_status,
    fault_text,
    is_decided,
    quieten_library,
)
from connectors.opcua.gaps import Gaps
from connectors.opcua.items import Items
from connectors.opcua.leftovers import Leftovers
from connectors.opcua.notifications import Notification
from connectors.opcua.redundancy import Servers, Serving
from connectors.opcua.secured import ChannelSecurity
from connectors.opcua.services import Vitals
from connectors.opcua.session import CLOSE_DEADLINE_S, PROBE_DEADLINE_S, OpcUaSession
from connectors.opcua.sessions import Sessions
from connectors.opcua.settings import OpcUaSettings
from connectors.opcua.values import encode
from connectors.opcua.verdict import HEALTHY, judge
from connectors.reasons import TO_ANSWER, TO_CONNECT, located
from connectors.recovery import serve_until_cancelled
from connectors.scaling import ValueRefused
from connectors.skew import ClockSkew

_LOG = logging.getLogger(__name__)

NOT_CONNECTED: Final = LocalText("not connected; nothing was sent", "未连接；未发送任何内容")
PROBE_PERIOD_S: Final = 1.0
SURVEY_S: Final = 2.0
"""So often the other servers are asked while the one that serves is not healthy."""


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
        self._leftovers = Leftovers(self._settings.session_timeout_s, clock)
        endpoints = (connection.endpoint, *self._settings.endpoints)
        self._servers = Servers(endpoints, self._make_sessions)
        self._skew = ClockSkew()
        self._gaps = Gaps(self._ledger, self._items.feed, self._settings.backfill_max_h, clock)
        self._vitals = Vitals()

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

    async def browse(self, address: str, depth: int) -> BrowseResult:
        """Return what stands below a node; see app.model.browsing.Browser."""
        sessions = self._sessions
        if sessions is None:
            raise EnvironmentProblem(f"connection '{self._connection.id}' is not connected: {self.status().error}")
        return await browse(sessions.services, address, depth)

    def status(self) -> ConnectionStatus:
        """Return a snapshot."""
        self._health.overflows = self._items.feed.overflows + self._conditions.overflows
        self._health.clock_skew_ms = self._skew.ms
        self._health.notices = self._items.semantics.notices + self._servers.notices(self._health.endpoint)
        return self._health.snapshot()

    def promise(self) -> Promise | None:
        """Return what is waited for now."""
        return self._health.promised

    async def _serve(self, backoff: Backoff) -> None:
        """Serve through the best server, and from server to server, until the one that serves is lost."""
        connect_s = self._settings.connect_timeout_s + 3 * CLOSE_DEADLINE_S
        self._health.promise(self._settings.sessions * connect_s, TO_CONNECT)
        serving: Serving | None = None
        try:
            serving = await self._servers.choose()
            while True:
                better = await self._serve_through(serving, backoff)
                left, serving = serving, better
                self._sessions = None
                self._health.promise(3 * CLOSE_DEADLINE_S, TO_CONNECT)
                self._conditions.lose()
                await left.sessions.close()
        except TROUBLE as error:
            self._health.missing += isinstance(error, NotificationMissing)
            self._lose(fault(error))
            raise
        finally:
            self._sessions = None
            if serving is not None:
                await serving.sessions.close()

    async def _serve_through(self, serving: Serving, backoff: Backoff) -> Serving:
        """Serve through one server until there is a better one, which is returned, connected.

        Raises:
            OSError, UaError: see faults.TROUBLE; the server is lost.

        """
        sessions = serving.sessions
        self._skew.forget()
        requests = 11 + len(self._ledger) // 100  # a server may take but so few items at once
        requests *= 1 + self._settings.metadata  # which takes as many again
        self._health.promise(requests * self._settings.timeout_s, TO_ANSWER)
        await self._probe(serving)
        await self._items.open(sessions)
        await self._conditions.open(sessions, self._items.uris)
        self._sessions = sessions
        self._health.period_ms = sessions.publishing_ms
        self._tell_server(serving.endpoint)
        backoff.reset()
        self._heartbeat.begin()
        self._judge()
        return await self._watch(serving)

    def _tell_server(self, endpoint: str) -> None:
        """Tell which of several servers serves, and the log where it is another than before."""
        if self._servers.are_several:
            before, self._health.endpoint = self._health.endpoint, endpoint
            if before and before != endpoint:
                _LOG.warning("connection %s: from %s to %s", self._connection.id, before, endpoint)

    def _make_sessions(self, endpoint: str) -> Sessions:
        made = []
        for _ in range(self._settings.sessions):
            client = make_client(endpoint, self._settings, self._security)
            client.predecessor = functools.partial(self._leftovers.take, endpoint)
            leave = functools.partial(self._leftovers.leave, endpoint)
            made.append(OpcUaSession(client, self._settings, self._take, self._clock, leave))
        return Sessions(made, self._settings)

    def _take(self, notification: Notification) -> None:
        self._items.feed.take(notification)
        self._conditions.take(notification)

    async def _watch(self, serving: Serving) -> Serving:
        """Prove every second that the server lives, whatever else is asked of it meanwhile.

        Returns a better server, connected, once there is one.

        Raises:
            SessionLost: it does not live.

        """
        sessions = serving.sessions
        tending = asyncio.create_task(self._tend(serving))
        beside = [asyncio.create_task(self._fill(sessions)), asyncio.create_task(self._servers.watch_others(serving))]
        try:
            while not tending.done():
                self._health.promise(PROBE_PERIOD_S + PROBE_DEADLINE_S, TO_ANSWER)
                await sessions.wait_lost(PROBE_PERIOD_S)
                await self._probe(serving)
                self._judge()
        except BaseException:
            tending.cancel()
            await asyncio.wait({tending})
            if not tending.cancelled() and tending.exception() is None:
                await tending.result().sessions.close()
            raise
        finally:
            for each in beside:
                each.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
        return await tending

    async def _probe(self, serving: Serving) -> None:
        before, before_ns = self._clock.monotonic(), self._clock.now_ns()
        self._vitals = await serving.sessions.probe()
        serving.level = self._vitals.level
        self._health.round_trip_ms = (self._clock.monotonic() - before) * 1000
        self._skew.add(self._vitals.time_ns, before_ns, self._clock.now_ns())

    async def _fill(self, sessions: Sessions) -> None:
        """Fetch what the server kept while the connection was lost; tried again after the next loss if it fails."""
        try:
            await self._gaps.fill(sessions.services, self._items.nodes, self._skew.ms)
        except TROUBLE as error:
            _LOG.warning("connection %s: a gap is not filled: %s", self._connection.id, fault_text(error))

    async def _tend(self, serving: Serving) -> Serving:
        """See to items and alarms that want more than their subscription; return a better server."""
        surveyed = self._clock.monotonic()
        while True:
            await asyncio.sleep(PROBE_PERIOD_S)
            await self._items.tend(serving.sessions)
            await self._conditions.tend()
            now = self._clock.monotonic()
            if self._servers.are_several and serving.level < HEALTHY and now - surveyed >= SURVEY_S:
                surveyed = now
                if (better := await self._servers.better(serving)) is not None:
                    return better

    def _judge(self) -> None:
        """Say whether the connection is whole: the server runs, every tag could be subscribed, the program moves."""
        level = self._vitals.level if self._servers.are_several else HEALTHY
        verdict = judge(self._ledger.tags, self._vitals.state, self._items.refused, self._conditions.problem, level)
        self._health.enter(*self._heartbeat.judge(*verdict))

    def _lose(self, reason: LocalText, state: ConnectionState = ConnectionState.LOST) -> None:
        """Mark every tag at once; what is still to close must not delay it."""
        if self._sessions is not None:
            self._gaps.open(self._vitals.time_ns, self._health.period_ms or 0.0)
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
