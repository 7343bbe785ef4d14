"""Calls that are given up: those that only read end in the engine too, others go on."""

import asyncio
import json
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import NoReturn

import pytest
from websockets.asyncio.client import connect

from app.link import messages as m
from app.link.client import EngineClient
from app.link.server import Handlers, LinkServer, Peer
from app.model.command import CommandResult
from app.model.engine import EngineEndpoint
from app.model.errors import DatabaseError
from app.model.history import HistoryEnvelope


@pytest.fixture
async def link() -> AsyncIterator[SimpleNamespace]:
    ended: asyncio.Queue[str] = asyncio.Queue()
    begun: asyncio.Queue[str] = asyncio.Queue()
    release = asyncio.Event()

    async def history(_peer: Peer, _request: m.HistoryRequest) -> HistoryEnvelope:
        begun.put_nowait("history")
        return await endless()

    async def operate(_peer: Peer, _request: m.TokenRequest) -> CommandResult:
        begun.put_nowait("operate")
        await release.wait()
        ended.put_nowait("operated")
        raise DatabaseError("away")

    async def endless() -> NoReturn:
        try:
            await asyncio.Event().wait()
        finally:
            ended.put_nowait("history")
        raise AssertionError

    handlers = Handlers()
    handlers.on(m.HISTORY, history)
    handlers.on(m.OPERATE, operate)
    server = LinkServer(handlers, "secret")
    endpoint = EngineEndpoint(1, await server.start(), "secret", "", "p", "", 0, "0")
    yield SimpleNamespace(server=server, endpoint=endpoint, ended=ended, begun=begun, release=release)
    release.set()
    await server.close()


async def test_a_call_that_is_cancelled_ends_in_the_engine(link: SimpleNamespace, no_task_left: None) -> None:
    client = await EngineClient.connect(link.endpoint)
    call = asyncio.create_task(client.history("T", 0, 1))
    await link.begun.get()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert await link.ended.get() == "history"
    await asyncio.gather(*link.server._calls, return_exceptions=True)
    [peer] = link.server._peers
    assert (peer.calls, peer.reads) == (0, {})
    await client.close()


async def test_a_call_that_acts_goes_on(link: SimpleNamespace) -> None:
    client = await EngineClient.connect(link.endpoint)
    call = asyncio.create_task(client.operate("t"))
    await link.begun.get()
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)
    async with asyncio.timeout(5):
        other = asyncio.create_task(client.history("T", 0, 1))
        await link.begun.get()
        other.cancel()
        assert await link.ended.get() == "history"  # what came later has arrived
        link.release.set()
        assert await link.ended.get() == "operated"
    await client.close()


async def test_a_client_that_leaves_takes_its_reading_calls_along(link: SimpleNamespace) -> None:
    client = await EngineClient.connect(link.endpoint)
    call = asyncio.create_task(client.history("T", 0, 1))
    await link.begun.get()
    await client.close()
    await asyncio.gather(call, return_exceptions=True)
    assert await link.ended.get() == "history"


async def test_a_withdrawn_call_is_answered_as_such_and_a_wrong_one_is_ignored(link: SimpleNamespace) -> None:
    def text(method: str, params: object, **more: int) -> str:
        return json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **more})

    async with connect(link.endpoint.url, additional_headers={"Authorization": "Bearer secret"}, proxy=None) as raw:
        for params in ({"id": 77}, {"id": [1]}, {}, [1], "x"):
            await raw.send(text("$/cancelRequest", params))
        await raw.send(text("history", {"tag": "T", "from_ns": 0, "to_ns": 1}, id=5))
        await raw.send(text("$/cancelRequest", {"id": 5}))  # perhaps before it has begun
        answer = json.loads(await raw.recv())
        assert (answer["id"], answer["error"]["code"]) == (5, -32800)
        assert answer["error"]["data"]["zh"] == "请求已取消"
