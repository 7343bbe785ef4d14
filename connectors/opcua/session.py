"""One session with an OPC UA server, from connecting to closing; never used a second time.

Only services of the library that take one request and give one answer are used. Its reconnection, its
subscription objects and its data types of higher level are left alone: reviving a client has shown itself to
hang or to go silent, a fresh one every time does not.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from app.model.clock import Clock
from app.model.text import LocalText
from connectors.opcua.faults import SERVER_CLOSED, TROUBLE, SessionLost, fault, fault_text
from connectors.opcua.leftovers import Former, SuccessorClient
from connectors.opcua.notifications import Notification
from connectors.opcua.publishing import Publisher
from connectors.opcua.republish import Republisher
from connectors.opcua.services import Services, Vitals
from connectors.opcua.settings import OpcUaSettings, Terms
from connectors.opcua.subscription import Subscription

_LOG = logging.getLogger(__name__)

SILENT: Final = LocalText(
    "connected, but the server has stopped to publish: a new session is opened; where it happens again, see its load",
    "已连接，但服务器停止发布数据：正在建立新会话；若再次发生，请检查服务器负载",
)
PROBE_DEADLINE_S: Final = 2.0
CLOSE_DEADLINE_S: Final = 2.0


class OpcUaSession:
    """A session: requests, subscriptions, and a sign when it is lost.

    Args:
        client: made for this session alone.
        take: called with each notification that is due, in the event loop; must only convert and hand on.
        leave: told of a session that ended and that the server may still have.

    Attributes:
        services: reading and writing.
        subscriptions: those that were created.

    """

    def __init__(
        self,
        client: SuccessorClient,
        settings: OpcUaSettings,
        take: Callable[[Notification], None],
        clock: Clock,
        leave: Callable[[Former], None] = lambda _: None,
    ) -> None:
        self.subscriptions: list[Subscription] = []
        self._settings = settings
        self._take = take
        self._leave = leave
        self._former: Former | None = None
        self._clock = clock
        self._client = client
        self._client.connection_lost_callback = self._on_socket_lost
        self.services = Services(self._client, settings.items_per_request)
        self._publisher = Publisher(self._client, self.on_notification, self._fail, clock)
        self._republisher = Republisher(
            self._client, self._on_republished, self._give_up, self._fail, clock, settings.timeout_s
        )
        self._closed = False
        self._lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def open(self) -> None:
        """Connect, create and activate the session within the hard deadline.

        Raises:
            OSError, UaError, AssertionError: see faults.TROUBLE; nothing is left open.

        """
        try:
            async with asyncio.timeout(self._settings.connect_timeout_s):
                await self._client.connect()
                self._former = self._client.former()
                await self.services.learn_limits()
        except BaseException:
            await self.close()
            raise

    async def subscribe(self, terms: Terms) -> Subscription:
        """Create a subscription; its notifications begin with its first monitored item."""
        subscription = Subscription(self._client, terms, self._clock)
        await subscription.create()
        self.subscriptions.append(subscription)
        # one request more than subscriptions, else one that has much to say keeps the others from speaking
        self._publisher.want(max(self._settings.publish_requests, len(self.subscriptions) + 1))
        return subscription

    @property
    def items(self) -> int:
        """Monitored items of all its subscriptions."""
        return sum(subscription.items for subscription in self.subscriptions)

    async def probe(self) -> Vitals:
        """Ask the server how it is, with a short deadline.

        Raises:
            SessionLost: no answer, or no notification although the server promised one.

        """
        for subscription in self.subscriptions:
            self._ask_for_missing(subscription)
            if subscription.is_silent:
                raise SessionLost(SILENT)
        try:
            async with asyncio.timeout(PROBE_DEADLINE_S):
                return await self.services.vitals()
        except TROUBLE as error:
            raise SessionLost(fault(error)) from error

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
        if self._closed:
            return
        self._closed = True
        closing = asyncio.create_task(self._disconnect())
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
            if self._former is not None:
                self._leave(self._former)
            if closing.done() and not closing.cancelled() and (error := closing.exception()) is not None:
                _LOG.debug("closing the session failed: %s", fault_text(error))

    async def _on_socket_lost(self, error: Exception) -> None:
        reason = fault(error)
        if reason != SERVER_CLOSED:
            reason = LocalText(f"{SERVER_CLOSED.en} ({reason.en})", f"{SERVER_CLOSED.zh}（{reason.get('zh')}）")
        self._fail(SessionLost(reason))

    def _fail(self, error: SessionLost) -> None:
        if not self._lost.done():
            self._lost.set_exception(error)

    async def _disconnect(self) -> None:
        await self._publisher.close()
        await self._republisher.close()
        protocol = self._client.uaclient.protocol
        if protocol is not None and not protocol.is_closed:
            try:
                await self._client.close_session()
                self._former = None
            except TROUBLE as error:
                _LOG.debug("the server did not say that it closed the session: %s", fault_text(error))
        await self._client.disconnect()

    def on_notification(self, notification: Notification) -> None:
        """Take what the server published, in the order of its numbers, and ask for what is missing.

        Raises:
            SessionLost: too much is missing, or the server ended the subscription.

        """
        subscription = self._subscription(notification.subscription)
        if subscription is None:
            if not notification.is_keepalive:
                _LOG.warning("a notification of subscription %d, which is not ours", notification.subscription)
            return
        subscription.heard()
        for due in subscription.order.take(notification):
            self._take(due)
            if due.ended:
                text = LocalText(
                    f"the server ended the subscription ({due.ended}): a new session is opened; see its load",
                    f"服务器结束了订阅（{due.ended}）：正在建立新会话；请检查服务器负载",
                )
                raise SessionLost(text)
        self._ask_for_missing(subscription)

    def _ask_for_missing(self, subscription: Subscription) -> None:
        at_once = max(self._settings.publish_requests, self._publisher.outstanding)
        self._republisher.want(subscription.id, subscription.order.missing(at_once))

    def _on_republished(self, notification: Notification) -> None:
        self._publisher.acknowledge(notification.subscription, notification.sequence)
        self.on_notification(notification)

    def _give_up(self, subscription_id: int, number: int) -> None:
        subscription = self._subscription(subscription_id)
        if subscription is not None:
            subscription.order.give_up(number)

    def _subscription(self, number: int) -> Subscription | None:
        return next((each for each in self.subscriptions if each.id == number), None)
