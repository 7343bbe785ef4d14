"""What a connection may say: endpoint and options per protocol. Secrets are refused, for projects are kept in git."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from app.model.connection import Connection, Protocol_
from app.model.external_terms import parse_severities, parse_sources
from app.model.keystore import SecretKind, secret_variable
from app.model.opcua_address import OpcUaAddress
from app.project.optionrules import Blocks, Choice, File, Flag, Name, Parsed, Range, Rule, ScanClasses, Some, UnitLimits
from app.project.place import Place, suggestion

_SECRET: Final = re.compile(r"pass(word|wd|phrase)?$|secret|token|(^|_)(key|pin|pwd)$|credential", re.IGNORECASE)
_HOST_PORT: Final = re.compile(
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?):(?P<port>\d{1,5})"
)
_SERIAL_PORT: Final = re.compile(r"/dev/[A-Za-z0-9_./:-]+|COM\d{1,3}", re.IGNORECASE)

_HEARTBEAT: Final[Mapping[str, Rule]] = {
    "heartbeat": Name(r"[A-Za-z0-9_.]{1,64}", "the name of a tag of this connection"),
    "heartbeat_s": Range(1, 3600),
}


def _notifier(named: str) -> object:
    return named == "server" or OpcUaAddress.parse(named)


_MODBUS: Final[Mapping[str, Rule]] = {
    "timeout_s": Range(0.05, 30),
    "reconnect_max_s": Range(0.1, 300),
    "refresh_s": Range(0.1, 3600),
    "retry_s": Range(0.1, 3600),
    "max_registers": Range(1, 125, whole=True),
    "max_bits": Range(1, 2000, whole=True),
    "unit_max_registers": UnitLimits(125),
    "unit_max_bits": UnitLimits(2000),
    "max_gap": Range(0, 124, whole=True),
    "forbidden": Blocks(),
    "request_delay_ms": Range(0, 10_000),
    "close_after_poll": Flag(),
    "write_functions": Some(("5", "6", "15", "16", "22")),
    **_HEARTBEAT,
}

RULES: Final[Mapping[Protocol_, Mapping[str, Rule]]] = {
    Protocol_.OPCUA: {
        "publishing_ms": Range(10, 60_000),
        "queue_size": Range(2, 10_000, whole=True),
        "timeout_s": Range(0.2, 60),
        "connect_timeout_s": Range(0.5, 120),
        "session_timeout_s": Range(60, 150),
        "reconnect_max_s": Range(0.1, 300),
        "items_per_request": Range(1, 10_000, whole=True),
        "retry_s": Range(0.5, 3600),
        "security": Choice(("none", "sign", "sign-and-encrypt")),
        "policy": Choice(("Basic256Sha256", "Aes128-Sha256-RsaOaep", "Aes256-Sha256-RsaPss")),
        "user": Name(r"\S(.{0,126}\S)?", "a user name of at most 128 characters"),
        "user_certificate": Name(
            r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", "the name of a file without folder and ending, such as operator"
        ),
        "publish_requests": Range(1, 20, whole=True),
        "sessions": Range(1, 10, whole=True),
        "items_per_subscription": Range(10, 100_000, whole=True),
        "scan_classes": ScanClasses(),
        "deadband_at_server": Flag(),
        "alarms": Parsed(_notifier),
        "alarm_queue": Range(10, 1_000_000, whole=True),
        "alarm_area": Name(r"\S(.{0,38}\S)?", "the id of an area"),
        "alarm_sources": Parsed(parse_sources),
        "alarm_severities": Parsed(parse_severities),
        "locales": Name(
            r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*([ ,]+[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)*", "languages such as zh-CN en"
        ),
        "metadata": Flag(),
        "backfill_max_h": Range(0, 168),
        "endpoints": Name(
            r"opc\.tcp://[^\s,]+([ ,]+opc\.tcp://[^\s,]+)*", "addresses such as opc.tcp://host:4840/path"
        ),
        **_HEARTBEAT,
    },
    Protocol_.MODBUS_TCP: _MODBUS,
    Protocol_.MODBUS_RTU_TCP: _MODBUS,
    Protocol_.MODBUS_RTU: {
        **_MODBUS,
        "baud": Range(300, 4_000_000, whole=True),
        "parity": Choice(("none", "even", "odd")),
        "stop_bits": Range(1, 2, whole=True),
    },
    Protocol_.MODBUS_TLS: {
        **_MODBUS,
        "check_certificate": Flag(),
        "ca_file": File(),
        "certificate_file": File(),
        "private_key_file": File(),
        "server_name": Name(r"[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?", "a host name"),
    },
}


def is_secret(name: str) -> bool:
    """Tell whether a key names a secret."""
    return _SECRET.search(name) is not None


def secret_problem(connection: str) -> str:
    """Return what is said of a secret in a project, and where it belongs."""
    variable = secret_variable(SecretKind.PASSWORD, connection or "<connection>")
    return (
        "a secret must not stand in a project, which is kept in git; allowed: in the engine's environment as "
        f"{variable}, or in the system's keyring (docs/connectors/opcua.md)"
    )


def check_options(
    protocol: Protocol_, options: Mapping[str, Any], place: Place, connection: str = ""
) -> dict[str, str | int | float | bool]:
    """Report every mistake in the options of a connection; return those that are right."""
    rules = RULES[protocol]
    good: dict[str, str | int | float | bool] = {}
    for name, value in options.items():
        field = f"options.{name}"
        if is_secret(name):
            place.problem(field, secret_problem(connection))
        elif name not in rules:
            place.problem(field, f"option '{name}' is unknown for {protocol.value}{suggestion(name, rules)}")
        elif error := rules[name].error(value):
            place.problem(field, error)
        else:
            good[name] = value
    _check_security(options.get("security", "none"), good, place)
    return good


def _check_security(security: Any, good: dict[str, str | int | float | bool], place: Place) -> None:
    """Report options of security that contradict each other, and leave them out."""
    if security == "none":
        for name in ("policy", "user", "user_certificate"):
            if good.pop(name, None) is not None:
                place.problem(
                    f"options.{name}",
                    f"{name} needs a secured line; allowed: together with security = 'sign' or 'sign-and-encrypt'",
                )
    elif "user" in good and good.pop("user_certificate", None) is not None:
        place.problem("options.user_certificate", "user and user_certificate exclude each other; allowed: one of them")


def check_endpoint(protocol: Protocol_, endpoint: str, place: Place, connection: str = "") -> None:
    """Report an endpoint that does not fit the protocol."""
    if protocol is Protocol_.MODBUS_RTU:
        if _SERIAL_PORT.fullmatch(endpoint) is None:
            place.problem(
                "endpoint", f"'{endpoint}' is not an endpoint of modbus-rtu; allowed: a port such as /dev/ttyUSB0, COM3"
            )
        return
    if protocol.is_modbus:
        match = _HOST_PORT.fullmatch(endpoint)
        if match is None or not 1 <= int(match["port"]) <= 65535:
            name = protocol.value
            place.problem("endpoint", f"'{endpoint}' is not an endpoint of {name}; allowed: host:port, port 1 to 65535")
        return
    try:
        parts = urlsplit(endpoint)
        right = parts.scheme == "opc.tcp" and bool(parts.hostname) and bool(parts.port) and " " not in endpoint
    except ValueError:
        right = False
    if not right:
        place.problem(
            "endpoint", f"'{endpoint}' is not an endpoint of opcua; allowed: opc.tcp://host:port/path, port 1 to 65535"
        )
    elif parts.username is not None or parts.password is not None:
        place.problem(
            "endpoint", "a user or password must not stand in an endpoint; allowed: the user as option, for the "
            f"password: {secret_problem(connection)}"
        )  # fmt: skip


def check_line(connection: Connection, others: Iterable[Connection], place: Place) -> None:
    """Report a Modbus line that another connection has already: its requests would meet on the wire."""
    if not connection.protocol.is_modbus or not connection.endpoint:
        return
    for other in others:
        if other.protocol.is_modbus and other.endpoint.casefold() == connection.endpoint.casefold():
            message = (
                f"'{connection.endpoint}' is the line of connection '{other.id}' already; one line must be one "
                f"connection, or their requests meet on it. Expected: all its tags on '{other.id}', "
                "told apart by unit, such as 2/hr0"
            )
            place.problem("endpoint", message)
            return
