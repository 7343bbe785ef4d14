"""The servers' certificates that an engineer has explicitly trusted, per connection."""

import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from app.model.text import LocalText
from connectors.opcua.certificates import Certificate, SecurityProblem

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Trusted:
    """A certificate that was trusted.

    Attributes:
        since_ns: when.
        any_host: whether it was accepted although it was made for another host than the configured one.

    """

    certificate: Certificate
    since_ns: int
    any_host: bool = False


class TrustList:
    """``trusted/CONNECTION.json`` in the folder of keys, read anew at every question. All methods block on the disk.

    Raises SecurityProblem where a file cannot be read, written, or is damaged: nothing is trusted then.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "trusted"

    def path(self, connection: str) -> Path:
        """Return the file of a connection."""
        return self._folder / f"{connection}.json"

    def of(self, connection: str) -> tuple[Trusted, ...]:
        """Return what is trusted for a connection, oldest first."""
        path = self.path(connection)
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            if data["format"] != FORMAT:
                raise ValueError(f"format {data['format']!r} is unknown")
            return tuple(_parse(each) for each in data["certificates"])
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, KeyError, TypeError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise SecurityProblem(
                LocalText(
                    f"the list of trusted certificates {path} cannot be read: {reason}; restore it, "
                    "or remove it and trust the server anew",
                    f"无法读取受信任证书列表 {path}：{reason}；请恢复该文件，或将其删除后重新信任服务器",
                )
            ) from error

    def add(self, connection: str, trusted: Trusted) -> None:
        """Trust a certificate; one that was trusted before is replaced by what is said now."""
        others = [each for each in self.of(connection) if each.certificate.der != trusted.certificate.der]
        self._write(connection, [*others, trusted])

    def remove(self, connection: str, fingerprint: str = "") -> tuple[Trusted, ...]:
        """Trust a certificate no more, or none where no fingerprint is given; returns what was removed."""
        before = self.of(connection)
        gone = tuple(each for each in before if fingerprint in {"", each.certificate.fingerprint})
        if gone:
            self._write(connection, [each for each in before if each not in gone])
        return gone

    def _write(self, connection: str, entries: Sequence[Trusted]) -> None:
        data = {"format": FORMAT, "certificates": [_entry(each) for each in entries]}
        path = self.path(connection)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".trust-")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    json.dump(data, file, ensure_ascii=False, indent=1)
                    file.flush()
                    os.fsync(file.fileno())
                Path(name).replace(path)
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError as error:
            text = f"{path} cannot be written: {error.strerror}; it is as it was"
            raise SecurityProblem(LocalText(text, f"无法写入 {path}：{error.strerror}；该文件未改变")) from error


def check_trust(
    shown: Sequence[Certificate], trusted: Sequence[Trusted], connection: str, host: str, now: datetime
) -> Certificate:
    """Return the certificate of the server that is trusted and can be used.

    Raises:
        SecurityProblem: none of those shown is trusted, or it is expired, weak, or of another host.

    """
    for certificate in shown:
        for entry in trusted:
            if entry.certificate.der == certificate.der:
                problem = certificate.problem(now) or (None if entry.any_host else certificate.host_problem(host))
                if problem is not None:
                    raise SecurityProblem(problem)
                return certificate
    new = shown[0]
    remedy = f"haihe trust PROJECT {connection}"
    if not trusted:
        raise SecurityProblem(
            LocalText(
                f"the server's certificate is not trusted yet (SHA-256 {new.shown}); "
                f"compare it with the server's, then: {remedy}",
                f"尚未信任服务器证书（SHA-256 {new.shown}）；请与服务器上的证书核对，然后执行：{remedy}",
            )
        )
    raise SecurityProblem(
        LocalText(
            f"the server's certificate has changed (SHA-256 {new.shown}, trusted is "
            f"{trusted[-1].certificate.shown}): somebody may be between. If it was renewed, compare it, then: {remedy}",
            f"服务器证书已改变（SHA-256 {new.shown}，受信任的是 {trusted[-1].certificate.shown}）："
            f"可能有人居中窃听。若证书确已更新，请核对后执行：{remedy}",
        )
    )


def _entry(trusted: Trusted) -> dict[str, Any]:
    certificate = x509.load_der_x509_certificate(trusted.certificate.der)
    return {
        "fingerprint": trusted.certificate.fingerprint,
        "subject": trusted.certificate.subject,
        "since_ns": trusted.since_ns,
        "any_host": trusted.any_host,
        "certificate": certificate.public_bytes(Encoding.PEM).decode("ascii"),
    }


def _parse(entry: dict[str, Any]) -> Trusted:
    """Return an entry; what counts is the certificate, whatever stands beside it."""
    der = x509.load_pem_x509_certificate(entry["certificate"].encode("ascii")).public_bytes(Encoding.DER)
    return Trusted(Certificate.parse(der), int(entry["since_ns"]), entry["any_host"] is True)
