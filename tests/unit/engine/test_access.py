"""Logins of clients that come and go, with a real database."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.engine.access import Access
from app.engine.database import DatabaseWorker
from app.engine.records import Records
from app.engine.stores import Stores
from app.link.messages import LoginRequest, Nothing
from app.link.server import Peer
from app.model.clock import SystemClock
from app.model.errors import AccessDenied
from app.model.plant import HistorySettings
from app.model.text import LocalText
from app.model.user import Role
from app.security import UserRecord, hash_password
from app.storage import Database

CLOCK = SystemClock()
PASSWORD = "correct-horse-battery"
LOGIN = LoginRequest("anna", PASSWORD, "desk")


class SettableClock(SystemClock):
    """The system's clock, set on by hand."""

    ahead_ns = 0

    def now_ns(self) -> int:
        return super().now_ns() + self.ahead_ns


class Bench:
    def __init__(self, folder: Path) -> None:
        self.database = DatabaseWorker(lambda: Database(f"sqlite:///{folder / 'test.db'}"))
        self.stores = Stores(self.database, self.database._open, folder / "spool", HistorySettings())
        self.ended: list[str] = []
        records = Records(self.database, self.stores.journal, CLOCK)
        self.told: list[tuple[Peer, str, LocalText]] = []
        self.clock = SettableClock()
        self.access = Access(
            self.database, records, self.ended.append, lambda *each: self.told.append(each), self.clock
        )

    async def audited(self) -> list[tuple[str, str]]:
        await asyncio.to_thread(self.stores.journal.offer([]).result, 5)
        records = await self.database.call(lambda database: database.audit.tail())
        return [(each.entry.action, each.entry.reason) for each in reversed(records)]


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(tmp_path)
    bench.stores.start()
    user = UserRecord("anna", Role.OPERATOR, hash_password(PASSWORD))
    await bench.database.call(lambda database: database.users.add(user))
    yield bench
    await asyncio.to_thread(bench.stores.close)


async def test_a_session_ends_with_its_client(bench: Bench) -> None:
    peer = Peer(1)
    session = await bench.access.login(peer, LOGIN)
    assert bench.access.session(peer) == session
    bench.access.closed(peer)
    assert bench.access.session(peer) is None
    assert bench.ended == [session.id]
    assert await bench.audited() == [("login", ""), ("logout", "link closed")]


async def test_a_client_that_leaves_while_it_logs_in_leaves_no_session(bench: Bench) -> None:
    peer, busy = Peer(1), threading.Event()
    bench.database.submit(lambda _: busy.wait(5))
    login = asyncio.create_task(bench.access.login(peer, LOGIN))
    await asyncio.sleep(0)
    bench.access.closed(peer)
    busy.set()
    with pytest.raises(AccessDenied):
        await login
    assert bench.access.session(peer) is None
    assert await bench.audited() == [("login", ""), ("logout", "link closed")]


async def test_another_login_ends_the_session_before(bench: Bench) -> None:
    peer = Peer(1)
    first = await bench.access.login(peer, LOGIN)
    second = await bench.access.login(peer, LOGIN)
    assert bench.access.session(peer) == second
    assert bench.ended == [first.id]


@pytest.mark.parametrize("change", ["disabled", "role", "password"])
async def test_a_session_ends_when_its_account_is_changed(bench: Bench, change: str) -> None:
    peer = Peer(1)
    session = await bench.access.login(peer, LOGIN)
    await bench.access.check_accounts()
    assert bench.access.session(peer) == session

    def work(database: Database) -> None:
        if change == "disabled":
            database.users.set_enabled("anna", False)
        elif change == "role":
            database.users.set_role("anna", Role.VIEWER)
        else:
            database.users.set_password("anna", hash_password("another-horse-battery"))

    await bench.database.call(work)
    await bench.access.check_accounts()
    assert bench.access.session(peer) is None
    assert bench.ended == [session.id]
    assert (await bench.audited())[-1] == ("logout", "account changed")
    assert [(to, ended, reason.en) for to, ended, reason in bench.told] == [
        (peer, session.id, "the account was changed")
    ]


async def test_a_session_that_is_over_ends_and_its_client_is_told(bench: Bench) -> None:
    peer, other = Peer(1), Peer(2)
    session = await bench.access.login(peer, LOGIN)
    bench.clock.ahead_ns = session.expires_ns - session.started_ns
    assert bench.access.session(peer) is None
    later = await bench.access.login(other, LOGIN)
    bench.access.end_expired()
    assert [(to, ended, reason.en) for to, ended, reason in bench.told] == [(peer, session.id, "the session is over")]
    assert bench.ended == [session.id]
    assert bench.access.session(other) == later
    assert await bench.audited() == [("login", ""), ("login", ""), ("logout", "expired")]


async def test_who_leaves_by_own_wish_is_told_nothing(bench: Bench) -> None:
    peer = Peer(1)
    await bench.access.login(peer, LOGIN)
    await bench.access.logout(peer, Nothing())
    await bench.access.login(peer, LOGIN)
    await bench.access.login(peer, LOGIN)
    bench.access.closed(peer)
    assert bench.told == []
