"""One connection of a Modbus TCP device that answers every read at once."""

import asyncio
import struct
from collections.abc import Callable


class DeviceLine(asyncio.Protocol):
    """``read`` gives the bytes of so many registers or coils (start, count), whatever the function and the unit."""

    def __init__(self, read: Callable[[int, int], bytes]) -> None:
        self._read = read
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each whole request."""
        self._received += data
        while len(self._received) >= 12:
            request, self._received = self._received[:12], self._received[12:]
            transaction, _, _, unit, function, start, count = struct.unpack(">HHHBBHH", request)
            body = self._read(start, count)
            self._transport.write(
                struct.pack(">HHHBBB", transaction, 0, len(body) + 3, unit, function, len(body)) + body
            )
