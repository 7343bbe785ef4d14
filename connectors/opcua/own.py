"""The console's own application certificate: made on first use, renewed before it ends."""

import ipaddress
import logging
import os
import socket
import tempfile
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.model.text import LocalText
from connectors.opcua.certificates import Certificate, SecurityProblem

_LOG = logging.getLogger(__name__)

KEY_BITS: Final = 2048
"""Every server of the three policies takes it; longer keys are slow on small PLCs."""
VALIDITY: Final = timedelta(days=5 * 365)
RENEWAL: Final = timedelta(days=60)
"""A renewed certificate is there this long before the one before it ends, to have it trusted by the servers."""

_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class OwnCertificate:
    """Certificate and key of this console.

    Attributes:
        file: the certificate alone (DER), to be handed to the servers that shall trust it.

    """

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey
    facts: Certificate
    file: Path

    @property
    def application_uri(self) -> str:
        """How this console names itself to servers."""
        return self.facts.uris[0]


def own_certificates(folder: Path, project: str, now: datetime) -> tuple[OwnCertificate, ...]:
    """Return the certificate of this console, and the one before it while that still counts; make what is missing.

    Blocks on the disk and, when one is made, for the generation of a key; may be called from any thread.

    Raises:
        SecurityProblem: a file cannot be read or written.

    """
    path, previous = folder / "own.pem", folder / "own-previous.pem"
    with _lock:
        try:
            if not path.exists():
                _make(path, project, now)
                _LOG.info("a certificate of this console was made: %s", path.with_suffix(".der"))
            own = _load(path)
            if now > own.facts.not_after - RENEWAL:
                _write(previous, path.read_bytes())
                previous.with_suffix(".der").write_bytes(own.facts.der)
                _make(path, project, now)
                own = _load(path)
                _LOG.warning(
                    "this console's certificate ends soon and was renewed; have %s trusted by the OPC UA servers "
                    "(SHA-256 %s); until then the one before it is used while it is valid",
                    own.file, own.facts.shown,
                )  # fmt: skip
            kept = (own, _load(previous)) if previous.exists() else (own,)
        except OSError as error:
            if isinstance(error, SecurityProblem):
                raise
            text = f"this console's certificate cannot be kept in {folder}: {error.strerror}"
            raise SecurityProblem(LocalText(text, f"无法在 {folder} 中保存本机证书：{error.strerror}")) from error
    return tuple(each for each in kept if each is own or now <= each.facts.not_after)


def _load(path: Path) -> OwnCertificate:
    data = path.read_bytes()
    try:
        key = serialization.load_pem_private_key(data, password=None)
        certificate = x509.load_pem_x509_certificate(data)
        facts = Certificate.parse(certificate.public_bytes(serialization.Encoding.DER))
        if not isinstance(key, rsa.RSAPrivateKey) or key.public_key() != certificate.public_key() or not facts.uris:
            raise ValueError("key and certificate do not belong together")
    except (ValueError, TypeError) as error:
        raise SecurityProblem(
            LocalText(
                f"{path} is damaged ({error}); restore it, or remove it to have a new one made, "
                "which the servers must trust anew",
                f"{path} 已损坏（{error}）；请恢复该文件，或删除它以生成新证书，并让各服务器重新信任",
            )
        ) from error
    return OwnCertificate(certificate, key, facts, path.with_suffix(".der"))


def _make(path: Path, project: str, now: datetime) -> None:
    host = _ascii(socket.gethostname())
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    certificate = _certificate(key, f"urn:{host}:haihe:{project}", project, host, now)
    der = certificate.public_bytes(serialization.Encoding.DER)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ) + certificate.public_bytes(serialization.Encoding.PEM)
    _write(path, pem)
    path.with_suffix(".der").write_bytes(der)


def _certificate(key: rsa.RSAPrivateKey, uri: str, project: str, host: str, now: datetime) -> x509.Certificate:
    """Return a self-signed certificate with what Part 6 asks of an application's."""
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, f"Haihe Console {project}"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Haihe"),
        ]
    )
    public = key.public_key()
    subject_id = x509.SubjectKeyIdentifier.from_public_key(public)
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=True, data_encipherment=True,
        key_agreement=False, key_cert_sign=True, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # a server's clock may be behind ours
        .not_valid_after(now + VALIDITY)
        .add_extension(x509.SubjectAlternativeName([x509.UniformResourceIdentifier(uri), _host_name(host)]), False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        .add_extension(usage, True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False)
        .add_extension(subject_id, False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(subject_id), False)
        .sign(key, hashes.SHA256())
    )


def _ascii(host: str) -> str:
    """Return a host name as certificates carry it: names of computers may be Chinese."""
    try:
        return host.encode("idna").decode("ascii") or "localhost"
    except UnicodeError:
        return "localhost"


def _host_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _write(path: Path, data: bytes) -> None:
    """Write a file that only its owner may read, at once and whole."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".own-")  # mkstemp gives 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
