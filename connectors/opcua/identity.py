"""Who logs in to a server: anonymous, user and password, or the certificate of a user."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from asyncua import ua
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from app.model.keystore import Keystore, SecretKind, keyring_service, secret_variable
from app.model.text import LocalText
from connectors.opcua.certificates import SecurityProblem
from connectors.opcua.security import POLICIES, Security, SecuritySettings

_URIS: Final = frozenset(str(policy.URI) for policy in POLICIES.values())
_NONE: Final = "http://opcfoundation.org/UA/SecurityPolicy#None"


@dataclass(frozen=True, slots=True)
class Identity:
    """What is shown to a server for the user; anonymous where all is empty. Its secrets are in no representation."""

    user: str = ""
    password: str = field(default="", repr=False)
    certificate: x509.Certificate | None = None
    key: rsa.RSAPrivateKey | None = field(default=None, repr=False)

    @property
    def kind(self) -> Any:
        """The UserTokenType."""
        if self.user:
            return ua.UserTokenType.UserName
        return ua.UserTokenType.Anonymous if self.certificate is None else ua.UserTokenType.Certificate


def load_identity(settings: SecuritySettings, keystore: Keystore, connection: str) -> Identity:
    """Return the configured identity with its secrets. Blocks on disk and keyring.

    Raises:
        SecurityProblem: a secret or file is missing; the text says where it belongs.

    """
    if settings.user:
        password = keystore.secret(SecretKind.PASSWORD, connection)
        if not password:
            raise SecurityProblem(_missing(f"the password of user '{settings.user}'", f"用户“{settings.user}”的密码",
                                           SecretKind.PASSWORD, keystore, connection))  # fmt: skip
        return Identity(settings.user, password)
    if not settings.user_certificate:
        return Identity()
    folder = keystore.folder / "users"
    path, key_path = folder / f"{settings.user_certificate}.pem", folder / f"{settings.user_certificate}.key"
    try:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
        _check_private(key_path)
        key = _load_key(key_path, keystore, connection)
        if not isinstance(key, rsa.RSAPrivateKey) or key.public_key() != certificate.public_key():
            raise ValueError("key and certificate do not belong together")
    except OSError as error:
        if isinstance(error, SecurityProblem):
            raise
        name = error.filename or path
        text = f"the user's certificate cannot be read: {name}: {error.strerror}; put certificate and key (PEM) there"
        zh = f"无法读取用户证书：{name}：{error.strerror}；请将证书与私钥（PEM）放在该处"
        raise SecurityProblem(LocalText(text, zh)) from error
    except ValueError as error:
        text = f"the user's certificate {path} with {key_path.name} cannot be used: {error}"
        raise SecurityProblem(LocalText(text, f"无法使用用户证书 {path} 及 {key_path.name}：{error}")) from error
    return Identity(certificate=certificate, key=key)


def token_policy(offered: Sequence[Any], kind: Any, settings: SecuritySettings) -> Any:
    """Return the UserTokenPolicy to log in by: its secret is never sent with less protection than the channel's.

    An empty policy URI means that of the channel; what a server says of None or of an outdated policy is taken for a
    password only inside an encrypted channel, and for None only.

    Raises:
        SecurityProblem: the server has none for this kind of user, or only such as would give the password away.

    """
    channel = str(POLICIES[settings.policy].URI)
    of_kind = [
        policy if policy.SecurityPolicyUri else replace(policy, SecurityPolicyUri=channel)
        for policy in offered
        if policy.TokenType == kind
    ]
    if kind == ua.UserTokenType.Anonymous and of_kind:
        return of_kind[0]
    for policy in sorted(of_kind, key=lambda each: each.SecurityPolicyUri != channel):
        if policy.SecurityPolicyUri in _URIS:
            return policy
    plain = [policy for policy in of_kind if policy.SecurityPolicyUri == _NONE]
    if plain and kind == ua.UserTokenType.UserName and settings.security is Security.SIGN_AND_ENCRYPT:
        return plain[0]
    if of_kind:
        raise SecurityProblem(
            LocalText(
                "the server would take the user's password or signature only unprotected or by an outdated policy; "
                f'nothing was sent: use security = "{Security.SIGN_AND_ENCRYPT.value}", or set up the server',
                "服务器仅以明文或过时的策略接收用户密码或签名；未发送任何内容："
                f'请使用 security = "{Security.SIGN_AND_ENCRYPT.value}"，或设置服务器',
            )
        )
    names = {
        ua.UserTokenType.Anonymous: LocalText("anonymous users; set user or user_certificate",
                                              "匿名用户；请设置 user 或 user_certificate"),
        ua.UserTokenType.UserName: LocalText("users with a password", "使用密码的用户"),
        ua.UserTokenType.Certificate: LocalText("users with a certificate", "使用证书的用户"),
    }  # fmt: skip
    raise SecurityProblem(LocalText(f"the server admits no {names[kind].en}", f"服务器不接受{names[kind].zh}"))


def refusal(identity: Identity, connection: str, why: str) -> LocalText:
    """Return that a server refused the user, and what to look at."""
    if identity.user:
        variable = secret_variable(SecretKind.PASSWORD, connection)
        return LocalText(
            f"the server refuses user '{identity.user}' ({why}); check the password in {variable} or the keyring, "
            "and the user's rights at the server",
            f"服务器拒绝用户“{identity.user}”（{why}）；请检查 {variable} 或密钥环中的密码，以及该用户在服务器上的权限",
        )
    if identity.certificate is not None:
        return LocalText(
            f"the server refuses the user's certificate ({why}); have it trusted there",
            f"服务器拒绝用户证书（{why}）；请在服务器上信任该证书",
        )
    return LocalText(
        f"the server refuses anonymous users ({why}); set user or user_certificate",
        f"服务器拒绝匿名用户（{why}）；请设置 user 或 user_certificate",
    )


def _load_key(path: Path, keystore: Keystore, connection: str) -> Any:
    data = path.read_bytes()
    if b"ENCRYPTED" not in data:
        return serialization.load_pem_private_key(data, password=None)
    passphrase = keystore.secret(SecretKind.KEY_PASSPHRASE, connection)
    if not passphrase:
        raise SecurityProblem(
            _missing(f"the passphrase of {path}", f"{path} 的口令", SecretKind.KEY_PASSPHRASE, keystore, connection)
        )
    return serialization.load_pem_private_key(data, password=passphrase.encode("utf-8"))


def _check_private(path: Path) -> None:
    if os.name == "posix" and path.stat().st_mode & 0o077:
        text = f"others may read {path}; take that away first: chmod 600 {path}"
        raise SecurityProblem(LocalText(text, f"其他用户可以读取 {path}；请先收回权限：chmod 600 {path}"))


def _missing(what: str, what_zh: str, kind: SecretKind, keystore: Keystore, connection: str) -> LocalText:
    variable, service = secret_variable(kind, connection), keyring_service(kind, keystore.project)
    return LocalText(
        f"{what} is not set; put it into the engine's environment as {variable}, "
        f"or into the system's keyring: keyring set {service} {connection}",
        f"未设置{what_zh}；请在引擎的环境变量 {variable} 中设置，或存入系统密钥环：keyring set {service} {connection}",
    )
