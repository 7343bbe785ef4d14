"""Looking through the address space of a server, level by level. Nothing is written, ever."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from asyncua import ua

from app.model import status as st
from app.model.address import AddressError
from app.model.browsing import BrowseResult, NodeDescription
from app.model.clock import Clock
from app.model.connection import Connection
from app.model.errors import EnvironmentProblem
from app.model.keystore import Keystore
from app.model.opcua_address import OpcUaAddress
from app.model.sample import Value
from connectors.opcua.client import make_client
from connectors.opcua.faults import TROUBLE, fault, quieten_library
from connectors.opcua.metadata import read_metadata
from connectors.opcua.nodes import resolve
from connectors.opcua.plain import plain
from connectors.opcua.secured import ChannelSecurity
from connectors.opcua.services import Services
from connectors.opcua.session import OpcUaSession
from connectors.opcua.settings import OpcUaSettings
from connectors.scaling import ValueRefused

MOST: Final = 2000
"""Nodes of one answer."""
_HIERARCHICAL: Final = ua.NodeId(ua.ObjectIds.HierarchicalReferences)
_OBJECTS: Final = ua.NodeId(ua.ObjectIds.ObjectsFolder)
_SHOWN: Final = 8
"""Elements of an array that are shown."""
_LONGEST: Final = 120
_READ, _WRITE = int(ua.AccessLevel.CurrentRead), int(ua.AccessLevel.CurrentWrite)


async def browse(services: Services, address: str, depth: int) -> BrowseResult:
    """Return what stands below a node; see app.model.browsing.Browser.

    Raises:
        EnvironmentProblem: it is no address, the server does not know it, or does not answer.

    """
    try:
        uris = await services.namespaces()
        start = _OBJECTS if not address else resolve(OpcUaAddress.parse(address), uris)
        if start is None:
            raise EnvironmentProblem(f"{address}: the server has no such namespace")
        found, complete = await _below(services, start, depth)
        if found is None:
            raise EnvironmentProblem(f"{address}: the server does not know this node")
        return BrowseResult(tuple(await _describe(services, uris, found)), complete)
    except AddressError as error:
        raise EnvironmentProblem(str(error)) from None
    except TROUBLE as error:
        raise EnvironmentProblem(fault(error)) from None


async def browse_directly(
    connection: Connection, keystore: Keystore, clock: Clock, address: str, depth: int
) -> BrowseResult:
    """Browse in a session of its own, for where no engine holds the connection.

    Raises:
        ProjectError, EnvironmentProblem: see ``browse``; the server cannot be reached.

    """
    quieten_library()
    settings = OpcUaSettings.of(connection)
    client = make_client(connection.endpoint, settings, ChannelSecurity(connection, keystore, clock))
    session = OpcUaSession(client, settings, lambda _notification: None, clock)
    try:
        await session.open()
        return await browse(session.services, address, depth)
    except TROUBLE as error:
        raise EnvironmentProblem(fault(error)) from None
    finally:
        await session.close()


async def _below(services: Services, start: Any, depth: int) -> tuple[list[tuple[int, Any]] | None, bool]:
    """Return depth and reference of what stands below, in order of the tree; each node once, where it is met first.

    None where the server does not know where to start.
    """
    children: dict[Any, list[Any]] = {}
    met, level = {start}, [start]
    for _ in range(max(1, depth)):
        following: list[Any] = []
        for node, (status, references) in zip(level, await services.browse(level, _HIERARCHICAL), strict=True):
            if node == start and st.is_bad(status):
                return None, True
            local = [
                each for each in references if not getattr(each.NodeId, "ServerIndex", 0) and _node(each) not in met
            ]
            children[node] = list({_node(each): each for each in local}.values())
            met.update(map(_node, children[node]))
            following.extend(map(_node, children[node]))
        level = following
        if not level or len(met) > MOST:
            break
    ordered: list[tuple[int, Any]] = []
    waiting = [(1, each) for each in reversed(children[start])]
    while waiting and len(ordered) < MOST:
        at, reference = waiting.pop()
        ordered.append((at, reference))
        waiting.extend((at + 1, each) for each in reversed(children.get(_node(reference), [])))
    return ordered, not waiting


async def _describe(services: Services, uris: Sequence[str], found: Sequence[tuple[int, Any]]) -> list[NodeDescription]:
    nodes = [
        NodeDescription(
            depth,
            _address(_node(each), uris),
            each.BrowseName.Name or "",
            each.DisplayName.Text or "",
            ua.NodeClass(each.NodeClass).name,
        )
        for depth, each in found
    ]
    at = [number for number, node in enumerate(nodes) if node.node_class == "Variable"]
    ids = [_node(found[number][1]) for number in at]
    types = [_value(each) for each in await services.read(ids, ua.AttributeIds.DataType)]
    names = await _names(services, types)
    ranks = await services.read(ids, ua.AttributeIds.ValueRank)
    access = await services.read(ids, ua.AttributeIds.UserAccessLevel)
    values = await services.read(ids)
    told = await read_metadata(services, ids)
    for number, data_type, rank, level, data, metadata in zip(at, types, ranks, access, values, told, strict=True):
        allowed = _value(level)
        allowed = int(allowed) if isinstance(allowed, int) else 0
        nodes[number] = replace(
            nodes[number],
            data_type=names.get(data_type, ""),
            value_rank=None if _value(rank) is None else int(_value(rank)),
            readable=bool(allowed >> _READ & 1),
            writable=bool(allowed >> _WRITE & 1),
            value=shown(_value(data)),
            status=0 if data.StatusCode is None else int(data.StatusCode.value),
            metadata=metadata,
        )
    return nodes


async def _names(services: Services, types: Sequence[Any]) -> dict[Any, str]:
    wanted = list(dict.fromkeys(each for each in types if isinstance(each, ua.NodeId)))
    read = await services.read(wanted, ua.AttributeIds.BrowseName)
    return {node: _value(data).Name or "" for node, data in zip(wanted, read, strict=True) if _value(data) is not None}


def shown(raw: object) -> Value:
    """Return a value as it is shown: plain ones as they are, arrays and structures as a short text."""
    if raw is None or isinstance(raw, bool | float | str):
        return raw
    if isinstance(raw, int):
        return int(raw)
    if isinstance(raw, list):
        inside = ", ".join(str(shown(each)) for each in raw[:_SHOWN])
        return f"[{inside}{', …' if len(raw) > _SHOWN else ''}] ({len(raw)})"[:_LONGEST]
    try:
        text = plain(raw, as_text=True)
    except ValueRefused:
        return None
    if isinstance(raw, ua.ExtensionObject):
        return "structure"
    return (text if isinstance(text, str) else str(text))[:_LONGEST]


def _node(reference: Any) -> Any:
    return ua.NodeId(reference.NodeId.Identifier, reference.NodeId.NamespaceIndex)


def _address(node: Any, uris: Sequence[str]) -> str:
    index = node.NamespaceIndex
    uri = uris[index] if index < len(uris) else None
    return str(OpcUaAddress(uri, None if uri is not None else index, node.Identifier))


def _value(data: Any) -> Any:
    return None if data.Value is None else data.Value.Value
