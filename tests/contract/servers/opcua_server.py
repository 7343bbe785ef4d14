"""A small OPC UA server for the contract suite, driven by JSON lines on stdin.

Usage: opcua_server.py PORT [--shift] [--slow-activation] [--refuse-channel] [--limits [--silent-limits]]
[--no-deadband] [--history]. ``--shift``
registers another namespace first, so that indices move; with ``--slow-activation`` no session is activated until the
order ``stall`` allows it; with ``--refuse-channel`` no secure channel is opened, as by a server that does not trust the
client's certificate; with ``--limits`` a request may read or monitor two nodes, and a session keep two publish requests
waiting, of which it tells the first unless it is silent; with ``--history`` it keeps what level and count were;
with ``--no-deadband`` items with a filter are refused.
"""

import asyncio
import json
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from asyncua import Server, ua
from asyncua.server.internal_session import InternalSession
from asyncua.server.internal_subscription import InternalSubscription
from asyncua.server.uaprocessor import UaProcessor

URI = "urn:test:contract"
MOST = 2
CLOCK = ua.NodeId(ua.ObjectIds.Server_ServerStatus_CurrentTime)
LIMITS = (
    ua.ObjectIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerRead,
    ua.ObjectIds.Server_ServerCapabilities_OperationLimits_MaxMonitoredItemsPerCall,
)


class Watch:
    """What the clients of the server ask for, and orders to leave it unanswered."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.session_timeouts: list[float] = []
        self.stalled = {"ActivateSession"} if "--slow-activation" in sys.argv else set()
        self.muted = False
        self.allowed = asyncio.Condition()
        self.most_publish_requests = 0
        self.sent_back = 0
        self.refused = 0
        self.filters: list[float] = []
        self.ahead_s = 0.0
        self.to_lose = 0

    async def stall(self, services: list[str]) -> None:
        async with self.allowed:
            self.stalled = set(services)
            self.allowed.notify_all()

    def install(self) -> None:
        processed, published, created, monitored, was_read, forwarded = (
            UaProcessor._process_message, InternalSubscription.publish_results, InternalSession.create_session,
            InternalSession.create_monitored_items, InternalSession.read, UaProcessor.forward_publish_response,
        )  # fmt: skip

        async def process(processor: Any, typeid: Any, requesthdr: Any, seqhdr: Any, body: Any) -> Any:
            name = ua.ObjectIdNames[typeid.Identifier].partition("Request_")[0]
            self.asked[name] += 1
            async with self.allowed:
                await self.allowed.wait_for(lambda: name not in self.stalled)
            answer = await processed(processor, typeid, requesthdr, seqhdr, body)
            self.most_publish_requests = max(self.most_publish_requests, len(processor._publish_requests))
            while "--limits" in sys.argv and len(processor._publish_requests) > MOST:
                processor._evict_publish_request()
                self.sent_back += 1
            return answer

        async def publish(subscription: Any, requestdata: Any = None) -> bool:
            return not self.muted and await published(subscription, requestdata)

        async def forward(processor: Any, result: Any, request: Any) -> None:
            if self.to_lose and result.NotificationMessage.NotificationData:
                self.to_lose -= 1
                processor._publish_requests.append(request)
            else:
                await forwarded(processor, result, request)

        async def monitor(session: Any, params: Any) -> Any:
            self._check(len(params.ItemsToCreate))
            given = [each.RequestedParameters.Filter for each in params.ItemsToCreate]
            self.filters.extend(each.DeadbandValue for each in given if hasattr(each, "DeadbandValue"))
            results = await monitored(session, params)
            if "--no-deadband" in sys.argv:
                for result, filtered in zip(results, given, strict=True):
                    if hasattr(filtered, "DeadbandValue"):
                        result.StatusCode = ua.StatusCode(ua.StatusCodes.BadMonitoredItemFilterUnsupported)
            return results

        async def read(session: Any, params: Any) -> Any:
            if session.external:
                self._check(len(params.NodesToRead))
            values = await was_read(session, params)
            for node, value in zip(params.NodesToRead, values, strict=True):
                if self.ahead_s and node.NodeId == CLOCK:
                    value.Value = ua.Variant(datetime.now(UTC) + timedelta(seconds=self.ahead_s))
            return values

        async def create(session: Any, params: Any, **options: Any) -> Any:
            self.session_timeouts.append(params.RequestedSessionTimeout)
            return await created(session, params, **options)

        def refuse(processor: Any, _algorithm: Any, sequence: Any, _body: Any) -> None:
            fault = ua.ServiceFault()
            fault.ResponseHeader.ServiceResult = ua.StatusCode(ua.StatusCodes.BadSecurityChecksFailed)
            processor.send_response(0, sequence, fault, ua.MessageType.SecureOpen)

        if "--refuse-channel" in sys.argv:
            UaProcessor.open_secure_channel = refuse
        UaProcessor._process_message = process
        UaProcessor.forward_publish_response = forward
        InternalSubscription.publish_results = publish
        InternalSession.create_session = create
        InternalSession.create_monitored_items = monitor
        InternalSession.read = read

    def _check(self, operations: int) -> None:
        if "--limits" in sys.argv and operations > MOST:
            self.refused += 1
            raise ua.uaerrors.BadTooManyOperations


async def main() -> None:
    port = int(sys.argv[1])
    watch = Watch()
    watch.install()
    server = Server()
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{port}/contract")
    if "--shift" in sys.argv:
        await server.register_namespace("urn:test:other")
    space = await server.register_namespace(URI)
    if "--limits" in sys.argv and "--silent-limits" not in sys.argv:
        for limit in LIMITS:
            await server.get_node(limit).write_value(ua.Variant(MOST, ua.VariantType.UInt32))
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

    pending = {"writes": 0}
    original = InternalSession.write

    async def write(self: Any, params: Any) -> Any:
        for item in params.NodesToWrite:
            if item.NodeId == slow_id and self.external:
                pending["writes"] += 1
                await asyncio.sleep(delay["s"])
                pending["writes"] -= 1
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
    if "--history" in sys.argv:
        for name in ("level", "count"):
            await server.historize_node_data_change(nodes[name], count=2000)
            access = ua.AccessLevel.CurrentRead.mask | ua.AccessLevel.HistoryRead.mask
            for attribute in (ua.AttributeIds.AccessLevel, ua.AttributeIds.UserAccessLevel):
                await nodes[name].write_attribute(attribute, ua.DataValue(ua.Variant(access, ua.VariantType.Byte)))
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
                    await nodes[name].write_value(
                        ua.DataValue(
                            ua.Variant(order["value"], kinds[name][1]),
                            StatusCode=ua.StatusCode(ua.UInt32(order.get("status", 0))),
                            SourceTimestamp=datetime.now(UTC) if "--history" in sys.argv else None,
                        )
                    )
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
                case "pending":
                    answer = pending["writes"]
                case "cut":
                    for client in tuple(server.bserver.clients)[: order.get("first")]:
                        client.transport.abort()
                case "mute":
                    watch.muted = order["on"]
                case "forget":
                    service = server.iserver.subscription_service
                    await service.delete_subscriptions(list(service.subscriptions))
                case "stall":
                    await watch.stall(order["services"])
                case "asked":
                    answer = watch.asked[order["service"]]
                case "state":
                    await server.get_node(ua.ObjectIds.Server_ServerStatus_State).write_value(
                        ua.Variant(order["value"], ua.VariantType.Int32)
                    )
                case "service_level":
                    await server.get_node(ua.ObjectIds.Server_ServiceLevel).write_value(
                        ua.Variant(order["value"], ua.VariantType.Byte)
                    )
                case "clock":
                    watch.ahead_s = order["ahead_s"]
                case "kept":
                    kept = server.iserver.history_manager.storage._datachanges[nodes[order["name"]].nodeid]
                    answer = [each.Value.Value for each in kept]
                case "skip":
                    for each in server.iserver.subscription_service.subscriptions.values():
                        each._notification_seq += order.get("numbers", 1)
                case "lose":
                    watch.to_lose = order["answers"]
                case "to lose":
                    answer = watch.to_lose
                case "kept back":
                    subscriptions = server.iserver.subscription_service.subscriptions.values()
                    answer = sum(len(each._not_acknowledged_results) for each in subscriptions)
                case "waiting":
                    answer = watch.most_publish_requests
                case "refused":
                    answer = watch.refused
                case "sent back":
                    answer = watch.sent_back
                case "filters":
                    answer = list(watch.filters)
                case "subscriptions":
                    every = server.iserver.subscription_service.subscriptions.values()
                    answer = sorted([each.data.RevisedPublishingInterval, len(each.monitored_item_srv._monitored_items)]
                                    for each in every)  # fmt: skip
                case "terms":
                    (terms,) = (each.data for each in server.iserver.subscription_service.subscriptions.values())
                    answer = {
                        "publishing_ms": terms.RevisedPublishingInterval,
                        "keepalives": terms.RevisedMaxKeepAliveCount,
                        "lifetime": terms.RevisedLifetimeCount,
                        "session_timeout_ms": watch.session_timeouts[-1],
                    }
                case "writes":
                    answer = list(writes)
                case "held":
                    inner = server.iserver
                    answer = [len(inner._external_sessions), len(inner.subscription_service.subscriptions)]
                case "sessions":
                    answer = sum(1 for p in server.bserver.clients if getattr(p.processor, "session", None) is not None)
            print(json.dumps({"answer": answer}), flush=True)


asyncio.run(main())
