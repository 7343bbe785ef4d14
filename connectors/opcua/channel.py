"""Requests through the secure channel of a client whose answers are taken as bytes."""

from typing import Any

from asyncua import Client
from asyncua.common.utils import Buffer
from asyncua.ua.ua_binary import struct_from_binary


async def send(client: Client, request: Any, timeout_s: float | None = None) -> bytes:
    """Send a request through the client's secure channel and return the body of its answer.

    Args:
        client: connected.
        request: a request of the library's types, without its header's token and handle.
        timeout_s: deadline of the answer; the client's where it is None, none where it is 0.

    Raises:
        OSError, UaError: see faults.TROUBLE; a service that failed raises its StatusCode.

    """
    protocol = client.uaclient.protocol
    if protocol is None:
        raise ConnectionError("not connected")
    return bytes(await protocol.send_request(request, timeout_s))


async def ask(client: Client, request: Any, answer: Any) -> Any:
    """Send a request and return the parameters of its answer; ``answer`` is the library's type of it.

    Raises:
        OSError, UaError: see faults.TROUBLE.

    """
    response = from_bytes(answer, await send(client, request))
    response.ResponseHeader.ServiceResult.check()
    return response.Parameters


def from_bytes(kind: Any, body: bytes) -> Any:
    """Decode a structure of the library's types."""
    return struct_from_binary(kind, Buffer(body))
