"""How a connection is to be secured, and which of a server's offers is that: never a weaker one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from asyncua import Client, ua
from asyncua.crypto import security_policies

from app.model.connection import Connection
from app.model.errors import ProjectError
from app.model.text import LocalText
from connectors.opcua.certificates import SecurityProblem
from connectors.settings import text

OPTIONS: Final = frozenset({"security", "policy", "user", "user_certificate"})


class Security(StrEnum):
    """What protects the messages."""

    NONE = "none"
    SIGN = "sign"
    SIGN_AND_ENCRYPT = "sign-and-encrypt"


MODES: Final[Mapping[Security, Any]] = {
    Security.NONE: ua.MessageSecurityMode.None_,
    Security.SIGN: ua.MessageSecurityMode.Sign,
    Security.SIGN_AND_ENCRYPT: ua.MessageSecurityMode.SignAndEncrypt,
}

POLICIES: Final[Mapping[str, Any]] = {
    "Basic256Sha256": security_policies.SecurityPolicyBasic256Sha256,
    "Aes128-Sha256-RsaOaep": security_policies.SecurityPolicyAes128Sha256RsaOaep,
    "Aes256-Sha256-RsaPss": security_policies.SecurityPolicyAes256Sha256RsaPss,
}
"""Those that the OPC Foundation still recommends; Basic256 and Basic128Rsa15 are not among them."""

DEFAULT_POLICY: Final = "Basic256Sha256"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class SecuritySettings:
    """Validated options.

    Attributes:
        policy: name of the one policy that is used; never another.
        user: user name; empty for none.
        user_certificate: name of certificate and key of the user in the folder of keys; empty for none.

    """

    security: Security
    policy: str = DEFAULT_POLICY
    user: str = ""
    user_certificate: str = ""

    @classmethod
    def of(cls, connection: Connection) -> "SecuritySettings":
        """Read the options of a connection.

        Raises:
            ProjectError: an option is not allowed, or two contradict each other.

        """
        options = connection.options
        try:
            security = Security(text(options, "security", "none"))
            policy = text(options, "policy", DEFAULT_POLICY)
            user, certificate = text(options, "user", ""), text(options, "user_certificate", "")
            if policy not in POLICIES:
                raise ValueError(f"policy '{policy}' is unknown; allowed: {', '.join(POLICIES)}")
            if certificate and _NAME.fullmatch(certificate) is None:
                raise ValueError(f"user_certificate '{certificate}' is not a name of a file without folder and ending")
            if security is Security.NONE and OPTIONS & options.keys() - {"security"}:
                raise ValueError("policy, user and user_certificate need security sign or sign-and-encrypt")
            if user and certificate:
                raise ValueError("user and user_certificate exclude each other")
        except (ValueError, ProjectError) as error:
            raise ProjectError(f"connection '{connection.id}': {error}") from None
        return cls(security, policy, user, certificate)

    @property
    def words(self) -> LocalText:
        """Mode and policy, as they are said."""
        return _words(self.security, self.policy)


@dataclass(frozen=True, slots=True)
class Offer:
    """An endpoint of a server as it tells of itself, before anything proves it.

    Attributes:
        security: None where the mode is unknown. policy: our name, or the last part of the URI.
        certificate: DER, perhaps a chain.
        application_uri: how the server names itself.

    """

    security: Security | None
    policy: str
    certificate: bytes
    application_uri: str

    @property
    def words(self) -> LocalText:
        """Mode and policy, as they are said."""
        return LocalText("unknown", "未知") if self.security is None else _words(self.security, self.policy)


async def ask_offers(endpoint: str, timeout_s: float) -> tuple[Offer, ...]:
    """Ask a server for its endpoints over a channel of its own. Nothing of the answer is proven yet.

    The server's URLs are not taken: behind a gateway or with a wrong host name they lead nowhere, or elsewhere.

    Raises:
        OSError, UaError, AssertionError: see faults.TROUBLE.

    """
    described = await Client(endpoint, timeout=timeout_s).connect_and_get_server_endpoints()
    return tuple(_offer(each) for each in described if (each.EndpointUrl or "").startswith("opc.tcp://"))


def matching(offers: Sequence[Offer], settings: SecuritySettings) -> tuple[Offer, ...]:
    """Return the offers of exactly the configured mode and policy.

    Raises:
        SecurityProblem: there is none. Nothing else is taken instead: the list came over an open line.

    """
    found = tuple(each for each in offers if (each.security, each.policy) == (settings.security, settings.policy))
    if found:
        return found
    others = list(dict.fromkeys(each.words for each in offers)) or [LocalText("nothing", "无")]
    wanted = settings.words
    raise SecurityProblem(
        LocalText(
            f"the server does not offer {wanted.en}; it offers: {', '.join(each.en for each in others)}; "
            "nothing but what is configured is used: set up the server, or correct security and policy in plant.toml",
            f"服务器不提供{wanted.zh}；它提供：{'、'.join(each.zh for each in others)}；"
            "不会使用其他方式：请设置服务器，或更正 plant.toml 中的 security 与 policy",
        )
    )


def _offer(described: Any) -> Offer:
    names = {str(policy.URI): name for name, policy in POLICIES.items()}
    modes = {mode: security for security, mode in MODES.items()}
    uri = described.SecurityPolicyUri or ""
    return Offer(
        modes.get(described.SecurityMode),
        names.get(uri, uri.rpartition("#")[2]),
        bytes(described.ServerCertificate or b""),
        str(described.Server.ApplicationUri or ""),
    )


def _words(security: Security, policy: str) -> LocalText:
    if security is Security.NONE:
        return LocalText("no security", "无安全")
    mode = "签名" if security is Security.SIGN else "签名并加密"
    return LocalText(f"{security.value} with {policy}", f"{mode}（{policy}）")
