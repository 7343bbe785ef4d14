"""The library's client with a secured channel to a trusted server, where a connection asks for one."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from asyncua import ua

from app.model.clock import Clock
from app.model.connection import Connection
from app.model.errors import ProjectError
from app.model.keystore import Keystore
from app.model.text import LocalText
from connectors.opcua.certificates import Certificate, SecurityProblem, show_fingerprint
from connectors.opcua.faults import USER_REFUSED
from connectors.opcua.identity import Identity, load_identity, refusal, token_policy
from connectors.opcua.leftovers import SuccessorClient
from connectors.opcua.own import OwnCertificate, own_certificates
from connectors.opcua.renewal import keep_old_keys
from connectors.opcua.security import MODES, POLICIES, Security, SecuritySettings, ask_offers, matching
from connectors.opcua.trust import TrustList, check_trust

_LOG = logging.getLogger(__name__)

REFUSED_PAUSE_S: Final = 60.0
"""After a server refused a user it is not asked again for so long with the same secret: it may lock the account."""


class ChannelSecurity:
    """Makes the clients of one connection, and keeps what was learned from one attempt for the next.

    Raises ProjectError where the connection asks for security and nobody handed in a keystore.
    """

    def __init__(self, connection: Connection, keystore: Keystore | None, clock: Clock) -> None:
        self.settings = SecuritySettings.of(connection)
        if keystore is None and self.settings.security is not Security.NONE:
            raise ProjectError(f"connection '{connection.id}': there is no folder for keys and certificates")
        self._connection = connection
        self._keystore = keystore
        self._clock = clock
        self._unknown_there = ""
        self._refused: tuple[Identity, float, SecurityProblem] | None = None

    def client(self, endpoint: str, *, timeout: float, **options: Any) -> SuccessorClient:
        """Return a client that connects as configured; its ``connect`` raises SecurityProblem where it may not."""
        if self._keystore is None or self.settings.security is Security.NONE:
            return SuccessorClient(endpoint, timeout=timeout, **options)
        return _SecuredClient(_Attempt(self, self._keystore, endpoint, timeout), endpoint, timeout=timeout, **options)

    def now(self) -> datetime:
        """Return the time by the connection's clock."""
        return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=self._clock.now_ns() // 1000)

    @property
    def connection(self) -> str:
        """Id of the connection."""
        return self._connection.id

    def own(self, candidates: tuple[OwnCertificate, ...]) -> OwnCertificate:
        """Return the certificate whose turn it is: the one before it, where a server does not know the renewed one."""
        return next((each for each in candidates if each.facts.fingerprint != self._unknown_there), candidates[0])

    def own_refused(self, own: OwnCertificate) -> None:
        """Take another certificate than this the next time, where there is one."""
        self._unknown_there = own.facts.fingerprint

    def user_refused(self, identity: Identity, problem: SecurityProblem) -> None:
        """Remember that a server does not take this user."""
        self._refused = (identity, self._clock.monotonic() + REFUSED_PAUSE_S, problem)

    def check_user(self, identity: Identity) -> None:
        """Raise the server's last refusal while it is recent and the secret is the same."""
        if self._refused is None:
            return
        refused, until, problem = self._refused
        if identity == refused and self._clock.monotonic() < until:
            raise SecurityProblem(problem.text)
        self._refused = None


class _Attempt:
    """What one client needs to connect; used once."""

    def __init__(self, security: ChannelSecurity, keystore: Keystore, endpoint: str, timeout_s: float) -> None:
        self.settings = security.settings
        self.identity = Identity()
        self.channel_open = False
        self._security = security
        self._keystore = keystore
        self._endpoint = endpoint
        self._timeout_s = timeout_s
        self._own: OwnCertificate | None = None

    async def prepare(self, client: Any) -> None:
        """Find the trusted certificate that the server shows, and give policy and identity to the client."""
        security, connection = self._security, self._security.connection
        self.identity = await asyncio.to_thread(load_identity, self.settings, self._keystore, connection)
        security.check_user(self.identity)
        offers = matching(await ask_offers(self._endpoint, self._timeout_s), self.settings)
        trusted = await asyncio.to_thread(TrustList(self._keystore.folder).of, connection)
        shown = [Certificate.parse(offer.certificate) for offer in offers]
        peer = check_trust(shown, trusted, connection, urlsplit(self._endpoint).hostname or "", security.now())
        candidates = await asyncio.to_thread(
            own_certificates, self._keystore.folder, self._keystore.project, security.now()
        )
        own = self._own = security.own(candidates)
        if own is not candidates[0]:
            _LOG.warning(
                "connection %s: trying the certificate before the renewed one; have %s trusted by the server",
                connection, candidates[0].file,
            )  # fmt: skip
        policy = POLICIES[self.settings.policy](
            peer.der, own.certificate, own.key, MODES[self.settings.security], host_cert_chain=[]
        )
        keep_old_keys(policy)
        client.security_policy = policy
        client.uaclient.set_security(policy)
        client.application_uri = own.application_uri
        client.certificate_validator = _application_check(peer)
        if self.identity.user:
            client.set_user(self.identity.user)
            client.set_password(self.identity.password)
        elif self.identity.certificate is not None:
            client.user_certificate, client.user_private_key = self.identity.certificate, self.identity.key

    def explain(self, error: Exception) -> Exception:
        """Return the error as the reason that it stands for, with what to do."""
        if isinstance(error, SecurityProblem):
            return error
        name = error.__class__.__name__
        if isinstance(error, ua.UaStatusCodeError) and int(error.code) in USER_REFUSED:
            problem = SecurityProblem(refusal(self.identity, self._security.connection, name))
            self._security.user_refused(self.identity, problem)
            return problem
        answer = LocalText(name)
        if not isinstance(error, ua.UaStatusCodeError):
            late = isinstance(error, TimeoutError)
            answer = LocalText("no answer", "无应答") if late else LocalText("it closed the line", "连接被关闭")
        refused = name.startswith(("BadSecurity", "BadCertificate")) or not (
            self.channel_open or isinstance(error, ConnectionRefusedError)
        )
        own = self._own
        if own is None or not refused:
            return error
        self._security.own_refused(own)
        return SecurityProblem(
            LocalText(
                f"the server refused the secure channel ({answer.en}); it probably does not trust this console: have "
                f"{own.file} trusted there (SHA-256 {show_fingerprint(own.facts.fingerprint)})",
                f"服务器拒绝了安全通道（{answer.get('zh')}）；它可能尚未信任本机：请在服务器上信任 {own.file}"
                f"（SHA-256 {show_fingerprint(own.facts.fingerprint)}）",
            )
        )


class _SecuredClient(SuccessorClient):
    """A client that prepares its security before it connects, and chooses how the user logs in."""

    def __init__(self, attempt: _Attempt, endpoint: str, **options: Any) -> None:
        super().__init__(endpoint, **options)
        self._attempt = attempt

    async def connect(self, **options: Any) -> None:
        """Connect; raises SecurityProblem with what to do, else as the library does."""
        try:
            await self._attempt.prepare(self)
            await super().connect(**options)
        except (OSError, ua.UaError, AssertionError) as error:
            raise self._attempt.explain(error) from error

    async def open_secure_channel(self, renew: bool = False) -> None:
        """Open or renew the channel."""
        await super().open_secure_channel(renew)
        self._attempt.channel_open = True

    def server_policy(self, token_type: Any) -> Any:
        """Return how the user logs in, of what the server offers inside the secured channel."""
        return token_policy(self._policy_ids, token_type, self._attempt.settings)


def _application_check(peer: Certificate) -> Callable[[Any, Any], Any]:
    async def check(_certificate: Any, server: Any) -> None:
        """Compare what the server says of itself inside the secured channel with its certificate."""
        problem = peer.application_problem(str(server.ApplicationUri or ""))
        if problem is not None:
            raise SecurityProblem(problem)

    return check
