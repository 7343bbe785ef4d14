"""An OPC UA server with values of every type: scalars, arrays, structures, enumerations. Driven by JSON lines on stdin.

Usage: opcua_types_server.py PORT. The library's server knows no IndexRange: it delivers arrays whole.
"""

import asyncio
import json
import sys
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from asyncua import Server, ua
from asyncua.common.structures104 import new_enum, new_struct, new_struct_field

URI = "urn:test:contract"
V = ua.VariantType
SCALARS = {
    "sbyte": (-128, V.SByte),
    "byte": (255, V.Byte),
    "int64": (-(2**63), V.Int64),
    "uint64": (2**64 - 1, V.UInt64),
    "float": (1.5, V.Float),
    "double": (0.1, V.Double),
    "string": ("gauge", V.String),
    "text": (ua.LocalizedText("水位", "zh-CN"), V.LocalizedText),
    "name": (ua.QualifiedName("q", 1), V.QualifiedName),
    "moment": (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), V.DateTime),
    "guid": (UUID("09087e75-8e5e-499b-954f-f2a9603db28a"), V.Guid),
    "bytes": (b"\x01\xab", V.ByteString),
    "array": ([10, 20, 30], V.Int32),
    "single": ([5], V.Int32),
    "matrix": ([[1, 2], [3, 4]], V.Double),
}


async def main() -> None:
    server = Server()
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{int(sys.argv[1])}/contract")
    space = await server.register_namespace(URI)
    nodes = {}
    for name, (value, kind) in SCALARS.items():
        nodes[name] = await server.nodes.objects.add_variable(
            ua.NodeId(name, space), ua.QualifiedName(name, space), value, varianttype=kind
        )
    for number in (ua.NodeId(UUID("09087e75-8e5e-499b-954f-f2a9603db28b"), space), ua.NodeId(b"opaque", space)):
        await server.nodes.objects.add_variable(number, ua.QualifiedName("id", space), 3.0)
    mode = await new_enum(server, space, "Mode", ["Off", "Manual", "Auto"])
    motor = await new_struct(
        server, space, "Motor",
        [new_struct_field("Speed", V.Double), new_struct_field("Hours", V.UInt64),
         new_struct_field("Mode", mode[0] if isinstance(mode, tuple) else mode)],
    )  # fmt: skip
    await new_struct(
        server, space, "Pump",
        [new_struct_field("Name", V.String), new_struct_field("Motor", motor[0]),
         new_struct_field("Last", V.Int16, array=True), new_struct_field("Note", V.String, optional=True),
         new_struct_field("Level", V.Float, optional=True)],
    )  # fmt: skip
    await server.load_data_type_definitions()
    types: Any = ua

    def pump(speed: float) -> Any:
        return types.Pump(
            Name="P1",
            Motor=types.Motor(Speed=speed, Hours=2**60 + 1, Mode=types.Mode.Auto),
            Last=[1, 2, 3],
            Level=2.5,
            Note=None,
        )

    nodes["pump"] = await server.nodes.objects.add_variable(
        ua.NodeId("Pumps[1].All", space), ua.QualifiedName("pump", space), pump(40.0)
    )
    nodes["pumps"] = await server.nodes.objects.add_variable(
        ua.NodeId("pumps", space), ua.QualifiedName("pumps", space), [pump(1.0), pump(2.0)]
    )
    nodes["mode"] = await server.nodes.objects.add_variable(
        ua.NodeId("mode", space), ua.QualifiedName("mode", space), 2, varianttype=V.Int32,
        datatype=(mode[0] if isinstance(mode, tuple) else mode).nodeid,
    )  # fmt: skip
    nodes["flow"] = await server.nodes.objects.add_variable(
        ua.NodeId("flow", space), ua.QualifiedName("flow", space), 77.0
    )
    span = await nodes["flow"].add_property(
        ua.NodeId("flow.range", space), ua.QualifiedName("EURange"), ua.Range(0, 250)
    )
    await nodes["flow"].add_property(
        ua.NodeId("flow.unit", space), ua.QualifiedName("EngineeringUnits"),
        ua.EUInformation(DisplayName=ua.LocalizedText("m³/h")),
    )  # fmt: skip
    async with server:
        print("READY", flush=True)
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            order = json.loads(line)
            answer: object = None
            match order["do"]:
                case "array":
                    await nodes["array"].write_value(order["value"], V.Int32)
                case "range":
                    await span.write_value(ua.Range(0, order["high"]))
                    changed = ua.DataValue(ua.Variant(78.0), StatusCode=ua.StatusCode(ua.UInt32(0x4000)))
                    await nodes["flow"].write_value(changed)
                case "pump":
                    await nodes["pump"].write_value(pump(order["speed"]))
            print(json.dumps({"answer": answer}), flush=True)


asyncio.run(main())
