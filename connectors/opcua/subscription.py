"""One subscription: its terms and its monitored items."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from asyncua import Client, ua

from app.model import status as st
from app.model.clock import Clock
from connectors.opcua.channel import ask
from connectors.opcua.limits import OperationLimits
from connectors.opcua.order import Order
from connectors.opcua.settings import Terms

_LOG = logging.getLogger(__name__)

EVENTS: Final = 0xFFFFFFFF
"""Client handle of events, which no value has."""

_NO_FILTER: Final = frozenset(
    int(code)
    for code in (
        ua.StatusCodes.BadMonitoredItemFilterUnsupported,
        ua.StatusCodes.BadMonitoredItemFilterInvalid,
        ua.StatusCodes.BadFilterNotAllowed,
        ua.StatusCodes.BadDeadbandFilterInvalid,
    )
)
_NO_RANGE: Final = frozenset({st.BAD_INDEX_RANGE_INVALID, st.BAD_NOT_SUPPORTED, int(ua.StatusCodes.BadNotImplemented)})


@dataclass(frozen=True, slots=True)
class Item:
    """A node to monitor.

    Attributes:
        handle: client handle, comes back with every value.
        node: NodeId of the library.
        scan_ms: sampling interval.
        deadband: changes up to this (units of the device) are left out by the server; 0: none are.
        index_range: part of an array, as the server takes it; empty: all of it.

    """

    handle: int
    node: Any
    scan_ms: int
    deadband: float = 0.0
    index_range: str = ""


class Subscription:
    """A subscription of one session, from creating to the session's end.

    Attributes:
        terms: what was asked for.
        id: number that the server gave it; 0 until then.
        publishing_ms: interval as the server revised it; the one asked for until then.
        items: monitored items that were asked of it.
        order: of its notifications.

    """

    def __init__(self, client: Client, terms: Terms, clock: Clock) -> None:
        self.terms = terms
        self.id = 0
        self.publishing_ms = terms.publishing_ms
        self.items = 0
        self.order = Order(clock)
        self._client = client
        self._clock = clock
        self._silence_s = 0.0
        self._heard = clock.monotonic()

    async def create(self) -> None:
        """Create the subscription; notifications begin with the first monitored item."""
        request = ua.CreateSubscriptionRequest()
        request.Parameters = ua.CreateSubscriptionParameters(
            RequestedPublishingInterval=self.terms.publishing_ms,
            RequestedLifetimeCount=self.terms.lifetime_count,
            RequestedMaxKeepAliveCount=self.terms.keepalive_count,
            MaxNotificationsPerPublish=0,
            PublishingEnabled=True,
            Priority=0,
        )
        result = await ask(self._client, request, ua.CreateSubscriptionResponse)
        self.id = int(result.SubscriptionId)
        self.publishing_ms = float(result.RevisedPublishingInterval)
        self._silence_s = 1.0 + 3 * self.publishing_ms * max(1, result.RevisedMaxKeepAliveCount) / 1000
        self._heard = self._clock.monotonic()

    async def monitor(self, items: Sequence[Item], limits: OperationLimits) -> list[int]:
        """Create monitored items in batches; return the server's StatusCode for each.

        An item whose deadband or part of an array the server does not know is monitored without.
        """
        self.items += len(items)
        statuses = await self._create(items, limits.monitored_items)
        plain = [n for n, status in enumerate(statuses) if _can_be_plainer(items[n], status)]
        if plain:
            _LOG.info("the server knows no deadband or index range for %d items; all is asked for", len(plain))
            again = [_plainer(items[n], statuses[n]) for n in plain]
            for n, status in zip(plain, await self._create(again, limits.monitored_items), strict=True):
                statuses[n] = status
        self.items -= sum(map(st.is_bad, statuses))
        return statuses

    async def monitor_events(self, notifier: Any, chosen: Any) -> int:
        """Create a monitored item for the events of a node, by an EventFilter; return the server's StatusCode."""
        parameters = ua.MonitoringParameters(
            ClientHandle=EVENTS, SamplingInterval=0.0, QueueSize=self.terms.queue_size, DiscardOldest=True
        )
        parameters.Filter = chosen
        request = ua.MonitoredItemCreateRequest(
            ItemToMonitor=ua.ReadValueId(NodeId=notifier, AttributeId=ua.AttributeIds.EventNotifier),
            MonitoringMode=ua.MonitoringMode.Reporting,
            RequestedParameters=parameters,
        )
        results = await self._client.uaclient.session.create_monitored_items(
            ua.CreateMonitoredItemsParameters(
                SubscriptionId=self.id, TimestampsToReturn=ua.TimestampsToReturn.Both, ItemsToCreate=[request]
            )
        )
        return int(results[0].StatusCode.value)

    @property
    def is_silent(self) -> bool:
        """Whether the server has not spoken for longer than it promised."""
        return self.id != 0 and self._clock.monotonic() - self._heard > self._silence_s

    def heard(self) -> None:
        """Note that the server spoke of it."""
        self._heard = self._clock.monotonic()

    async def _create(self, items: Sequence[Item], size: int) -> list[int]:
        statuses: list[int] = []
        while len(statuses) < len(items):
            part = items[len(statuses) : len(statuses) + size]
            parameters = ua.CreateMonitoredItemsParameters(
                SubscriptionId=self.id,
                TimestampsToReturn=ua.TimestampsToReturn.Both,
                ItemsToCreate=[self._request(item) for item in part],
            )
            try:
                results = await self._client.uaclient.session.create_monitored_items(parameters)
            except ua.uaerrors.BadTooManyOperations:
                if size == 1:
                    raise
                size = max(1, min(size, len(part)) // 2)
                continue
            statuses.extend(int(result.StatusCode.value) for result in results)
        return statuses

    def _request(self, item: Item) -> Any:
        parameters = ua.MonitoringParameters(
            ClientHandle=item.handle,
            SamplingInterval=float(item.scan_ms),
            QueueSize=self.terms.queue(item.scan_ms),
            DiscardOldest=True,
        )
        if item.deadband:
            parameters.Filter = ua.DataChangeFilter(
                Trigger=ua.DataChangeTrigger.StatusValue,
                DeadbandType=int(ua.DeadbandType.Absolute),
                DeadbandValue=item.deadband,
            )
        return ua.MonitoredItemCreateRequest(
            ItemToMonitor=ua.ReadValueId(
                NodeId=item.node, AttributeId=ua.AttributeIds.Value, IndexRange=item.index_range or None
            ),
            MonitoringMode=ua.MonitoringMode.Reporting,
            RequestedParameters=parameters,
        )


def _can_be_plainer(item: Item, status: int) -> bool:
    return (item.deadband > 0 and status in _NO_FILTER) or (bool(item.index_range) and status in _NO_RANGE)


def _plainer(item: Item, status: int) -> Item:
    """Return an item without what the server refused."""
    return replace(item, deadband=0.0) if status in _NO_FILTER else replace(item, index_range="")
