"""Copies of a project with other ports, for tests and for several plants on one machine."""

import shutil
import socket
from collections.abc import Iterable, Mapping
from pathlib import Path

import tomlkit

from app.model.connection import Protocol_


def free_ports(count: int) -> list[int]:
    """Return loopback ports that are free now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]
    finally:
        for each in sockets:
            each.close()


def with_port(protocol: Protocol_, endpoint: str, port: int) -> str:
    """Return an endpoint (``opc.tcp://host:port/path`` or ``host:port``) with another port."""
    if protocol is Protocol_.MODBUS_TCP:
        return f"{endpoint.rpartition(':')[0]}:{port}"
    scheme, _, rest = endpoint.partition("://")
    authority, slash, path = rest.partition("/")
    return f"{scheme}://{authority.rpartition(':')[0]}:{port}{slash}{path}"


def write_project(target: Path, ports: Mapping[str, int] | Iterable[int], source: Path | None = None) -> Path:
    """Copy a project (the demo plant where none is given) with other ports; returns the new folder.

    ``ports`` is by connection id, or in the order of plant.toml. ``target`` must not exist.
    """
    from app.plantsim.main import DEMO_PROJECT

    shutil.copytree(source or DEMO_PROJECT, target)
    file = target / "plant.toml"
    document = tomlkit.parse(file.read_text(encoding="utf-8"))
    connections = document["connection"].unwrap()
    ids = [str(connection["id"]) for connection in connections]
    chosen = dict(ports) if isinstance(ports, Mapping) else dict(zip(ids, ports, strict=True))
    for index, connection in enumerate(connections):
        if connection["id"] in chosen:
            endpoint = with_port(Protocol_(connection["protocol"]), connection["endpoint"], chosen[connection["id"]])
            document["connection"][index]["endpoint"] = endpoint
    file.write_text(tomlkit.dumps(document), encoding="utf-8")
    return target
