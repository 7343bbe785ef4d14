"""What a substitute leaves in ring and current values, and what a run makes of that of the run before."""

import numpy as np
import pytest
from numpy.typing import NDArray

from app.engine.conditioning import Conditioning
from app.engine.ingest import Ingest
from app.engine.values import Values
from app.model import status as st
from app.model.alarm_state import AlarmTransition
from app.model.batch import SampleBatch
from app.model.clock import SECOND_NS, ManualClock
from app.model.sample import Sample, Value
from app.model.tag import Tag
from tests.unit.engine.ring import Ring

T0 = 1_700_000_000 * SECOND_NS
TAGS = [Tag("A")]
KNOWN = {"A": Sample(20.0, st.UNCERTAIN_SUBSTITUTE, T0 - SECOND_NS, T0 - SECOND_NS)}


class Path:
    """The way of a sample from a connector to ring and values; no alarms."""

    def __init__(self, known: dict[str, Sample] | None = None) -> None:
        self.clock = ManualClock(T0)
        self.ring = Ring({0: 0})
        self.values = Values({"A": TAGS[0]}, known or {})
        ingest = Ingest(
            TAGS,
            self.ring,
            self.values,
            self,
            lambda _: None,
            self.clock,
            known_until_ns=T0 - SECOND_NS if known else 0,
        )
        self.conditioning = Conditioning(TAGS, ingest.take, self.values.get, self.clock)

    def process(self, slot: int, sample: Sample, now_ns: int) -> list[AlarmTransition]:
        return []

    def prepare(self, slot: int) -> None:
        pass

    def sift(self, batch: SampleBatch, alone: object, now_ns: int) -> NDArray[np.bool_]:
        return np.zeros(len(batch), np.bool_)

    def settle(self, slots: object) -> None:
        pass

    def put(self, value: Value, status: int = st.GOOD, clock_s: float = 0.0) -> None:
        """``clock_s``: how far the device's clock is ahead of ours."""
        now = self.clock.now_ns()
        self.conditioning.take([(0, Sample(value, status, now + round(clock_s * SECOND_NS), now))])

    def shown(self) -> tuple[Value, int]:
        sample = self.values.get("A")
        assert sample is not None
        return sample.value, sample.status


@pytest.mark.parametrize("clock_s", [-5.0, 0.0, 5.0])
def test_the_device_counts_at_once_when_a_substitute_ends_whatever_its_clock(clock_s: float) -> None:
    path = Path()
    path.put(12.0, clock_s=clock_s)
    path.clock.advance(10)
    path.conditioning.substitute("A", 20.0)
    path.put(13.0, clock_s=clock_s)
    path.clock.advance(1)
    path.conditioning.release("A")
    assert path.shown() == (13.0, st.GOOD)
    path.put(14.0, clock_s=clock_s)
    assert path.shown() == (14.0, st.GOOD)
    assert [(value, status) for _, _, value, status in path.ring.rows] == [
        (12.0, st.GOOD), (20.0, st.UNCERTAIN_SUBSTITUTE), (13.0, st.GOOD), (14.0, st.GOOD),
    ]  # fmt: skip
    times = [at for _, at, _, _ in path.ring.rows]
    assert times == sorted(times)


def test_a_substitute_of_the_run_before_is_not_what_was_last_known() -> None:
    path = Path(KNOWN)
    assert path.shown()[0] is None
    path.put(None, st.BAD_NO_COMMUNICATION)
    assert path.shown() == (None, st.BAD_NO_COMMUNICATION)


def test_a_device_that_never_said_anything_does_not_keep_the_substitute() -> None:
    path = Path()
    path.put(None, st.BAD_WAITING_FOR_INITIAL_DATA)
    path.conditioning.substitute("A", 20.0)
    path.clock.advance(1)
    path.conditioning.release("A")
    assert path.shown()[0] is None
    assert st.is_bad(path.shown()[1])
