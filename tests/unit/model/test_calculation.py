"""Expressions of calculated tags: choices, means and totals over a window, counters."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.model import status as st
from app.model.expressions import Calculation, Counter, Expression, ExpressionError, Outcome, Windowed
from app.model.sample import Sample


@dataclass
class Past:
    """A scope of a test; notes which windows were asked for."""

    now: Mapping[str, Sample] = field(default_factory=dict)
    windows: Mapping[str, Windowed] = field(default_factory=dict)
    asked: list[tuple[str, float]] = field(default_factory=list)

    def sample(self, name: str) -> Sample | None:
        return self.now.get(name)

    def window(self, name: str, seconds: float) -> Windowed | None:
        self.asked.append((name, seconds))
        return self.windows.get(name)


def reading(value: float, status: int = st.GOOD) -> Sample:
    return Sample(value, status, 0, 0)


def value(text: str, scope: Past) -> Outcome:
    return Calculation.parse(text).evaluate(scope)


def test_a_choice_has_the_status_of_what_it_used_only() -> None:
    scope = Past({"A": reading(1.0, st.BAD_SENSOR_FAILURE), "B": reading(2.0), "C": reading(0.0)})
    assert value("if(good(A), A, B)", scope) == Outcome(2.0, st.GOOD)
    assert value("if(C, A, B)", scope) == Outcome(2.0, st.GOOD)
    assert value("if(not C, A, B)", scope) == Outcome(1.0, st.BAD_SENSOR_FAILURE)
    assert value("if(A > 0, B, C)", scope) == Outcome(2.0, st.BAD_SENSOR_FAILURE)


def test_an_average_is_as_good_as_its_worst_value() -> None:
    scope = Past({"A": reading(1.0), "B": reading(3.0, st.UNCERTAIN)})
    assert value("avg(A, B, 5)", scope) == Outcome(3.0, st.UNCERTAIN)


def test_choice_average_and_quality_are_there_for_conditions_too() -> None:
    outcome = Expression.parse("if(good(A), avg(A, 4), 0) > 2").evaluate({"A": reading(1.0)}.get)
    assert outcome == Outcome(True, st.GOOD)


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90.0), ("10min", 600.0), ("8h", 28800.0), ("1d", 86400.0), ("0.5h", 1800.0)]
)
def test_a_window_has_a_duration(text: str, seconds: float) -> None:
    scope = Past(windows={"A": Windowed(4.0, 1.0, 4.0 * seconds)})
    assert value(f"mean(A, {text})", scope) == Outcome(4.0, st.GOOD)
    assert scope.asked == [("A", seconds)]


def test_a_total_has_the_time_base_of_its_unit() -> None:
    scope = Past(windows={"FLOW": Windowed(100.0, 1.0, 100.0 * 86400)})
    assert value("total(FLOW, 1d)", scope) == Outcome(2400.0, st.GOOD)
    assert value("total(FLOW, 1d, 1s)", scope) == Outcome(8_640_000.0, st.GOOD)


@pytest.mark.parametrize(
    ("good", "status"),
    [(1.0, st.GOOD), (0.5, st.GOOD), (0.49, st.UNCERTAIN_DATA_SUB_NORMAL), (0.0, st.BAD_NO_DATA)],
)
def test_a_window_of_which_less_than_half_is_good_is_uncertain(good: float, status: int) -> None:
    mean = 4.0 if good else math.nan
    assert value("mean(A, 1h)", Past(windows={"A": Windowed(mean, good, 0.0)})).status == status


def test_a_window_of_an_unknown_tag_is_bad() -> None:
    assert value("mean(A, 1h)", Past()).status == st.BAD_NODE_ID_UNKNOWN


def test_names_tell_what_is_used_now_and_what_over_a_window() -> None:
    parsed = Calculation.parse("mean(A, 1h) - B + min(C, 2)")
    assert (parsed.names, parsed.windows, parsed.counter) == (frozenset("ABC"), frozenset("A"), None)


@pytest.mark.parametrize(("text", "counter"), [("hours(P.ST == 2)", Counter.HOURS), (" starts( P )", Counter.STARTS)])
def test_a_counter_counts_a_condition(text: str, counter: Counter) -> None:
    parsed = Calculation.parse(text)
    assert (parsed.counter, len(parsed.names)) == (counter, 1)


def test_a_tag_may_have_the_name_of_a_counter() -> None:
    assert value("hours + 1", Past({"hours": reading(2.0)})) == Outcome(3.0, st.GOOD)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("hours(A) / 24", r"hours must be the whole expression \(column 10\)"),
        ("1 + starts(A)", r"starts must be the whole expression \(column 5\)"),
        ("mean(A)", r"allowed: mean\(tag, window\)"),
        ("mean(A, 1h, 1h)", r"allowed: mean\(tag, window\)"),
        ("total(A, 1h, 1h, 1h)", r"allowed: total\(tag, window\) or total\(tag, window, per\)"),
        ("mean(A, 60)", r"expected a duration such as 90s, 10min, 8h or 1d \(column 9\)"),
        ("mean(1 + A, 1h)", r"mean is of a tag; expected its name"),
        ("mean(A + 1, 1h)", r"allowed: mean\(tag, window\)"),
        ("mean(A, 367d)", r"'367d' is out of range"),
        ("mean(A, 0s)", r"'0s' is out of range"),
        ("A + 10min", r"'10min' is a duration; allowed: in mean and total"),
        ("if(A, B)", r"if takes a condition and two values"),
        ("if(A, B, C, D)", r"if takes a condition and two values"),
        ("good(A, B)", r"good takes one value"),
        ("median(A)", r"'median' is unknown; allowed: abs, avg, good, if, max, mean, min, total"),
        ("hours(A", r"the end is unexpected; expected '\)'"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, says: str) -> None:
    with pytest.raises(ExpressionError, match=says):
        Calculation.parse(text)


@pytest.mark.parametrize("text", ["mean(A, 1h) > 2", "hours(A)", "starts(A) > 1", "total(A, 1d)"])
def test_a_condition_has_no_past(text: str) -> None:
    with pytest.raises(ExpressionError, match="is for calculated tags only"):
        Expression.parse(text)


def texts() -> some.SearchStrategy[str]:
    leaves = some.one_of(
        some.sampled_from(
            ["A", "LZ.UF.R01.FLOW", "true", "0.25", "mean(A, 10min)", "total(B.C, 1d)", "total(A, 2h, 1s)"]
        ),
        some.integers(0, 99).map(str),
    )

    def grow(inner: some.SearchStrategy[str]) -> some.SearchStrategy[str]:
        two = some.tuples(inner, inner)
        return some.one_of(
            some.tuples(inner, some.sampled_from(["+", "-", "*", "/", "<", "==", "and", "or"]), inner).map(
                lambda t: f"({t[0]} {t[1]} {t[2]})"
            ),
            some.tuples(inner, inner, inner).map(lambda t: f"if({t[0]}, {t[1]}, {t[2]})"),
            two.map(lambda t: f"avg({t[0]}, {t[1]})"),
            inner.map(lambda text: f"good({text})"),
        )

    whole = some.recursive(leaves, grow, max_leaves=8)
    return some.one_of(whole, whole.map(lambda text: f"hours({text})"), whole.map(lambda text: f"starts({text})"))


@given(texts())
def test_the_canonical_text_means_the_same(text: str) -> None:
    parsed = Calculation.parse(text)
    again = Calculation.parse(str(parsed))
    assert str(again) == str(parsed)
    assert (again.names, again.windows, again.counter) == (parsed.names, parsed.windows, parsed.counter)
