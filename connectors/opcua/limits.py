"""How much a server takes with one request."""

from dataclasses import dataclass
from typing import Any

from asyncua import ua


@dataclass(frozen=True, slots=True)
class OperationLimits:
    """Most operations of one request; never more than the connection's ``items_per_request``."""

    read: int
    monitored_items: int

    @classmethod
    def of(cls, read: Any, monitored_items: Any, most: int) -> "OperationLimits":
        """Return the limits that a server tells (DataValues); what is missing or 0 is no limit of the server's."""
        return cls(_least(read, most), _least(monitored_items, most))


NODES = (
    ua.NodeId(ua.ObjectIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerRead),
    ua.NodeId(ua.ObjectIds.Server_ServerCapabilities_OperationLimits_MaxMonitoredItemsPerCall),
)
"""Where a server tells its limits, in the order of ``OperationLimits.of``."""


def _least(told: Any, most: int) -> int:
    limit = None if told.Value is None else told.Value.Value
    return min(most, limit) if isinstance(limit, int) and limit > 0 else most
