"""A TCP proxy between client and server that does what networks do: cuts, closed doors, silence, delay, narrow lines.

TCP keeps its bytes in order and loses none within a connection, and so does this: a black hole (``hold``) leaves the
sockets open and passes nothing on until ``release``, when all that waited comes.
"""

import asyncio
import contextlib
import socket
import struct
from typing import Final

CHUNK: Final = 65_536
UNDER_WAY: Final = 256
"""Pieces of one direction that may wait for their time; what comes beyond waits in the sender."""


class Proxy:
    """Passes connections to 127.0.0.1 on. Belongs to one event loop.

    Attributes:
        port: where it listens, on 127.0.0.1; 0 before ``start``.
        delay_s: how long every piece of data waits on its way, in both directions.
        bytes_per_s: how much one direction of a connection passes on; 0: as it comes.
        connections: how many were accepted and passed on since start.

    """

    def __init__(self, target_port: int) -> None:
        self.port = 0
        self.delay_s = 0.0
        self.bytes_per_s = 0.0
        self.connections = 0
        self._target_port = target_port
        self._server: asyncio.Server | None = None
        self._open = asyncio.Event()
        self._open.set()
        self._refuses = False
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, port: int = 0) -> int:
        """Listen on a port of its own, or on this one; return it."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self.port

    def cut(self) -> None:
        """Reset every connection, on both sides."""
        for writer in tuple(self._writers):
            _reset(writer)

    def refuse(self, refuses: bool) -> None:
        """Reset new connections at once, or take them again."""
        self._refuses = refuses

    def hold(self) -> None:
        """Pass nothing on from now, with all sockets open; new connections are taken, and hear nothing."""
        self._open.clear()

    def release(self) -> None:
        """Pass on what was held, and all that comes."""
        self._open.set()

    async def close(self) -> None:
        """End every connection and stop to listen."""
        self.cut()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or self._refuses:
            _reset(writer)
            return
        self._tasks.add(task)
        self._writers.add(writer)
        try:
            await self._serve(reader, writer)
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            self._tasks.discard(task)
            self._writers.discard(writer)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target_port)
        except OSError:
            writer.transport.abort()
            return
        self.connections += 1
        self._writers.add(far_writer)
        ways = [
            asyncio.create_task(self._pass(reader, far_writer)),
            asyncio.create_task(self._pass(far_reader, writer)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            self._writers.discard(far_writer)
            for each in (writer, far_writer):
                each.close()
                with contextlib.suppress(OSError):
                    await each.wait_closed()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one direction on until it ends; several pieces may be on their way at once, as on a long line."""
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(UNDER_WAY)
        sending = asyncio.create_task(self._send(under_way, writer))
        loop = asyncio.get_running_loop()
        free = 0.0  # when the line has taken what came before
        try:
            while data := await reader.read(CHUNK):
                free = max(free, loop.time()) + (len(data) / self.bytes_per_s if self.bytes_per_s else 0.0)
                await under_way.put((free + self.delay_s, data))
            await under_way.put((0.0, b""))
            await sending
        except OSError:
            pass
        finally:
            sending.cancel()
            await asyncio.wait({sending})

    async def _send(self, under_way: "asyncio.Queue[tuple[float, bytes]]", writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while True:
                due, data = await under_way.get()
                if not data:
                    return
                await asyncio.sleep(due - asyncio.get_running_loop().time())
                await self._open.wait()
                writer.write(data)
                await writer.drain()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close a connection with a reset: what is on its way is lost, and the other side hears so."""
    with contextlib.suppress(OSError):
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
