"""NodeIds by the URI of their namespace: its index may be another one after the server was re-configured."""

from collections.abc import Sequence
from typing import Any

from asyncua import ua

from app.model.opcua_address import OpcUaAddress


def resolve(address: OpcUaAddress | None, uris: Sequence[str]) -> Any:
    """Return the NodeId with the index that the namespace has on this server now, or None."""
    if address is None:
        return None
    if address.namespace_uri is not None:
        if address.namespace_uri not in uris:
            return None
        return ua.NodeId(address.identifier, uris.index(address.namespace_uri))
    return ua.NodeId(address.identifier, address.namespace_index)


def name_of(node: Any, uris: Sequence[str]) -> str:
    """Return a NodeId as text with the URI of its namespace, which is the same over restarts of the server."""
    plain: str = ua.NodeId(node.Identifier, 0, node.NodeIdType).to_string()
    index = node.NamespaceIndex
    if not index:
        return plain
    return f"nsu={uris[index]};{plain}" if index < len(uris) else f"ns={index};{plain}"


def node_of(name: str, uris: Sequence[str]) -> Any:
    """Return the NodeId that ``name_of`` named.

    Raises:
        ValueError: the server has no such namespace, or it is no NodeId.

    """
    if name.startswith("nsu="):
        # Both a URI and an identifier may hold semicolons; the namespaces of the server are known.
        for index, uri in sorted(enumerate(uris), key=lambda one: -len(one[1])):
            if name.startswith(f"nsu={uri};"):
                return _parsed(name[len(uri) + 5 :], index)
        raise ValueError(f"the server has no namespace of {name}")
    if name.startswith("ns="):
        index_text, _, rest = name[3:].partition(";")
        return _parsed(rest, int(index_text))
    return _parsed(name, 0)


def _parsed(plain: str, index: int) -> Any:
    try:
        found = ua.NodeId.from_string(plain)
    except (ua.UaError, ValueError) as error:
        raise ValueError(f"{plain} is no node id") from error
    return ua.NodeId(found.Identifier, index, found.NodeIdType)
