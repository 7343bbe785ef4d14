"""One subscription: its terms, its monitored items, and the order of its notifications."""

from collections.abc import Callable, Sequence
from typing import Any

from asyncua import Client, ua

from app.model.clock import Clock
from app.model.text import LocalText
from connectors.opcua.faults import SessionLost
from connectors.opcua.settings import OpcUaSettings

NodeRequest = tuple[int, Any, float]
"""Client handle, NodeId and sampling interval (ms) of an item to monitor."""


class Subscription:
    """A subscription of one session, from creating to the session's end.

    Attributes:
        publishing_ms: interval as the server revised it; the one asked for until then.

    """

    def __init__(self, client: Client, settings: OpcUaSettings, clock: Clock) -> None:
        self.publishing_ms = settings.publishing_ms
        self._client = client
        self._settings = settings
        self._clock = clock
        self._id: int | None = None
        self._silence_s = 0.0
        self._heard = clock.monotonic()
        self._sequence: int | None = None

    async def create(self, on_publish: Callable[[Any], None]) -> None:
        """Create the subscription; notifications begin with the first monitored item."""
        parameters = ua.CreateSubscriptionParameters(
            RequestedPublishingInterval=self._settings.publishing_ms,
            RequestedLifetimeCount=self._settings.lifetime_count,
            RequestedMaxKeepAliveCount=self._settings.keepalive_count,
            MaxNotificationsPerPublish=0,
            PublishingEnabled=True,
            Priority=0,
        )
        result = await self._client.uaclient.session.create_subscription(parameters, on_publish)
        self._id = result.SubscriptionId
        self.publishing_ms = float(result.RevisedPublishingInterval)
        self._silence_s = 1.0 + 3 * self.publishing_ms * max(1, result.RevisedMaxKeepAliveCount) / 1000
        self._heard = self._clock.monotonic()

    async def monitor(self, items: Sequence[NodeRequest]) -> list[int]:
        """Create monitored items in batches; return the server's StatusCode for each."""
        statuses: list[int] = []
        size = self._settings.items_per_request
        for start in range(0, len(items), size):
            parameters = ua.CreateMonitoredItemsParameters(
                SubscriptionId=self._id,
                TimestampsToReturn=ua.TimestampsToReturn.Both,
                ItemsToCreate=[self._item(*item) for item in items[start : start + size]],
            )
            results = await self._client.uaclient.session.create_monitored_items(parameters)
            statuses.extend(int(result.StatusCode.value) for result in results)
        return statuses

    @property
    def is_silent(self) -> bool:
        """Whether the server has not spoken for longer than it promised."""
        return self._id is not None and self._clock.monotonic() - self._heard > self._silence_s

    def hear(self) -> None:
        """Note that the server spoke now."""
        self._heard = self._clock.monotonic()

    def count(self, sequence: int) -> None:
        """Note the sequence number of a notification; numbers begin anew with 1 after the largest.

        Raises:
            SessionLost: one is missing before it.

        """
        expected = None if self._sequence is None else self._sequence % 0xFFFFFFFF + 1
        self._sequence = sequence
        if expected is not None and sequence != expected:
            raise SessionLost(
                LocalText(
                    f"notification {expected} is missing; reading everything anew",
                    f"缺少通知 {expected}；正在重新读取全部数据",
                )
            )

    def _item(self, handle: int, node: Any, sampling_ms: float) -> Any:
        return ua.MonitoredItemCreateRequest(
            ItemToMonitor=ua.ReadValueId(NodeId=node, AttributeId=ua.AttributeIds.Value),
            MonitoringMode=ua.MonitoringMode.Reporting,
            RequestedParameters=ua.MonitoringParameters(
                ClientHandle=handle,
                SamplingInterval=sampling_ms,
                QueueSize=self._settings.queue_size,
                DiscardOldest=True,
            ),
        )
