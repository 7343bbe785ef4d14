"""Ports of the plant's PLCs: whether they are free, said before anything starts."""

import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

from app.model.errors import EnvironmentProblem


def check_ports(endpoints: Mapping[str, str]) -> None:
    """Check that the port of every endpoint (by connection id) can be served.

    Raises:
        EnvironmentProblem: one is taken, or may not be used by this user.

    """
    for connection, endpoint in endpoints.items():
        address = urlsplit(endpoint if "://" in endpoint else f"//{endpoint}")
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address.hostname or "127.0.0.1", address.port or 0))
            except OSError as error:
                raise EnvironmentProblem(
                    f"port {address.port} of PLC '{connection}' is taken ({error.strerror}); "
                    "does another demo run? Stop it, or change the endpoint in plant.toml"
                ) from None
