"""How often a connector knocks at a door that is shut again at once."""

import asyncio
from itertools import pairwise

import pytest

import connectors.modbus
import connectors.opcua
from app.model.clock import SystemClock
from app.model.connection import Binding, Connection, ConnectionState, ConnectorFactory, Protocol_
from app.model.tag import Tag
from tests.contract.harness import Recorder

pytestmark = pytest.mark.usefixtures("no_task_left")


@pytest.mark.parametrize(
    ("create", "protocol", "endpoint", "address"),
    [
        (connectors.modbus.create, Protocol_.MODBUS_TCP, "127.0.0.1:{}", "hr0"),
        (connectors.opcua.create, Protocol_.OPCUA, "opc.tcp://127.0.0.1:{}/x", "ns=2;s=x"),
    ],
    ids=["modbus", "opcua"],
)
async def test_attempts_are_further_and_further_apart(
    create: ConnectorFactory, protocol: Protocol_, endpoint: str, address: str
) -> None:
    clock = SystemClock()
    knocks: list[float] = []

    async def shut(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        knocks.append(clock.monotonic())
        writer.close()

    async with await asyncio.start_server(shut, "127.0.0.1", 0) as server:
        recorder = Recorder([Tag("T", address=address)])
        where = endpoint.format(server.sockets[0].getsockname()[1])
        connector = create(
            Connection("c", protocol, where), [Binding(0, recorder.tags[0])],
            recorder.sink, recorder.on_status, clock,
        )  # fmt: skip
        task = asyncio.create_task(connector.run())
        await recorder.until(lambda: len(knocks) >= 4, 15)
        assert recorder.state is ConnectionState.LOST
        assert ConnectionState.CONNECTED not in {status.state for status in recorder.states}
        task.cancel()
        await asyncio.wait({task})
    waits = [after - before for before, after in pairwise(knocks[:4])]
    assert [wait >= least for wait, least in zip(waits, (0.45, 0.95, 1.95), strict=True)] == [True] * 3, waits
