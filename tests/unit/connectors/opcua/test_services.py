from types import SimpleNamespace
from typing import Any

from asyncua import Client, ua

from connectors.opcua.services import Services

FOLDER = ua.NodeId("folder", 2)


class InPortions:
    """A server that tells three references of every node, one with each answer."""

    def __init__(self) -> None:
        self.left = 0

    async def browse(self, parameters: Any) -> list[Any]:
        return [self._portion(2) for _ in parameters.NodesToBrowse]

    async def browse_next(self, parameters: Any) -> list[Any]:
        (point,) = parameters.ContinuationPoints
        return [self._portion(point[0] - 1)]

    def _portion(self, left: int) -> Any:
        reference = ua.ReferenceDescription(NodeId=ua.ExpandedNodeId(left, 2))
        return ua.BrowseResult(ua.StatusCode(0), bytes([left]) if left else None, [reference])


async def test_references_that_come_in_portions_are_all_taken() -> None:
    client: Client = SimpleNamespace(uaclient=SimpleNamespace(session=InPortions()))
    found = await Services(client, 1).browse([FOLDER, FOLDER], ua.NodeId(ua.ObjectIds.Organizes))
    assert [[each.NodeId.Identifier for each in references] for _, references in found] == [[2, 1, 0]] * 2
