"""Publish requests of one session: several are kept waiting at the server, so that it never has to wait for us.

The library keeps one, and decodes each value into objects before it asks again. Here others wait at the server while
the values of one answer are taken, and the answers come as bytes.
"""

import asyncio
import logging
from collections.abc import Callable

from asyncua import Client, ua

from app.model.clock import Clock
from app.model.text import LocalText
from connectors.opcua.channel import send
from connectors.opcua.faults import TROUBLE, SessionLost, fault
from connectors.opcua.notifications import Notification, read
from connectors.reasons import DEFECT

_LOG = logging.getLogger(__name__)

FORGOTTEN = LocalText("the server has forgotten the subscription", "服务器已丢失该订阅")


class Publisher:
    """Asks for notifications until it is closed, or the session is lost.

    Args:
        take: called with each notification in order of arrival, in the event loop; raises SessionLost to give up.
        fail: told why, once nothing more will come.

    """

    def __init__(
        self, client: Client, take: Callable[[Notification], None], fail: Callable[[SessionLost], None], clock: Clock
    ) -> None:
        self._client = client
        self._take = take
        self._fail = fail
        self._clock = clock
        self._most = 0  # as the server turned out to allow; 0: not known
        self._asking: set[asyncio.Task[None]] = set()
        self._received: list[tuple[int, int]] = []

    @property
    def outstanding(self) -> int:
        """Requests that wait at the server now."""
        return len(self._asking)

    def want(self, requests: int) -> None:
        """Keep so many requests waiting from now on, or as many as the server turned out to allow."""
        while len(self._asking) < (min(requests, self._most) if self._most else requests):
            task = asyncio.create_task(self._ask())
            self._asking.add(task)
            task.add_done_callback(self._forget)

    def acknowledge(self, subscription: int, number: int) -> None:
        """Let the server forget a notification that came by another way; it hears so with the next request."""
        self._received.append((subscription, number))

    async def close(self) -> None:
        """Ask no more. Requests that wait at the server end with the session."""
        asking = tuple(self._asking)
        for task in asking:
            task.cancel()
        if asking:
            await asyncio.wait(asking)

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._asking.discard(task)

    async def _ask(self) -> None:
        """Keep one request waiting."""
        try:
            while True:
                body = await self._request()
                if body is None:
                    return
                notification = read(body, self._clock.now_ns())
                if not notification.is_keepalive:
                    self._received.append((notification.subscription, notification.sequence))
                self._take(notification)
        except ua.uaerrors.BadNoSubscription:
            self._fail(SessionLost(FORGOTTEN))
        except SessionLost as lost:
            self._fail(lost)
        except TROUBLE as error:
            self._fail(SessionLost(fault(error)))
        except Exception:  # top of a task: nobody waits for it, and the values would stand still
            _LOG.exception("a notification could not be taken; reading everything anew")
            self._fail(SessionLost(DEFECT))

    async def _request(self) -> bytes | None:
        """Send a request that acknowledges what was received; return the answer's body, however long it takes.

        None where the server does not want so many requests, and this one is to be the last of its kind.
        """
        while True:
            received, self._received = self._received, []
            request = ua.PublishRequest()
            request.Parameters.SubscriptionAcknowledgements = [
                ua.SubscriptionAcknowledgement(SubscriptionId=subscription, SequenceNumber=sequence)
                for subscription, sequence in received
            ]
            try:
                return await send(self._client, request, 0)
            except ua.uaerrors.BadTimeout:
                self._received = received + self._received
            except ua.uaerrors.BadTooManyPublishRequests:
                self._received = received + self._received
                if len(self._asking) == 1:
                    raise
                if (this := asyncio.current_task()) is not None:
                    self._forget(this)  # at once: another that is sent back may be next
                self._most = len(self._asking)
                _LOG.info("the server allows %d publish requests a session", self._most)
                return None
