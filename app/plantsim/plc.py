"""One PLC process: serves the tags of one connection, fed by the model over stdin.

Started by the plant with ``python -m app.plantsim.plc FOLDER CONNECTION ENDPOINT``. It ends when its stdin ends,
so it never outlives the model, on any system.
"""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from app.model.connection import Protocol_
from app.model.errors import ProjectError
from app.model.plant import Plant
from app.plantsim.messages import Points, WriteHandler, decode, encode, points
from app.project import load_plant

GRACE_S = 3.0


class PlcServer(Protocol):
    """What both protocols offer."""

    async def start(self, points: Points) -> None:
        """Serve, beginning with these values."""

    async def stop(self) -> None:
        """Close the listener and every connection."""

    async def update(self, points: Points) -> None:
        """Take new values."""


class Inbox:
    """Messages of the model, read in a thread of their own so that they are drained even while frozen.

    Freezing blocks the event loop: the process stops answering, with its sockets open, on every system.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._lock = threading.Lock()
        self._pending: Points = {}
        self._thaw = threading.Event()
        self.arrived = asyncio.Event()
        self.closed = False
        self._thread = threading.Thread(target=self._read, name="inbox", daemon=True)

    def start(self) -> None:
        """Begin to read stdin."""
        self._thread.start()

    def take(self) -> Points:
        """Return the newest value of every tag that came since the last call."""
        self.arrived.clear()
        with self._lock:
            taken, self._pending = self._pending, {}
        return taken

    def _read(self) -> None:
        for line in _lines(sys.stdin.fileno()):
            message = decode(line)
            if "set" in message:
                with self._lock:
                    self._pending.update(points(message))
                self._loop.call_soon_threadsafe(self.arrived.set)
            elif message.get("freeze"):
                self._thaw.clear()
                self._loop.call_soon_threadsafe(self._thaw.wait)
            else:
                self._thaw.set()
        self.closed = True
        self._thaw.set()
        self._loop.call_soon_threadsafe(self.arrived.set)
        # A loop that does not end by itself must not leave an orphan behind.
        timer = threading.Timer(GRACE_S, os._exit, (1,))
        timer.daemon = True
        timer.start()


def _tell(message: dict[str, object]) -> None:
    sys.stdout.buffer.write(encode(message))
    sys.stdout.buffer.flush()


def make_server(plant: Plant, connection_id: str, endpoint: str, on_write: WriteHandler) -> PlcServer:
    """Return the server of a connection, with exactly the addresses that the project configures."""
    tags = [tag for tag in plant.tags.values() if tag.connection == connection_id]
    if plant.connections[connection_id].protocol is Protocol_.OPCUA:
        from app.plantsim.opcua_plc import OpcUaPlc  # only what this process needs: each takes a third of a second

        return OpcUaPlc(endpoint, tags, on_write)
    from app.plantsim.modbus_plc import ModbusPlc

    return ModbusPlc(endpoint, tags, on_write)


def _lines(descriptor: int) -> Iterator[bytes]:
    """Yield whole lines of a pipe.

    Not through ``sys.stdin.buffer``: a thread that waits inside it holds its lock, and the interpreter aborts at
    its end when it cannot have that, whatever the exit status was to be.
    """
    rest = b""
    while chunk := os.read(descriptor, 65536):
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines


async def serve(plant: Plant, connection_id: str, endpoint: str) -> None:
    """Serve until stdin ends."""
    inbox = Inbox(asyncio.get_running_loop())
    inbox.start()
    await inbox.arrived.wait()
    server = make_server(plant, connection_id, endpoint, lambda tag, value: _tell({"write": tag, "value": value}))
    await server.start(inbox.take())
    _tell({"ready": endpoint})
    while not inbox.closed:
        await inbox.arrived.wait()
        await server.update(inbox.take())
    await server.stop()


def run_plc(folder: Path, connection_id: str, endpoint: str) -> int:
    """Serve one connection of a project; returns the exit status."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the model decides
    try:
        plant = load_plant(folder)
        asyncio.run(serve(plant, connection_id, endpoint))
    except (ProjectError, OSError, RuntimeError) as error:
        sys.stderr.write(f"plant: PLC {connection_id} at {endpoint}: {error}\n")
        return 1
    return 0


def main(arguments: Sequence[str]) -> int:
    """Run from the command line of the plant."""
    folder, connection_id, endpoint = arguments
    return run_plc(Path(folder), connection_id, endpoint)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
