"""Client and server over a real socket on loopback."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from types import SimpleNamespace

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from app.link import messages as m
from app.link import server as server_module
from app.link.client import EngineClient
from app.link.server import Handlers, LinkServer, Peer
from app.model.alarm import AnnunciationState
from app.model.alarm_state import AlarmSnapshot
from app.model.command import CommandRefused, CommandResult, RefusalReason, Selection
from app.model.engine import EngineEndpoint
from app.model.errors import AccessDenied, DatabaseError, EnvironmentProblem, LinkError
from app.model.journal import JournalPage, JournalQuery
from app.model.sample import Sample
from app.model.text import LocalText
from app.model.user import Role, Session

SAMPLE = Sample(0.1, 0, 1_700_000_000_123_456_789, 1_700_000_000_123_456_790)


class FakeEngine:
    """Handlers that answer from memory."""

    def __init__(self) -> None:
        self.closed: asyncio.Queue[int] = asyncio.Queue()
        self.release = asyncio.Event()
        self.operated: list[str] = []
        self.handlers = Handlers()
        self.handlers.on(m.LOGIN, self.login)
        self.handlers.on(m.READ, self.read)
        self.handlers.on(m.SELECT, self.select)
        self.handlers.on(m.OPERATE, self.operate)
        self.handlers.on(m.JOURNAL, self.journal)

    async def login(self, peer: Peer, request: m.LoginRequest) -> Session:
        if request.password != "right":
            raise AccessDenied("user or password is wrong")
        peer.session_id = "s1"
        return Session("s1", request.user, Role.OPERATOR, request.desk, 1, 2)

    async def read(self, peer: Peer, request: m.ReadRequest) -> dict[str, Sample]:
        if request.tags == ("defect",):
            raise ZeroDivisionError
        if request.tags == ("environment",):
            raise EnvironmentProblem("disk full")
        return dict.fromkeys(request.tags, SAMPLE)

    async def select(self, peer: Peer, request: m.SelectRequest) -> Selection:
        raise CommandRefused(RefusalReason.INTERLOCK, LocalText("level low", "液位低"), detail="suction")

    async def operate(self, peer: Peer, request: m.TokenRequest) -> CommandResult:
        await self.release.wait()
        self.operated.append(request.token)
        raise DatabaseError("away")

    async def journal(self, peer: Peer, request: JournalQuery) -> JournalPage:
        raise DatabaseError("away")


@pytest.fixture
async def link() -> AsyncIterator[SimpleNamespace]:
    engine = FakeEngine()
    server = LinkServer(engine.handlers, "secret", lambda peer: engine.closed.put_nowait(peer.number))
    url = await server.start()
    endpoint = EngineEndpoint(1, url, "secret", "", "p", "", 0, "0")
    yield SimpleNamespace(engine=engine, server=server, endpoint=endpoint)
    engine.release.set()
    await server.close()


async def test_calls_and_errors(link: SimpleNamespace) -> None:
    client = await EngineClient.connect(link.endpoint)
    assert await client.read(["A", "B"]) == {"A": SAMPLE, "B": SAMPLE}
    assert (await client.login("anna", "right", "desk")).user == "anna"
    with pytest.raises(AccessDenied, match="password is wrong"):
        await client.login("anna", "wrong", "desk")
    with pytest.raises(CommandRefused) as refused:
        await client.select("P1.START")
    assert (refused.value.reason, refused.value.text.zh, refused.value.detail) == (
        RefusalReason.INTERLOCK, "液位低", "suction",
    )  # fmt: skip
    with pytest.raises(DatabaseError, match="away"):
        await client.journal(JournalQuery())
    with pytest.raises(EnvironmentProblem, match="disk full"):
        await client.read(["environment"])
    with pytest.raises(LinkError, match="unknown"):
        await client.status()
    await client.close()
    assert client.closed.is_set()
    with pytest.raises(LinkError, match="closed"):
        await client.read([])


async def test_a_defect_answers_its_client_and_ends_nothing(
    link: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    client = await EngineClient.connect(link.endpoint)
    with pytest.raises(LinkError, match="see its log"):
        await client.read(["defect"])
    assert "ZeroDivisionError" in caplog.text
    assert await client.read(["A"]) == {"A": SAMPLE}
    await client.close()


async def test_wrong_secret_and_web_pages_are_refused(link: SimpleNamespace) -> None:
    with pytest.raises(LinkError, match="401"):
        await EngineClient.connect(replace(link.endpoint, secret="guess"))
    header = {"Authorization": "Bearer secret"}
    with pytest.raises(InvalidStatus, match="403"):
        await connect(link.endpoint.url, additional_headers=header, origin="http://evil.example", proxy=None)  # type: ignore[arg-type]


async def test_no_engine() -> None:
    with pytest.raises(LinkError, match="cannot be reached"):
        await EngineClient.connect(EngineEndpoint(1, "ws://127.0.0.1:9", "", "", "p", "", 0, "0"))


async def test_events_reach_every_client(link: SimpleNamespace) -> None:
    queues: list[asyncio.Queue[m.LinkEvent]] = [asyncio.Queue(), asyncio.Queue()]
    clients = [await EngineClient.connect(link.endpoint, queue.put_nowait) for queue in queues]
    for client in clients:  # the server has taken both in
        await client.read([])
    event = m.AlarmChanged(AlarmSnapshot("A.H", "e1", AnnunciationState.UNACKNOWLEDGED, True, 5))
    link.server.announce(event)
    assert [await queue.get() for queue in queues] == [event, event]
    for client in clients:
        await client.close()


async def test_server_going_away_fails_calls_in_progress(link: SimpleNamespace) -> None:
    client = await EngineClient.connect(link.endpoint)
    call = asyncio.create_task(client.operate("t"))
    await client.read([])
    closing = asyncio.create_task(link.server.close())
    with pytest.raises(LinkError):
        await call
    await client.closed.wait()
    await closing
    await client.close()


async def test_a_server_that_closes_takes_no_more_calls(link: SimpleNamespace) -> None:
    client, other = [await EngineClient.connect(link.endpoint) for _ in range(2)]
    first = asyncio.create_task(client.operate("first"))
    await client.read([])
    closing = asyncio.create_task(link.server.close())
    await asyncio.sleep(0)  # it waits for the call in progress
    with pytest.raises(EnvironmentProblem, match="stopping") as refused:
        await other.operate("second")
    assert "引擎正在停止" in refused.value.text.zh
    link.engine.release.set()
    with pytest.raises(DatabaseError):
        await first
    await closing
    assert link.engine.operated == ["first"]
    await asyncio.gather(client.close(), other.close())


async def test_a_call_goes_on_when_its_client_leaves(link: SimpleNamespace) -> None:
    client = await EngineClient.connect(link.endpoint)
    call = asyncio.create_task(client.operate("t"))
    await client.read([])
    await client.close()
    with pytest.raises(LinkError):
        await call
    assert await link.engine.closed.get() == 1
    link.engine.release.set()
    await asyncio.gather(*link.server._calls)
    assert link.engine.operated == ["t"]


async def test_a_slow_client_is_dropped(link: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "OUTGOING_LIMIT", 5)
    client = await EngineClient.connect(link.endpoint)
    await client.read([])
    event = m.AlarmChanged(AlarmSnapshot("A.H", "e1", AnnunciationState.UNACKNOWLEDGED, True, 5))
    for _ in range(2100):
        link.server.announce(event)
    assert link.server.dropped == 1
    await client.closed.wait()
    await client.close()


async def test_a_client_that_asks_and_does_not_read_is_dropped_before_its_answers_fill_the_memory(
    link: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "OUTGOING_CHARACTERS", 2_000_000)
    names = json.dumps([f"LZ.T{number}" for number in range(1000)])  # an answer of some 100 kB
    ask = f'{{"jsonrpc":"2.0","id":%d,"method":"read","params":{{"tags":{names}}}}}'
    reader = await EngineClient.connect(link.endpoint)
    header = {"Authorization": "Bearer secret"}
    async with connect(link.endpoint.url, additional_headers=header, proxy=None, max_queue=1) as deaf:

        async def ask_for_ever() -> None:
            for number in range(2000):
                await deaf.send(ask % number)

        with pytest.raises(ConnectionClosed):
            await ask_for_ever()
        assert link.server.dropped == 1
    assert await reader.read(["A"]) == {"A": SAMPLE}
    await reader.close()


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("{", -32700),
        ("[1]", -32600),
        ('{"jsonrpc":"2.0","id":1,"method":"nothing"}', -32601),
        ('{"jsonrpc":"2.0","id":1,"method":"read","params":{"tags":5}}', -32602),
        ('{"jsonrpc":"2.0","id":1,"method":"read","params":{"tags":["\\ud800"]}}', -32602),
        ('{"jsonrpc":"2.0","id":"x","method":"read"}', -32600),
        ("[" * 100_000, -32700),
    ],
)
async def test_broken_requests_are_answered(link: SimpleNamespace, sent: str, code: int) -> None:
    async with connect(link.endpoint.url, additional_headers={"Authorization": "Bearer secret"}, proxy=None) as raw:
        await raw.send(sent)
        assert f'"code":{code}' in str(await raw.recv())


async def test_too_large_a_request_closes_the_link(link: SimpleNamespace) -> None:
    async with connect(link.endpoint.url, additional_headers={"Authorization": "Bearer secret"}, proxy=None) as raw:
        await raw.send("x" * (m.MAX_REQUEST_BYTES + 1))
        with pytest.raises(ConnectionClosed):
            await raw.recv()
    client = await EngineClient.connect(link.endpoint)
    assert await client.read(["A"]) == {"A": SAMPLE}
    await client.close()
