"""The expression language of interlocks, suppression and display conditions: parsed, never executed as code.

Grammar and rules: docs/formats/expressions.md. Parsing and evaluation are pure and may run in any thread.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from app.model import status as st
from app.model.sample import Sample

MAX_LENGTH: Final = 1000
MAX_DEPTH: Final = 50
FUNCTIONS: Final = frozenset({"min", "max", "abs"})

_WORDS: Final = frozenset({"and", "or", "not", "true", "false"})
_COMPARISONS: Final = frozenset({"<", "<=", ">", ">=", "==", "!="})
_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*)"
    r"|(?P<operator><=|>=|==|!=|[-+*/<>(),])"
    r"|(?P<end>$))",
    re.ASCII,
)

Lookup: TypeAlias = Callable[[str], Sample | None]
"""Gives the sample of a tag, or None where there is no such tag."""


class ExpressionError(ValueError):
    """An expression does not follow the grammar; ``column`` is 1-based."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(f"{message} (column {column})")
        self.column = column


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
class _Token:
    kind: str
    text: str
    column: int


@dataclass(frozen=True, slots=True)
class _Number:
    value: float | bool

    def run(self, lookup: Lookup) -> Outcome:
        return Outcome(self.value, st.GOOD)

    def __str__(self) -> str:
        return str(self.value).lower() if isinstance(self.value, bool) else repr(self.value)


@dataclass(frozen=True, slots=True)
class _Name:
    name: str

    def run(self, lookup: Lookup) -> Outcome:
        sample = lookup(self.name)
        if sample is None:
            return Outcome(0.0, st.BAD_NODE_ID_UNKNOWN)
        number = sample.number
        if number is None:
            fallback = st.BAD_TYPE_MISMATCH if isinstance(sample.value, str) else st.BAD_WAITING_FOR_INITIAL_DATA
            return Outcome(0.0, sample.status if st.is_bad(sample.status) else fallback)
        value, status = _finite(number)
        return Outcome(value, _worst(sample.status, status))

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class _Unary:
    operator: str
    operand: "_Node"

    def run(self, lookup: Lookup) -> Outcome:
        inner = self.operand.run(lookup)
        return Outcome((not inner.value) if self.operator == "not" else -inner.value, inner.status)

    def __str__(self) -> str:
        return f"(not {self.operand})" if self.operator == "not" else f"(-{self.operand})"


@dataclass(frozen=True, slots=True)
class _Binary:
    operator: str
    left: "_Node"
    right: "_Node"

    def run(self, lookup: Lookup) -> Outcome:
        left, right = self.left.run(lookup), self.right.run(lookup)
        status = _worst(left.status, right.status)
        if self.operator == "/" and right.value == 0:
            return Outcome(0.0, _worst(status, st.BAD_OUT_OF_RANGE))
        value, own = _finite(_OPERATIONS[self.operator](left.value, right.value))
        return Outcome(value, _worst(status, own))

    def __str__(self) -> str:
        return f"({self.left} {self.operator} {self.right})"


@dataclass(frozen=True, slots=True)
class _Call:
    function: str
    arguments: tuple["_Node", ...]

    def run(self, lookup: Lookup) -> Outcome:
        outcomes = [argument.run(lookup) for argument in self.arguments]
        status = st.GOOD
        for outcome in outcomes:
            status = _worst(status, outcome.status)
        values = [float(outcome.value) for outcome in outcomes]
        if self.function == "abs":
            return Outcome(abs(values[0]), status)
        return Outcome(min(values) if self.function == "min" else max(values), status)

    def __str__(self) -> str:
        return f"{self.function}({', '.join(map(str, self.arguments))})"


_Node: TypeAlias = _Number | _Name | _Unary | _Binary | _Call

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


class Expression:
    """A parsed expression. Immutable; ``str()`` gives its canonical text with every parenthesis."""

    __slots__ = ("_root", "names", "text")

    def __init__(self, text: str, root: _Node, names: frozenset[str]) -> None:
        self.text = text
        self.names = names
        """Full names of the tags used."""
        self._root = root

    @classmethod
    def parse(cls, text: str) -> "Expression":
        """Parse an expression.

        Raises:
            ExpressionError: with the column, and what was expected there.

        """
        if len(text) > MAX_LENGTH:
            raise ExpressionError(f"the expression is longer than {MAX_LENGTH} characters", MAX_LENGTH + 1)
        parser = _Parser(_tokens(text))
        root = parser.expression(0)
        parser.expect_end()
        return cls(text, root, frozenset(parser.names))

    def evaluate(self, lookup: Lookup) -> Outcome:
        """Evaluate with the samples that ``lookup`` gives; raises nothing of its own."""
        return self._root.run(lookup)

    def __str__(self) -> str:
        return str(self._root)

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))


class _Parser:
    """Recursive descent; every method takes the nesting depth so that a hostile text cannot exhaust the stack."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.names: set[str] = set()
        self._tokens = tokens
        self._at = 0

    def expression(self, depth: int) -> _Node:
        if depth > MAX_DEPTH:
            raise ExpressionError(f"more than {MAX_DEPTH} levels of nesting", self._next.column)
        return self._chain(("or",), lambda: self._chain(("and",), lambda: self._negation(depth)))

    def expect_end(self) -> None:
        token = self._next
        if token.kind == "end":
            return
        if token.text in _COMPARISONS:
            raise ExpressionError("comparisons do not chain; join them with 'and'", token.column)
        raise ExpressionError(f"'{token.text}' is unexpected; expected an operator or the end", token.column)

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _take(self, *texts: str) -> _Token | None:
        token = self._next
        if token.kind != "number" and token.text in texts:
            self._at += 1
            return token
        return None

    def _chain(self, operators: tuple[str, ...], operand: Callable[[], _Node]) -> _Node:
        node = operand()
        while (token := self._take(*operators)) is not None:
            node = _Binary(token.text, node, operand())
        return node

    def _negation(self, depth: int) -> _Node:
        if (token := self._take("not")) is not None:
            if depth >= MAX_DEPTH:
                raise ExpressionError(f"more than {MAX_DEPTH} levels of nesting", token.column)
            return _Unary("not", self._negation(depth + 1))
        left = self._sum(depth)
        token = self._take(*_COMPARISONS)
        return left if token is None else _Binary(token.text, left, self._sum(depth))

    def _sum(self, depth: int) -> _Node:
        return self._chain(("+", "-"), lambda: self._chain(("*", "/"), lambda: self._unary(depth)))

    def _unary(self, depth: int) -> _Node:
        if (token := self._take("-")) is not None:
            if depth >= MAX_DEPTH:
                raise ExpressionError(f"more than {MAX_DEPTH} levels of nesting", token.column)
            return _Unary("-", self._unary(depth + 1))
        return self._primary(depth)

    def _primary(self, depth: int) -> _Node:
        token = self._next
        if token.kind == "number":
            self._at += 1
            value = float(token.text)
            if not math.isfinite(value):
                raise ExpressionError(f"number '{token.text}' is too large", token.column)
            return _Number(value)
        if self._take("(") is not None:
            node = self.expression(depth + 1)
            self._close()
            return node
        if token.kind != "name" or token.text in {"and", "or", "not"}:
            found = "the end" if token.kind == "end" else f"'{token.text}'"
            raise ExpressionError(f"{found} is unexpected; expected a number, a tag name or '('", token.column)
        self._at += 1
        if token.text in {"true", "false"}:
            return _Number(token.text == "true")
        if self._take("(") is not None:
            return self._call(token, depth)
        self.names.add(token.text)
        return _Name(token.text)

    def _call(self, function: _Token, depth: int) -> _Node:
        if function.text not in FUNCTIONS:
            raise ExpressionError(f"function '{function.text}' is unknown; allowed: abs, max, min", function.column)
        arguments = [self.expression(depth + 1)]
        while (comma := self._take(",")) is not None:
            if function.text == "abs":
                raise ExpressionError("abs takes one value", comma.column)
            arguments.append(self.expression(depth + 1))
        self._close()
        return _Call(function.text, tuple(arguments))

    def _close(self) -> None:
        if self._take(")") is None:
            token = self._next
            found = "the end" if token.kind == "end" else f"'{token.text}'"
            raise ExpressionError(f"{found} is unexpected; expected ')'", token.column)


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    while True:
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            column = at + len(text[at:]) - len(text[at:].lstrip())
            raise ExpressionError(f"'{text[column]}' is not allowed here", column + 1)
        kind = match.lastgroup
        tokens.append(_Token(kind, match[kind], match.start(kind) + 1))
        if kind == "end":
            return tokens
        at = match.end()


def _worst(first: int, second: int) -> int:
    return second if st.severity(second) > st.severity(first) else first


def _finite(value: float | bool) -> tuple[float | bool, int]:
    return (value, st.GOOD) if math.isfinite(value) else (0.0, st.BAD_OUT_OF_RANGE)
