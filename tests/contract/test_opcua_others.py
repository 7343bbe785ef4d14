"""What only servers of other makers do (tests/servers_js/opcua): parts of arrays on request, references in portions."""

import shutil
from contextlib import AsyncExitStack
from typing import Any

import pytest
from asyncua import Client

from app.model import status as st
from app.model.browsing import Browser
from app.model.connection import ConnectionState, Protocol_
from app.model.tag import DataType, Tag
from benchmarks.proxy import Proxy
from connectors.opcua import publishing, republish
from connectors.opcua.channel import send
from connectors.opcua.notifications import read
from connectors.opcua.parts import Parts
from tests.contract.harness import OPC, OTHERS, free_port, rig

pytestmark = [
    pytest.mark.usefixtures("no_task_left"),
    pytest.mark.skipif(
        shutil.which("node") is None or not (OTHERS / "node_modules").is_dir(),
        reason="npm ci in tests/servers_js/opcua first",
    ),
]
SCRIPT = "values.js"


async def test_an_element_is_delivered_alone_and_metadata_are_those_of_the_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    delivered: list[object] = []
    pick = Parts.pick

    def picked(parts: Parts, index: int, raw: object) -> object:
        delivered.append(raw)
        return pick(parts, index, raw)

    monkeypatch.setattr(Parts, "pick", picked)
    tags = [
        Tag("THIRD", address=OPC + "array @[2]", data_type=DataType.INT, scan_ms=100),
        Tag("BEYOND", address=OPC + "array @[7]", data_type=DataType.INT, scan_ms=100),
        Tag("FLOW", address=OPC + "flow", unit="°C", low=0, high=100, scan_ms=100),
        Tag("MODE", address=OPC + "mode", data_type=DataType.STRING, scan_ms=100),
    ]
    async with rig(Protocol_.OPCUA, script=SCRIPT, tags=tags, metadata=True) as running:
        last = running.recorder.last
        await running.recorder.until_status(st.GOOD, "THIRD", "FLOW", "MODE", within_s=20)
        assert (last["THIRD"].value, last["MODE"].value) == (30, "Auto")
        await running.recorder.until_status(st.BAD_INDEX_RANGE_NO_DATA, "BEYOND")
        assert [each.en for each in running.connector.status().notices] == [
            "FLOW: range 0 to 100 in the project, 0 to 250 at the server"
        ]
        delivered.clear()
        await running.server.do("array", value=[11, 22, 33])
        await running.recorder.until(lambda: last["THIRD"].value == 33, 5)
        assert [33] in delivered
        assert [11, 22, 33] not in delivered


async def test_a_folder_of_thousands_is_browsed_to_the_limit_and_says_so() -> None:
    tags = [Tag("FLOW", address=OPC + "flow", scan_ms=100)]
    async with rig(Protocol_.OPCUA, script=SCRIPT, tags=tags) as running:
        await running.recorder.until_status(st.GOOD, "FLOW", within_s=20)
        connector = running.connector
        assert isinstance(connector, Browser)
        result = await connector.browse(OPC + "hall", 1)
        assert (len(result.nodes), result.complete) == (2000, False)
        flow = next(node for node in result.nodes if node.browse_name == "flow")
        assert (flow.metadata.unit, flow.metadata.low, flow.metadata.high) == ("°C", 0.0, 250.0)
        assert (flow.metadata.instrument_low, flow.metadata.instrument_high) == (-10.0, 300.0)
        assert running.recorder.last["FLOW"].is_good


async def test_sessions_of_lost_connections_are_closed_by_the_next_one() -> None:
    tags = [Tag("FLOW", address=OPC + "flow", scan_ms=100)]
    async with AsyncExitStack() as stack:
        proxy = Proxy(port := free_port())
        await proxy.start()
        stack.push_async_callback(proxy.close)
        endpoint = f"opc.tcp://127.0.0.1:{proxy.port}/contract"
        running = await stack.enter_async_context(
            rig(Protocol_.OPCUA, script=SCRIPT, tags=tags, started=False, endpoint=endpoint, reconnect_max_s=1)
        )
        running.server.port = port
        await running.server.start()
        for cuts in range(4):
            await running.recorder.until_status(st.GOOD, "FLOW", within_s=20)
            await running.recorder.until(lambda: running.recorder.state is ConnectionState.CONNECTED, 5)
            assert await running.server.do("held") == [1, 1], f"after {cuts} cuts"
            proxy.cut()
            await running.recorder.until_status(st.BAD_NO_COMMUNICATION, "FLOW")


async def test_answers_that_got_lost_are_had_from_the_server_again(monkeypatch: pytest.MonkeyPatch) -> None:
    lost: list[int] = []
    asked: list[int] = []
    to_lose = 0

    async def lose(client: Client, request: Any, timeout_s: float | None = None) -> bytes:
        body = await send(client, request, timeout_s)
        answer = read(body, 0)
        if len(lost) < to_lose and not answer.is_keepalive:
            lost.append(answer.sequence)
            body = await send(client, request, timeout_s)
        return body

    async def ask_again(client: Client, request: Any) -> bytes:
        asked.append(request.Parameters.RetransmitSequenceNumber)
        return await send(client, request)

    monkeypatch.setattr(publishing, "send", lose)
    monkeypatch.setattr(republish, "send", ask_again)
    tags = [Tag("THIRD", address=OPC + "array @[2]", data_type=DataType.INT, scan_ms=100)]
    async with rig(Protocol_.OPCUA, script=SCRIPT, tags=tags) as running:
        await running.recorder.until_status(st.GOOD, "THIRD", within_s=20)
        await running.recorder.until(lambda: running.recorder.state is ConnectionState.CONNECTED, 5)
        since_ns, seen = running.connector.status().since_ns, len(running.recorder.samples)
        to_lose = 2
        for value, lost_by_then in ((44, 1), (45, 2), (46, 2)):  # an answer for each
            await running.server.do("array", value=[1, 2, value])
            await running.recorder.until(lambda n=lost_by_then: len(lost) == n, 5)  # type: ignore[misc]
        await running.recorder.until(lambda: running.recorder.last["THIRD"].value == 46, 10)
        assert [sample.value for _, sample in running.recorder.samples[seen:]] == [44, 45, 46]
        assert asked == lost
        assert running.connector.status().since_ns == since_ns
