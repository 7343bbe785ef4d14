"""The figures of alarm management asked over a real link of a real engine with a real database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.engine.alarmkpi import AlarmKpiAnswers
from app.engine.queries import QueryPool
from app.link import messages as m
from app.link.client import EngineClient
from app.link.server import Handlers, LinkServer
from app.model.alarm import AlarmDefinition, AlarmKind, AnnunciationState, Priority, Suppression
from app.model.alarm_kpi import DAY_NS, HOUR_NS, AlarmKpiReport, AlarmKpiRequest
from app.model.alarm_state import AlarmSnapshot
from app.model.clock import SECOND_NS, ManualClock
from app.model.engine import EngineEndpoint
from app.model.errors import DatabaseError, EnvironmentProblem
from app.model.journal import JournalKind, JournalRow
from app.model.plant import OperatingPosition, Plant
from app.model.text import LocalText
from app.storage import Database
from tests.unit.storage.rows import row

START_NS = 1_700_000_400 * SECOND_NS
NOW_NS = START_NS + 2 * DAY_NS


def definition(name: str, area: str, *areas: str) -> AlarmDefinition:
    kind = AlarmKind.CONNECTION if areas else AlarmKind.HIGH
    return AlarmDefinition(name, "", kind, Priority.HIGH, LocalText(name), area, areas=areas)


PLANT = Plant(
    Path(), "p", LocalText("p"), "Asia/Shanghai",
    positions={"south": OperatingPosition("south", LocalText("South"), ("S1", "S2"))},
    alarms={
        each.id: each
        for each in (
            definition("S1.H", "S1"), definition("N.H", "N"), definition("plc.COMM", "", "S2", "N"),
            definition("other.COMM", "", "N"),
        )
    },
)  # fmt: skip


def alarm(seconds: float, name: str, area: str, event: str = "ALM", **more: Any) -> JournalRow:
    at_ns = START_NS + round(seconds * SECOND_NS)
    states = {"ALM": ("NORM", "UNACK"), "ACK": ("UNACK", "ACKED"), "RTN": ("ACKED", "NORM")}
    old, new = states.get(event, ("NORM", "NORM+SHLVD"))
    fields = {"source_ns": at_ns, "receive_ns": at_ns, "priority": 2, "old": old, "new": new, "area": area}
    return row(0, event=event, object=name, **(fields | more))


ROWS = [
    alarm(-8 * 86400, "S1.H", "S1"),  # too old to be read
    alarm(10, "S1.H", "S1"), alarm(15, "S1.H", "S1", "ACK"), alarm(20, "N.H", "N"), alarm(30, "plc.COMM", ""),
    alarm(40, "other.COMM", ""), alarm(50, "device/7", "S2", priority=4),
    replace(alarm(60, "x", "S1"), kind=JournalKind.COMMAND),
    alarm(100, "S1.H", "S1", "SHELVE", value=600), alarm(100 + 661, "S1.H", "S1", "UNSHELVE", new="NORM"),
    alarm(86400, "S1.H", "S1"),  # not in the first day
]  # fmt: skip


class Desk:
    def __init__(self, client: EngineClient) -> None:
        self.client = client

    async def ask(self, length_ns: int = DAY_NS, position: str = "", from_ns: int = START_NS) -> AlarmKpiReport:
        return await self.client.alarm_kpi(AlarmKpiRequest(from_ns, from_ns + length_ns, position))


def standing(name: str, at_ns: int, **more: Any) -> AlarmSnapshot:
    return AlarmSnapshot(name, "e", AnnunciationState.ACKNOWLEDGED, active=True, time_in_ns=at_ns, **more)


@pytest.fixture
def snapshots() -> list[AlarmSnapshot]:
    return []


@asynccontextmanager
async def serving(folder: Path, snapshots: list[AlarmSnapshot]) -> AsyncIterator[Desk]:
    url = f"sqlite:///{folder / 'j.db'}"
    with Database(url) as database:
        database.journal.append(ROWS)
    pool = QueryPool(lambda: Database(url))
    pool.start()
    handlers = Handlers()
    handlers.on(m.ALARM_KPI, AlarmKpiAnswers(pool, lambda: PLANT, lambda: snapshots, ManualClock(NOW_NS)).report)
    server = LinkServer(handlers, "secret")
    client = await EngineClient.connect(EngineEndpoint(1, await server.start(), "secret", "", "p", "", 0, "0"))
    try:
        yield Desk(client)
    finally:
        await client.close()
        await server.close()
        pool.close()


@pytest.fixture
async def desk(tmp_path: Path, snapshots: list[AlarmSnapshot]) -> AsyncIterator[Desk]:
    async with serving(tmp_path, snapshots) as made:
        yield made


async def test_the_whole_plant(desk: Desk) -> None:
    report = await desk.ask()
    assert {each.alarm for each in report.top} == {"S1.H", "N.H", "plc.COMM", "other.COMM", "device/7"}
    assert (report.annunciated, report.bins[0], len(report.bins)) == (5, 5, 144)
    assert (report.from_ns, report.to_ns, report.position) == (START_NS, START_NS + DAY_NS, "")
    assert report.response.median_s == 5.0
    assert [(each.alarm, each.fault.value) for each in report.shelved] == [("S1.H", "over-time")]


async def test_a_position_has_its_areas_and_the_connections_that_serve_them(desk: Desk) -> None:
    report = await desk.ask(position="south")
    assert {each.alarm for each in report.top} == {"S1.H", "plc.COMM", "device/7"}
    assert sum(each.configured for each in report.priorities) == 2
    assert report.position == "south"


async def test_an_alarm_that_was_told_late_counts_when_it_was(tmp_path: Path) -> None:
    async with serving(tmp_path, []) as desk:
        with Database(f"sqlite:///{tmp_path / 'j.db'}") as database:
            database.journal.append([alarm(-3 * 86400, "LATE", "N", receive_ns=START_NS + 700 * SECOND_NS)])
        report = await desk.ask()
    assert report.bins[:2] == (5, 1)


async def test_a_period_ends_now(desk: Desk) -> None:
    report = await desk.ask(9 * DAY_NS)
    assert report.to_ns == NOW_NS
    assert report.annunciated == 6


async def test_what_stands_now_without_a_row_has_stood_since(desk: Desk, snapshots: list[AlarmSnapshot]) -> None:
    old_ns = START_NS - 30 * DAY_NS
    shelved = frozenset({Suppression.SHELVED})
    snapshots += [
        standing("S2.H", old_ns), standing("HIDDEN", old_ns, suppression=shelved),
        replace(standing("GONE", old_ns), state=AnnunciationState.RETURNED, active=False),
    ]  # fmt: skip
    report = await desk.ask(HOUR_NS)
    assert [(each.alarm, each.since_ns, each.to_ns) for each in report.stale] == [("S2.H", old_ns, None)]
    assert (await desk.ask(HOUR_NS, "south")).stale == ()  # of no area


@pytest.mark.parametrize(
    ("from_ns", "length_ns", "position", "words"),
    [
        (START_NS, DAY_NS, "nort", "no operating position 'nort'; plant.toml has: south"),
        (NOW_NS + HOUR_NS, HOUR_NS, "", "no time before now"),
        (START_NS, -HOUR_NS, "", "no time before now"),
        (START_NS - 400 * DAY_NS, 401 * DAY_NS, "", "longer than 366 days"),
    ],
)
async def test_what_cannot_be_reported(desk: Desk, from_ns: int, length_ns: int, position: str, words: str) -> None:
    with pytest.raises(EnvironmentProblem, match=words):
        await desk.ask(length_ns, position, from_ns)


async def test_a_database_that_is_away_is_told(tmp_path: Path) -> None:
    async with serving(tmp_path, []) as desk:
        (tmp_path / "j.db").unlink()
        (tmp_path / "j.db").mkdir()
        with pytest.raises(DatabaseError):
            await desk.ask()
