"""Logins: sessions with an end, and a growing delay after failed ones."""

import secrets
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from app.model.clock import SECOND_NS, Clock
from app.model.errors import AccessDenied
from app.model.text import LocalText
from app.model.user import Role, Session
from app.security.passwords import verify_nobody, verify_password

FREE_ATTEMPTS: Final = 5
"""Failed logins of a user in a row before the first delay."""
FIRST_DELAY_S: Final = 30.0
LONGEST_DELAY_S: Final = 900.0
_REMEMBERED: Final = 1000


@dataclass(frozen=True, slots=True)
class UserRecord:
    """A user as stored. Names are compared without regard to case. Times are ns since the epoch, UTC."""

    name: str
    role: Role
    password_hash: str
    enabled: bool = True
    created_ns: int = 0


@dataclass(slots=True)
class _Failures:
    count: int = 0
    locked_until: float = 0.0


class SessionManager:
    """Sessions of this engine run. Thread-safe: ``login`` may run in a worker thread, the rest in the event loop."""

    def __init__(
        self, clock: Clock, find_user: Callable[[str], UserRecord | None], lifetime_s: float = 12 * 3600
    ) -> None:
        """Take where users are found; a session lasts ``lifetime_s`` (default: one shift of twelve hours)."""
        self._clock = clock
        self._find_user = find_user
        self._lifetime_ns = round(lifetime_s * SECOND_NS)
        self._sessions: dict[str, Session] = {}
        self._records: dict[str, UserRecord] = {}
        """The account behind each session, as it was at its login."""
        self._failures: dict[str, _Failures] = {}
        self._lock = threading.Lock()

    def login(self, user: str, password: str, desk: str) -> Session:
        """Open a session. Takes tens of milliseconds, and asks the database: run it in a worker thread.

        Raises:
            AccessDenied: wrong name or password (not said which), or too many failures; the text says how long to wait.
            DatabaseError: the users cannot be read.

        """
        record = self.verify(user, password)
        now = self._clock.now_ns()
        session = Session(secrets.token_urlsafe(24), record.name, record.role, desk, now, now + self._lifetime_ns)
        with self._lock:
            self._records = {key: each for key, each in self._records.items() if key in self._sessions}
            self._sessions[session.id] = session
            self._records[session.id] = record
        return session

    def verify(self, user: str, password: str) -> UserRecord:
        """Return the account of a user who is who he says, without opening a session; as ``login`` in all else."""
        name = user.strip().casefold()
        with self._lock:
            # Counted as failed before the password is looked at, so that attempts in parallel do not slip through.
            self._count_attempt(name)
        record = self._find_user(user.strip())
        if record is None or not record.enabled:
            verify_nobody(password)
            raise self._denied(name)
        if not verify_password(record.password_hash, password):
            raise self._denied(name)
        with self._lock:
            self._failures.pop(name, None)
        return record

    def logout(self, session_id: str) -> Session | None:
        """End a session; returns it, or None where there was none."""
        with self._lock:
            return self._sessions.pop(session_id, None)

    def get(self, session_id: str) -> Session | None:
        """Return a session that has not expired, else None."""
        with self._lock:
            session = self._sessions.get(session_id)
            return None if session is None or self._clock.now_ns() >= session.expires_ns else session

    @property
    def any_open(self) -> bool:
        """Whether there is a session."""
        return bool(self._sessions)

    def end_changed(self, records: Iterable[UserRecord]) -> list[Session]:
        """End the sessions whose account is not as it was at login (``records``: all accounts now); returns them.

        Gone, disabled, another role, another password: whoever was given less must not go on with what was.
        """
        now, at_ns = {record.name.casefold(): record for record in records}, self._clock.now_ns()
        with self._lock:
            ended = [
                each
                for each in self._sessions.values()
                if at_ns < each.expires_ns and now.get(each.user.casefold()) != self._records.get(each.id)
            ]
            for each in ended:
                del self._sessions[each.id]
        return ended

    def end_expired(self) -> list[Session]:
        """End the sessions that are over; returns them."""
        now = self._clock.now_ns()
        with self._lock:
            ended = [each for each in self._sessions.values() if now >= each.expires_ns]
            for each in ended:
                del self._sessions[each.id]
        return ended

    def _count_attempt(self, name: str) -> None:
        now = self._clock.monotonic()
        failures = self._failures.get(name)
        if failures is None:
            if len(self._failures) >= _REMEMBERED:
                self._forget(now)
            failures = self._failures[name] = _Failures()
        wait_s = failures.locked_until - now
        if wait_s > 0:
            raise AccessDenied(
                LocalText(
                    f"too many failed logins; try again in {wait_s:.0f} s",
                    f"登录失败次数过多，请在 {wait_s:.0f} 秒后重试",
                )
            )
        failures.count += 1
        if failures.count >= FREE_ATTEMPTS:
            delay_s = FIRST_DELAY_S * 2.0 ** min(failures.count - FREE_ATTEMPTS, 10)
            failures.locked_until = now + min(delay_s, LONGEST_DELAY_S)

    def _forget(self, now: float) -> None:
        """Make room: names that are not delayed first, then the oldest."""
        free = [name for name, each in self._failures.items() if each.locked_until <= now]
        for name in free or list(self._failures)[: _REMEMBERED // 2]:
            del self._failures[name]

    def _denied(self, name: str) -> AccessDenied:
        with self._lock:
            failures = self._failures.get(name)
            wait_s = 0.0 if failures is None else failures.locked_until - self._clock.monotonic()
        if wait_s > 0:
            return AccessDenied(
                LocalText(
                    f"wrong user name or password; try again in {wait_s:.0f} s",
                    f"用户名或密码错误，请在 {wait_s:.0f} 秒后重试",
                )
            )
        return AccessDenied(LocalText("wrong user name or password", "用户名或密码错误"))
