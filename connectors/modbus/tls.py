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

_OF_CERTIFICATES: Final = ("CERTIFICATE", "UNKNOWN_CA", "ACCESS_DENIED", "HANDSHAKE_FAILURE")
"""In the names of alerts by which a server refuses a client's certificate, or its absence (TLS 1.3, then 1.2)."""

CLOSED_UNANSWERED: Final = LocalText(
    "the device closed the encrypted connection before it answered: it may want a certificate of this client (see "
    "certificate_file and private_key_file in plant.toml), have restarted, or serve too few clients at once",
    "设备在应答前关闭了加密连接：可能要求客户端证书（请检查 plant.toml 中的 certificate_file 和 private_key_file）、"
    "已重启，或允许的客户端数量不足",
)


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
                option = "private_key_file" if key else "certificate_file"
                raise _unusable(option, key or file, error, self.connection) from None
        return context


def tls_refusal(error: ssl.SSLError) -> LocalText:
    """Return why an encrypted socket was not opened, or was ended, and what to look at."""
    if isinstance(error, ssl.SSLCertVerificationError):
        why = error.verify_message.rstrip(".")
        return LocalText(
            f"the device's certificate is not trusted: {why}; see ca_file and server_name in plant.toml",
            f"设备证书不受信任：{why}；请检查 plant.toml 中的 ca_file 和 server_name",
        )
    reason = error.reason or str(error)
    why = reason.lower().replace("_", " ")
    if "ALERT" in reason and any(word in reason for word in _OF_CERTIFICATES):
        return LocalText(
            f"the device refuses this client's certificate, or wants one ({why}): see certificate_file and "
            "private_key_file in plant.toml, and have the certificate trusted at the device",
            f"设备拒绝或要求客户端证书（{why}）：请检查 plant.toml 中的 certificate_file 和 private_key_file，"
            "并在设备上信任该证书",
        )
    return LocalText(
        f"no agreement on encryption: {why}; see that the device serves TLS 1.2 or newer at this port",
        f"加密协商失败：{why}；请检查设备在该端口提供 TLS 1.2 或更高版本",
    )


def _unusable(option: str, file: str, error: OSError, connection: str = "") -> WireError:
    why = (error.reason or str(error)) if isinstance(error, ssl.SSLError) else (error.strerror or str(error))
    remedy = _remedy(error, connection)
    why = why.lower().replace("_", " ")
    return WireError(
        LocalText(
            f"{option} {file} cannot be used: {why}; {remedy.en}", f"{option} {file} 无法使用：{why}；{remedy.zh}"
        )
    )


def _remedy(error: OSError, connection: str) -> LocalText:
    """Return what to do about a file; ``connection`` is empty where it is one of trusted certificates."""
    if not isinstance(error, ssl.SSLError):
        return LocalText(
            "put it there, readable for the engine, or correct the option in plant.toml",
            "请将该文件放在该处并允许引擎读取，或更正 plant.toml 中的选项",
        )
    if "MISMATCH" in (error.reason or ""):
        return LocalText("take the key that belongs to certificate_file", "请使用与 certificate_file 配对的私钥")
    if not connection:
        return LocalText("it must hold certificates (PEM)", "该文件须包含证书（PEM）")
    variable = secret_variable(SecretKind.KEY_PASSPHRASE, connection)
    return LocalText(
        f"it must be PEM; a pass phrase belongs into {variable}", f"该文件须为 PEM 格式；口令应存入 {variable}"
    )
