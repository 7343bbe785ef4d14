"""What operators ask of alarms: roles, the second person's password, journal and audit together, floods."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.alarms.engine import AlarmEngine
from app.engine.access import Access
from app.engine.alarmactions import AlarmActionService
from app.engine.alarmservice import AlarmService
from app.engine.database import DatabaseWorker
from app.engine.floodwatch import FloodWatch
from app.engine.records import Records
from app.engine.stores import Stores
from app.link.messages import AcknowledgeReport, AlarmActionRequest
from app.model.alarm import AlarmDefinition, AlarmKind, Priority
from app.model.alarm_action import AlarmAction
from app.model.alarm_state import AlarmSnapshot
from app.model.clock import SECOND_NS, SystemClock
from app.model.flood import FloodState
from app.model.journal import JournalKind, JournalQuery, JournalRow
from app.model.plant import HistorySettings
from app.model.sample import Sample
from app.model.text import LocalText
from app.model.user import Role, Session
from app.security import UserRecord, hash_password
from app.security.audit import AuditEntry
from app.storage import Database
from tests.unit.alarms.site import high

PASSWORD = "correct-horse-battery"
HASH = hash_password(PASSWORD)
FIRST = AlarmDefinition("P.H", "P", AlarmKind.HIGH, Priority.CRITICAL, LocalText("first"), limit=10.0)
MANY = [high(f"M{number}") for number in range(12)]
DO = AlarmAction


class SettableClock(SystemClock):
    """The system's clock, set on by hand."""

    ahead_ns = 0

    def now_ns(self) -> int:
        return super().now_ns() + self.ahead_ns


class Bench:
    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'test.db'}"
        self.clock = SettableClock()
        self.database = DatabaseWorker(lambda: Database(self.url))
        self.stores = Stores(self.database, lambda: Database(self.url), folder / "spool", HistorySettings())
        self.records = Records(self.database, self.stores.journal, self.clock)
        self.floods: list[FloodState] = []
        self.flood_told = asyncio.Event()
        self.announced: list[AlarmSnapshot] = []
        self.access = Access(self.database, self.records, lambda _: None, lambda *_: None, self.clock)
        self.begin()

    def _tell(self, state: FloodState) -> None:
        self.floods.append(state)
        self.flood_told.set()

    def begin(self) -> None:
        """Begin a run of the alarms."""
        self.flood = FloodWatch(self.records, self._tell, self.clock)
        self.engine = AlarmEngine([FIRST, high(), *MANY])
        self.alarms = AlarmService(
            self.engine, self.database, self.stores.journal, self.announced.append, self.clock, flood=self.flood
        )
        self.actions = AlarmActionService(self.engine, self.alarms.keep, self.access.approve, self.records, self.clock)

    async def add_user(self, user: UserRecord) -> None:
        await self.database.call(lambda database: database.users.add(user))

    def feed(self, tag: str, value: float) -> None:
        now = self.clock.now_ns()
        self.alarms.take(self.engine.process(tag, Sample(value, 0, now, now), now))

    async def ask(
        self, action: AlarmAction, *alarms: str, role: Role = Role.SUPERVISOR, user: str = "anna", **more: Any
    ) -> AcknowledgeReport:
        shots = [self.engine.snapshot(alarm) for alarm in alarms]
        pairs = tuple((name, shot.event_id if shot else "") for name, shot in zip(alarms, shots, strict=True))
        now = self.clock.now_ns()
        session = Session("s", user, role, "desk-1", now, now + 10**12)
        return await self.actions.act(AlarmActionRequest(action, pairs, **more), session)

    async def journal(self) -> list[JournalRow]:
        await asyncio.to_thread(self.stores.journal.offer([]).result, 5)
        page = await self.database.call(lambda database: database.journal.page(JournalQuery()))
        return list(reversed(page.rows))

    async def audit(self) -> list[AuditEntry]:
        await asyncio.to_thread(self.stores.journal.offer([]).result, 5)
        records = await self.database.call(lambda database: database.audit.tail())
        return [each.entry for each in reversed(records)]


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(tmp_path)
    bench.stores.start()
    for name, role in (("Li", Role.SUPERVISOR), ("anna", Role.SUPERVISOR), ("op", Role.OPERATOR)):
        await bench.add_user(UserRecord(name, role, HASH))
    yield bench
    await asyncio.to_thread(bench.stores.close)


def why(report: AcknowledgeReport) -> str:
    [refusal] = report.refused
    assert refusal.reason.en
    assert refusal.reason.zh
    return refusal.reason.en


async def test_a_shelving_is_journalled_audited_and_announced_before_the_report_comes(bench: Bench) -> None:
    bench.feed("T", 11)
    report = await bench.ask(DO.SHELVE, "T.H", role=Role.OPERATOR, comment="noise", duration_s=60)
    [shot] = report.accepted
    assert shot.code == "NORM+SHLVD"
    assert bench.announced[-1] == shot
    row = (await bench.journal())[-1]
    assert (row.event, row.object, row.user, row.desk, row.comment) == ("SHELVE", "T.H", "anna", "desk-1", "noise")
    [entry] = await bench.audit()
    assert (entry.action, entry.object, entry.reason, entry.result) == ("shelve", "T.H", "noise", "success")
    assert (entry.old, entry.new) == ("UNACK", "NORM+SHLVD")
    bench.begin()
    await bench.alarms.restore()
    assert bench.alarms.snapshots() == (shot,)
    report = await bench.ask(DO.UNSHELVE, "T.H", role=Role.OPERATOR)
    assert [each.code for each in report.accepted] == ["UNACK"]  # what became of it: it annunciates anew
    assert [each.event for each in await bench.journal()] == ["ALM", "SHELVE", "UNSHELVE", "ALM"]


@pytest.mark.parametrize(
    ("action", "alarm", "role", "allowed"),
    [
        (DO.SHELVE, "T.H", Role.OPERATOR, True),
        (DO.SHELVE_ONCE, "T.H", Role.OPERATOR, True),
        (DO.SHELVE, "P.H", Role.OPERATOR, False),
        (DO.SHELVE_ONCE, "P.H", Role.OPERATOR, False),
        (DO.SHELVE, "P.H", Role.SUPERVISOR, True),
        (DO.REMOVE_FROM_SERVICE, "T.H", Role.OPERATOR, False),
        (DO.REMOVE_FROM_SERVICE, "T.H", Role.SUPERVISOR, True),
        (DO.RETURN_TO_SERVICE, "T.H", Role.OPERATOR, False),
        (DO.COMMENT, "P.H", Role.OPERATOR, True),
    ],
)
async def test_who_may_do_what(bench: Bench, action: AlarmAction, alarm: str, role: Role, allowed: bool) -> None:
    report = await bench.ask(action, alarm, role=role, comment="why", duration_s=60, permit="P-1")
    assert bool(report.accepted) == allowed
    if allowed:
        assert report.refused == ()
        return
    assert "this needs the role supervisor" in why(report)
    [entry] = await bench.audit()
    assert (entry.action, entry.result) == (action.value, why(report))
    assert await bench.journal() == []


@pytest.mark.parametrize(
    ("approver", "password", "words"),
    [
        ("", "", "second person"),
        ("Li", "wrong", "wrong user name or password"),
        ("nobody", PASSWORD, "wrong user name or password"),
        ("ANNA", PASSWORD, "another person"),
        ("op", PASSWORD, "needs the role supervisor; op is operator"),
    ],
)
async def test_priority_1_leaves_service_only_with_a_second_person(
    bench: Bench, approver: str, password: str, words: str
) -> None:
    report = await bench.ask(
        DO.REMOVE_FROM_SERVICE, "P.H", comment="worn", permit="P-1", approver=approver, approver_password=password
    )
    assert report.accepted == ()
    assert words in why(report)
    assert bench.alarms.snapshots() == ()


async def test_the_approver_stands_in_state_journal_and_audit_and_no_password_anywhere(
    bench: Bench, tmp_path: Path
) -> None:
    report = await bench.ask(
        DO.REMOVE_FROM_SERVICE, "P.H", comment="worn", permit="P-1", approver=" li ", approver_password=PASSWORD
    )
    [shot] = report.accepted
    assert shot.service is not None
    assert (shot.service.approver, shot.service.permit) == ("Li", "P-1")
    [row] = await bench.journal()
    assert (row.event, row.comment) == ("OOS", "worn (permit P-1, approved by Li)")
    [entry] = await bench.audit()
    assert entry.reason == "worn; permit P-1; approved by Li"
    assert "correct" not in await asyncio.to_thread(said, tmp_path)
    bench.begin()
    await bench.alarms.restore()
    assert bench.alarms.snapshots() == (shot,)


def said(folder: Path) -> str:
    """Return all that was written."""
    return "".join(file.read_bytes().decode(errors="replace") for file in folder.rglob("*") if file.is_file())


async def test_an_approval_that_is_not_needed_must_be_true_to_be_recorded(bench: Bench) -> None:
    report = await bench.ask(
        DO.REMOVE_FROM_SERVICE, "T.H", comment="worn", permit="P-1", approver="Li", approver_password="wrong"
    )
    [shot] = report.accepted
    assert shot.service is not None
    assert shot.service.approver == ""


async def test_one_refusal_does_not_stop_the_others(bench: Bench) -> None:
    bench.feed("T", 11)
    report = await bench.ask(DO.ACKNOWLEDGE, "T.H", "P.H", "gone")
    assert [each.code for each in report.accepted] == ["ACKED"]
    assert [each.alarm for each in report.refused] == ["P.H", "gone"]


@pytest.mark.parametrize(("texts", "limit"), [({"comment": "x" * 501}, 500), ({"permit": "x" * 81}, 80)])
async def test_texts_have_a_length(bench: Bench, texts: dict[str, Any], limit: int) -> None:
    report = await bench.ask(DO.REMOVE_FROM_SERVICE, "T.H", **({"comment": "x" * 500, "permit": "x" * 80} | texts))
    assert f"up to {limit} characters" in why(report)
    assert bench.alarms.snapshots() == ()


async def test_what_only_devices_know_is_refused(bench: Bench) -> None:
    assert "a device judges" in why(await bench.ask(DO.CONFIRM, "T.H"))


async def test_a_flood_is_journalled_and_told_at_both_ends(bench: Bench) -> None:
    for alarm in MANY:
        bench.feed(alarm.tag, 11)
    [began] = bench.floods
    assert (began.active, began.count) == (True, 11)
    assert bench.flood.state().count == 12
    await bench.journal()
    bench.begin()  # another run knows of it
    await bench.flood.restore(bench.database)
    assert bench.flood.state() == FloodState(True, began.since_ns, 12)
    bench.clock.ahead_ns += 600 * SECOND_NS
    bench.flood_told.clear()
    runner = asyncio.create_task(bench.alarms.run())
    await asyncio.wait_for(bench.flood_told.wait(), 5)
    runner.cancel()
    await asyncio.gather(runner, return_exceptions=True)
    assert (bench.floods[1].active, bench.floods[1].since_ns, bench.floods[1].count) == (False, began.since_ns, 0)
    rows = [row for row in await bench.journal() if row.kind is JournalKind.SYSTEM]
    assert [(row.object, row.event, row.new, row.value) for row in rows] == [
        ("flood", "flood", "start", 11), ("flood", "flood", "end", 0),
    ]  # fmt: skip
    assert all(row.text and row.text_zh for row in rows)
