"""Options of a Modbus connection."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.model.connection import Connection, Protocol_
from app.model.errors import ProjectError
from app.model.keystore import Keystore, SecretKind
from connectors import heartbeat
from connectors.modbus.path import PARITIES, Path, SerialPath, TcpPath
from connectors.modbus.plan import PlanLimits, Span
from connectors.modbus.tls import TLS_NAMES, TlsSettings
from connectors.settings import Options, check_names, flag, integer, number, text

WRITE_FUNCTIONS: Final = frozenset({5, 6, 15, 16, 22})
_NAMES: Final = frozenset(
    {
        "timeout_s",
        "max_registers",
        "max_bits",
        "max_gap",
        "unit_max_registers",
        "unit_max_bits",
        "forbidden",
        "reconnect_max_s",
        "refresh_s",
        "retry_s",
        "request_delay_ms",
        "close_after_poll",
        "write_functions",
        *heartbeat.OPTIONS,
    }
)
_SERIAL_NAMES: Final = frozenset({"baud", "parity", "stop_bits"})
_FORBIDDEN: Final = re.compile(r"^(?:(\d{1,3})/)?(co|di|hr|ir)(\d{1,5})(?:-(\d{1,5}))?$")
_UNIT_LIMIT: Final = re.compile(r"^(\d{1,3}):(\d{1,4})$")


@dataclass(frozen=True, slots=True)
class ModbusSettings:
    """Validated options.

    Attributes:
        path: how the line is reached.
        timeout_s: deadline of one read, and of opening the line (s).
        limits: how reads are combined.
        reconnect_max_s: longest wait between attempts to connect (s).
        refresh_s: a value that does not change is delivered again after this time (s).
        retry_s: how often an illegal address is tried again, and the longest rest of a silent unit (s).
        request_delay_s: pause between an answer and the next request (s).
        close_after_poll: close the socket whenever nothing is due.
        write_functions: the writing functions that the devices know.

    """

    path: Path
    timeout_s: float
    limits: PlanLimits
    reconnect_max_s: float
    refresh_s: float
    retry_s: float
    request_delay_s: float
    close_after_poll: bool
    write_functions: frozenset[int]

    @classmethod
    def of(cls, connection: Connection, keystore: Keystore | None = None) -> "ModbusSettings":
        """Read the settings of a connection; ``keystore`` knows the pass phrase of its private key.

        Raises:
            ProjectError: an option or the endpoint is not allowed.

        """
        options = connection.options
        allowed = _NAMES
        if connection.protocol is Protocol_.MODBUS_TLS:
            allowed |= TLS_NAMES
        elif connection.protocol is Protocol_.MODBUS_RTU:
            allowed |= _SERIAL_NAMES
        check_names(options, allowed, connection.id)
        heartbeat.HeartbeatSettings.of(connection)
        path = _path(connection, keystore)
        return cls(
            path=path,
            timeout_s=number(options, "timeout_s", 1, 0.05, 30),
            limits=PlanLimits(
                max_registers=integer(options, "max_registers", 125, 1, 125),
                max_bits=integer(options, "max_bits", 2000, 1, 2000),
                max_gap=integer(options, "max_gap", 8, 0, 124),
                forbidden=_forbidden(text(options, "forbidden", "")),
                unit_registers=_by_unit(options, "unit_max_registers", 125),
                unit_bits=_by_unit(options, "unit_max_bits", 2000),
            ),
            reconnect_max_s=number(options, "reconnect_max_s", 5, 0.1, 300),
            refresh_s=number(options, "refresh_s", 10, 0.1, 3600),
            retry_s=number(options, "retry_s", 30, 0.1, 3600),
            request_delay_s=max(path.quiet_s, number(options, "request_delay_ms", 0, 0, 10_000) / 1000),
            close_after_poll=flag(options, "close_after_poll", False),
            write_functions=_functions(text(options, "write_functions", "5 6 15 16 22")),
        )


def _path(connection: Connection, keystore: Keystore | None) -> Path:
    options = connection.options
    if connection.protocol is Protocol_.MODBUS_RTU:
        parity = text(options, "parity", "even")
        if parity not in PARITIES:
            raise ProjectError(f"option 'parity': {parity!r} is not allowed; expected {', '.join(PARITIES)}")
        return SerialPath(
            connection.endpoint,
            integer(options, "baud", 19200, 300, 4_000_000),
            parity,
            integer(options, "stop_bits", 1 if parity != "none" else 2, 1, 2),
        )
    host, port = _endpoint(connection)
    if connection.protocol is Protocol_.MODBUS_TLS:

        def passphrase() -> str | None:
            return None if keystore is None else keystore.secret(SecretKind.KEY_PASSPHRASE, connection.id)

        tls = TlsSettings.of(options, connection.id, passphrase)
        return TcpPath(host, port, tls=tls, server_name=text(options, "server_name", ""))
    return TcpPath(host, port, rtu=connection.protocol is Protocol_.MODBUS_RTU_TCP)


def _endpoint(connection: Connection) -> tuple[str, int]:
    host, _, port = connection.endpoint.rpartition(":")
    if not host or not port.isdigit() or not 1 <= int(port) <= 65535:
        raise ProjectError(f"connection '{connection.id}': endpoint '{connection.endpoint}' is not host:port")
    return host.strip("[]"), int(port)


def _forbidden(listed: str) -> tuple[Span, ...]:
    spans = []
    for part in _parts(listed):
        match = _FORBIDDEN.match(part)
        if match is None or int(match[4] or match[3]) < int(match[3]):
            raise ProjectError(f"option 'forbidden': '{part}' is not a range such as 1/hr100-110 or ir7")
        spans.append(Span(int(match[1] or 1), match[2], int(match[3]), int(match[4] or match[3]) + 1))
    return tuple(spans)


def _by_unit(options: Options, name: str, most: int) -> Mapping[int, int]:
    limits = {}
    for part in _parts(text(options, name, "")):
        match = _UNIT_LIMIT.match(part)
        if match is None or not 1 <= int(match[2]) <= most or int(match[1]) > 255:
            raise ProjectError(f"option '{name}': '{part}' is not a unit and its limit, such as 3:40 (1 to {most})")
        limits[int(match[1])] = int(match[2])
    return limits


def _functions(listed: str) -> frozenset[int]:
    numbers = {int(part) if part.isdecimal() else -1 for part in _parts(listed)}
    if not numbers <= WRITE_FUNCTIONS:
        raise ProjectError(f"option 'write_functions': '{listed}' is not allowed; expected some of 5 6 15 16 22")
    return frozenset(numbers)


def _parts(listed: str) -> list[str]:
    return [part for part in re.split(r"[,\s]+", listed) if part]
