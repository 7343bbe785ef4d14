"""Options of an OPC UA connection."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.model.address import AddressError
from app.model.connection import Connection
from app.model.errors import ProjectError
from app.model.external_terms import ALARM_OPTIONS
from app.model.opcua_address import OpcUaAddress
from connectors.heartbeat import OPTIONS as HEARTBEAT_OPTIONS
from connectors.heartbeat import HeartbeatSettings
from connectors.opcua.security import OPTIONS
from connectors.settings import check_names, flag, integer, number, text

_SCAN_CLASS: Final = re.compile(r"(\d{1,7})/(\d{1,5})/(\d{1,5})$")
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
        *HEARTBEAT_OPTIONS,
        "publish_requests",
        "sessions",
        "items_per_subscription",
        "scan_classes",
        "deadband_at_server",
        "locales",
        "alarms",
        "alarm_queue",
        *ALARM_OPTIONS,
        "metadata",
        "endpoints",
        "backfill_max_h",
    }
)


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of a subscription: publishing interval (ms), and the least queue of its items at the server (values)."""

    publishing_ms: float
    queue_size: int

    @property
    def keepalive_count(self) -> int:
        """Publishing intervals after which a silent server says that it lives: about a second."""
        return max(1, math.ceil(1000 / self.publishing_ms))

    @property
    def lifetime_count(self) -> int:
        """Publishing intervals without a request after which the server forgets the subscription: about a minute."""
        return max(3 * self.keepalive_count, math.ceil(60_000 / self.publishing_ms))

    def queue(self, scan_ms: float) -> int:
        """Return the queue for values that come every ``scan_ms``: of two publishing intervals at least."""
        return max(self.queue_size, 2 * math.ceil(self.publishing_ms / max(1.0, scan_ms)))


@dataclass(frozen=True, slots=True)
class AlarmSettings:
    """Whose alarms are taken over.

    Attributes:
        notifier: ``server``, or the node whose events are asked for (OpcUaAddress); empty: none.
        queue: events that the server may keep between two publishings.
        retry_s: how often what the server refused is tried again.

    """

    notifier: str
    queue: int
    retry_s: float


@dataclass(frozen=True, slots=True)
class OpcUaSettings:
    """Validated options.

    Attributes:
        publishing_ms: publishing interval asked of the server.
        queue_size: least number of values that the server may keep for an item between two publishings.
        timeout_s: deadline of one request.
        connect_timeout_s: hard deadline of one whole attempt to connect.
        session_timeout_s: how long the server keeps a session that it does not hear from.
        reconnect_max_s: longest wait between attempts to connect.
        items_per_request: monitored items created by one request.
        retry_s: how often items that the server refused are tried again.
        publish_requests: requests of a session that wait at the server for notifications.
        sessions: sessions that the items are divided over.
        items_per_subscription: most monitored items of one subscription.
        scan_classes: terms of tags by their scan_ms, where they are others than the connection's.
        deadband_at_server: whether the server is asked to leave out changes within a tag's deadband.
        locales: languages in which the server's texts are wanted, the first one best.
        alarms: whose alarms are taken over.
        endpoints: of other servers with the same data.
        backfill_max_h: longest part of a gap (hours) that is filled from the server's history; 0: none is.
        metadata: whether units, ranges and texts of enumerations are read and compared with the project.

    """

    publishing_ms: float
    queue_size: int
    timeout_s: float
    connect_timeout_s: float
    session_timeout_s: float
    reconnect_max_s: float
    items_per_request: int
    retry_s: float
    publish_requests: int
    sessions: int
    items_per_subscription: int
    scan_classes: Mapping[int, Terms]
    deadband_at_server: bool
    locales: str
    alarms: AlarmSettings
    metadata: bool
    endpoints: tuple[str, ...]
    backfill_max_h: float

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
        retry_s = number(options, "retry_s", 10, 0.5, 3600)
        HeartbeatSettings.of(connection)
        return cls(
            publishing_ms=number(options, "publishing_ms", 500, 10, 60_000),
            queue_size=integer(options, "queue_size", 10, 2, 10_000),
            timeout_s=number(options, "timeout_s", 4, 0.2, 60),
            connect_timeout_s=number(options, "connect_timeout_s", 10, 0.5, 120),
            session_timeout_s=number(options, "session_timeout_s", 60, 60, 150),
            reconnect_max_s=number(options, "reconnect_max_s", 5, 0.1, 300),
            items_per_request=integer(options, "items_per_request", 500, 1, 10_000),
            retry_s=retry_s,
            publish_requests=integer(options, "publish_requests", 4, 1, 20),
            sessions=integer(options, "sessions", 1, 1, 10),
            items_per_subscription=integer(options, "items_per_subscription", 10_000, 10, 100_000),
            scan_classes=_scan_classes(text(options, "scan_classes", "")),
            deadband_at_server=flag(options, "deadband_at_server", False),
            locales=text(options, "locales", "zh-CN en"),
            alarms=AlarmSettings(
                _notifier(text(options, "alarms", "")), integer(options, "alarm_queue", 10_000, 10, 1_000_000), retry_s
            ),
            metadata=flag(options, "metadata", False),
            backfill_max_h=number(options, "backfill_max_h", 0, 0, 168),
            endpoints=_endpoints(text(options, "endpoints", "")),
        )

    def terms(self, scan_ms: int) -> Terms:
        """Return the terms of tags with a scan period (ms)."""
        return self.scan_classes.get(scan_ms, Terms(self.publishing_ms, self.queue_size))


def _notifier(named: str) -> str:
    if named not in {"", "server"}:
        try:
            OpcUaAddress.parse(named)
        except AddressError as error:
            raise ProjectError(
                f"option 'alarms': expected server, or a node such as nsu=urn:plc;s=hall: {error}"
            ) from None
    return named


def _endpoints(listed: str) -> tuple[str, ...]:
    endpoints = tuple(filter(None, re.split(r"[,\s]+", listed)))
    wrong = next((each for each in endpoints if not each.startswith("opc.tcp://")), None)
    if wrong is not None:
        raise ProjectError(f"option 'endpoints': '{wrong}' is not allowed; expected opc.tcp://host:port/… of each")
    return endpoints


def _scan_classes(listed: str) -> dict[int, Terms]:
    classes = {}
    for part in filter(None, re.split(r"[,\s]+", listed)):
        match = _SCAN_CLASS.match(part)
        if match is None or not 10 <= int(match[2]) <= 60_000 or not 2 <= int(match[3]) <= 10_000:
            raise ProjectError(
                f"option 'scan_classes': '{part}' is not allowed; expected scan_ms/publishing_ms/queue_size such as "
                "100/200/10 (publishing_ms 10 to 60000, queue_size 2 to 10000)"
            )
        classes[int(match[1])] = Terms(float(match[2]), int(match[3]))
    return classes
