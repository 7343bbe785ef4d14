"""A simulated connection does what the contract of connectors asks, without a device."""

import asyncio
from collections.abc import AsyncIterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.model import status as st
from app.model.batch import SampleBatch
from app.model.clock import SystemClock
from app.model.columns import one_by_one
from app.model.command import CommandDefinition, CommandKind
from app.model.connection import Binding, Connection, ConnectionState, ConnectionStatus, Protocol_
from app.model.sample import Sample, Samples, Value
from app.model.tag import DataType, Tag
from app.model.text import LocalText
from connectors.simulated.connector import STATUS, SimulatedConnector
from connectors.simulated.signals import Signals

STATES = ((0, LocalText("off")), (2, LocalText("on")), (5, LocalText("fault")))
TAGS = (
    Tag("P.FLOW", low=0.0, high=50.0, scan_ms=20),
    Tag("P.COUNT", data_type=DataType.INT, low=0.0, high=1000.0, scan_ms=20),
    Tag("P.ALARM", data_type=DataType.BOOL, scan_ms=20),
    Tag("P.MODE", data_type=DataType.ENUM, states=STATES, scan_ms=20),
    Tag("P.NAME", data_type=DataType.STRING),
    Tag("P.SP", low=10.0, high=30.0, writable=True),
    Tag("P.SPREF", low=10.0, high=30.0),
    Tag("P.CMD", data_type=DataType.INT, writable=True),
    Tag("P.ST", data_type=DataType.ENUM, states=STATES),
    Tag("P.LR", data_type=DataType.BOOL),
)


def _action(name: str, value: float, expect: int) -> CommandDefinition:
    return CommandDefinition(
        f"P.{name}",
        CommandKind.ACTION,
        LocalText(name),
        "P.CMD",
        "P.ST",
        value=value,
        expect=(expect,),
        local_remote="P.LR",
    )


COMMANDS = (
    _action("START", 1, 2),
    _action("STOP", 0, 0),
    CommandDefinition("P.SP", CommandKind.SETPOINT, LocalText("SP"), "P.SP", "P.SPREF"),
)


class Desk:
    """The engine's side: what was delivered, and the connector that does it."""

    def __init__(self) -> None:
        self.last: dict[str, Sample] = {}
        self.first: list[int] = []
        self.states: list[ConnectionStatus] = []
        self.heard = asyncio.Event()
        self.commands: tuple[CommandDefinition, ...] = COMMANDS
        connection = Connection("c", Protocol_.OPCUA, "opc.tcp://nowhere:1", simulate=True)
        bindings = [Binding(slot, tag) for slot, tag in enumerate(TAGS)]
        self.connector = SimulatedConnector(
            connection, bindings, self._take, self.states.append, SystemClock(), lambda: self.commands
        )

    def _take(self, samples: Samples) -> None:
        types = [tag.data_type for tag in TAGS]
        rows = one_by_one(samples, types) if isinstance(samples, SampleBatch) else samples
        for slot, sample in rows:
            if TAGS[slot].name not in self.last:
                self.first.append(sample.status)
            self.last[TAGS[slot].name] = sample
        self.heard.set()

    async def until_all_live(self) -> None:
        async with asyncio.timeout(10):
            while any(sample.status != STATUS for sample in self.last.values()) or len(self.last) < len(TAGS):
                self.heard.clear()
                await self.heard.wait()

    def value(self, tag: str) -> Value:
        return self.last[tag].value


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk()
    task = asyncio.create_task(desk.connector.run(), name="simulated")
    await desk.until_all_live()
    yield desk
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _write(desk: Desk, tag: str, value: Value) -> int:
    known = next(each for each in TAGS if each.name == tag)
    return (await desk.connector.write(known, value, 1.0)).status


async def test_every_tag_begins_unknown_and_then_has_a_value_that_no_device_gave(desk: Desk) -> None:
    assert desk.first == [st.BAD_WAITING_FOR_INITIAL_DATA] * len(TAGS)
    assert {sample.status for sample in desk.last.values()} == {st.GOOD_LOCAL_OVERRIDE}
    assert 0.0 <= float(desk.last["P.FLOW"].number or -1) <= 50.0
    assert isinstance(desk.value("P.COUNT"), int)
    assert desk.value("P.ALARM") is False
    assert desk.value("P.MODE") in {0, 2, 5}


async def test_it_says_that_it_is_simulated_from_the_first_moment(desk: Desk) -> None:
    assert [each.state for each in desk.states] == [ConnectionState.SIMULATED]
    status = desk.connector.status()
    assert status.state.is_up
    assert "made up" in status.error
    assert status.error_zh
    assert status.tags == len(TAGS)


async def test_what_is_measured_moves(desk: Desk) -> None:
    before = desk.last["P.FLOW"]
    async with asyncio.timeout(10):
        while desk.last["P.FLOW"].value == before.value:
            desk.heard.clear()
            await desk.heard.wait()


async def test_commands_find_their_feedback(desk: Desk) -> None:
    assert desk.value("P.LR") is True
    assert desk.value("P.ST") == 0
    assert await _write(desk, "P.CMD", 1) == st.GOOD
    assert (desk.value("P.CMD"), desk.value("P.ST")) == (1, 2)
    assert await _write(desk, "P.CMD", 0) == st.GOOD
    assert desk.value("P.ST") == 0
    assert await _write(desk, "P.SP", 21.5) == st.GOOD
    assert (desk.value("P.SP"), desk.value("P.SPREF")) == (21.5, 21.5)


async def test_commands_of_a_reload_find_their_feedback_too(desk: Desk) -> None:
    desk.commands = (*COMMANDS, _action("TRIP", 2, 5))
    assert await _write(desk, "P.CMD", 2) == st.GOOD
    assert desk.value("P.ST") == 5


async def test_what_is_not_writable_is_refused(desk: Desk) -> None:
    assert await _write(desk, "P.FLOW", 1.0) == st.BAD_NOT_WRITABLE


async def test_nothing_is_written_while_it_does_not_run() -> None:
    assert await _write(Desk(), "P.SP", 21.5) == st.BAD_NOT_CONNECTED


@given(
    some.text("ABCDEF", min_size=1, max_size=6),
    some.floats(-1e6, 1e6),
    some.floats(1e-3, 1e6),
    some.floats(0.0, 1e9),
    some.sampled_from([DataType.FLOAT, DataType.INT]),
)
def test_values_stay_in_the_range_of_their_tag(name: str, low: float, span: float, at_s: float, kind: DataType) -> None:
    high = low + span
    signals = Signals([Tag(name, low=low, high=high, data_type=kind)])
    (value,) = signals.numbers(np.array([0], np.uint32), at_s).tolist()
    rounding = 0.5 if kind is DataType.INT else 0.0
    assert low - rounding <= value <= high + rounding
    assert kind is DataType.FLOAT or value.is_integer()


@given(some.floats(0.0, 1e9))
def test_a_state_is_one_of_the_tags(at_s: float) -> None:
    signals = Signals([Tag("A", data_type=DataType.ENUM, states=STATES), Tag("B", data_type=DataType.BOOL)])
    assert signals.state(0, at_s) in {0, 2, 5}
    assert signals.state(1, at_s) in {0, 1}


def test_all_states_are_gone_through() -> None:
    signals = Signals([Tag("A", data_type=DataType.ENUM, states=STATES)])
    assert {signals.state(0, float(at_s)) for at_s in range(0, 2000, 10)} == {0, 2, 5}
