"""Services of a session that take one request and give one answer: reading and writing."""

from collections.abc import Sequence
from typing import Any

from asyncua import Client, ua
from asyncua.common.ua_utils import data_type_to_variant_type


class Services:
    """Requests to the server of one client; every one has the client's deadline."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def namespaces(self) -> list[str]:
        """Return the server's namespace URIs by index."""
        data = await self.read([ua.NodeId(ua.ObjectIds.Server_NamespaceArray)])
        return list(data[0].Value.Value or ()) if data[0].Value is not None else []

    async def state(self) -> int | None:
        """Return the server's state (0 is running), or None where it does not say."""
        data = await self.read([ua.NodeId(ua.ObjectIds.Server_ServerStatus_State)])
        state = None if data[0].Value is None else data[0].Value.Value
        return None if state is None else int(state)

    async def read(self, nodes: Sequence[Any], attribute: Any = ua.AttributeIds.Value) -> list[Any]:
        """Read the DataValues of an attribute of nodes, with one request."""
        parameters = ua.ReadParameters(
            TimestampsToReturn=ua.TimestampsToReturn.Both,
            NodesToRead=[ua.ReadValueId(NodeId=node, AttributeId=attribute) for node in nodes],
        )
        return list(await self._client.uaclient.session.read(parameters))

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

    async def _read_pair(self, node: Any) -> tuple[Any, Any]:
        parameters = ua.ReadParameters(
            NodesToRead=[
                ua.ReadValueId(NodeId=node, AttributeId=ua.AttributeIds.Value),
                ua.ReadValueId(NodeId=node, AttributeId=ua.AttributeIds.DataType),
            ]
        )
        value, kind = await self._client.uaclient.session.read(parameters)
        return value, kind
