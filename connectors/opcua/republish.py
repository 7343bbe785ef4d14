"""Notifications that did not come, asked for once more (Republish, Part 4, 5.14.6), each number once."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Final

from asyncua import Client, ua

from app.model.clock import Clock
from connectors.opcua.channel import from_bytes, send
from connectors.opcua.faults import TROUBLE, SessionLost, fault
from connectors.opcua.notifications import Notification, from_message
from connectors.reasons import DEFECT

_LOG = logging.getLogger(__name__)

_NOT_THERE: Final = (
    ua.uaerrors.BadMessageNotAvailable,
    ua.uaerrors.BadServiceUnsupported,
    ua.uaerrors.BadNotImplemented,
    ua.uaerrors.BadSubscriptionIdInvalid,
)


class Republisher:
    """Asks for missing notifications of one session.

    Args:
        take: called with each that came; raises SessionLost to give up.
        give_up: called with subscription and number of each that the server has no more; raises as ``take`` does.
        fail: told why the session is lost.
        timeout_s: deadline of one request, and of all that are asked for together.

    """

    def __init__(
        self,
        client: Client,
        take: Callable[[Notification], None],
        give_up: Callable[[int, int], None],
        fail: Callable[[SessionLost], None],
        clock: Clock,
        timeout_s: float,
    ) -> None:
        self._client = client
        self._take = take
        self._give_up = give_up
        self._fail = fail
        self._clock = clock
        self._timeout_s = timeout_s
        self._asking: set[asyncio.Task[None]] = set()

    def want(self, subscription: int, numbers: Sequence[int]) -> None:
        """Ask for these notifications of a subscription, one after another."""
        if numbers:
            task = asyncio.create_task(self._ask(subscription, numbers))
            self._asking.add(task)
            task.add_done_callback(self._asking.discard)

    async def close(self) -> None:
        """Ask no more."""
        asking = tuple(self._asking)
        for task in asking:
            task.cancel()
        if asking:
            await asyncio.wait(asking)

    async def _ask(self, subscription: int, numbers: Sequence[int]) -> None:
        try:
            async with asyncio.timeout(self._timeout_s):
                for number in numbers:
                    notification = await self._republish(subscription, number)
                    if notification is None:
                        _LOG.warning("the server has notification %d of subscription %d no more", number, subscription)
                        self._give_up(subscription, number)
                    else:
                        _LOG.info("notification %d of subscription %d came when asked for", number, subscription)
                        self._take(notification)
        except SessionLost as lost:
            self._fail(lost)
        except TROUBLE as error:
            self._fail(SessionLost(fault(error)))
        except Exception:  # top of a task: nobody waits for it, and the values would stand still
            _LOG.exception("a notification that was asked for could not be taken; reading everything anew")
            self._fail(SessionLost(DEFECT))

    async def _republish(self, subscription: int, number: int) -> Notification | None:
        """Ask for one notification; None where the server has it no more, or does not know the service."""
        request = ua.RepublishRequest()
        request.Parameters = ua.RepublishParameters(SubscriptionId=subscription, RetransmitSequenceNumber=number)
        try:
            response = from_bytes(ua.RepublishResponse, await send(self._client, request))
            response.ResponseHeader.ServiceResult.check()
        except _NOT_THERE:
            return None
        message = response.NotificationMessage
        if message.SequenceNumber != number or not message.NotificationData:  # asyncua's server answers so, Good
            return None
        return from_message(subscription, message, self._clock.now_ns())
