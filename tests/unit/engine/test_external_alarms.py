"""Alarms that devices judge, in one list with our own: journal, audit, who acted, what a device refuses."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp

import pytest

from app.alarms.engine import AlarmEngine
from app.alarms.externalplace import ExternalPlaces, alarm_id
from app.engine.alarmactions import AlarmActionService
from app.engine.alarmdesk import AlarmDesk
from app.engine.alarmservice import AlarmService
from app.engine.database import DatabaseWorker
from app.engine.externalalarms import ExternalAlarmService
from app.engine.floodwatch import FloodWatch
from app.engine.records import Records
from app.engine.stores import Stores
from app.link.messages import AcknowledgeRequest, AlarmActionRequest
from app.model import status as st
from app.model.alarm import AlarmDefinition, AlarmKind, AnnunciationState, Priority, Suppression
from app.model.alarm_action import AlarmAction
from app.model.alarm_state import AlarmSnapshot
from app.model.clock import SystemClock
from app.model.external_alarm import AlarmCall, AlarmCallResult, ConditionsUnknown, ExternalCondition
from app.model.journal import JournalQuery, JournalRow
from app.model.plant import HistorySettings, Plant
from app.model.sample import Sample
from app.model.text import LocalText
from app.model.user import Role, Session
from app.storage import Database, JournalItem

CLOCK = SystemClock()
OWN = AlarmDefinition("LVL.H", "LVL", AlarmKind.HIGH, Priority.HIGH, LocalText("high"), limit=5.0)
FULL = ExternalCondition(
    condition="nsu=urn:plc;s=full", event="0a", source="Tank1", message=LocalText("full"), severity=900, time_ns=100,
    receive_ns=110, retained=True, active=True, acked=False,
)  # fmt: skip
ID = alarm_id("plc", FULL)
REFUSED = AlarmCallResult(st.BAD, message=LocalText("too late", "太晚"))


class Bench:
    """Two sources of alarms and a database."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'test.db'}"
        self.database = DatabaseWorker(lambda: Database(self.url))
        self.stores = Stores(self.database, lambda: Database(self.url), Path(mkdtemp(dir=folder)), HistorySettings())
        records = Records(self.database, self.stores.journal, CLOCK)
        self.announced: list[AlarmSnapshot] = []
        self.calls: list[tuple[str, AlarmCall]] = []
        self.answer = AlarmCallResult(st.GOOD)
        self.while_calling: Callable[[], None] = lambda: None
        self.engine = AlarmEngine([OWN])
        self.alarms = AlarmService(self.engine, self.database, self.stores.journal, self.announced.append, CLOCK)
        self.external = ExternalAlarmService(
            ExternalPlaces(Plant(folder, "p", LocalText("p"), "UTC")), self.alarms.take, self.call, records, CLOCK
        )
        actions = AlarmActionService(self.engine, self.alarms.keep, self.approve, records, CLOCK)
        flood = FloodWatch(records, lambda _state: None, CLOCK)
        self.desk = AlarmDesk(self.alarms, actions, self.external, flood)
        now = CLOCK.now_ns()
        self.session = Session("s", "anna", Role.OPERATOR, "desk-1", now, now + 10**12)

    async def approve(self, user: str, _password: str, _role: Role, _session: Session) -> str:
        return user

    async def call(self, connection: str, call: AlarmCall, _timeout_s: float) -> AlarmCallResult:
        self.calls.append((connection, call))
        self.while_calling()
        return self.answer

    def raise_own(self) -> AlarmSnapshot:
        now = CLOCK.now_ns()
        (transition,) = self.engine.process("LVL", Sample(9.0, st.GOOD, now, now), now)
        self.alarms.take([transition])
        return transition.snapshot

    async def journal(self) -> list[JournalRow]:
        await asyncio.wrap_future(self.stores.journal.offer([JournalItem()]))  # comes after all that was offered before
        page = await self.database.call(lambda database: database.journal.page(JournalQuery()))
        return list(reversed(page.rows))


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(tmp_path)
    bench.stores.start()
    yield bench
    await asyncio.to_thread(bench.stores.close)


async def test_both_kinds_stand_in_one_list(bench: Bench) -> None:
    own = bench.raise_own()
    bench.external.take("plc", FULL)
    assert {each.id: each.external is None for each in bench.desk.snapshots()} == {own.id: True, ID: False}
    assert bench.desk.counts() == (2, 2)
    assert {(row.object, row.event, row.tag) for row in await bench.journal()} == {
        (own.id, "ALM", "LVL"), (ID, "ALM", "Tank1"),
    }  # fmt: skip
    assert [each.id for each in bench.announced] == [own.id, ID]


async def test_an_acknowledgement_goes_to_whoever_judges_the_alarm(bench: Bench) -> None:
    own = bench.raise_own()
    bench.external.take("plc", FULL)
    request = AcknowledgeRequest(((own.id, own.event_id), (ID, "0a")), "seen")
    report = await bench.desk.acknowledge(request, bench.session)
    assert [each.id for each in report.accepted] == [own.id, ID]
    assert bench.calls == [("plc", AlarmCall(AlarmAction.ACKNOWLEDGE, FULL.condition, "0a", "seen"))]
    bench.external.take("plc", replace(FULL, event="0b", acked=True, comment="seen", user="engine"))
    row = (await bench.journal())[-1]
    assert (row.event, row.user, row.desk, row.comment) == ("ACK", "anna", "desk-1", "seen")
    shot = next(each for each in bench.desk.snapshots() if each.id == ID)
    assert (shot.acknowledged_by, shot.unacknowledged) == ("anna", False)
    records = await bench.database.call(lambda database: database.audit.tail())
    entry = [record.entry for record in records if record.entry.object == ID][-1]
    assert (entry.action, entry.user, entry.result) == ("acknowledge", "anna", "done")


async def test_what_a_device_refuses_is_said_and_not_ascribed(bench: Bench) -> None:
    bench.external.take("plc", FULL)
    bench.answer = REFUSED
    report = await bench.desk.acknowledge(AcknowledgeRequest(((ID, "00"),)), bench.session)
    assert report.accepted == ()
    assert report.refused[0].reason == LocalText("full: too late", "full：太晚")
    bench.external.take("plc", replace(FULL, event="0b", acked=True, user="panel"))
    assert (await bench.journal())[-1].user == "panel"


async def test_an_answer_does_not_bring_back_what_it_ended(bench: Bench) -> None:
    bench.external.take("plc", FULL)
    bench.while_calling = lambda: bench.external.take("plc", replace(FULL, acked=True, active=False, retained=False))
    report = await bench.desk.acknowledge(AcknowledgeRequest(((ID, "0a"),)), bench.session)
    assert [each.state for each in report.accepted] == [AnnunciationState.NORMAL]
    assert bench.desk.snapshots() == ()


async def test_an_unknown_outcome_is_said(bench: Bench) -> None:
    bench.external.take("plc", FULL)
    bench.answer = AlarmCallResult(st.BAD_TIMEOUT, known=False)
    report = await bench.desk.act(AlarmActionRequest(AlarmAction.SHELVE, ((ID, "0a"),), "", 60), bench.session)
    assert "may or may not" in report.refused[0].reason.en
    assert bench.calls[0][1].duration_ms == 60_000


async def test_our_own_alarms_are_shelved_here_and_what_a_device_cannot_do_is_not_asked_of_it(bench: Bench) -> None:
    own = bench.raise_own()
    bench.external.take("plc", FULL)
    both = ((own.id, own.event_id), (ID, "0a"))
    report = await bench.desk.act(AlarmActionRequest(AlarmAction.SHELVE, both[:1], "noise", 60), bench.session)
    assert [each.suppression for each in report.accepted] == [{Suppression.SHELVED}]
    report = await bench.desk.act(AlarmActionRequest(AlarmAction.RESET, both), bench.session)
    assert [each.alarm for each in report.refused] == [own.id, ID]
    assert "there" in report.refused[1].reason.en
    assert bench.calls == []


async def test_an_alarm_that_is_over_is_refused(bench: Bench) -> None:
    report = await bench.desk.act(AlarmActionRequest(AlarmAction.CONFIRM, ((ID, "0a"),)), bench.session)
    assert report.refused[0].reason.en == "the device does not report it any more"


async def test_a_loss_is_announced_and_nothing_of_them_is_kept_for_the_next_run(bench: Bench) -> None:
    bench.external.take("plc", FULL)
    bench.external.take("plc", ConditionsUnknown())
    rows = await bench.journal()
    assert [row.event for row in rows] == ["ALM"]
    last = bench.announced[-1]
    assert last.external is not None
    assert not last.external.known
    assert await bench.database.call(lambda database: database.alarm_states.load()) == []
