"""TCP in front of a server that listens on a socket in a folder."""

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def relayed(path: Path) -> Iterator[int]:
    """Hand the first connection to a port of this machine on to a socket; gives the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        relay = threading.Thread(target=_relay, args=(listener, path), name="relay")
        relay.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)  # where nobody came
            relay.join()


def _relay(listener: socket.socket, path: Path) -> None:
    try:
        near, _ = listener.accept()
    except OSError:
        return
    with near, socket.socket(socket.AF_UNIX) as far:
        far.connect(str(path))
        while True:
            for each in select.select([near, far], [], [])[0]:
                data = each.recv(65_536)
                if not data:
                    return
                (far if each is near else near).sendall(data)
