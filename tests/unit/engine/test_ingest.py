from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from app.engine.ingest import Ingest
from app.engine.lock import ProjectLock
from app.engine.pulse import Pulse
from app.engine.values import Values
from app.model import status as st
from app.model.alarm_state import AlarmTransition
from app.model.batch import SampleBatch
from app.model.clock import SECOND_NS, ManualClock
from app.model.errors import EngineRunningError
from app.model.history import LATE
from app.model.sample import PastSamples, Sample, Value
from app.model.tag import DataType, Tag
from tests.unit.engine.ring import Ring

TAGS = [Tag("A"), Tag("B", data_type=DataType.ENUM)]
T0 = 1_700_000_000 * SECOND_NS


class Bench:
    def __init__(
        self, newest: int = 0, tags: Sequence[Tag] = TAGS, known: Sample | None = None, lost_ns: int = 0
    ) -> None:
        self.clock = ManualClock()
        self.ring = Ring({0: newest, 1: newest})
        known_by = {} if known is None else {tag.name: known for tag in tags}
        self.values = Values({tag.name: tag for tag in tags}, known_by)
        self.evaluated: list[tuple[str, Value]] = []
        self.ingest = Ingest(tags, self.ring, self.values, self, lambda _: None, self.clock,
                             known_until_ns=0 if known is None else known.receive_ns, lost_ns=lost_ns)  # fmt: skip

    def process(self, slot: int, sample: Sample, now_ns: int) -> list[AlarmTransition]:
        self.evaluated.append((TAGS[slot].name, sample.value))
        return []

    def prepare(self, slot: int) -> None:
        pass

    def sift(self, batch: SampleBatch, alone: object, now_ns: int) -> NDArray[np.bool_]:
        raise AssertionError("no columns were given")

    def settle(self, slots: object) -> None:
        raise AssertionError("no columns were given")

    def take(
        self, value: Value, status: int = st.GOOD, at: int = T0, received: int | None = None, slot: int = 0
    ) -> None:
        self.ingest.take([(slot, Sample(value, status, at, at if received is None else received))])


def test_a_sample_reaches_store_values_alarms_and_history() -> None:
    bench = Bench()
    bench.take(1.5)
    assert bench.ring.rows == [(0, T0, 1.5, 0)]
    assert bench.values.get("A") == Sample(1.5, 0, T0, T0)
    assert bench.evaluated == [("A", 1.5)]
    assert bench.ingest.history_waiting == 1
    assert [row.tag for row in bench.ingest.drain_history()] == ["A"]
    assert bench.ingest.drain_history() == []
    assert bench.ingest.history_waiting == 0


def test_samples_of_the_past_go_to_history_at_their_own_time_whatever_came_before() -> None:
    bench = Bench()
    bench.take(2.0, at=T0)
    past = [(0, Sample(1.0 + n, st.GOOD, T0 - (3600 - n) * SECOND_NS, T0)) for n in range(2)]
    bench.ingest.take(PastSamples(past))
    assert bench.values.get("A") == Sample(2.0, 0, T0, T0)
    assert bench.evaluated == [("A", 2.0)]
    assert bench.ring.rows == [(0, T0, 2.0, 0)]
    assert [(row.time_ns, row.value, row.flags) for row in bench.ingest.drain_history()] == [
        (T0, 2.0, 0), (T0 - 3600 * SECOND_NS, 1.0, LATE), (T0 - 3599 * SECOND_NS, 2.0, LATE),
    ]  # fmt: skip


def test_a_late_sample_goes_to_history_only() -> None:
    bench = Bench()
    bench.take(2.0, at=T0 + 10)
    bench.take(1.0, at=T0)
    assert bench.values.get("A") == Sample(2.0, 0, T0 + 10, T0 + 10)
    assert bench.ingest.late == 1
    assert [(row.time_ns, row.value, row.flags) for row in bench.ingest.drain_history()] == [
        (T0 + 10, 2.0, 0), (T0, 1.0, LATE),
    ]  # fmt: skip


def test_a_sample_of_a_clock_that_runs_ahead_does_not_shut_out_those_after_it(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench()
    bench.take(1.0, at=T0)
    bench.take(2.0, at=T0 + 3600 * SECOND_NS, received=T0 + SECOND_NS)
    bench.take(3.0, at=T0 + 2 * SECOND_NS)
    assert [(at, value) for _, at, value, _ in bench.ring.rows] == [
        (T0, 1.0), (T0 + SECOND_NS, 2.0), (T0 + 2 * SECOND_NS, 3.0),
    ]  # fmt: skip
    assert bench.evaluated[-1] == ("A", 3.0)
    assert (current := bench.values.get("A")) is not None
    assert (current.value, bench.ingest.late) == (3.0, 0)
    assert "clock of its source is 3599 s ahead" in caplog.text


def test_a_clock_that_was_set_back_freezes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench()
    bench.take(1.0, at=T0)
    for n in range(1, 4):  # a device that lost its time starts at 1970
        bench.take(1.0 + n, at=n * SECOND_NS, received=T0 + n * SECOND_NS)
    assert [(at, value) for _, at, value, _ in bench.ring.rows] == [
        (T0 + n * SECOND_NS, 1.0 + n) for n in range(4)
    ]  # fmt: skip
    bench.take(5.0, at=T0 + 4 * SECOND_NS)
    assert bench.ring.rows[-1][1] == T0 + 4 * SECOND_NS
    assert [value for _, value in bench.evaluated] == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert bench.ingest.late == 0
    assert caplog.text.count("was set back") == 1
    bench.ingest.drain_history()
    bench.take(6.0, at=5 * SECOND_NS, received=T0 + 20 * SECOND_NS)
    assert [(row.time_ns, row.value) for row in bench.ingest.drain_history()] == [(T0 + 20 * SECOND_NS, 6.0)]


def test_a_value_that_did_not_change_during_a_loss_is_good_again() -> None:
    bench = Bench()
    bench.take(5.0, at=T0)
    bench.take(5.0, st.BAD_NO_COMMUNICATION, at=T0 + 100)
    bench.take(5.0, at=T0, received=T0 + 200)
    assert bench.ring.rows[-1] == (0, T0 + 200, 5.0, 0)
    assert (current := bench.values.get("A")) is not None
    assert current.is_good


def test_values_of_a_device_whose_clock_is_slow_move_at_once() -> None:
    bench = Bench()
    bench.take(None, st.BAD_WAITING_FOR_INITIAL_DATA, at=T0)
    slow = 300 * SECOND_NS
    for n in range(1, 4):
        bench.take(float(n), at=T0 + n * SECOND_NS - slow, received=T0 + n * SECOND_NS)
        assert (current := bench.values.get("A")) is not None
        assert (current.value, current.source_ns) == (float(n), T0 + n * SECOND_NS - slow)
    assert [row[1:3] for row in bench.ring.rows[1:]] == [(T0 + n * SECOND_NS, float(n)) for n in range(1, 4)]
    assert bench.ingest.late == 0


def test_values_after_a_devices_clock_was_set_back_an_hour_move_at_once() -> None:
    bench = Bench()
    hour = 3600 * SECOND_NS
    bench.take(1.0, at=T0)
    for n in range(1, 4):
        bench.take(1.0 + n, at=T0 + n * SECOND_NS - hour, received=T0 + n * SECOND_NS)
        assert (current := bench.values.get("A")) is not None
        assert current.value == 1.0 + n
    assert [row[1] for row in bench.ring.rows] == [T0 + n * SECOND_NS for n in range(4)]


def test_a_devices_clock_that_runs_ahead_places_nothing_in_the_future() -> None:
    bench = Bench()
    bench.take(1.0, at=T0 + 3600 * SECOND_NS, received=T0)
    bench.take(2.0, at=T0 + SECOND_NS, received=T0 + SECOND_NS)
    assert [row[1:3] for row in bench.ring.rows] == [(T0, 1.0), (T0 + SECOND_NS, 2.0)]


def test_the_old_value_of_a_node_that_appeared_later_is_the_present_one() -> None:
    bench = Bench()
    bench.take(None, st.BAD_NODE_ID_UNKNOWN, at=T0)
    bench.take(5.0, at=T0 - 3 * SECOND_NS, received=T0 + SECOND_NS)
    assert (current := bench.values.get("A")) is not None
    assert current.is_good
    assert bench.ring.rows[-1][1] == T0 + SECOND_NS


def test_the_first_value_of_a_run_enters_though_the_last_run_ended_after_it() -> None:
    bench = Bench(newest=T0 + 100)
    bench.take(5.0, at=T0, received=T0 + 200)
    assert bench.ring.rows == [(0, T0 + 200, 5.0, 0)]
    assert bench.ingest.late == 0


def test_history_keeps_every_change_of_value_and_status() -> None:
    bench = Bench()
    for n in range(21):
        bench.take(float(n // 2), at=T0 + n * SECOND_NS)
        bench.take(n % 2, at=T0 + n * SECOND_NS, slot=1)
    rows = bench.ingest.drain_history()
    assert [row.value for row in rows if row.tag == "A"] == [float(n) for n in range(11)]
    assert len([1 for row in rows if row.tag == "B"]) == 21
    assert len({row.id for row in rows}) == len(rows)
    bench.take(10.0, st.BAD, at=T0 + 21 * SECOND_NS)
    assert [row.status for row in bench.ingest.drain_history()] == [st.BAD]


def test_a_dead_band_counts_from_the_sample_that_was_kept_last() -> None:
    bench = Bench(tags=[Tag("A", deadband=0.5), Tag("B")])
    values = [1.0, 1.4, 1.5, 1.6, 1.1, float("nan"), float("nan"), 1.1]
    for n, value in enumerate(values):
        bench.take(value, at=T0 + n)
    assert str([row.value for row in bench.ingest.drain_history()]) == "[1.0, 1.6, nan, 1.1]"
    assert len(bench.ring.rows) == len(values)


def test_history_has_a_tag_that_is_known_again_after_its_loss() -> None:
    bench = Bench()
    bench.take(None, st.BAD_WAITING_FOR_INITIAL_DATA, at=T0)
    bench.take(1.0, at=T0 - 4 * SECOND_NS, received=T0 + SECOND_NS)
    rows = bench.ingest.drain_history()
    assert [(row.time_ns, row.status) for row in rows] == [
        (T0, st.BAD_WAITING_FOR_INITIAL_DATA), (T0 + SECOND_NS, st.GOOD),
    ]  # fmt: skip
    assert (rows[1].source_ns, rows[1].receive_ns) == (T0 - 4 * SECOND_NS, T0 + SECOND_NS)


def test_watchers_hear_until_they_stop() -> None:
    bench = Bench()
    heard: list[Value] = []
    stop = bench.values.watch("A", lambda _tag, sample: heard.append(sample.value))
    bench.take(1.0)
    stop()
    stop()
    bench.take(2.0, at=T0 + 1)
    assert heard == [1.0]
    assert bench.values.read("NONE", T0).status == st.BAD_NODE_ID_UNKNOWN


def test_rate_is_of_the_last_ten_seconds() -> None:
    bench = Bench()
    for n in range(30):
        bench.clock.advance(1)
        bench.take(float(n), at=T0 + n)
        rate = bench.ingest.rate()
    assert rate == pytest.approx(1.0, abs=0.11)


def test_a_second_lock_says_who_has_the_first(tmp_path: object) -> None:
    from pathlib import Path

    path = Path(str(tmp_path)) / "engine.lock"
    with (
        ProjectLock(path, "p"),
        pytest.raises(EngineRunningError, match=r"process \d+, since 20"),
        ProjectLock(path, "p"),
    ):
        pass
    with ProjectLock(path, "p"):
        assert path.stat().st_mode & 0o077 == 0


def test_the_pulse_has_no_lag_before_it_beats() -> None:
    assert Pulse(lambda _: None, ManualClock()).lag_ms == 0.0


def test_what_the_run_before_knew_stays_good_in_the_trend_until_that_run_ended() -> None:
    bench = Bench(newest=T0)
    ended = T0 + 3600 * SECOND_NS
    bench.values = Values({tag.name: tag for tag in TAGS}, {"A": Sample(1.5, st.GOOD, T0, T0)})
    bench.ingest = Ingest(TAGS, bench.ring, bench.values, bench, lambda _: None, bench.clock,
                          known_until_ns=ended)  # fmt: skip
    bench.take(None, st.BAD_WAITING_FOR_INITIAL_DATA, ended + 60 * SECOND_NS)
    assert bench.ring.rows == [(0, ended, 1.5, st.BAD_NO_COMMUNICATION)]
    shown = bench.values.get("A")
    assert shown is not None
    assert shown.source_ns == T0
    assert [row.time_ns for row in bench.ingest.drain_history()] == [ended]


def test_history_knows_nothing_from_the_end_of_the_run_before_though_the_ring_ends_earlier_or_is_new() -> None:
    lost, began = T0 + 3600 * SECOND_NS, T0 + 7200 * SECOND_NS
    old = Bench(newest=T0, known=Sample(1.5, st.GOOD, T0, T0), lost_ns=lost)  # from a checkpoint
    new = Bench(lost_ns=lost)
    for bench, ring_ns, value in ((old, T0, 1.5), (new, began, None)):
        bench.take(None, st.BAD_WAITING_FOR_INITIAL_DATA, began)
        bench.take(None, st.BAD_COMMUNICATION_ERROR, began + SECOND_NS)
        bench.take(7.0, at=began + 2 * SECOND_NS)
        assert next((at, held) for _, at, held, _ in bench.ring.rows) == (ring_ns, value)
        rows = bench.ingest.drain_history()
        assert [(row.time_ns, row.value) for row in rows if st.is_good(row.status)] == [(began + 2 * SECOND_NS, 7.0)]
        assert (rows[0].time_ns, rows[0].value) == (lost, value)
        assert rows == sorted(rows, key=lambda row: row.time_ns)


def test_a_value_that_is_older_than_the_end_of_the_run_before_is_known_again_after_its_gap() -> None:
    """The ring is that of a checkpoint, and the value changed between it and the end of the run."""
    lost, began = T0 + 3600 * SECOND_NS, T0 + 7200 * SECOND_NS
    bench = Bench(newest=T0, known=Sample(1.5, st.GOOD, T0, T0), lost_ns=lost)
    bench.take(None, st.BAD_WAITING_FOR_INITIAL_DATA, began)
    bench.take(2.5, at=T0 + SECOND_NS, received=began + SECOND_NS)
    assert bench.ring.rows[-1] == (0, began + SECOND_NS, 2.5, st.GOOD)
    rows = bench.ingest.drain_history()
    assert [(row.time_ns, row.value) for row in rows] == [(lost, 1.5), (began + SECOND_NS, 2.5)]
    assert bench.ingest.late == 0


def test_what_the_run_before_knew_is_shown_as_old_until_the_tag_is_heard_of() -> None:
    bench = Bench(newest=T0)
    bench.values = Values(
        {tag.name: tag for tag in TAGS}, {"A": Sample(1.5, st.GOOD, T0, T0), "GONE": Sample(1, 0, 1, 1)}
    )
    bench.ingest = Ingest(TAGS, bench.ring, bench.values, bench, lambda _: None, bench.clock)
    now = T0 + 100 * SECOND_NS
    assert bench.values.get("A") == Sample(1.5, st.BAD_NO_COMMUNICATION, T0, T0)
    assert bench.values.get("GONE") is None
    bench.take(None, st.BAD_WAITING_FOR_INITIAL_DATA, now)
    bench.take(None, st.BAD_COMMUNICATION_ERROR, now)
    assert bench.values.get("A") == Sample(1.5, st.BAD_NO_COMMUNICATION, T0, now)
    assert bench.ring.rows[-1] == (0, T0, 1.5, st.BAD_NO_COMMUNICATION)
    bench.take(None, st.BAD_WAITING_FOR_INITIAL_DATA, now, slot=1)
    assert bench.values.get("B") == Sample(None, st.BAD_WAITING_FOR_INITIAL_DATA, now, now)
    bench.take(1.6, st.GOOD, now + SECOND_NS)
    assert bench.values.get("A") == Sample(1.6, st.GOOD, now + SECOND_NS, now + SECOND_NS)
    bench.take(None, st.BAD_SENSOR_FAILURE, now + 2 * SECOND_NS)
    sample = bench.values.get("A")
    assert sample is not None
    assert sample.status == st.BAD_SENSOR_FAILURE
