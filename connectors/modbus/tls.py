"""Encryption of a Modbus connection: which certificates are trusted, and our own."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from app.model.errors import ProjectError
from app.model.keystore import SecretKind, secret_variable
from app.model.text import LocalText
from connectors.modbus.errors import WireError
from connectors.settings import Options, flag, text

TLS_NAMES: Final = frozenset({"check_certificate", "ca_file", "certificate_file", "private_key_file", "server_name"})


@dataclass(frozen=True, slots=True)
class TlsSettings:
    """What is needed for an encrypted socket.

    Attributes:
        connection: its id, for messages.
        passphrase: looks up the pass phrase of the private key; may block.

    """

    connection: str
    passphrase: Callable[[], str | None]
    ca_file: str = ""
    certificate_file: str = ""
    private_key_file: str = ""
    check_certificate: bool = True

    @classmethod
    def of(cls, options: Options, connection: str, passphrase: Callable[[], str | None]) -> "TlsSettings":
        """Read the settings of a connection.

        Raises:
            ProjectError: an option is not allowed, or lacks another.

        """
        certificate, key = text(options, "certificate_file", ""), text(options, "private_key_file", "")
        if key and not certificate:
            raise ProjectError(f"connection '{connection}': option 'private_key_file' needs 'certificate_file'")
        return cls(
            connection, passphrase, text(options, "ca_file", ""), certificate, key,
            flag(options, "check_certificate", True),
        )  # fmt: skip

    def context(self) -> ssl.SSLContext:
        """Return a context that checks the device's certificate, its host name too, unless that is switched off.

        Reads the files, so that a renewed certificate is used by the next attempt to connect; blocks, for a thread.
        TLS 1.2 or newer.

        Raises:
            WireError: a file cannot be read or used.

        """
        try:
            context = ssl.create_default_context(cafile=self.ca_file or None)
        except (OSError, ssl.SSLError) as error:
            raise _unusable("ca_file", self.ca_file, error) from None
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if not self.check_certificate:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        if self.certificate_file:
            file, key = self.certificate_file, self.private_key_file
            try:  # with a pass phrase it never asks at the terminal, which a service does not have
                context.load_cert_chain(file, key or None, password=lambda: self.passphrase() or "")
            except (OSError, ssl.SSLError) as error:
                variable = secret_variable(SecretKind.KEY_PASSPHRASE, self.connection)
                hint = f"; a pass phrase belongs into {variable}" if isinstance(error, ssl.SSLError) else ""
                option = "private_key_file" if key else "certificate_file"
                raise _unusable(option, key or file, error, hint) from None
        return context


def _unusable(option: str, file: str, error: OSError, hint: str = "") -> WireError:
    why = (error.reason or str(error)) if isinstance(error, ssl.SSLError) else (error.strerror or str(error))
    why = why.lower().replace("_", " ") + hint
    return WireError(LocalText(f"{option} {file} cannot be used: {why}", f"{option} {file} 无法使用：{why}"))
