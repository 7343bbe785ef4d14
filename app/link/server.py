"""Engine side of the link: a WebSocket server on loopback that dispatches calls to handlers given to it."""

import asyncio
import hmac
import http
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, TypeVar

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request as HttpRequest
from websockets.http11 import Response as HttpResponse

from app.link import jsonrpc
from app.link import messages as m
from app.link.codec import CodecError, decode, encode
from app.model.errors import EnvironmentProblem, HaiheError
from app.model.text import LocalText

log = logging.getLogger(__name__)

Q = TypeVar("Q")
R = TypeVar("R")

LOOPBACK: Final = "127.0.0.1"
OUTGOING_LIMIT: Final = 2000
"""Messages that may wait for one client; a slower client is dropped, and takes a new snapshot when it comes back."""
OUTGOING_CHARACTERS: Final = 8 * m.MAX_MESSAGE_BYTES
"""Text that may wait for one client, in characters: as few as eight of the largest answers."""
CALLS_LIMIT: Final = 64
"""Calls that one client may have in progress."""

_BUSY: Final = LocalText(
    f"more than {CALLS_LIMIT} calls in progress on one link", f"同一连接上未完成的请求超过 {CALLS_LIMIT} 个"
)
_STOPPING: Final = LocalText("the engine is stopping", "引擎正在停止")
_DEFECT: Final = LocalText("the engine failed on this call; see its log", "引擎处理该请求时出错，请查看引擎日志")
_WITHDRAWN: Final = LocalText("the call was withdrawn", "请求已取消")
_TOO_LARGE: Final = LocalText("the answer is too large", "应答数据过大")


@dataclass(eq=False)
class Peer:
    """One connected client.

    Attributes:
        number: counts connections of this run.
        session_id: session that logged in over this connection, empty before.
        gone: whether it has left; set by whoever is told (``on_closed``).

    """

    number: int
    session_id: str = ""
    gone: bool = False
    outgoing: asyncio.Queue[str] = field(default_factory=lambda: asyncio.Queue(OUTGOING_LIMIT))
    waiting: int = 0
    """Characters that wait in ``outgoing``."""
    calls: int = 0
    reads: "dict[int, asyncio.Task[None]]" = field(default_factory=dict)
    """Calls in progress that may be given up, by their id."""


Handler = Callable[[Peer, Any], Awaitable[Any]]


class Handlers:
    """Table of methods; ``on`` ties a method to a handler of exactly its types."""

    def __init__(self) -> None:
        self._table: dict[str, tuple[m.Method[Any, Any], Handler]] = {}

    def on(self, method: m.Method[Q, R], handler: Callable[[Peer, Q], Awaitable[R]]) -> None:
        """Register a handler; it raises the model's errors."""
        self._table[method.name] = (method, handler)

    @property
    def table(self) -> Mapping[str, tuple[m.Method[Any, Any], Handler]]:
        """Methods and handlers by name."""
        return MappingProxyType(self._table)


class LinkServer:
    """Serves clients until closed. Everything runs in the event loop that called ``start``.

    A call that is being carried out is not cancelled when its client goes away: a write to a device is never cut
    in half. One that only reads is, then and when the client withdraws it. ``on_closed`` is told when a client is gone.
    """

    def __init__(
        self,
        handlers: Handlers,
        secret: str,
        on_closed: Callable[[Peer], None] = lambda _peer: None,
        port: int = 0,
    ) -> None:
        self._handlers = handlers
        self._secret = f"Bearer {secret}".encode()
        self._on_closed = on_closed
        self._port = port
        self._server: Server | None = None
        self._peers: dict[Peer, ServerConnection] = {}
        self._calls: set[asyncio.Task[None]] = set()
        self._count = 0
        self._closing = False
        self.dropped = 0
        """Clients dropped because they were too slow."""

    @property
    def clients(self) -> int:
        """Number of clients connected."""
        return len(self._peers)

    async def start(self) -> str:
        """Listen on loopback; return the URL."""
        self._server = await serve(
            self._serve,
            LOOPBACK,
            self._port,
            origins=[None],  # a web page of a browser on this computer sends an origin, and is refused
            compression=None,
            process_request=self._authorise,
            server_header=None,
            max_size=m.MAX_REQUEST_BYTES,
            ping_interval=10,
            ping_timeout=20,
            close_timeout=1,
        )
        port = self._server.sockets[0].getsockname()[1]
        return f"ws://{LOOPBACK}:{port}"

    async def close(self) -> None:
        """Stop listening, take no more calls, let those in progress end for a moment, then close every connection."""
        if self._server is None:
            return
        self._closing = True
        self._server.close(close_connections=False)
        if self._calls:
            await asyncio.wait(self._calls, timeout=2)
        for call in self._calls:
            call.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)
        self._server.close()
        await asyncio.gather(*(connection.close(1001) for connection in list(self._peers.values())))
        await self._server.wait_closed()
        self._server = None

    def announce(self, event: m.LinkEvent) -> None:
        """Send an event to every client; never blocks."""
        if self._peers:
            text = jsonrpc.dump_notification("event", m.encode_event(event))
            for peer in list(self._peers):
                self._send(peer, text)

    def tell(self, peer: Peer, event: m.LinkEvent) -> None:
        """Send an event to one client, if it is still there; never blocks."""
        if peer in self._peers:
            self._send(peer, jsonrpc.dump_notification("event", m.encode_event(event)))

    def _authorise(self, connection: ServerConnection, request: HttpRequest) -> HttpResponse | None:
        given = ",".join(request.headers.get_all("Authorization")).encode()
        if hmac.compare_digest(given, self._secret):
            return None
        log.warning("a client without the secret of this run was refused")
        return connection.respond(http.HTTPStatus.UNAUTHORIZED, "the secret of this engine is missing or wrong\n")

    async def _serve(self, connection: ServerConnection) -> None:
        self._count += 1
        peer = Peer(self._count)
        self._peers[peer] = connection
        sender = asyncio.create_task(self._pump(peer, connection), name=f"link-send-{peer.number}")
        try:
            async for text in connection:
                self._take(peer, text)
        except ConnectionClosed:
            log.debug("client %d broke off", peer.number)
        finally:
            self._peers.pop(peer, None)
            for call in tuple(peer.reads.values()):
                call.cancel()
            self._on_closed(peer)  # at once: its session and its selections must not outlast it
            sender.cancel()
            await asyncio.gather(sender, return_exceptions=True)

    async def _pump(self, peer: Peer, connection: ServerConnection) -> None:
        try:
            while True:
                text = await peer.outgoing.get()
                await connection.send(text)
                peer.waiting -= len(text)
        except ConnectionClosed:
            return

    def _send(self, peer: Peer, text: str) -> None:
        connection = self._peers.get(peer)
        if connection is None:
            return
        peer.waiting += len(text)
        if peer.waiting <= OUTGOING_CHARACTERS and not peer.outgoing.full():
            peer.outgoing.put_nowait(text)
            return
        self.dropped += 1
        self._peers.pop(peer)
        messages, size = peer.outgoing.qsize(), peer.waiting
        log.warning(
            "client %d is too slow and was dropped (%d messages waiting, %d characters)", peer.number, messages, size
        )
        connection.transport.abort()

    def _take(self, peer: Peer, text: str | bytes) -> None:
        try:
            message = jsonrpc.load(text)
        except jsonrpc.RpcError as error:
            self._send(peer, jsonrpc.dump_error(None, error))
            return
        if isinstance(message, jsonrpc.Notification):
            self._withdraw(peer, message)
        if not isinstance(message, jsonrpc.Request):
            return
        if self._closing or peer.calls >= CALLS_LIMIT:
            refusal = EnvironmentProblem(_STOPPING if self._closing else _BUSY)
            self._send(peer, jsonrpc.dump_error(message.id, jsonrpc.to_rpc_error(refusal)))
            return
        peer.calls += 1
        task = asyncio.create_task(self._answer(peer, message), name=f"link-call-{message.method}")
        self._calls.add(task)
        task.add_done_callback(lambda _: self._ended(peer, message.id, task))
        entry = self._handlers.table.get(message.method)
        if entry is not None and entry[0].only_reads:
            peer.reads[message.id] = task

    def _ended(self, peer: Peer, number: int, task: "asyncio.Task[None]") -> None:
        self._calls.discard(task)
        peer.calls -= 1
        if peer.reads.get(number) is task:
            del peer.reads[number]

    def _withdraw(self, peer: Peer, message: jsonrpc.Notification) -> None:
        number = message.params.get("id") if isinstance(message.params, dict) else None
        if message.method == jsonrpc.CANCEL_REQUEST and type(number) is int and number in peer.reads:
            peer.reads.pop(number).cancel()
            self._send(peer, jsonrpc.dump_error(number, jsonrpc.RpcError(jsonrpc.WITHDRAWN, _WITHDRAWN)))

    async def _answer(self, peer: Peer, request: jsonrpc.Request) -> None:
        self._send(peer, await self._carry_out(peer, request))

    async def _carry_out(self, peer: Peer, request: jsonrpc.Request) -> str:
        entry = self._handlers.table.get(request.method)
        if entry is None:
            name = request.method[:64]
            words = LocalText(f"method '{name}' is unknown to this engine", f"引擎不支持“{name}”")
            return jsonrpc.dump_error(request.id, jsonrpc.RpcError(jsonrpc.UNKNOWN_METHOD, words))
        method, handler = entry
        try:
            params = decode(method.request, request.params, "params")
        except CodecError as problem:
            return jsonrpc.dump_error(request.id, jsonrpc.RpcError(jsonrpc.INVALID_PARAMS, str(problem)))
        try:
            text = jsonrpc.dump_result(request.id, encode(await handler(peer, params)))
        except HaiheError as refusal:
            return jsonrpc.dump_error(request.id, jsonrpc.to_rpc_error(refusal))
        except Exception:  # top of a call: a defect must answer its client, and must not end the engine
            log.exception("call '%s' failed", request.method)
            return jsonrpc.dump_error(request.id, jsonrpc.RpcError(jsonrpc.INTERNAL_ERROR, _DEFECT))
        if len(text) * 3 > m.MAX_MESSAGE_BYTES and len(text.encode()) > m.MAX_MESSAGE_BYTES:
            return jsonrpc.dump_error(request.id, jsonrpc.RpcError(jsonrpc.TOO_LARGE, _TOO_LARGE))
        return text
