"""Options of a Modbus TCP connection."""

import re
from dataclasses import dataclass

from app.model.connection import Connection
from app.model.errors import ProjectError
from connectors.modbus.plan import PlanLimits, Span
from connectors.settings import check_names, flag, integer, number, text

_NAMES = frozenset(
    {
        "timeout_s",
        "max_registers",
        "max_bits",
        "max_gap",
        "forbidden",
        "reconnect_max_s",
        "refresh_s",
        "retry_s",
        "mask_write",
    }
)
_FORBIDDEN = re.compile(r"^(?:(\d{1,3})/)?(co|di|hr|ir)(\d{1,5})(?:-(\d{1,5}))?$")


@dataclass(frozen=True, slots=True)
class ModbusSettings:
    """Validated options.

    Attributes:
        host, port: where the device listens.
        timeout_s: deadline of one read.
        limits: how far reads are combined.
        reconnect_max_s: longest wait between attempts to connect.
        refresh_s: unchanged values are delivered again after this time, so that trends have points.
        retry_s: longest wait until a silent unit, or an address that was refused, is asked again.
        mask_write: whether the device knows function 22 (bits of registers can only be written with it).

    """

    host: str
    port: int
    timeout_s: float
    limits: PlanLimits
    reconnect_max_s: float
    refresh_s: float
    retry_s: float
    mask_write: bool

    @classmethod
    def of(cls, connection: Connection) -> "ModbusSettings":
        """Read the options of a connection.

        Raises:
            ProjectError: an option is unknown or out of range, or the endpoint is not ``host:port``.

        """
        options = connection.options
        check_names(options, _NAMES, connection.id)
        host, port = _endpoint(connection)
        return cls(
            host=host,
            port=port,
            timeout_s=number(options, "timeout_s", 1, 0.05, 30),
            limits=PlanLimits(
                max_registers=integer(options, "max_registers", 125, 1, 125),
                max_bits=integer(options, "max_bits", 2000, 1, 2000),
                max_gap=integer(options, "max_gap", 8, 0, 124),
                forbidden=_forbidden(text(options, "forbidden", "")),
            ),
            reconnect_max_s=number(options, "reconnect_max_s", 5, 0.1, 300),
            refresh_s=number(options, "refresh_s", 10, 0.1, 3600),
            retry_s=number(options, "retry_s", 30, 0.1, 3600),
            mask_write=flag(options, "mask_write", True),
        )


def _endpoint(connection: Connection) -> tuple[str, int]:
    host, _, port = connection.endpoint.rpartition(":")
    if not host or not port.isdigit() or not 1 <= int(port) <= 65535:
        raise ProjectError(f"connection '{connection.id}': endpoint '{connection.endpoint}' is not host:port")
    return host.strip("[]"), int(port)


def _forbidden(listed: str) -> tuple[Span, ...]:
    spans = []
    for part in filter(None, re.split(r"[,\s]+", listed)):
        match = _FORBIDDEN.match(part)
        if match is None or int(match[4] or match[3]) < int(match[3]):
            raise ProjectError(f"option 'forbidden': '{part}' is not a range such as 1/hr100-110 or ir7")
        spans.append(Span(int(match[1] or 1), match[2], int(match[3]), int(match[4] or match[3]) + 1))
    return tuple(spans)
