"""Certificates of applications: what one says, and what speaks against it. Nothing here is kept or sent."""

import contextlib
import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from app.model.text import LocalText
from connectors.reasons import Reasoned

MIN_BITS = 2048
MAX_BITS = 4096
UNREADABLE = (
    ValueError,
    TypeError,  # of a name whose value has a type that no name has
    IndexError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
"""What reading a certificate may raise where its bytes are wrong."""


class SecurityProblem(Reasoned, ConnectionError):
    """The connection is refused by us, or cannot be secured as configured; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says of an application.

    Attributes:
        der: the certificate itself.
        fingerprint: SHA-256 of it, 64 lower-case hexadecimal digits.
        uris, hosts: application URIs; DNS names and IP addresses it was made for.
        not_before, not_after: first and last moment at which it counts.
        key_bits: length of its RSA key; 0 for any other key.

    """

    der: bytes
    fingerprint: str
    subject: str
    issuer: str
    uris: tuple[str, ...]
    hosts: tuple[str, ...]
    not_before: datetime
    not_after: datetime
    key_bits: int

    @classmethod
    def parse(cls, data: bytes) -> "Certificate":
        """Read a certificate in DER; of a chain the first, which is the application's own.

        Raises:
            SecurityProblem: it is none.

        """
        try:
            der = data[: _length(data)]
            certificate = x509.load_der_x509_certificate(der)
            names = _alternative_names(certificate)
            key = certificate.public_key()
            return cls(
                der,
                hashlib.sha256(der).hexdigest(),
                certificate.subject.rfc4514_string(),
                certificate.issuer.rfc4514_string(),
                tuple(name.value for name in names if isinstance(name, x509.UniformResourceIdentifier)),
                tuple(str(name.value) for name in names if isinstance(name, x509.DNSName | x509.IPAddress)),
                certificate.not_valid_before_utc,
                certificate.not_valid_after_utc,
                key.key_size if isinstance(key, RSAPublicKey) else 0,
            )
        except UNREADABLE as error:
            text = f"the server's certificate cannot be read: {error}"
            raise SecurityProblem(LocalText(text, f"无法读取服务器证书：{error}")) from error

    @property
    def shown(self) -> str:
        """The fingerprint as it is compared by eye: capital pairs with colons."""
        return show_fingerprint(self.fingerprint)

    def is_for(self, host: str) -> bool:
        """Tell whether the certificate was made for a host name or IP address."""
        with contextlib.suppress(ValueError):
            address = str(ipaddress.ip_address(host.strip("[]")))
            return address in self.hosts
        return host.lower() in {name.lower() for name in self.hosts}

    def problem(self, now: datetime) -> LocalText | None:
        """Return why the certificate cannot be used at all, or None."""
        if now > self.not_after:
            day = _day(self.not_after)
            return LocalText(
                f"the server's certificate expired on {day}; renew it at the server, then trust the new one",
                f"服务器证书已于 {day} 过期；请在服务器上更新证书，然后信任新证书",
            )
        if now < self.not_before:
            day = _day(self.not_before)
            return LocalText(
                f"the server's certificate is valid from {day} on; check the clocks of server and console",
                f"服务器证书自 {day} 起才有效；请检查服务器与本机的时钟",
            )
        if not MIN_BITS <= self.key_bits <= MAX_BITS:
            what = f"RSA {self.key_bits}" if self.key_bits else "not RSA"
            return LocalText(
                f"the key of the server's certificate is not allowed ({what}); "
                f"make one at the server with RSA {MIN_BITS} to {MAX_BITS}",
                f"服务器证书的密钥不符合要求（{what}）；请在服务器上生成 RSA {MIN_BITS} 至 {MAX_BITS} 位的证书",
            )
        return None

    def host_problem(self, host: str) -> LocalText | None:
        """Return that it was made for another host than the configured one, or None."""
        if self.is_for(host):
            return None
        names = ", ".join(self.hosts) or "-"
        return LocalText(
            f"the server's certificate is for {names}, not for the configured host {host}",
            f"服务器证书属于 {names}，而不是所配置的主机 {host}",
        )

    def application_problem(self, uri: str) -> LocalText | None:
        """Return that it belongs to another application than the one that shows it, or None."""
        if uri in self.uris:
            return None
        names = ", ".join(self.uris) or "-"
        return LocalText(
            f"the server calls itself {uri}, but its certificate is for {names}; make it a certificate of its own",
            f"服务器自称 {uri}，但其证书属于 {names}；请为该服务器生成自己的证书",
        )


def show_fingerprint(fingerprint: str) -> str:
    """Return a fingerprint as capital pairs with colons."""
    capital = fingerprint.upper()
    return ":".join(capital[at : at + 2] for at in range(0, len(capital), 2))


def parse_fingerprint(text: str) -> str:
    """Return a fingerprint as it is kept; accepts colons, spaces and capitals.

    Raises:
        ValueError: it is not a SHA-256 fingerprint.

    """
    plain = text.replace(":", "").replace(" ", "").lower()
    if len(plain) != 64 or not set(plain) <= set("0123456789abcdef"):
        raise ValueError(f"'{text}' is not a SHA-256 fingerprint; expected 64 hexadecimal digits")
    return plain


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d}"


def _length(data: bytes) -> int:
    """Return the length of the first DER element: a server may send its whole chain."""
    first = data[1]
    if first < 0x80:
        return 2 + first
    size = first & 0x7F
    return 2 + size + int.from_bytes(data[2 : 2 + size], "big")


def _alternative_names(certificate: x509.Certificate) -> list[x509.GeneralName]:
    try:
        return list(certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value)
    except x509.ExtensionNotFound:
        return []
