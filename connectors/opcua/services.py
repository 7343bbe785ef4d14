"""Services of a session that take one request and give one answer: reading, writing, calling, looking around."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from asyncua import Client, ua
from asyncua.common.ua_utils import data_type_to_variant_type

from connectors.opcua.limits import NODES, OperationLimits
from connectors.opcua.values import to_ns

RUNNING: Final = 0
UNTOLD: Final = 255
_VITALS: Final = (
    ua.NodeId(ua.ObjectIds.Server_ServerStatus_State),
    ua.NodeId(ua.ObjectIds.Server_ServerStatus_CurrentTime),
    ua.NodeId(ua.ObjectIds.Server_ServiceLevel),
)


@dataclass(frozen=True, slots=True)
class Vitals:
    """What a server says of itself.

    Attributes:
        state: ServerState; 0 (running) where it does not say.
        time_ns: its clock (ns since the epoch, UTC), None where it does not say.
        level: ServiceLevel, 200 to 255 healthy; 255 where it does not say.

    """

    state: int = RUNNING
    time_ns: int | None = None
    level: int = UNTOLD


class Services:
    """Requests to the server of one client; every one has the client's deadline.

    Attributes:
        limits: how much one request may hold; the server's own once ``learn_limits`` was called.

    """

    def __init__(self, client: Client, items_per_request: int) -> None:
        self.limits = OperationLimits(items_per_request, items_per_request)
        self._client = client

    async def learn_limits(self) -> None:
        """Read how much the server takes with one request."""
        read, monitored_items = await self.read(NODES)
        self.limits = OperationLimits.of(read, monitored_items, self.limits.read)

    async def namespaces(self) -> list[str]:
        """Return the server's namespace URIs by index."""
        data = await self.read([ua.NodeId(ua.ObjectIds.Server_NamespaceArray)])
        return list(data[0].Value.Value or ()) if data[0].Value is not None else []

    async def vitals(self) -> Vitals:
        """Return what the server says of itself now."""
        state, moment, level = (None if each.Value is None else each.Value.Value for each in await self.read(_VITALS))
        return Vitals(
            int(state) if isinstance(state, int) else RUNNING,
            to_ns(moment) if isinstance(moment, datetime) else None,
            int(level) if isinstance(level, int) else UNTOLD,
        )

    async def read(self, nodes: Sequence[Any], attribute: Any = ua.AttributeIds.Value) -> list[Any]:
        """Read the DataValues of an attribute of nodes, with as many requests as the server's limits ask for."""
        values: list[Any] = []
        while len(values) < len(nodes):
            part = nodes[len(values) : len(values) + self.limits.read]
            parameters = ua.ReadParameters(
                TimestampsToReturn=ua.TimestampsToReturn.Both,
                NodesToRead=[ua.ReadValueId(NodeId=node, AttributeId=attribute) for node in part],
            )
            try:
                values.extend(await self._client.uaclient.session.read(parameters))
            except ua.uaerrors.BadTooManyOperations:  # of a server that does not tell its limits
                if len(part) == 1:
                    raise
                self.limits = replace(self.limits, read=len(part) // 2)
        return values

    async def browse(
        self, nodes: Sequence[Any], reference: Any, direction: Any = ua.BrowseDirection.Forward
    ) -> list[tuple[int, list[Any]]]:
        """Return status and references of nodes, all of them, with as many requests as it takes.

        Args:
            nodes: NodeIds.
            reference: type of reference, with its subtypes.
            direction: of the references.

        """
        found: list[tuple[int, list[Any]]] = []
        session = self._client.uaclient.session
        for start in range(0, len(nodes), self.limits.read):
            parameters = ua.BrowseParameters(
                View=ua.ViewDescription(),
                RequestedMaxReferencesPerNode=0,
                NodesToBrowse=[
                    ua.BrowseDescription(node, direction, reference, True, 0, int(ua.BrowseResultMask.All))
                    for node in nodes[start : start + self.limits.read]
                ],
            )
            for result in await session.browse(parameters):
                references = list(result.References or ())
                while result.ContinuationPoint:
                    more = ua.BrowseNextParameters(False, [result.ContinuationPoint])
                    (result,) = await session.browse_next(more)  # noqa: PLW2901 - goes on where it ended
                    references.extend(result.References or ())
                found.append((int(result.StatusCode.value), references))
        return found

    async def history(self, details: Any, nodes: Sequence[Any]) -> list[Any]:
        """Read history with one request; a result (status, data, continuation point) for each of the nodes."""
        parameters = ua.HistoryReadParameters(
            HistoryReadDetails=details,
            TimestampsToReturn=ua.TimestampsToReturn.Both,
            ReleaseContinuationPoints=False,
            NodesToRead=list(nodes),
        )
        return list(await self._client.uaclient.session.history_read(parameters))

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

    async def call(self, target: Any, method: Any, arguments: Sequence[Any]) -> int:
        """Call a method of a node once and return its own StatusCode.

        Raises:
            OSError, UaError: the request as a whole failed.

        """
        request = ua.CallMethodRequest(ObjectId=target, MethodId=method, InputArguments=list(arguments))
        results = await self._client.uaclient.session.call([request])
        return int(results[0].StatusCode.value)

    async def below(self, node: Any, *paths: str) -> list[Any]:
        """Return the NodeIds at paths of names (of namespace 0, with ``/`` between) below a node; None for missing."""
        asked = [
            ua.BrowsePath(StartingNode=node, RelativePath=ua.RelativePath(Elements=_steps(path))) for path in paths
        ]
        results = await self._client.uaclient.session.translate_browsepaths_to_nodeids(asked)
        found = [each.Targets[0].TargetId if each.StatusCode.is_good() and each.Targets else None for each in results]
        return [each and ua.NodeId(each.Identifier, each.NamespaceIndex, each.NodeIdType) for each in found]

    async def _read_pair(self, node: Any) -> tuple[Any, Any]:
        parameters = ua.ReadParameters(
            NodesToRead=[
                ua.ReadValueId(NodeId=node, AttributeId=ua.AttributeIds.Value),
                ua.ReadValueId(NodeId=node, AttributeId=ua.AttributeIds.DataType),
            ]
        )
        value, kind = await self._client.uaclient.session.read(parameters)
        return value, kind


def _steps(path: str) -> list[Any]:
    return [
        ua.RelativePathElement(
            ReferenceTypeId=ua.NodeId(ua.ObjectIds.HierarchicalReferences),
            IsInverse=False,
            IncludeSubtypes=True,
            TargetName=ua.QualifiedName(name),
        )
        for name in path.split("/")
    ]
