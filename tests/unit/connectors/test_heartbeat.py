import numpy as np
import pytest

from app.model import status as st
from app.model.clock import SECOND_NS, ManualClock
from app.model.connection import Binding, Connection, ConnectionState, Protocol_
from app.model.errors import ProjectError
from app.model.tag import DataType, Tag
from app.model.text import LocalText
from connectors.heartbeat import DOUBT, Heartbeat
from connectors.ledger import Ledger

T0 = 1_700_000_000 * SECOND_NS
BEAT, FLOW, LEVEL, VALVE = range(4)
WHOLE = (ConnectionState.CONNECTED, LocalText())


class Plant:
    """A connection with a heartbeat of ten seconds."""

    def __init__(self, tag: str = "BEAT") -> None:
        self.clock = ManualClock(T0)
        names = ("BEAT", "FLOW", "LEVEL", "VALVE")
        self.ledger = Ledger(
            [Binding(slot, Tag(name, data_type=DataType.INT)) for slot, name in enumerate(names)],
            lambda samples: None,
            self.clock,
        )
        connection = Connection("c", Protocol_.OPCUA, "", options={"heartbeat": tag, "heartbeat_s": 10})
        self.heartbeat = Heartbeat(connection, self.ledger, self.clock)
        for index in range(4):
            self.put(index, 1)
        self.heartbeat.begin()

    def put(self, index: int, value: int, status: int = st.GOOD) -> None:
        self.ledger.put(index, value, status, None, self.clock.now_ns())

    def put_columns(self, index: int, *values: float) -> None:
        count = len(values)
        self.ledger.put_columns(
            np.full(count, index, np.uint32), np.array(values), np.zeros(count, np.uint32),
            np.full(count, self.clock.ns, np.int64), self.clock.ns,
        )  # fmt: skip

    def state(self) -> ConnectionState:
        return self.heartbeat.judge(*WHOLE)[0]

    def status(self, index: int) -> int:
        return self.ledger.last(index).status


def test_while_the_tag_stands_still_the_others_are_in_doubt_and_come_back_as_they_were() -> None:
    plant = Plant()
    plant.put(VALVE, 3, st.GOOD_LOCAL_OVERRIDE)
    plant.put(LEVEL, 2, st.BAD_SENSOR_FAILURE)
    plant.clock.advance(10)
    assert plant.heartbeat.judge(*WHOLE) == WHOLE
    plant.clock.advance(0.1)
    state, reason = plant.heartbeat.judge(*WHOLE)
    assert state is ConnectionState.DEGRADED
    assert "BEAT has not changed for more than 10 s" in reason.en
    assert [plant.status(each) for each in (BEAT, FLOW, LEVEL, VALVE)] == [
        st.GOOD, DOUBT, st.BAD_SENSOR_FAILURE, DOUBT,
    ]  # fmt: skip
    plant.put(FLOW, 9)
    plant.put_columns(LEVEL, 7.0)
    assert (plant.status(FLOW), plant.status(LEVEL)) == (DOUBT, DOUBT)
    plant.put(BEAT, 2)
    assert plant.state() is ConnectionState.CONNECTED
    assert [plant.status(each) for each in (FLOW, LEVEL, VALVE)] == [st.GOOD, st.GOOD, st.GOOD_LOCAL_OVERRIDE]
    assert [plant.ledger.last(each).value for each in (FLOW, LEVEL, VALVE)] == [9, 7, 3]


def test_a_tag_that_fails_while_in_doubt_does_not_come_back_as_good() -> None:
    plant = Plant()
    plant.clock.advance(11)
    plant.state()
    plant.ledger.spoil(FLOW, st.BAD_COMMUNICATION_ERROR)
    assert plant.status(FLOW) == st.BAD_COMMUNICATION_ERROR
    plant.ledger.spoil_all(st.BAD_NO_COMMUNICATION)
    plant.heartbeat.begin()
    assert plant.status(LEVEL) == st.BAD_NO_COMMUNICATION


@pytest.mark.parametrize("columns", [False, True])
def test_every_change_counts_also_one_that_goes_back_between_two_looks(columns: bool) -> None:
    plant = Plant()
    for _ in range(5):
        plant.clock.advance(6)
        if columns:
            plant.put_columns(BEAT, 0.0, 1.0)
        else:
            plant.put(BEAT, 0)
            plant.put(BEAT, 1)
        assert plant.state() is ConnectionState.CONNECTED
    for _ in range(2):
        plant.clock.advance(6)
        plant.put_columns(BEAT, 1.0, 1.0)
    assert plant.state() is ConnectionState.DEGRADED


def test_another_trouble_is_told_as_long_as_the_program_moves() -> None:
    plant = Plant()
    trouble = (ConnectionState.DEGRADED, LocalText("two tags refused"))
    assert plant.heartbeat.judge(*trouble) == trouble


def test_a_heartbeat_of_another_connection_is_refused() -> None:
    with pytest.raises(ProjectError, match="NOWHERE is no tag of this connection"):
        Plant("NOWHERE")
