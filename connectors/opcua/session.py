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

from app.model.clock import Clock
from app.model.text import LocalText
from connectors.opcua.faults import TROUBLE, SessionLost, fault, fault_text
from connectors.opcua.services import Services
from connectors.opcua.settings import OpcUaSettings
from connectors.opcua.subscription import NodeRequest, Subscription
from connectors.reasons import DEFECT

_LOG = logging.getLogger(__name__)

SILENT: Final = LocalText("connected, but the server has stopped to publish", "已连接，但服务器停止发布数据")
PROBE_DEADLINE_S: Final = 2.0
CLOSE_DEADLINE_S: Final = 2.0
_RUNNING: Final = 0


class OpcUaSession:
    """A session: requests, one subscription, and a sign when it is lost.

    Args:
        client: made for this session alone.
        on_data: called with the items (ClientHandle, Value) of each notification, in the event loop; must only
            convert and hand on.

    Attributes:
        services: reading and writing.

    """

    def __init__(
        self, client: Client, settings: OpcUaSettings, on_data: Callable[[Sequence[Any]], None], clock: Clock
    ) -> None:
        self._settings = settings
        self._on_data = on_data
        self._client = client
        self._client.connection_lost_callback = self._on_socket_lost
        self.services = Services(self._client)
        self._subscription = Subscription(self._client, settings, clock)
        self._lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()

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

    @property
    def publishing_ms(self) -> float:
        """Publishing interval that the server keeps."""
        return self._subscription.publishing_ms

    async def subscribe(self) -> None:
        """Create the subscription; notifications begin with the first monitored item."""
        await self._subscription.create(self._on_publish)

    async def monitor(self, items: Sequence[NodeRequest]) -> list[int]:
        """Create monitored items in batches; return the server's StatusCode for each."""
        return await self._subscription.monitor(items)

    async def probe(self) -> int:
        """Ask the server for its state, with a short deadline; returns the state (0 is running).

        Raises:
            SessionLost: no answer, or no notification although the server promised one.

        """
        if self._subscription.is_silent:
            raise SessionLost(SILENT)
        try:
            async with asyncio.timeout(PROBE_DEADLINE_S):
                state = await self.services.state()
        except TROUBLE as error:
            raise SessionLost(fault(error)) from error
        return _RUNNING if state is None else state

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
        self._subscription.hear()
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
        try:
            self._subscription.count(message.SequenceNumber)
        except SessionLost as gap:
            self._fail(gap)
