import asyncio
from collections.abc import Sequence

import pytest

from app.engine import supervisor as module
from app.engine.connections import Connections
from app.engine.tasks import end_tasks
from app.engine.values import Values
from app.model import status as st
from app.model.batch import SampleBatch
from app.model.clock import SystemClock
from app.model.connection import Binding, Connection, ConnectionState, ConnectionStatus, Promise, Protocol_, WriteResult
from app.model.sample import Sample, Samples, SlotSample, Value
from app.model.tag import Tag
from connectors.ledger import Ledger
from tests.unit.sinks import sink_into

TAGS = [Tag("A", connection="x"), Tag("B", connection="y"), Tag("C")]


class FakeConnector:
    """A connector that fails the first time it runs."""

    made: dict[str, int]

    def __init__(self, name: str, fails: bool, started: asyncio.Event) -> None:
        self.name, self.fails, self.started = name, fails, started

    async def run(self) -> None:
        if self.fails:
            raise ZeroDivisionError("a defect")
        self.started.set()
        await asyncio.Event().wait()

    async def write(self, tag: Tag, value: Value, timeout_s: float) -> WriteResult:
        return WriteResult(st.GOOD)

    def status(self) -> ConnectionStatus:
        return ConnectionStatus(self.name, ConnectionState.CONNECTED, 0)

    def promise(self) -> Promise | None:
        return None


async def test_a_connector_that_dies_is_started_again_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "FIRST_RETRY_S", 0.0)
    made: list[str] = []
    started = {"x": asyncio.Event(), "y": asyncio.Event()}
    samples: list[SlotSample] = []
    states: list[tuple[str, ConnectionState]] = []

    def create(connection: Connection, bindings: Sequence[Binding], *_: object) -> FakeConnector:
        made.append(connection.id)
        return FakeConnector(connection.id, connection.id == "x" and made.count("x") == 1, started[connection.id])

    plant = {name: Connection(name, Protocol_.OPCUA, "opc.tcp://h") for name in ("x", "y")}
    connections = Connections(
        plant, {"opcua": create}, TAGS, sink_into(samples), lambda _: Sample(7.0, 0, 1, 1),
        lambda status: states.append((status.id, status.state)), SystemClock(),
    )  # fmt: skip
    assert not connections.is_up("x")
    assert (await connections.write(TAGS[0], 1.0, 1.0)).status == st.BAD_NOT_CONNECTED
    task = asyncio.ensure_future(connections.run())
    await asyncio.gather(*(event.wait() for event in started.values()))
    assert made.count("x") == 2
    assert made.count("y") == 1
    assert states == [("x", ConnectionState.LOST)]
    assert [(slot, sample.value, sample.status) for slot, sample in samples] == [(0, 7.0, st.BAD_NO_COMMUNICATION)]
    assert "ZeroDivisionError" in caplog.text
    assert connections.is_up("x")
    assert (await connections.write(TAGS[0], 1.0, 1.0)).status == st.GOOD
    await end_tasks([task])


async def test_what_was_known_outlives_a_connector_that_fails_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_RETRY_S", 0.0)
    values = Values({tag.name: tag for tag in TAGS})
    heard: list[Sample] = []
    runs = 0
    held = asyncio.Event()

    def take(batch: Samples) -> None:
        assert not isinstance(batch, SampleBatch)
        for slot, sample in batch:
            values.put(TAGS[slot].name, sample)
            heard.append(sample)

    class Failing(FakeConnector):
        """Hears of its tag in the first run only, and breaks in the first two."""

        def __init__(self, bindings: Sequence[Binding]) -> None:
            super().__init__("x", True, held)
            self.ledger = Ledger(bindings, take, SystemClock())

        async def run(self) -> None:
            nonlocal runs
            runs += 1
            self.ledger.announce()
            if runs == 1:
                self.ledger.put(0, 7.0, st.GOOD, 1, 2)
                self.ledger.flush()
            self.fails = runs < 3
            await super().run()

    connections = Connections(
        {"x": Connection("x", Protocol_.OPCUA, "opc.tcp://h")}, {"opcua": lambda _, bindings, *__: Failing(bindings)},
        TAGS[:1], take, values.get, lambda _: None, SystemClock(),
    )  # fmt: skip
    task = asyncio.ensure_future(connections.run())
    await held.wait()
    await end_tasks([task])
    waiting, good, *lost = heard
    assert (waiting.value, good.value) == (None, 7.0)
    assert [(each.value, each.status, each.source_ns) for each in lost] == [
        (7.0, st.BAD_NO_COMMUNICATION, lost[0].receive_ns)
    ] * 4
