"""A real link server in a thread of its own, that tests start, stop and start again."""

import asyncio
import os
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from app.link import messages as m
from app.link.server import Handlers, LinkServer, Peer
from app.model.engine import EngineEndpoint
from app.model.errors import AccessDenied, HaiheError
from app.model.history import HistoryColumn, HistoryEnvelope
from app.model.sample import Sample
from app.model.user import Role, Session

R = TypeVar("R")
SECRET = "of-this-test"
PASSWORD = "correct-horse-battery"
SAMPLE = Sample(4.5, 0, 1_700_000_000_123_456_789, 1_700_000_000_123_456_790)


class LinkThread:
    """Answers LOGIN, READ and HISTORY; ``hold`` makes reads and history wait until ``release``."""

    def __init__(self) -> None:
        self.logins: list[tuple[str, str, str]] = []
        self.threads: set[int] = set()
        self.logouts = threading.Event()
        self.reading = threading.Event()
        self.windows: list[m.HistoryRequest] = []
        self.asked, self.withdrawn = threading.Semaphore(0), threading.Event()
        self.refusal: HaiheError | None = None
        """What history is answered with instead of a window."""
        self._release = asyncio.Event()
        self._endpoint: EngineEndpoint | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="test-link")
        self._thread.start()
        self._server: LinkServer | None = None
        self._release.set()

    def find(self) -> EngineEndpoint | None:
        """Return where the server listens, as app.link.endpoint.find_engine does."""
        return self._endpoint

    def open(self) -> None:
        """Listen, at a port of its own each time."""
        url = self._do(self._open)
        now = time.time_ns()
        self._endpoint = EngineEndpoint(os.getpid(), url, SECRET, "", "small", "", now, "0")

    def close(self) -> None:
        """Close every connection and stop listening; the endpoint is gone."""
        self._endpoint = None
        server, self._server = self._server, None
        if server is not None:
            self._do(server.close)

    def hold(self) -> None:
        """Let reads wait."""
        self.reading.clear()
        self._loop.call_soon_threadsafe(self._release.clear)

    def release(self) -> None:
        """Answer the reads that wait."""
        self._loop.call_soon_threadsafe(self._release.set)

    def announce(self, event: m.LinkEvent) -> None:
        """Send an event to every client."""
        server = self._server
        assert server is not None
        self._loop.call_soon_threadsafe(server.announce, event)

    def end(self) -> None:
        """Close, and end the thread."""
        self.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _do(self, make: Callable[[], Awaitable[R]]) -> R:
        async def run() -> R:
            return await make()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(10)

    async def _open(self) -> str:
        handlers = Handlers()
        handlers.on(m.LOGIN, self._login)
        handlers.on(m.LOGOUT, self._logout)
        handlers.on(m.READ, self._read)
        handlers.on(m.HISTORY, self._history)
        self._server = LinkServer(handlers, SECRET)
        return await self._server.start()

    async def _login(self, peer: Peer, request: m.LoginRequest) -> Session:
        self.logins.append((request.user, request.password, request.desk))
        if request.password != PASSWORD:
            raise AccessDenied("user or password is wrong")
        now = time.time_ns()
        return Session("s1", request.user, Role.OPERATOR, request.desk, now, now + 3_600_000_000_000)

    async def _logout(self, peer: Peer, request: m.Nothing) -> m.Nothing:
        self.logouts.set()
        return m.Nothing()

    async def _read(self, peer: Peer, request: m.ReadRequest) -> Any:
        self.threads.add(threading.get_ident())
        self.reading.set()
        await self._release.wait()
        return dict.fromkeys(request.tags, SAMPLE)

    async def _history(self, peer: Peer, request: m.HistoryRequest) -> HistoryEnvelope:
        self.windows.append(request)
        at, value = request.from_ns, float(len(self.windows))
        self.asked.release()
        try:
            await self._release.wait()
        except asyncio.CancelledError:
            self.withdrawn.set()
            raise
        if self.refusal is not None:
            raise self.refusal
        column = HistoryColumn(0, 1, value, value, at, value, at, value, 0, 0, 0)
        return HistoryEnvelope(request.from_ns, 1, (column,))


@contextmanager
def link_thread() -> Iterator[LinkThread]:
    """Run a server thread that does not listen yet."""
    made = LinkThread()
    try:
        yield made
    finally:
        made.end()
