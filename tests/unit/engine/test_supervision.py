"""A connector that does not keep its promise is replaced alone; whatever it does with its cancellation."""

import asyncio
from collections.abc import Callable, Sequence
from itertools import count

import pytest

from app.engine import supervisor as module
from app.engine.supervisor import Supervisor
from app.engine.tasks import end_tasks
from app.model import status as st
from app.model.clock import ManualClock
from app.model.connection import Binding, Connection, ConnectionState, ConnectionStatus, Promise, Protocol_, WriteResult
from app.model.sample import Sample, SampleSink, SlotSample, Value
from app.model.tag import Tag
from app.model.text import LocalText
from tests.unit.sinks import sink_into

TAG = Tag("A", connection="x")
AWAITED = LocalText("an answer", "应答")


class Stuck:
    """Promises an answer within a second; then waits for ever, or until ``freed``."""

    def __init__(self, sink: SampleSink, clock: ManualClock, *, swallows: bool = False) -> None:
        self.sink, self.clock, self.swallows = sink, clock, swallows
        self.promised: Promise | None = None
        self.waits, self.freed, self.cancelled = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def run(self) -> None:
        self.promised = Promise(self.clock.monotonic() + 1.0, AWAITED)
        self.waits.set()
        while True:
            try:
                await self.freed.wait()
                break
            except asyncio.CancelledError:
                self.cancelled.set()
                if not self.swallows:
                    raise
        self.sink([(0, Sample(99.0, st.GOOD, 1, 1))])

    async def write(self, tag: Tag, value: Value, timeout_s: float) -> WriteResult:
        return WriteResult(st.GOOD)

    def status(self) -> ConnectionStatus:
        return ConnectionStatus("x", ConnectionState.CONNECTED, 0, updates=7)

    def promise(self) -> Promise | None:
        return self.promised


class Site:
    """A supervisor, the connectors that it made, and what the engine hears."""

    def __init__(self, swallows: Callable[[int], bool] = lambda _: False) -> None:
        self.clock = ManualClock()
        self.made: list[Stuck] = []
        self.heard: list[SlotSample] = []
        self.states: list[ConnectionStatus] = []
        self.began, self.renewed = asyncio.Event(), asyncio.Event()
        numbers = count()

        def create(_: Connection, __: Sequence[Binding], sink: SampleSink, *___: object) -> Stuck:
            self.made.append(Stuck(sink, self.clock, swallows=swallows(next(numbers))))
            (self.began if len(self.made) == 1 else self.renewed).set()
            return self.made[-1]

        self.supervisor = Supervisor(
            Connection("x", Protocol_.OPCUA, "opc.tcp://h"), [Binding(0, TAG)], create, sink_into(self.heard),
            lambda _: Sample(7.0, st.GOOD, 1, 1), self.states.append, self.clock,
        )  # fmt: skip
        self.task = asyncio.ensure_future(self.supervisor.run())

    async def first(self) -> Stuck:
        await self.began.wait()
        await self.made[0].waits.wait()
        return self.made[0]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_RETRY_S", 0.0)
    monkeypatch.setattr(module, "CHECK_S", 0.001)
    monkeypatch.setattr(module, "CANCEL_S", 0.01)


async def test_one_that_hangs_is_cancelled_and_replaced_and_says_what_it_waited_for(
    caplog: pytest.LogCaptureFixture,
) -> None:
    site = Site()
    hung = await site.first()
    site.clock.advance(1.0 + module.GRACE_S + 0.1)
    await site.renewed.wait()
    assert hung.cancelled.is_set()
    [lost] = site.states
    assert (lost.id, lost.state, lost.updates) == ("x", ConnectionState.LOST, 7)
    assert lost.error == "the connector hung, waiting for an answer; it was started again"
    assert "应答" in lost.error_zh
    assert "connection x: the connector hangs, waiting for an answer" in caplog.text
    assert [(slot, each.value, each.status) for slot, each in site.heard] == [(0, 7.0, st.BAD_NO_COMMUNICATION)]
    assert (site.supervisor.failures, site.supervisor.abandoned) == (1, 0)
    await end_tasks([site.task])


async def test_one_that_keeps_its_promises_is_left_alone() -> None:
    site = Site()
    connector = await site.first()
    for _ in range(5):
        connector.promised = Promise(site.clock.monotonic() + 1.0, AWAITED)
        site.clock.advance(0.9 + module.GRACE_S)
        for _ in range(3):
            await asyncio.wait({site.task}, timeout=0.002)
    assert len(site.made) == 1
    await end_tasks([site.task])


async def test_a_loop_that_was_held_up_is_not_taken_for_a_connector_that_hangs() -> None:
    site = Site()
    connector = await site.first()
    looks: list[Promise | None] = []

    def promise() -> Promise | None:
        looks.append(connector.promised)
        if len(looks) == 1:  # the loop stood still for long; then everybody gets a turn again
            site.clock.advance(1000.0)
            asyncio.get_running_loop().call_soon(renew)
        return looks[-1]

    def renew() -> None:
        connector.promised = Promise(site.clock.monotonic() + 1.0, AWAITED)

    connector.promise = promise  # type: ignore[method-assign]
    while len(looks) < 5:
        await asyncio.wait({site.task}, timeout=0.002)
    assert len(site.made) == 1
    await end_tasks([site.task])


async def test_one_that_swallows_its_cancellation_is_left_behind_and_not_heard_any_more(
    caplog: pytest.LogCaptureFixture,
) -> None:
    site = Site(swallows=lambda number: number == 0)
    hung = await site.first()
    site.clock.advance(1.0 + module.GRACE_S + 0.1)
    await site.renewed.wait()
    assert site.supervisor.abandoned == 1
    assert "left behind" in caplog.text
    before = len(site.heard)
    hung.freed.set()  # it wakes up, and delivers
    await asyncio.wait({site.task}, timeout=0.01)
    assert len(site.heard) == before
    await end_tasks([site.task])


async def test_the_engine_stops_though_a_connector_swallows_cancellations() -> None:
    site = Site(swallows=lambda _: True)
    hung = await site.first()
    await end_tasks([site.task], patience_s=0.1)
    assert site.task.done()
    hung.freed.set()
    await asyncio.sleep(0)


async def test_one_that_never_promises_anything_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Stuck, "promise", lambda _: None)
    site = Site()
    await site.first()
    site.clock.advance(module.FIRST_PROMISE_S + module.GRACE_S + 0.1)
    await site.renewed.wait()
    assert "its first step" in site.states[0].error
    await end_tasks([site.task])
