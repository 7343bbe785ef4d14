"""The journal and the figures of a scripted shift beside what was worked out by hand, row by row, on both databases."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.link.client import EngineClient
from app.link.endpoint import read_endpoint
from app.link.messages import AlarmActionRequest
from app.model.alarm_action import AlarmAction
from app.model.alarm_kpi import AlarmKpiReport, AlarmKpiRequest
from app.model.alarm_state import AlarmSnapshot
from app.model.clock import SECOND_NS
from app.model.journal import JournalKind, JournalQuery, JournalRow
from benchmarks.postgresql import postgres_server
from tests.system.harness import PASSWORD, ROOT, Service
from tests.system.shift import story
from tests.system.shift.process import SHIFT_NS

pytestmark = pytest.mark.system


class Shift:
    """The plant's engine as a process, and a desk at it."""

    def __init__(self, folder: Path, environment: dict[str, str], runner: asyncio.Runner) -> None:
        self._folder, self._environment, self._runner = folder, environment, runner
        self._project = folder / "project"
        self._project.mkdir()
        (self._project / "plant.toml").write_text(story.PLANT, encoding="utf-8")
        (self._project / "tags.csv").write_text(story.tags(), encoding="utf-8")
        added = Service(["user", "add", str(self._project), "anna", "--role", "supervisor"], environment)
        assert added.process.wait(60) == 0, added.lines
        added.end()
        self._process: subprocess.Popen[str] | None = None
        self.client: EngineClient | None = None

    def begin(self, at_s: float) -> None:
        """Start the engine, at a second of the shift, and log in."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.system.shift.process", str(self._project), str(at_s)],
            env=self._environment, cwd=ROOT, text=True, bufsize=1, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self._answer("READY")
        self._runner.run(self._connect())

    async def _connect(self) -> None:
        endpoint = read_endpoint(next((self._folder / "state").rglob("engine.json")))
        assert endpoint is not None
        self.client = await EngineClient.connect(endpoint, lambda _event: None)
        await self.client.login("anna", PASSWORD, "desk-1")

    def until(self, second: float, events: list[story.Event]) -> None:
        """Let the events up to a second happen, and take them from the list."""
        now = [each for each in events if each[0] <= second]
        del events[: len(now)]
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([second, now]) + "\n")
        self._answer("DONE")

    def alarms(self) -> dict[str, AlarmSnapshot]:
        assert self.client is not None
        return {each.id: each for each in self._runner.run(self.client.alarms())}

    def ask(self, action: AlarmAction, *alarms: str, reason: str = "", duration_s: float = 0.0) -> None:
        """Let the desk do something to alarms."""
        assert self.client is not None
        known = self.alarms()
        pairs = tuple((name, known[name].event_id if name in known else "") for name in alarms)
        request = AlarmActionRequest(action, pairs, reason, duration_s)
        report = self._runner.run(self.client.alarm_action(request))
        assert report.refused == ()
        assert {each.id for each in report.accepted} == set(alarms)

    def journal(self, kind: JournalKind) -> list[JournalRow]:
        """Return all rows of a kind, oldest first."""
        assert self.client is not None
        page = self._runner.run(self.client.journal(JournalQuery(kinds=(kind,), limit=1000)))
        assert page.next_before_id is None
        return sorted(page.rows, key=lambda row: row.id)

    def figures(self, from_s: float, to_s: float) -> AlarmKpiReport:
        assert self.client is not None
        request = AlarmKpiRequest(SHIFT_NS + round(from_s * SECOND_NS), SHIFT_NS + round(to_s * SECOND_NS))
        return self._runner.run(self.client.alarm_kpi(request))

    def end(self, number: int = signal.SIGTERM) -> None:
        """Kill the process, or let it end by itself."""
        if self.client is not None:
            client, self.client = self.client, None
            self._runner.run(client.close())
        process, self._process = self._process, None
        if process is None or process.stdin is None or process.stdout is None:
            return
        if number == signal.SIGKILL:
            process.kill()
        process.stdin.close()
        try:
            process.wait(30)
        finally:
            process.kill()
            process.stdout.close()

    def _answer(self, wanted: str) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        assert line == wanted, f"the engine said {line!r}, not {wanted}"


@pytest.fixture(params=["sqlite", "postgresql"])
def shift(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shift]:
    (tmp_path / "shm").mkdir()
    environment = {
        **os.environ,
        "HAIHE_STATE": str(tmp_path / "state"),
        "HAIHE_SHM": str(tmp_path / "shm"),
        "HAIHE_PASSWORD": PASSWORD,
    }
    with asyncio.Runner() as runner:
        if request.param == "sqlite":
            made = Shift(tmp_path, environment, runner)
            yield made
            made.end()
            return
        with postgres_server() as server:
            made = Shift(tmp_path, {**environment, "HAIHE_DATABASE": server.url}, runner)
            yield made
            made.end()


def morning(shift: Shift) -> None:
    events = list(story.MORNING)
    shift.until(75, events)
    shift.ask(AlarmAction.ACKNOWLEDGE, "RW.TURB.H")
    shift.until(330, events)
    shift.ask(AlarmAction.ACKNOWLEDGE, "RW.TURB.HH")
    shift.until(620, events)
    shift.ask(AlarmAction.ACKNOWLEDGE, "UF.PTURB.H", "UF.PTURB.HH")
    shift.until(640, events)
    shift.ask(AlarmAction.SHELVE, "UF.PTURB.H", reason="fibre found, plugged after the wash", duration_s=600)
    shift.until(1250, events)
    shift.ask(AlarmAction.ACKNOWLEDGE, "UF.PTURB.H")
    shift.until(1340, events)
    shift.ask(AlarmAction.ACKNOWLEDGE, "CW.LSH.DISCRETE")
    shift.until(1410, events)
    shift.ask(AlarmAction.ACKNOWLEDGE, "NET.P1.H", "NET.P2.H")
    shift.until(1510, events)
    shift.ask(AlarmAction.ACKNOWLEDGE, "network.COMM")
    shift.until(1700, events)
    shift.ask(AlarmAction.SHELVE, "CW.LSH.DISCRETE", reason="switch is to be replaced", duration_s=1800)
    shift.until(story.KILLED_S, events)
    assert not events


def forenoon(shift: Shift) -> None:
    events = list(story.FORENOON)
    shift.until(2100, events)
    shift.ask(AlarmAction.ACKNOWLEDGE, *(f"{name}.DISCRETE" for name in story.VALVES))
    shift.until(story.END_S, events)
    assert not events


def told(row: JournalRow) -> tuple[Any, ...]:
    second = (row.source_ns - SHIFT_NS) / SECOND_NS
    return (second, row.event, row.object, row.old, row.new, row.value, row.limit, row.user)


def test_the_journal_and_the_figures_are_those_worked_out_by_hand(shift: Shift) -> None:
    shift.begin(0)
    morning(shift)
    before = shift.alarms()
    shift.end(signal.SIGKILL)
    shift.begin(story.BACK_S)
    assert shift.alarms() == before
    assert {name: each.code for name, each in before.items()} == {
        "RW.TURB.H": "UNACK", "NET.P1.H": "ACKED", "CW.LSH.DISCRETE": "NORM+SHLVD",
    }  # fmt: skip
    forenoon(shift)
    rows = shift.journal(JournalKind.ALARM)
    assert [told(row) for row in rows] == story.ROWS
    floods = [row for row in shift.journal(JournalKind.SYSTEM) if row.object == "flood"]
    assert [((row.source_ns - SHIFT_NS) / SECOND_NS, row.new, row.value) for row in floods] == story.FLOOD
    compare(shift.figures(0, story.END_S))


def compare(figures: AlarmKpiReport) -> None:
    assert (figures.bins, sum(figures.bins), figures.most) == (story.BINS, figures.annunciated, story.MOST)
    assert [(each.alarm, each.count) for each in figures.top[:3]] == story.TOP
    assert {each.count for each in figures.top[3:]} == {1}
    # Of the bins that begin on the ten minutes, one has more than ten: from it to the next, which has fewer than five.
    seconds = [((each.from_ns - SHIFT_NS) / SECOND_NS, (each.to_ns - SHIFT_NS) / SECOND_NS) for each in figures.floods]
    assert (seconds, [each.annunciated for each in figures.floods]) == ([(1800, 2400)], [15])
    chattering = [(each.alarm, each.episodes, each.annunciated) for each in figures.chattering]
    assert chattering == [("CW.LSH.DISCRETE", 1, 4)]
    assert (figures.fleeting, figures.stale, figures.shelved) == ((), (), ())
    assert [(each.priority, each.configured, each.annunciated) for each in figures.priorities] == story.PRIORITIES
    times = [(each.priority, each.required, each.acknowledged, each.median_s, each.p95_s) for each in figures.responses]
    for found, wanted in zip(times, story.RESPONSES, strict=True):
        assert found == pytest.approx(wanted)
