"""Logins over the link: a session belongs to its connection and ends with it."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final, cast

from app.engine.database import DatabaseWorker
from app.engine.records import Records
from app.link.messages import LoginRequest, Nothing
from app.link.server import Peer
from app.model.clock import Clock
from app.model.errors import AccessDenied, DatabaseError
from app.model.journal import SessionEnd
from app.model.text import LocalText
from app.model.user import Role, Session
from app.security.sessions import SessionManager, UserRecord

Tell = Callable[[Peer, str, LocalText], None]

ACCOUNTS_S: Final = 5.0
FIND_TIMEOUT_S: Final = 10.0

_CHANGED: Final = LocalText("the account was changed", "账号已被修改")
_EXPIRED: Final = LocalText("the session is over", "登录会话已到期")


class Access:
    """Sessions of connected clients."""

    def __init__(
        self, database: DatabaseWorker, records: Records, on_ended: Callable[[str], None], tell: Tell, clock: Clock
    ) -> None:
        """``tell`` sends to a client that the engine ended its session (by id), and why."""
        self._worker = database
        self._records = records
        self._on_ended = on_ended
        self._tell = tell
        self._peers: dict[str, Peer] = {}
        self._one_at_a_time = asyncio.Lock()
        self._sessions = SessionManager(clock, self._find_user)

    async def login(self, peer: Peer, request: LoginRequest) -> Session:
        """Open a session for a client; it replaces the one it had. Raises AccessDenied."""
        try:
            async with self._one_at_a_time:  # a password takes tens of milliseconds: never in the database's thread
                session = await asyncio.to_thread(self._sessions.login, request.user, request.password, request.desk)
        except AccessDenied as refusal:
            entry = self._records.entry("login", None, user=request.user, desk=request.desk, result=str(refusal))
            self._records.audit(entry)
            self._records.access("login-failed", request.user, request.desk, refusal.text)
            raise
        self.end(peer, SessionEnd.ANOTHER_LOGIN)
        peer.session_id = session.id
        self._peers[session.id] = peer
        self._records.audit(self._records.entry("login", session, result="success"))
        self._records.access("login", session.user, session.desk)
        if peer.gone:  # while the password was looked at: nobody would end this session
            self.closed(peer)
            raise AccessDenied(LocalText("the client has gone", "客户端已断开"))
        return session

    async def approve(self, user: str, password: str, role: Role, session: Session) -> str:
        """Return the name of a second person with this role at least, who approves what the session's user does.

        Raises:
            AccessDenied: the same person, wrong name or password, or a role too low.

        """
        try:
            if user.strip().casefold() == session.user.casefold():
                raise AccessDenied(LocalText("the approver must be another person", "批准人必须是另一人"))
            async with self._one_at_a_time:
                record = await asyncio.to_thread(self._sessions.verify, user, password)
            _require_role(role, record.name, record.role)
        except AccessDenied as refusal:
            entry = self._records.entry("approve", session, object=user.strip(), result=str(refusal))
            self._records.audit(entry)
            raise
        return record.name

    async def logout(self, peer: Peer, _request: Nothing) -> Nothing:
        """End the session of a client."""
        self.end(peer, SessionEnd.USER)
        return Nothing()

    def closed(self, peer: Peer) -> None:
        """Take that a client has gone: its session ends."""
        peer.gone = True
        self.end(peer, SessionEnd.LINK_CLOSED)

    def end(self, peer: Peer, reason: SessionEnd) -> None:
        """End the session of a client, if it has one."""
        session = self._sessions.logout(peer.session_id) if peer.session_id else None
        peer.session_id = ""
        if session is not None:
            self._ended(session, reason)

    async def watch_accounts(self) -> None:
        """End sessions that are over or whose account was changed; looks every few seconds. Runs until cancelled."""
        while True:
            await asyncio.sleep(ACCOUNTS_S)
            self.end_expired()
            with contextlib.suppress(DatabaseError):  # away: sessions go on with what was known
                await self.check_accounts()

    def end_expired(self) -> None:
        """End the sessions that have lasted long enough."""
        for session in self._sessions.end_expired():
            self._ended(session, SessionEnd.EXPIRED, _EXPIRED)

    async def check_accounts(self) -> None:
        """End sessions whose account is not as it was at login; raises DatabaseError."""
        if not self._sessions.any_open:
            return
        records = await self._worker.call(lambda database: database.users.list())
        for session in self._sessions.end_changed(records):
            self._ended(session, SessionEnd.ACCOUNT_CHANGED, _CHANGED)

    def session(self, peer: Peer) -> Session | None:
        """Return the client's session, or None where it has none or it expired."""
        return self._sessions.get(peer.session_id) if peer.session_id else None

    def require(self, peer: Peer, role: Role) -> Session:
        """Return the client's session; raises AccessDenied where it is missing or its role is too low."""
        session = self.session(peer)
        if session is None:
            raise AccessDenied(LocalText("log in first", "请先登录"))
        _require_role(role, session.user, session.role)
        return session

    def _ended(self, session: Session, reason: SessionEnd, told: LocalText | None = None) -> None:
        self._on_ended(session.id)
        peer = self._peers.pop(session.id, None)
        if peer is not None and told is not None:
            self._tell(peer, session.id, told)
        self._records.audit(self._records.entry("logout", session, reason=reason.value))
        self._records.access("logout", session.user, session.desk, reason.value)

    def _find_user(self, name: str) -> UserRecord | None:
        """Ask the database from the thread of a login."""
        try:
            found = self._worker.submit(lambda database: database.users.find(name)).result(FIND_TIMEOUT_S)
        except TimeoutError:
            raise DatabaseError(
                LocalText(
                    f"the database did not answer within {FIND_TIMEOUT_S:g} s",
                    f"数据库在 {FIND_TIMEOUT_S:g} 秒内未应答",
                )
            ) from None
        return cast("UserRecord | None", found)


def _require_role(role: Role, user: str, has: Role) -> None:
    if has < role:
        raise AccessDenied(
            LocalText(
                f"this needs the role {role.title.en}; {user} is {has.title.en}",
                f"需要“{role.title.zh}”权限；{user} 的权限为“{has.title.zh}”",
            )
        )
