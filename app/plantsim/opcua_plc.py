"""An OPC UA server with one variable a tag, by string NodeId; writes are reported to the model."""

import contextlib
import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from asyncua import Server, ua

from app.model.opcua_address import OpcUaAddress
from app.model.tag import DataType, Tag
from app.plantsim.messages import Point, Points, WriteHandler

_TYPES: Final = {
    DataType.FLOAT: ua.VariantType.Float,
    DataType.INT: ua.VariantType.Int32,
    DataType.ENUM: ua.VariantType.Int32,
    DataType.BOOL: ua.VariantType.Boolean,
    DataType.STRING: ua.VariantType.String,
}


class OpcUaPlc:
    """Serves one connection's tags at ``opc.tcp://host:port/path``, with status and source time of each scan."""

    def __init__(self, endpoint: str, tags: Iterable[Tag], on_write: WriteHandler) -> None:
        self._endpoint = endpoint
        self._tags = {tag.name: tag for tag in tags}
        self._on_write = on_write
        self._nodes: dict[str, Any] = {}
        self._server: Any = None
        self._own: Any = None

    async def start(self, points: Points) -> None:
        """Build the address space and listen; raises OSError where the port is taken."""
        logging.getLogger("asyncua").setLevel(logging.ERROR)
        server = Server()
        await server.init()
        server.set_endpoint(self._endpoint)
        server.set_server_name("Lingzhuang demo PLC")
        server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
        folders: dict[str, Any] = {}
        for tag in self._tags.values():
            address = OpcUaAddress.parse(tag.address)
            index = address.namespace_index or await server.register_namespace(address.namespace_uri)
            owner = tag.equipment or tag.name.rpartition(".")[0]
            if owner not in folders:
                folders[owner] = await server.nodes.objects.add_object(ua.NodeId(owner, index), f"{index}:{owner}")
            node_id = ua.NodeId(address.identifier, index)
            value = self._data_value(tag, points.get(tag.name, (0, 0)))
            node = await folders[owner].add_variable(
                node_id, f"{index}:{tag.name.rpartition('.')[2]}", value.Value, _TYPES[tag.data_type]
            )
            if tag.writable:
                await node.set_writable()
                self._watch(server, node_id, tag)
            self._nodes[tag.name] = node_id
        self._server = server
        await self.update(points)
        await server.start()

    async def stop(self) -> None:
        """Close every session and the listener."""
        if self._server is not None:
            with contextlib.suppress(OSError):
                await self._server.stop()

    async def update(self, points: Points) -> None:
        """Take new values from the model and stamp them with this scan's time."""
        for name, point in points.items():
            self._own = self._data_value(self._tags[name], point)
            await self._server.write_attribute_value(self._nodes[name], self._own)

    def _watch(self, server: Any, node_id: Any, tag: Tag) -> None:
        async def changed(_handle: int, value: Any) -> None:
            if value is not self._own and value.Value is not None and value.Value.Value is not None:
                self._on_write(tag.name, float(value.Value.Value) * tag.scale + tag.offset)

        server.iserver.aspace.add_datachange_callback(node_id, ua.AttributeIds.Value, changed)

    @staticmethod
    def _data_value(tag: Tag, point: Point) -> Any:
        value, status = point
        kind = _TYPES[tag.data_type]
        raw: float | int | bool = (float(value) - tag.offset) / tag.scale
        if tag.data_type is DataType.BOOL:
            raw = bool(value)
        elif tag.data_type is not DataType.FLOAT:
            raw = round(raw)
        return ua.DataValue(
            Value=ua.Variant(raw, kind), StatusCode=ua.StatusCode(status), SourceTimestamp=datetime.now(UTC)
        )
