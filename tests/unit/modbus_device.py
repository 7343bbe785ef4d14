"""A Modbus TCP device whose answers are a script of bytes: for faults that no real server shows on demand."""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

Answer = Callable[[int, int, bytes], bytes | None]
"""Transaction, unit and PDU of a request to the whole frame that is sent back, or None for silence."""


def frame(transaction: int, unit: int, body: bytes) -> bytes:
    return struct.pack(">HHHB", transaction, 0, len(body) + 1, unit) + body


@asynccontextmanager
async def device(answer: Answer, sockets: list[int] | None = None, owner: Any = None) -> AsyncIterator[int]:
    """Serve; ``sockets`` holds a number for each open one, ``owner.stop_device`` ends the listening."""
    sockets = [] if sockets is None else sockets

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sockets.append(id(writer))
        try:
            while True:
                transaction, _, length, unit = struct.unpack(">HHHB", await reader.readexactly(7))
                reply = answer(transaction, unit, await reader.readexactly(length - 1))
                if reply is not None:
                    writer.write(reply)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            sockets.remove(id(writer))
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    if owner is not None:
        owner.stop_device = server.close
    port = server.sockets[0].getsockname()[1]
    try:
        yield port
    finally:
        server.close()
        await server.wait_closed()
