"""Options of an OPC UA connection."""

import math
from dataclasses import dataclass

from app.model.connection import Connection
from app.model.errors import ProjectError
from connectors.opcua.security import OPTIONS
from connectors.settings import check_names, integer, number

_NAMES = frozenset(
    {
        "publishing_ms",
        "queue_size",
        "timeout_s",
        "connect_timeout_s",
        "session_timeout_s",
        "reconnect_max_s",
        "items_per_request",
        "retry_s",
        *OPTIONS,
    }
)


@dataclass(frozen=True, slots=True)
class OpcUaSettings:
    """Validated options.

    Attributes:
        publishing_ms: publishing interval asked of the server.
        queue_size: values the server may keep for an item between two publishings.
        timeout_s: deadline of one request.
        connect_timeout_s: hard deadline of one whole attempt to connect.
        session_timeout_s: how long the server keeps a session that it does not hear from.
        reconnect_max_s: longest wait between attempts to connect.
        items_per_request: monitored items created by one request.
        retry_s: how often items that the server refused are tried again.

    """

    publishing_ms: float
    queue_size: int
    timeout_s: float
    connect_timeout_s: float
    session_timeout_s: float
    reconnect_max_s: float
    items_per_request: int
    retry_s: float

    @classmethod
    def of(cls, connection: Connection) -> "OpcUaSettings":
        """Read the options of a connection.

        Raises:
            ProjectError: an option is unknown or out of range, or the endpoint is not ``opc.tcp://host:port/…``.

        """
        options = connection.options
        check_names(options, _NAMES, connection.id)
        if not connection.endpoint.startswith("opc.tcp://"):
            raise ProjectError(
                f"connection '{connection.id}': endpoint '{connection.endpoint}' must begin with opc.tcp://"
            )
        return cls(
            publishing_ms=number(options, "publishing_ms", 500, 10, 60_000),
            queue_size=integer(options, "queue_size", 10, 2, 10_000),
            timeout_s=number(options, "timeout_s", 4, 0.2, 60),
            connect_timeout_s=number(options, "connect_timeout_s", 10, 0.5, 120),
            session_timeout_s=number(options, "session_timeout_s", 60, 60, 150),
            reconnect_max_s=number(options, "reconnect_max_s", 5, 0.1, 300),
            items_per_request=integer(options, "items_per_request", 500, 1, 10_000),
            retry_s=number(options, "retry_s", 10, 0.5, 3600),
        )

    @property
    def keepalive_count(self) -> int:
        """Publishing intervals after which a silent server says that it lives: about a second."""
        return max(1, math.ceil(1000 / self.publishing_ms))

    @property
    def lifetime_count(self) -> int:
        """Publishing intervals without a request after which the server forgets the subscription: about a minute."""
        return max(3 * self.keepalive_count, math.ceil(60_000 / self.publishing_ms))
