"""Alarms and commands with a real database, and a device that is a function."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from app.alarms.engine import AlarmEngine
from app.dispatch.dispatcher import Dispatcher
from app.engine.alarmactions import AlarmActionService
from app.engine.alarmservice import AlarmService
from app.engine.commandservice import CommandService
from app.engine.database import DatabaseWorker
from app.engine.records import Records
from app.engine.stores import Stores
from app.engine.values import Values
from app.link.messages import AlarmActionRequest, SelectRequest, TokenRequest
from app.model import status as st
from app.model.alarm import AlarmDefinition, AlarmKind, AnnunciationState, Priority
from app.model.alarm_action import AlarmAction
from app.model.alarm_state import AlarmSnapshot
from app.model.clock import SystemClock
from app.model.command import (
    CommandDefinition,
    CommandKind,
    CommandOutcome,
    CommandRefused,
    CommandResult,
    RefusalReason,
)
from app.model.connection import WriteResult
from app.model.errors import DatabaseError
from app.model.journal import JournalQuery
from app.model.plant import HistorySettings, Plant
from app.model.sample import Sample, Value
from app.model.tag import Tag
from app.model.text import LocalText
from app.model.user import Role, Session
from app.storage import Database

CLOCK = SystemClock()
TAGS = {name: Tag(name, connection="x", writable=name == "SP") for name in ("SP", "REF", "LVL")}
COMMAND = CommandDefinition(
    "SP", CommandKind.SETPOINT, LocalText("Setpoint"), "SP", "REF", low=0, high=10, tolerance=0.1, timeout_s=5
)
ALARM = AlarmDefinition("LVL.H", "LVL", AlarmKind.HIGH, Priority.HIGH, LocalText("high"), limit=5.0)
PLANT = Plant(Path(), "p", LocalText("p"), "UTC", tags=TAGS, commands={"SP": COMMAND}, alarms={ALARM.id: ALARM})


class Bench:
    def __init__(self, folder: Path) -> None:
        self.broken = False
        self.url = f"sqlite:///{folder / 'test.db'}"
        self.database = DatabaseWorker(self._open)
        self.stores = Stores(self.database, self._open, Path(mkdtemp(dir=folder)), HistorySettings())
        self.values = Values(TAGS)
        self.records = Records(self.database, self.stores.journal, CLOCK)
        self.announced: list[Any] = []
        self.written: list[Value] = []
        self.answer = WriteResult(st.GOOD)
        self.follows = True
        self.dispatcher = Dispatcher(PLANT.commands, TAGS, self.values.get, lambda _: True, CLOCK)
        self.commands = CommandService(
            PLANT, self.dispatcher, self.values, self.write, self.records, self.announced.append, CLOCK
        )
        self.engine = AlarmEngine([ALARM])
        self.woken = 0
        self.alarms = AlarmService(self.engine, self.database, self.stores.journal, self._announce, CLOCK, self._wake)
        self.actions = AlarmActionService(self.engine, self.alarms.keep, self.approve, self.records, CLOCK)
        now = CLOCK.now_ns()
        self.session = Session("s", "anna", Role.OPERATOR, "desk", now, now + 10**12)
        for tag in TAGS:
            self.put(tag, 1.0)
        self.told = asyncio.Event()
        self.sent = asyncio.Event()

    def _open(self) -> Database:
        if self.broken:
            raise DatabaseError("away")
        return Database(self.url)

    def _announce(self, snapshot: AlarmSnapshot) -> None:
        self.announced.append(snapshot)
        self.told.set()

    async def approve(self, user: str, _password: str, _role: Role, _session: Session) -> str:
        return user

    def _wake(self) -> None:
        self.woken += 1

    def put(self, tag: str, value: float, status: int = st.GOOD) -> None:
        now = CLOCK.now_ns()
        self.values.put(tag, Sample(value, status, now, now))

    async def write(self, tag: Tag, value: Value, timeout_s: float) -> WriteResult:
        self.written.append(value)
        self.sent.set()
        if self.follows and isinstance(value, int | float):
            asyncio.get_running_loop().call_later(0.01, self.put, "REF", float(value))
        return self.answer

    async def give(self, value: float) -> CommandResult:
        selection = await self.commands.select(SelectRequest("SP", value), self.session)
        return await self.commands.operate(TokenRequest(selection.token, CLOCK.now_ns()), self.session)

    async def journal(self) -> list[str]:
        page = await self.database.call(lambda database: database.journal.page(JournalQuery()))
        return [row.event for row in reversed(page.rows)]


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(tmp_path)
    bench.stores.start()
    yield bench
    await bench.commands.close()
    await asyncio.to_thread(bench.stores.close)


async def test_a_setpoint_is_verified_audited_and_announced(bench: Bench) -> None:
    result = await bench.give(4.0)
    assert (result.outcome, result.feedback, bench.written) == (CommandOutcome.SUCCESS, 4.0, [4.0])
    assert bench.announced == [result]
    report = await bench.database.call(lambda database: database.audit.verify())
    assert report.broken_seq is None
    actions = await bench.database.call(lambda database: [r.entry.action for r in reversed(database.audit.tail())])
    assert actions[:2] == ["select", "operate"]
    await asyncio.to_thread(bench.stores.journal.offer([]).result, 5)
    assert await bench.journal() == ["select", "operate", "result"]


async def test_a_device_that_refuses_is_told_apart(bench: Bench) -> None:
    bench.answer = WriteResult(st.BAD_OUT_OF_RANGE)
    assert (await bench.give(4.0)).outcome is CommandOutcome.REJECTED
    bench.answer = WriteResult(st.BAD_TIMEOUT, known=False)
    assert (await bench.give(4.0)).outcome is CommandOutcome.UNKNOWN
    assert len(bench.written) == 2


async def test_without_audit_nothing_is_sent(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    bench = Bench(tmp_path)
    bench.broken = True
    bench.stores.start()
    with pytest.raises(CommandRefused) as refused:
        await bench.give(4.0)
    assert refused.value.reason is RefusalReason.AUDIT_UNAVAILABLE
    assert bench.written == []
    await asyncio.to_thread(bench.stores.close)


async def test_a_refusal_is_journalled_with_its_reason(bench: Bench) -> None:
    with pytest.raises(CommandRefused):
        await bench.give(99.0)
    await asyncio.to_thread(bench.stores.journal.offer([]).result, 5)
    assert await bench.journal() == ["refused"]


@pytest.mark.parametrize("event", ["plant", "session"])
async def test_what_changes_while_a_command_is_audited_keeps_it_from_going_out(bench: Bench, event: str) -> None:
    selection = await bench.commands.select(SelectRequest("SP", 4.0), bench.session)
    busy = threading.Event()
    bench.database.submit(lambda _: busy.wait(5))
    task = asyncio.create_task(bench.commands.operate(TokenRequest(selection.token, CLOCK.now_ns()), bench.session))
    await asyncio.sleep(0)  # it has passed its checks, and waits for the database
    if event == "plant":
        bench.put("REF", 1.0, st.BAD_SENSOR_FAILURE)
    else:
        bench.dispatcher.cancel_session(bench.session.id)
    busy.set()
    with pytest.raises(CommandRefused) as refused:
        await task
    expected = RefusalReason.BAD_QUALITY if event == "plant" else RefusalReason.NO_SESSION
    assert (refused.value.reason, bench.written) == (expected, [])
    await asyncio.to_thread(bench.stores.journal.offer([]).result, 5)
    records = await bench.database.call(lambda database: [r.entry for r in reversed(database.audit.tail())])
    assert [each.action for each in records] == ["select", "operate", "refused"]
    assert records[1].correlation == records[2].correlation != ""
    bench.put("REF", 1.0)
    assert (await bench.give(4.0)).outcome is CommandOutcome.SUCCESS


async def test_a_command_whose_client_is_cut_off_while_it_is_audited_frees_its_target(bench: Bench) -> None:
    selection = await bench.commands.select(SelectRequest("SP", 4.0), bench.session)
    busy = threading.Event()
    bench.database.submit(lambda _: busy.wait(5))
    task = asyncio.create_task(bench.commands.operate(TokenRequest(selection.token, CLOCK.now_ns()), bench.session))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    busy.set()
    assert bench.written == []
    assert (await bench.give(4.0)).outcome is CommandOutcome.SUCCESS


async def test_stopping_the_engine_ends_a_verification_and_records_it(bench: Bench) -> None:
    bench.follows = False
    selection = await bench.commands.select(SelectRequest("SP", 4.0), bench.session)
    task = asyncio.create_task(bench.commands.operate(TokenRequest(selection.token, CLOCK.now_ns()), bench.session))
    await bench.sent.wait()
    await bench.commands.close()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.to_thread(bench.stores.journal.offer([]).result, 5)
    assert (await bench.journal())[-1] == "result"


async def test_an_alarm_is_in_the_database_before_it_is_announced(bench: Bench) -> None:
    now = CLOCK.now_ns()
    bench.alarms.take(bench.engine.process("LVL", Sample(9.0, 0, now, now), now))
    assert bench.announced == []
    await asyncio.wait_for(bench.told.wait(), 5)
    (snapshot,) = bench.announced
    assert (await bench.database.call(lambda database: database.alarm_states.load()))[0] == snapshot
    assert await bench.journal() == ["ALM"]
    assert bench.alarms.counts() == (1, 1)

    asked = ((snapshot.id, snapshot.event_id), (snapshot.id, "old"))
    report = await bench.actions.act(AlarmActionRequest(AlarmAction.ACKNOWLEDGE, asked, "seen"), bench.session)
    assert [each.state for each in report.accepted] == [AnnunciationState.ACKNOWLEDGED]
    assert [each.alarm for each in report.refused] == ["LVL.H"]
    assert bench.announced[-1] == report.accepted[0]
    [record] = await bench.database.call(lambda database: database.audit.tail())
    entry = record.entry
    assert (entry.action, entry.user, entry.role, entry.desk) == ("acknowledge", "anna", "operator", "desk")
    assert (entry.object, entry.correlation, entry.reason) == ("LVL.H", snapshot.event_id, "seen")

    again = AlarmService(AlarmEngine([ALARM]), bench.database, bench.stores.journal, lambda _: None, CLOCK)
    await again.restore()
    assert again.snapshots() == report.accepted


async def test_a_backwash_writes_no_journal_but_its_suppression_survives_a_restart(bench: Bench) -> None:
    rack = [replace(ALARM, id=f"R{number}.H", tag=f"R{number}", suppress_when="LVL > 5") for number in range(15)]
    engine = AlarmEngine(rack)
    alarms = AlarmService(engine, bench.database, bench.stores.journal, bench._announce, CLOCK)
    for level, suppressed in ((9.0, 15), (1.0, 0)):
        now = CLOCK.now_ns()
        alarms.take(engine.process("LVL", Sample(level, 0, now, now), now))
        await asyncio.to_thread(bench.stores.journal.offer([]).result, 5)
        again = AlarmService(AlarmEngine(rack), bench.database, bench.stores.journal, lambda _: None, CLOCK)
        await again.restore()
        assert len(again.snapshots()) == suppressed
    assert await bench.journal() == []


async def test_an_alarm_is_announced_though_the_database_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    monkeypatch.setattr("app.engine.alarmservice.ANNOUNCE_AFTER_S", 0.05)
    monkeypatch.setattr("app.engine.alarmservice.MAX_TICK_S", 0.02)
    bench = Bench(tmp_path)
    bench.broken = True
    bench.stores.start()
    runner = asyncio.create_task(bench.alarms.run())
    now = CLOCK.now_ns()
    bench.alarms.take(bench.engine.process("LVL", Sample(9.0, 0, now, now), now))
    await asyncio.wait_for(bench.told.wait(), 5)
    runner.cancel()
    await asyncio.gather(runner, return_exceptions=True)
    await asyncio.to_thread(bench.stores.close)


async def test_what_was_shelved_is_so_again_once_the_database_that_was_away_at_the_start_is_back(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("app.engine.alarmservice.RESTORE_RETRY_S", 0.02)
    asked = AlarmActionRequest(AlarmAction.SHELVE, ((ALARM.id, ""),), "noise", 3600)
    [shelved] = (await bench.actions.act(asked, bench.session)).accepted

    caplog.set_level(logging.CRITICAL)
    again = Bench(tmp_path)
    again.broken = True
    again.stores.start()
    with pytest.raises(DatabaseError):
        await again.alarms.restore()
    now = CLOCK.now_ns()
    again.alarms.take(again.engine.process("LVL", Sample(9.0, 0, now, now), now))
    assert [each.code for each in again.alarms.snapshots()] == ["UNACK"]
    runner = asyncio.create_task(again.alarms.run())
    again.broken = False
    async with asyncio.timeout(10):
        while again.alarms.snapshots()[0].code != "NORM+SHLVD":
            again.told.clear()
            await again.told.wait()
    assert again.alarms.snapshots()[0].shelved == shelved.shelved
    runner.cancel()
    await asyncio.gather(runner, return_exceptions=True)
    await asyncio.to_thread(again.stores.close)
    third = AlarmService(AlarmEngine([ALARM]), bench.database, bench.stores.journal, lambda _: None, CLOCK)
    assert [each.shelved for each in await third.restore()] == [shelved.shelved]


async def test_states_of_the_last_run_are_restored_once_the_database_is_back(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("app.engine.alarmservice.RESTORE_RETRY_S", 0.02)
    now = CLOCK.now_ns()
    bench.alarms.take(bench.engine.process("LVL", Sample(9.0, 0, now, now), now))
    bench.alarms.take(bench.engine.process("LVL", Sample(1.0, 0, now, now), now))
    await asyncio.to_thread(bench.stores.journal.offer([]).result, 5)

    caplog.set_level(logging.CRITICAL)
    again = Bench(tmp_path)
    again.broken = True
    again.stores.start()
    with pytest.raises(DatabaseError):
        await again.alarms.restore()
    runner = asyncio.create_task(again.alarms.run())
    again.alarms.take(again.engine.process("LVL", Sample(1.0, 0, now, now), now))
    assert again.alarms.snapshots() == ()
    again.broken = False
    await asyncio.wait_for(again.told.wait(), 5)
    assert [each.state for each in again.announced] == [AnnunciationState.RETURNED]
    assert again.alarms.snapshots() == bench.alarms.snapshots()
    assert again.woken == 1  # what was kept from the alarms is told before they are evaluated anew
    runner.cancel()
    await asyncio.gather(runner, return_exceptions=True)
    await asyncio.to_thread(again.stores.close)
