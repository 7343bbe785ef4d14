"""Calculated tags against a real store and a clock of the test."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.engine.calculator import REFRESH_S, Calculator
from app.engine.windows import StoreWindows
from app.model import status as st
from app.model.clock import SECOND_NS, ManualClock
from app.model.sample import Sample, Value
from app.model.tag import DataType, Tag
from app.trend import DEFAULT, SlotSpec, StoreWriter

A, B, RUN = Tag("A"), Tag("B"), Tag("RUN", data_type=DataType.BOOL)


class Bench:
    """Values by hand, and what the calculator delivered."""

    def __init__(self, *calculated: Tag, known: dict[str, Sample] | None = None, windows: Any = None) -> None:
        self.tags = [A, B, RUN, *calculated]
        self.clock = ManualClock()
        self.values: dict[str, Sample] = dict(known or {})
        self.delivered: list[tuple[str, Value, int]] = []
        self.calculator = Calculator(
            self.tags, self.values.get, windows or (lambda name, seconds: None), self._take, self.clock
        )

    def _take(self, batch: Any) -> None:
        for slot, sample in batch:
            name = self.tags[slot].name
            assert sample.source_ns == sample.receive_ns == self.clock.now_ns()
            self.values[name] = sample
            self.delivered.append((name, sample.value, sample.status))

    def put(self, name: str, value: Value, status: int = st.GOOD) -> None:
        self.values[name] = Sample(value, status, self.clock.now_ns(), self.clock.now_ns())

    def after(self, seconds: float) -> list[tuple[str, Value, int]]:
        """Return what is delivered when so much time has passed."""
        self.clock.advance(seconds)
        self.delivered.clear()
        self.calculator.tick()
        return list(self.delivered)


def calculated(name: str, expression: str, **more: Any) -> Tag:
    return Tag(name, expression=expression, **more)


def test_a_value_follows_what_it_is_reckoned_from_with_its_quality() -> None:
    bench = Bench(calculated("SUM", "A + B"))
    bench.put("A", 1.0)
    bench.put("B", 2.5)
    assert bench.after(0) == [("SUM", 3.5, st.GOOD)]
    bench.put("B", 2.0, st.UNCERTAIN)
    assert bench.after(1) == [("SUM", 3.0, st.UNCERTAIN)]
    bench.put("B", 9.0, st.BAD_SENSOR_FAILURE)
    assert bench.after(1) == [("SUM", 3.0, st.BAD_SENSOR_FAILURE)], "a bad one keeps the last value"


def test_before_anything_is_known_it_is_bad_and_has_no_value() -> None:
    assert Bench(calculated("SUM", "A + B")).after(0) == [("SUM", None, st.BAD_NODE_ID_UNKNOWN)]


def test_it_is_delivered_when_it_changed_and_again_after_a_while() -> None:
    bench = Bench(calculated("TWICE", "2 * A"))
    bench.put("A", 1.0)
    assert bench.after(0)
    assert [bench.after(1) for _ in range(int(REFRESH_S) - 1)] == [[]] * (int(REFRESH_S) - 1)
    assert bench.after(1) == [("TWICE", 2.0, st.GOOD)]


def test_it_is_reckoned_at_its_scan_period() -> None:
    bench = Bench(calculated("SLOW", "A", scan_ms=5000), calculated("FAST", "A", scan_ms=100))
    bench.put("A", 1.0)
    assert len(bench.after(0)) == 2
    bench.put("A", 2.0)
    assert bench.after(1) == [("FAST", 2.0, st.GOOD)]
    bench.put("A", 3.0)
    assert sorted(bench.after(4)) == [("FAST", 3.0, st.GOOD), ("SLOW", 3.0, st.GOOD)]


def test_what_is_reckoned_from_a_calculated_tag_is_so_in_the_same_moment() -> None:
    bench = Bench(calculated("C", "D + 1"), calculated("D", "E + 1"), calculated("E", "A + 1"))
    bench.put("A", 1.0)
    assert sorted(bench.after(0)) == [("C", 4.0, st.GOOD), ("D", 3.0, st.GOOD), ("E", 2.0, st.GOOD)]


@pytest.mark.parametrize(
    ("kind", "value"), [(DataType.FLOAT, 1.75), (DataType.INT, 2), (DataType.BOOL, True), (DataType.ENUM, 2)]
)
def test_the_value_has_the_type_of_the_tag(kind: DataType, value: Value) -> None:
    bench = Bench(calculated("C", "A", data_type=kind))
    bench.put("A", 1.75)
    [(_, found, _)] = bench.after(0)
    assert found == value
    assert type(found) is type(value)


def hours(bench: Bench, seconds: float) -> Any:
    bench.after(seconds)
    sample = bench.values["HOURS"]
    assert sample.number is not None
    return sample.number, sample.status


def test_hours_are_counted_while_the_condition_holds() -> None:
    bench = Bench(calculated("HOURS", "hours(RUN)"))
    bench.put("RUN", False)
    assert hours(bench, 0) == (0.0, st.GOOD)
    bench.put("RUN", True)
    assert hours(bench, 3600) == (0.0, st.GOOD)
    assert hours(bench, 1800) == (pytest.approx(0.5), st.GOOD)
    bench.put("RUN", False)
    assert hours(bench, 1800) == (pytest.approx(1.0), st.GOOD)
    assert hours(bench, 3600) == (pytest.approx(1.0), st.GOOD)


def test_nothing_is_counted_while_the_condition_is_not_known() -> None:
    bench = Bench(calculated("HOURS", "hours(RUN)"))
    bench.put("RUN", True)
    hours(bench, 0)
    bench.put("RUN", True, st.BAD_NO_COMMUNICATION)
    assert hours(bench, 3600) == (pytest.approx(1.0), st.UNCERTAIN_LAST_USABLE)
    assert hours(bench, 3600) == (pytest.approx(1.0), st.UNCERTAIN_LAST_USABLE)
    bench.put("RUN", True)
    assert hours(bench, 3600) == (pytest.approx(1.0), st.GOOD)
    assert hours(bench, 3600) == (pytest.approx(2.0), st.GOOD)


def test_a_counter_goes_on_from_the_run_before() -> None:
    before = Sample(1234.5, st.BAD_NO_COMMUNICATION, 0, 0)
    bench = Bench(calculated("HOURS", "hours(RUN)"), known={"HOURS": before})
    assert hours(bench, 0) == (1234.5, st.UNCERTAIN_LAST_USABLE), "the condition is not known yet"
    bench.put("RUN", True)
    assert hours(bench, 1) == (1234.5, st.GOOD)
    assert hours(bench, 3600) == (pytest.approx(1235.5), st.GOOD)


def starts(bench: Bench) -> Value:
    bench.after(1)
    return bench.values["STARTS"].value


def test_starts_are_counted_from_known_rest_to_known_run() -> None:
    bench = Bench(calculated("STARTS", "starts(RUN)", data_type=DataType.INT))
    bench.put("RUN", True)
    assert starts(bench) == 0, "it ran before we looked"
    for value, status, count in (
        (False, st.GOOD, 0),
        (True, st.GOOD, 1),
        (True, st.GOOD, 1),
        (False, st.BAD_NO_COMMUNICATION, 1),
        (True, st.GOOD, 1),
        (False, st.GOOD, 1),
        (True, st.GOOD, 2),
    ):
        bench.put("RUN", value, status)
        assert starts(bench) == count


class Stored:
    """A store with an hour of A: 10 for the first half, 20 for the second."""

    def __init__(self, path: Path, clock: ManualClock) -> None:
        self.clock = clock
        now = clock.now_ns()
        self.writer = StoreWriter(path, [SlotSpec("A", DEFAULT)], now_ns=now)
        for age, value in ((3600, 10.0), (1800, 20.0)):
            assert self.writer.append(0, now - age * SECOND_NS, value, 0, now)
        self.writer.heartbeat(now)
        self.windows = StoreWindows(path, clock)

    def value(self, expression: str) -> Any:
        bench = Bench(calculated("C", expression), windows=self.windows)
        bench.clock = self.clock
        [(_, value, status)] = bench.after(0)
        return value, status

    def close(self) -> None:
        self.windows.close()
        self.writer.close()


@pytest.fixture
def stored(tmp_path: Path) -> Any:
    made = Stored(tmp_path / "s.trend", ManualClock())
    yield made
    made.close()


def test_means_and_totals_are_those_of_the_store(stored: Stored) -> None:
    assert stored.value("mean(A, 1h)") == (pytest.approx(15.0), st.GOOD)
    assert stored.value("mean(A, 30min)") == (pytest.approx(20.0), st.GOOD)
    assert stored.value("total(A, 1h)") == (pytest.approx(15.0), st.GOOD)
    assert stored.value("total(A, 1h, 1s)") == (pytest.approx(54_000.0), st.GOOD)


def test_a_window_that_reaches_before_the_beginning_is_as_good_as_what_is_there(stored: Stored) -> None:
    assert stored.value("mean(A, 90min)") == (pytest.approx(15.0), st.GOOD)
    assert stored.value("mean(A, 3h)") == (pytest.approx(15.0), st.UNCERTAIN_DATA_SUB_NORMAL)


def test_a_store_that_is_not_there_is_no_data_and_is_tried_again(tmp_path: Path) -> None:
    clock = ManualClock()
    windows = StoreWindows(tmp_path / "none.trend", clock)
    found = windows("A", 60.0)
    assert found is not None
    assert found.good == 0.0
    later = Stored(tmp_path / "none.trend", clock)
    found = windows("A", 3600.0)
    assert found is not None
    assert found.mean == pytest.approx(15.0)
    windows.close()
    later.close()


def test_tags_that_are_not_calculated_are_left_alone(tmp_path: Path) -> None:
    tags: Sequence[Tag] = [A, replace(B, connection="plc", address="hr0")]
    calculator = Calculator(tags, lambda _: None, lambda _n, _s: None, lambda _: pytest.fail("nothing"), ManualClock())
    assert len(calculator) == 0
    calculator.tick()


def test_a_counter_goes_on_over_another_configuration_and_a_changed_expression_is_reckoned_anew() -> None:
    count, double = Tag("N", expression="starts(RUN)", scan_ms=1000), Tag("D", expression="A * 2", scan_ms=1000)
    bench = Bench(count, double)
    bench.put("A", 1.0)
    bench.put("RUN", False)
    bench.after(1.0)
    changed = replace(double, expression="A * 3")
    bench.calculator.redefine([A, B, RUN, count, changed])
    bench.put("RUN", True)
    assert ("D", 3.0, st.GOOD) in bench.after(1.0)
    assert bench.values["N"].value == 1.0
