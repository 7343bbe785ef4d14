"""One session with an OPC UA server, from connecting to closing; never used a second time.

Only services of the library that take one request and give one answer are used. Its reconnection, its
subscription objects and its data types of higher level are left alone: reviving a client has shown itself to
hang or to go silent, a fresh one every time does not.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any, Final

from asyncua import Client, ua
from asyncua.common.ua_utils import data_type_to_variant_type

from app.model.clock import Clock
from app.model.text import LocalText
from connectors.opcua.faults import TROUBLE, SessionLost, fault, fault_text
from connectors.opcua.settings import OpcUaSettings
from connectors.reasons import DEFECT

_LOG = logging.getLogger(__name__)

SILENT: Final = LocalText("connected, but the server has stopped to publish", "已连接，但服务器停止发布数据")
PROBE_DEADLINE_S: Final = 2.0
CLOSE_DEADLINE_S: Final = 2.0
_LIBRARY_WATCHDOG_S: Final = 3600.0
_RUNNING: Final = 0

NodeRequest = tuple[int, Any, float]
"""Client handle, NodeId and sampling interval (ms) of an item to monitor."""


class OpcUaSession:
    """A session: requests, one subscription, and a sign when it is lost.

    Args:
        on_data: called with the items (ClientHandle, Value) of each notification, in the event loop; must only
            convert and hand on.

    """

    def __init__(
        self, endpoint: str, settings: OpcUaSettings, on_data: Callable[[Sequence[Any]], None], clock: Clock
    ) -> None:
        self.publishing_ms = settings.publishing_ms
        self._settings = settings
        self._on_data = on_data
        self._clock = clock
        self._client = Client(endpoint, timeout=settings.timeout_s, watchdog_intervall=_LIBRARY_WATCHDOG_S)
        self._client.name = self._client.description = "Haihe Console"
        self._client.application_uri = "urn:haihe:console"
        self._client.session_timeout = round(settings.session_timeout_s * 1000)
        self._client.connection_lost_callback = self._on_socket_lost
        self._lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._subscription: int | None = None
        self._silence_s = 0.0
        self._heard = clock.monotonic()
        self._sequence: int | None = None

    async def open(self) -> None:
        """Connect, create and activate the session within the hard deadline.

        Raises:
            OSError, UaError, AssertionError: see faults.TROUBLE; nothing is left open.

        """
        try:
            async with asyncio.timeout(self._settings.connect_timeout_s):
                await self._client.connect()
        except BaseException:
            await self.close()
            raise

    async def namespaces(self) -> list[str]:
        """Return the server's namespace URIs by index."""
        data = await self._read([ua.NodeId(ua.ObjectIds.Server_NamespaceArray)], ua.AttributeIds.Value)
        return list(data[0].Value.Value or ()) if data[0].Value is not None else []

    async def subscribe(self) -> None:
        """Create the subscription; notifications begin with the first monitored item."""
        parameters = ua.CreateSubscriptionParameters(
            RequestedPublishingInterval=self._settings.publishing_ms,
            RequestedLifetimeCount=self._settings.lifetime_count,
            RequestedMaxKeepAliveCount=self._settings.keepalive_count,
            MaxNotificationsPerPublish=0,
            PublishingEnabled=True,
            Priority=0,
        )
        result = await self._client.uaclient.session.create_subscription(parameters, self._on_publish)
        self._subscription = result.SubscriptionId
        self.publishing_ms = float(result.RevisedPublishingInterval)
        self._silence_s = 1.0 + 3 * self.publishing_ms * max(1, result.RevisedMaxKeepAliveCount) / 1000
        self._heard = self._clock.monotonic()

    async def monitor(self, items: Sequence[NodeRequest]) -> list[int]:
        """Create monitored items in batches; return the server's StatusCode for each."""
        statuses: list[int] = []
        size = self._settings.items_per_request
        for start in range(0, len(items), size):
            parameters = ua.CreateMonitoredItemsParameters(
                SubscriptionId=self._subscription,
                TimestampsToReturn=ua.TimestampsToReturn.Both,
                ItemsToCreate=[
                    ua.MonitoredItemCreateRequest(
                        ItemToMonitor=ua.ReadValueId(NodeId=node, AttributeId=ua.AttributeIds.Value),
                        MonitoringMode=ua.MonitoringMode.Reporting,
                        RequestedParameters=ua.MonitoringParameters(
                            ClientHandle=handle,
                            SamplingInterval=sampling_ms,
                            QueueSize=self._settings.queue_size,
                            DiscardOldest=True,
                        ),
                    )
                    for handle, node, sampling_ms in items[start : start + size]
                ],
            )
            results = await self._client.uaclient.session.create_monitored_items(parameters)
            statuses.extend(int(result.StatusCode.value) for result in results)
        return statuses

    async def read_values(self, nodes: Sequence[Any]) -> list[Any]:
        """Read the DataValues of nodes."""
        return await self._read(nodes, ua.AttributeIds.Value)

    async def variant_type(self, node: Any) -> Any:
        """Return the VariantType that a write to a node must have.

        Raises:
            UaError: the server refuses to tell.

        """
        value, kind = await self._read_pair(node)
        if value.Value is not None and value.Value.Value is not None:
            return value.Value.VariantType
        if kind.StatusCode is not None:
            kind.StatusCode.check()
        return await data_type_to_variant_type(self._client.get_node(kind.Value.Value))

    async def write(self, node: Any, value: Any) -> int:
        """Send one write and return the node's own StatusCode."""
        results = await self._client.uaclient.session.write_attributes([node], [value])
        return int(results[0].value)

    async def probe(self) -> int:
        """Ask the server for its state, with a short deadline; returns the state (0 is running).

        Raises:
            SessionLost: no answer, or no notification although the server promised one.

        """
        if self._subscription is not None and self._clock.monotonic() - self._heard > self._silence_s:
            raise SessionLost(SILENT)
        try:
            async with asyncio.timeout(PROBE_DEADLINE_S):
                data = await self._read([ua.NodeId(ua.ObjectIds.Server_ServerStatus_State)], ua.AttributeIds.Value)
        except TROUBLE as error:
            raise SessionLost(fault(error)) from error
        state = None if data[0].Value is None else data[0].Value.Value
        return _RUNNING if state is None else int(state)

    async def wait_lost(self, timeout_s: float) -> None:
        """Wait, at most ``timeout_s``, for the session to be lost.

        Raises:
            SessionLost: it was lost.

        """
        done, _ = await asyncio.wait({self._lost}, timeout=timeout_s)
        if done:
            await self._lost

    async def close(self) -> None:
        """Close session, channel and socket, also while being cancelled; a server that does not answer has two seconds.

        The library works in a task of its own: it swallows a cancellation that meets it while it ends its tasks.
        """
        closing = asyncio.create_task(self._client.disconnect())
        try:
            await asyncio.wait({closing}, timeout=CLOSE_DEADLINE_S)
        except asyncio.CancelledError:
            await asyncio.wait({closing}, timeout=CLOSE_DEADLINE_S)
            raise
        finally:
            closing.cancel()
            protocol = self._client.uaclient.protocol
            if protocol is not None and protocol.transport is not None:
                protocol.transport.abort()
            self._client.disconnect_socket()
            if not self._lost.done():
                self._lost.cancel()
            elif not self._lost.cancelled():
                self._lost.exception()
            await asyncio.wait({closing}, timeout=CLOSE_DEADLINE_S)
            if closing.done() and not closing.cancelled() and (error := closing.exception()) is not None:
                _LOG.debug("closing the session failed: %s", fault_text(error))

    async def _on_socket_lost(self, error: Exception) -> None:
        reason = fault(error)
        text = LocalText(f"the server closed the connection ({reason.en})", f"服务器关闭了连接（{reason.get('zh')}）")
        self._fail(SessionLost(text))

    def _fail(self, error: SessionLost) -> None:
        if not self._lost.done():
            self._lost.set_exception(error)

    def _on_publish(self, result: Any) -> None:
        """Take one PublishResponse. The library would swallow a defect of ours, and the values would stand still."""
        try:
            self._take(result)
        except Exception:
            _LOG.exception("a notification could not be taken; reading everything anew")
            self._fail(SessionLost(DEFECT))

    def _take(self, result: Any) -> None:
        """Keep-alives prove life, data goes on, a gap ends the session."""
        self._heard = self._clock.monotonic()
        message = result.NotificationMessage
        if not message.NotificationData:
            return
        for notification in message.NotificationData:
            if isinstance(notification, ua.DataChangeNotification):
                self._on_data(notification.MonitoredItems)
            elif isinstance(notification, ua.StatusChangeNotification):
                name = notification.Status.name
                text = LocalText(f"the server ended the subscription ({name})", f"服务器结束了订阅（{name}）")
                self._fail(SessionLost(text))
                return
        expected = None if self._sequence is None else self._sequence % 0xFFFFFFFF + 1
        self._sequence = message.SequenceNumber
        if expected is not None and message.SequenceNumber != expected:
            text = LocalText(
                f"notification {expected} is missing; reading everything anew",
                f"缺少通知 {expected}；正在重新读取全部数据",
            )
            self._fail(SessionLost(text))

    async def _read(self, nodes: Sequence[Any], attribute: Any) -> list[Any]:
        parameters = ua.ReadParameters(
            TimestampsToReturn=ua.TimestampsToReturn.Both,
            NodesToRead=[ua.ReadValueId(NodeId=node, AttributeId=attribute) for node in nodes],
        )
        return list(await self._client.uaclient.session.read(parameters))

    async def _read_pair(self, node: Any) -> tuple[Any, Any]:
        parameters = ua.ReadParameters(
            NodesToRead=[
                ua.ReadValueId(NodeId=node, AttributeId=ua.AttributeIds.Value),
                ua.ReadValueId(NodeId=node, AttributeId=ua.AttributeIds.DataType),
            ]
        )
        value, kind = await self._client.uaclient.session.read(parameters)
        return value, kind
