"""Keys, certificates and secrets of a project, as a connector is handed them. None stands in the project folder."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

_FOREIGN = re.compile(r"[^A-Z0-9]")


class SecretKind(StrEnum):
    """What a secret of a connection opens."""

    PASSWORD = "password"  # noqa: S105 - the name of a kind, no password
    KEY_PASSPHRASE = "key-passphrase"  # noqa: S105


def secret_variable(kind: SecretKind, connection: str) -> str:
    """Return the environment variable of a secret, such as ``HAIHE_SECRET_PLC_1`` for the connection ``plc-1``."""
    prefix = "HAIHE_SECRET_" if kind is SecretKind.PASSWORD else "HAIHE_KEY_PASSPHRASE_"
    return prefix + _FOREIGN.sub("_", connection.upper())


def keyring_service(kind: SecretKind, project: str) -> str:
    """Return the service under which the system's keyring keeps a secret; its user name is the connection's id."""
    return f"haihe.{project}" if kind is SecretKind.PASSWORD else f"haihe.{project}.key"


@dataclass(frozen=True, slots=True)
class Keystore:
    """Where a connector finds keys, certificates and secrets.

    Attributes:
        folder: in the project's state folder, readable by its owner only; need not exist yet.
        project: id of the project; names this console to the servers.
        secret: looks a secret up by kind and connection, None where there is none. May block; for any thread.

    """

    folder: Path
    project: str
    secret: Callable[[SecretKind, str], str | None]
