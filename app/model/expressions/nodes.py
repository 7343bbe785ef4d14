"""What an expression consists of, and how each part is evaluated. Immutable; a part knows nothing of the text."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

from app.model import status as st
from app.model.sample import Sample

HOUR_S: Final = 3600.0
ENOUGH_GOOD: Final = 0.5
"""Share of a window that must be good; with less, what is reckoned from it is uncertain."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Value of an expression, with the worst status of the tags used. A false or 0 that is bad means nothing."""

    value: float | bool
    status: int

    @property
    def is_good(self) -> bool:
        """Whether every tag used was good."""
        return st.is_good(self.status)

    @property
    def is_true(self) -> bool:
        """Whether the value is true (not 0), whatever the status."""
        return bool(self.value)


@dataclass(frozen=True, slots=True)
class Windowed:
    """What a tag was over a window that ends now.

    Attributes:
        mean: time-weighted, of what was good; NaN where nothing was. good: share of the window that was good, 0 to 1.
        area: value x seconds over what was good.

    """

    mean: float
    good: float
    area: float


class Scope(Protocol):
    """What an expression is evaluated over."""

    def sample(self, name: str) -> Sample | None:
        """Return the sample of a tag, or None where there is no such tag."""

    def window(self, name: str, seconds: float) -> Windowed | None:
        """Return what a tag was over the last so many seconds; None where that cannot be told."""


class Node(Protocol):
    """A part of an expression; ``str`` gives its canonical text."""

    def run(self, scope: Scope) -> Outcome:
        """Evaluate; raises nothing of its own."""


@dataclass(frozen=True, slots=True)
class Number:
    """A constant."""

    value: float | bool

    def run(self, scope: Scope) -> Outcome:
        """Return it."""
        return Outcome(self.value, st.GOOD)

    def __str__(self) -> str:
        return str(self.value).lower() if isinstance(self.value, bool) else repr(self.value)


@dataclass(frozen=True, slots=True)
class Name:
    """A tag's value now."""

    name: str

    def run(self, scope: Scope) -> Outcome:
        """Return value and status; what is no number is bad."""
        sample = scope.sample(self.name)
        if sample is None:
            return Outcome(0.0, st.BAD_NODE_ID_UNKNOWN)
        number = sample.number
        if number is None:
            fallback = st.BAD_TYPE_MISMATCH if isinstance(sample.value, str) else st.BAD_WAITING_FOR_INITIAL_DATA
            return Outcome(0.0, sample.status if st.is_bad(sample.status) else fallback)
        value, status = finite(number)
        return Outcome(value, worst(sample.status, status))

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Unary:
    """``not`` or minus."""

    operator: str
    operand: Node

    def run(self, scope: Scope) -> Outcome:
        """Return the opposite."""
        inner = self.operand.run(scope)
        return Outcome((not inner.value) if self.operator == "not" else -inner.value, inner.status)

    def __str__(self) -> str:
        return f"(not {self.operand})" if self.operator == "not" else f"(-{self.operand})"


@dataclass(frozen=True, slots=True)
class Binary:
    """Two parts joined by an operator; both are always evaluated."""

    operator: str
    left: Node
    right: Node

    def run(self, scope: Scope) -> Outcome:
        """Return the result with the worse status."""
        left, right = self.left.run(scope), self.right.run(scope)
        status = worst(left.status, right.status)
        if self.operator == "/" and right.value == 0:
            return Outcome(0.0, worst(status, st.BAD_OUT_OF_RANGE))
        value, own = finite(_OPERATIONS[self.operator](left.value, right.value))
        return Outcome(value, worst(status, own))

    def __str__(self) -> str:
        return f"({self.left} {self.operator} {self.right})"


@dataclass(frozen=True, slots=True)
class Call:
    """A function of values: abs, min, max, avg."""

    function: str
    arguments: tuple[Node, ...]

    def run(self, scope: Scope) -> Outcome:
        """Return the result with the worst status."""
        outcomes = [argument.run(scope) for argument in self.arguments]
        status = st.GOOD
        for outcome in outcomes:
            status = worst(status, outcome.status)
        value, own = finite(_FUNCTIONS[self.function]([float(outcome.value) for outcome in outcomes]))
        return Outcome(value, worst(status, own))

    def __str__(self) -> str:
        return f"{self.function}({', '.join(map(str, self.arguments))})"


@dataclass(frozen=True, slots=True)
class Choice:
    """``if(condition, this, that)``; the status is that of the condition and of what is chosen."""

    condition: Node
    when_true: Node
    when_false: Node

    def run(self, scope: Scope) -> Outcome:
        """Evaluate what is chosen alone."""
        condition = self.condition.run(scope)
        chosen = (self.when_true if condition.is_true else self.when_false).run(scope)
        return Outcome(chosen.value, worst(condition.status, chosen.status))

    def __str__(self) -> str:
        return f"if({self.condition}, {self.when_true}, {self.when_false})"


@dataclass(frozen=True, slots=True)
class Good:
    """``good(expression)``: whether its status is good; itself always good."""

    operand: Node

    def run(self, scope: Scope) -> Outcome:
        """Return true or false."""
        return Outcome(self.operand.run(scope).is_good, st.GOOD)

    def __str__(self) -> str:
        return f"good({self.operand})"


@dataclass(frozen=True, slots=True)
class Window:
    """``mean(tag, window)`` or ``total(tag, window, per)``: time-weighted, over a window that ends now."""

    function: str
    name: str
    seconds: float
    per_s: float = HOUR_S

    def run(self, scope: Scope) -> Outcome:
        """Return the mean, or the integral with the time base ``per``; uncertain where less than half was good."""
        found = scope.window(self.name, self.seconds)
        if found is None:
            return Outcome(0.0, st.BAD_NODE_ID_UNKNOWN)
        if not found.good > 0.0:
            return Outcome(0.0, st.BAD_NO_DATA)
        value, status = finite(found.mean if self.function == "mean" else found.area / self.per_s)
        return Outcome(value, status if found.good >= ENOUGH_GOOD else worst(status, st.UNCERTAIN_DATA_SUB_NORMAL))

    def __str__(self) -> str:
        per = f", {self.per_s:g}s" if self.function == "total" else ""
        return f"{self.function}({self.name}, {self.seconds:g}s{per})"


_OPERATIONS: Final[dict[str, Callable[[float, float], float | bool]]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "and": lambda a, b: bool(a) and bool(b),
    "or": lambda a, b: bool(a) or bool(b),
}

_FUNCTIONS: Final[dict[str, Callable[[list[float]], float]]] = {
    "abs": lambda values: abs(values[0]),
    "min": min,
    "max": max,
    "avg": lambda values: sum(values) / len(values),
}

Part: TypeAlias = Number | Name | Unary | Binary | Call | Choice | Good | Window


def worst(first: int, second: int) -> int:
    """Return the status of greater severity, the first among equals."""
    return second if st.severity(second) > st.severity(first) else first


def finite(value: float | bool) -> tuple[float | bool, int]:
    """Return value and good; 0 and BadOutOfRange for what is not finite."""
    return (value, st.GOOD) if math.isfinite(value) else (0.0, st.BAD_OUT_OF_RANGE)
