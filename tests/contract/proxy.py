"""A TCP proxy between client and server that cuts, swallows, delays and slows down; in a thread of its own."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any

from tests.contract.harness import free_port

_CHUNK = 4096


class Proxy:
    """Listens before anything is disturbed, and goes on listening while it disturbs.

    Attributes:
        port: where it listens on 127.0.0.1.

    """

    def __init__(self, target: int) -> None:
        self.port = free_port()
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy")
        self._pairs: set[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._open = asyncio.Event()
        self._delay_s = 0.0
        self._bytes_per_s = 0.0
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> "Proxy":
        self._thread.start()
        await self._do(self._listen)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._do(self._close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        await asyncio.to_thread(self._thread.join)
        self._loop.close()

    async def cut(self) -> int:
        """Reset all connections; return how many there were."""
        return int(await self._do(self._cut))

    async def swallow(self, on: bool) -> None:
        """Pass nothing on while the sockets stay open; what came meanwhile goes on afterwards."""
        await self._do(self._set_open, not on)

    async def delay(self, seconds: float) -> None:
        """Pass every portion on so much later."""
        await self._do(self._set_pace, seconds, self._bytes_per_s)

    async def throttle(self, bytes_per_s: float) -> None:
        """Pass on so much a second; 0: as it comes."""
        await self._do(self._set_pace, self._delay_s, bytes_per_s)

    async def _do(self, what: Callable[..., Coroutine[Any, Any, Any]], *arguments: Any) -> Any:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(what(*arguments), self._loop))

    async def _listen(self) -> None:
        self._open.set()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def _close(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _cut(self) -> int:
        pairs = tuple(self._pairs)
        for pair in pairs:
            for writer in pair:
                writer.transport.abort()
        return len(pairs)

    async def _set_open(self, passes: bool) -> None:
        if passes:
            self._open.set()
        else:
            self._open.clear()

    async def _set_pace(self, delay_s: float, bytes_per_s: float) -> None:
        self._delay_s, self._bytes_per_s = delay_s, bytes_per_s

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            there_reader, there = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            self._tasks.discard(task)
            return
        pair = (writer, there)
        self._pairs.add(pair)
        try:
            await asyncio.gather(self._pass(reader, there), self._pass(there_reader, writer))
        finally:
            self._pairs.discard(pair)
            self._tasks.discard(task)
            for each in pair:
                each.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(_CHUNK):
                await self._open.wait()
                pause_s = self._delay_s + (len(data) / self._bytes_per_s if self._bytes_per_s else 0.0)
                if pause_s:
                    await asyncio.sleep(pause_s)
                writer.write(data)
                await writer.drain()
        writer.transport.abort()
