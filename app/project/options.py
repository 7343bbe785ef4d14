"""What a connection may say: endpoint and options per protocol. Secrets are refused, for projects are kept in git."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from app.model.connection import Protocol_
from app.model.keystore import SecretKind, secret_variable
from app.project.place import Place, suggestion

_SECRET: Final = re.compile(r"pass(word|wd|phrase)?$|secret|token|(^|_)(key|pin|pwd)$|credential", re.IGNORECASE)
_HOST_PORT: Final = re.compile(
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?):(?P<port>\d{1,5})"
)


@dataclass(frozen=True, slots=True)
class Range:
    """A number from low to high; ``whole`` for integers."""

    low: float
    high: float
    whole: bool = False

    def error(self, value: Any) -> str:
        """Return what is wrong with a value; empty where it is allowed."""
        right = isinstance(value, int) or (isinstance(value, float) and not self.whole and math.isfinite(value))
        if isinstance(value, bool) or not right or not self.low <= value <= self.high:
            kind = "a whole number" if self.whole else "a number"
            return f"{value!r} is not allowed; allowed: {kind} from {self.low:g} to {self.high:g}"
        return ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some texts."""

    allowed: tuple[str, ...]

    def error(self, value: Any) -> str:
        """Return what is wrong with a value; empty where it is allowed."""
        return "" if value in self.allowed else f"{value!r} is not allowed; allowed: {', '.join(self.allowed)}"


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""

    def error(self, value: Any) -> str:
        """Return what is wrong with a value; empty where it is allowed."""
        return "" if isinstance(value, bool) else f"{value!r} is not allowed; allowed: true, false"


@dataclass(frozen=True, slots=True)
class Blocks:
    """Blocks of registers such as ``hr100-109 2/ir7``: table, first and last offset, unit before a slash."""

    def error(self, value: Any) -> str:
        """Return what is wrong with a value; empty where it is allowed."""
        if not isinstance(value, str):
            return f"{value!r} is not text; allowed: blocks such as 'hr100-109 ir7'"
        for part in re.split(r"[\s,]+", value.strip()):
            match = re.fullmatch(r"(?:(\d{1,3})/)?(?:co|di|hr|ir)(\d{1,5})(?:-(\d{1,5}))?", part)
            if part and (
                match is None or int(match[3] or match[2]) < int(match[2]) or int(match[3] or match[2]) > 65535
            ):
                return f"'{part}' is not a block of registers; allowed: table and offsets such as hr100-109 or 2/ir7"
        return ""


@dataclass(frozen=True, slots=True)
class Name:
    """A text that fits a pattern; ``words`` says which."""

    pattern: str
    words: str

    def error(self, value: Any) -> str:
        """Return what is wrong with a value; empty where it is allowed."""
        right = isinstance(value, str) and re.fullmatch(self.pattern, value) is not None
        return "" if right else f"{value!r} is not allowed; allowed: {self.words}"


Rule = Range | Choice | Flag | Blocks | Name

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
    },
    Protocol_.MODBUS_TCP: {
        "timeout_s": Range(0.05, 30),
        "reconnect_max_s": Range(0.1, 300),
        "refresh_s": Range(0.1, 3600),
        "retry_s": Range(0.1, 3600),
        "max_registers": Range(1, 125, whole=True),
        "max_bits": Range(1, 2000, whole=True),
        "max_gap": Range(0, 124, whole=True),
        "mask_write": Flag(),
        "forbidden": Blocks(),
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
        f"{variable}, or in the system's keyring (docs/connectors.md)"
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
    if protocol is Protocol_.MODBUS_TCP:
        match = _HOST_PORT.fullmatch(endpoint)
        if match is None or not 1 <= int(match["port"]) <= 65535:
            place.problem(
                "endpoint", f"'{endpoint}' is not an endpoint of modbus-tcp; allowed: host:port, port 1 to 65535"
            )
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
