"""A small OPC UA server for the contract suite, driven by JSON lines on stdin.

Usage: opcua_server.py PORT [--shift]; ``--shift`` registers another namespace first, so that indices move.
"""

import asyncio
import json
import sys
from typing import Any

from asyncua import Server, ua

URI = "urn:test:contract"


async def main() -> None:
    port = int(sys.argv[1])
    server = Server()
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{port}/contract")
    if "--shift" in sys.argv:
        await server.register_namespace("urn:test:other")
    space = await server.register_namespace(URI)
    kinds = {
        "level": (12.5, ua.VariantType.Double),
        "count": (7, ua.VariantType.Int16),
        "setpoint": (40.0, ua.VariantType.Float),
        "locked": (1, ua.VariantType.Int16),
        "slow": (0, ua.VariantType.Int16),
    }
    nodes = {}
    for name, (value, kind) in kinds.items():
        nodes[name] = await server.nodes.objects.add_variable(
            ua.NodeId(name, space), ua.QualifiedName(name, space), value, varianttype=kind
        )
        if name != "locked":
            await nodes[name].set_writable()
    writes: list[object] = []
    delay = {"s": 0.0}
    slow_id = nodes["slow"].nodeid

    from asyncua.server.internal_session import InternalSession

    original = InternalSession.write

    async def write(self: Any, params: Any) -> Any:
        for item in params.NodesToWrite:
            if item.NodeId == slow_id and self.external:
                await asyncio.sleep(delay["s"])
            if self.external:
                writes.append(
                    {
                        "node": item.NodeId.Identifier,
                        "value": item.Value.Value.Value,
                        "type": item.Value.Value.VariantType.name,
                        "bare": item.Value.SourceTimestamp is None and item.Value.ServerTimestamp is None,
                    }
                )
        return await original(self, params)

    InternalSession.write = write
    async with server:
        print("READY", flush=True)
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            order = json.loads(line)
            answer: object = None
            match order["do"]:
                case "set":
                    name = order["name"]
                    await nodes[name].write_value(ua.DataValue(ua.Variant(order["value"], kinds[name][1])))
                case "bad":
                    await nodes[order["name"]].write_value(
                        ua.DataValue(ua.Variant(None), StatusCode=ua.StatusCode(ua.StatusCodes.BadSensorFailure))
                    )
                case "add":
                    await server.nodes.objects.add_variable(
                        ua.NodeId("nowhere", space), ua.QualifiedName("nowhere", space), 1
                    )
                case "delay":
                    delay["s"] = order["seconds"]
                case "get":
                    answer = (await nodes[order["name"]].read_data_value()).Value.Value
                case "writes":
                    answer = list(writes)
                case "sessions":
                    answer = sum(1 for p in server.bserver.clients if getattr(p.processor, "session", None) is not None)
            print(json.dumps({"answer": answer}), flush=True)


asyncio.run(main())
