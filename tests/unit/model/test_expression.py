import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model import status
from app.model.expressions import Expression, ExpressionError, Outcome
from app.model.sample import Sample

NAMES = {"a": 3.0, "LZ.UF.R01.FLOW": 0.25, "x_1": -7.0, "LZ.P01.4": 0.0}
PYTHON = {name: f"v{at}" for at, name in enumerate(NAMES)}


def good(value: float | bool | str | None, code: int = status.GOOD) -> Sample:
    return Sample(value, code, 0, 0)


def lookup(name: str) -> Sample | None:
    return good(NAMES[name]) if name in NAMES else None


Pair = tuple[str, str]

numbers = st.one_of(
    st.integers(0, 1000).map(str),
    st.floats(0, 1e6, allow_nan=False).map(repr),
)


def expressions() -> st.SearchStrategy[Pair]:
    """Pairs of the same expression in our language and in Python."""
    leaves = st.one_of(
        numbers.map(lambda text: (text, f"float({text})")),
        st.sampled_from([("true", "True"), ("false", "False")]),
        st.sampled_from(list(NAMES)).map(lambda name: (name, PYTHON[name])),
    )

    def grow(inner: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
        binary = st.sampled_from(["+", "-", "*", "<", "<=", ">", ">=", "==", "!="])
        return st.one_of(
            st.tuples(inner, binary, inner).map(
                lambda t: (f"({t[0][0]} {t[1]} {t[2][0]})", f"({t[0][1]} {t[1]} {t[2][1]})")
            ),
            st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
                lambda t: (f"({t[0][0]} {t[1]} {t[2][0]})", f"(bool({t[0][1]}) {t[1]} bool({t[2][1]}))")
            ),
            inner.map(lambda e: (f"(not {e[0]})", f"(not {e[1]})")),
            inner.map(lambda e: (f"(-{e[0]})", f"(-{e[1]})")),
            inner.map(lambda e: (f"abs({e[0]})", f"abs(float({e[1]}))")),
            st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(
                lambda t: (f"{t[0]}({t[1][0]}, {t[2][0]})", f"{t[0]}(float({t[1][1]}), float({t[2][1]}))")
            ),
        )

    return st.recursive(leaves, grow, max_leaves=12).filter(lambda pair: len(pair[0]) <= 1000)


@given(expressions())
def test_it_means_what_python_means(pair: tuple[str, str]) -> None:
    ours, python = pair
    expected = float(eval(python, {PYTHON[name]: value for name, value in NAMES.items()}))
    outcome = Expression.parse(ours).evaluate(lookup)
    if math.isfinite(expected) and outcome.is_good:
        assert float(outcome.value) == expected


@given(expressions())
def test_its_text_parses_to_itself(pair: tuple[str, str]) -> None:
    first = Expression.parse(pair[0])
    text = str(first)
    if len(text) <= 1000:
        second = Expression.parse(text)
        assert second == first
        assert str(second) == text
        assert second.names == first.names


@given(st.text(alphabet="ab.(),+-*/<>=! 019andortrue_\n{}'é", max_size=60))
def test_any_text_parses_or_is_refused_with_a_column(text: str) -> None:
    try:
        Expression.parse(text).evaluate(lookup)
    except ExpressionError as error:
        assert 1 <= error.column <= len(text) + 1  # noqa: PT017 - either way is right


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 3 - 2", 5),
        ("not a > 2 or true", True),
        ("not (a > 2) and true", False),
        ("a >= 3 and LZ.UF.R01.FLOW < 1", True),
        ("max(1, a, 2) - min(4, abs(x_1))", -1),
        ("--2", 2),
        (".5 + 1e1", 10.5),
        ("true == 1", True),
    ],
)
def test_precedence(text: str, value: float) -> None:
    assert Expression.parse(text).evaluate(lookup) == Outcome(value, status.GOOD)


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("", 1), ("1 +", 4), ("1 < 2 < 3", 7), ("a b", 3), ("(a", 3), ("foo(1)", 1), ("abs(1, 2)", 6), ("min()", 5),
        ("a = 1", 3), ("a; b", 2), ("__import__('os')", 12), ("a and", 6), ("1e999", 1), ("a..b", 2), ("{x}", 1),
        ("(" * 60 + "1" + ")" * 60, 52), ("1" * 1001, 1001),
    ],
)  # fmt: skip
def test_mistakes_have_a_column(text: str, column: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        Expression.parse(text)
    assert caught.value.column == column


def test_the_worst_status_wins_whatever_the_order() -> None:
    samples = {"g": good(1), "u": good(1, status.UNCERTAIN_LAST_USABLE), "b": good(1, status.BAD_TIMEOUT)}
    for text in ("g and u and b", "b or u or g", "max(g, b, u)", "g + (b - u)", "not (u < b)"):
        assert Expression.parse(text).evaluate(samples.get).status == status.BAD_TIMEOUT
    assert Expression.parse("false and b").evaluate(samples.get).status == status.BAD_TIMEOUT


@pytest.mark.parametrize(
    ("sample", "code"),
    [
        (None, status.BAD_NODE_ID_UNKNOWN),
        (good(None), status.BAD_WAITING_FOR_INITIAL_DATA),
        (good(None, status.BAD_NO_COMMUNICATION), status.BAD_NO_COMMUNICATION),
        (good("text"), status.BAD_TYPE_MISMATCH),
        (good(math.nan), status.BAD_OUT_OF_RANGE),
        (good(0), status.BAD_OUT_OF_RANGE),
    ],
)
def test_what_has_no_number_is_bad(sample: Sample | None, code: int) -> None:
    outcome = Expression.parse("1 / t").evaluate({"t": sample}.get)
    assert status.is_bad(outcome.status)
    assert outcome.status == code
    assert outcome.value == 0
