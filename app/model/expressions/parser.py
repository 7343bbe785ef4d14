"""From words to an expression: recursive descent. Grammar: docs/formats/expressions.md."""

import math
from collections.abc import Callable
from typing import Final

from app.model.expressions.nodes import Binary, Call, Choice, Good, Name, Node, Number, Unary, Window
from app.model.expressions.tokens import ExpressionError, Token, tokens

MAX_LENGTH: Final = 1000
MAX_DEPTH: Final = 50
MAX_WINDOW_S: Final = 366 * 86400.0
WINDOWS: Final = frozenset({"mean", "total"})
COUNTERS: Final = frozenset({"hours", "starts"})

_COMPARISONS: Final = frozenset({"<", "<=", ">", ">=", "==", "!="})
_ARGUMENTS: Final = {"abs": (1, 1), "avg": (1, 99), "good": (1, 1), "if": (3, 3), "max": (1, 99), "min": (1, 99)}
_UNIT_S: Final = {"min": 60.0, "s": 1.0, "h": 3600.0, "d": 86400.0}


class Parser:
    """Parses one text; every method takes the nesting depth so that a hostile text cannot exhaust the stack.

    Args:
        windows: whether mean and total over a window are allowed.

    Raises:
        ExpressionError: a character has no place in an expression, or the text is too long.

    """

    def __init__(self, text: str, *, windows: bool = False) -> None:
        if len(text) > MAX_LENGTH:
            raise ExpressionError(f"the expression is longer than {MAX_LENGTH} characters", MAX_LENGTH + 1)
        self.names: set[str] = set()
        """Tags used, those of windows included."""
        self.windows: set[str] = set()
        """Tags used over a window."""
        self._windows_allowed = windows
        self._tokens = tokens(text)
        self._at = 0

    def whole(self) -> Node:
        """Return the expression; raises ExpressionError, also for what stands behind it."""
        root = self.expression(0)
        self.expect_end()
        return root

    def counter(self) -> tuple[str, Node] | None:
        """Return function and condition where the text is ``hours(…)`` or ``starts(…)`` as a whole, else None.

        Raises:
            ExpressionError: it begins as one and does not end as one.

        """
        function, opening = self._tokens[0], self._tokens[min(1, len(self._tokens) - 1)]
        if function.text not in COUNTERS or opening.text != "(":
            return None
        self._at = 2
        condition = self.expression(1)
        self._close()
        if self._next.kind != "end":
            raise ExpressionError(f"{function.text} must be the whole expression", self._next.column)
        return function.text, condition

    def expression(self, depth: int) -> Node:
        """Return an expression that ends before the next word."""
        if depth > MAX_DEPTH:
            raise ExpressionError(f"more than {MAX_DEPTH} levels of nesting", self._next.column)
        return self._chain(("or",), lambda: self._chain(("and",), lambda: self._negation(depth)))

    def expect_end(self) -> None:
        """Raise ExpressionError unless everything was taken."""
        token = self._next
        if token.kind == "end":
            return
        if token.text in _COMPARISONS:
            raise ExpressionError("comparisons do not chain; join them with 'and'", token.column)
        raise ExpressionError(f"'{token.text}' is unexpected; expected an operator or the end", token.column)

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self, *texts: str) -> Token | None:
        token = self._next
        if token.kind != "number" and token.text in texts:
            self._at += 1
            return token
        return None

    def _chain(self, operators: tuple[str, ...], operand: Callable[[], Node]) -> Node:
        node = operand()
        while (token := self._take(*operators)) is not None:
            node = Binary(token.text, node, operand())
        return node

    def _negation(self, depth: int) -> Node:
        if (token := self._take("not")) is not None:
            if depth >= MAX_DEPTH:
                raise ExpressionError(f"more than {MAX_DEPTH} levels of nesting", token.column)
            return Unary("not", self._negation(depth + 1))
        left = self._sum(depth)
        token = self._take(*_COMPARISONS)
        return left if token is None else Binary(token.text, left, self._sum(depth))

    def _sum(self, depth: int) -> Node:
        return self._chain(("+", "-"), lambda: self._chain(("*", "/"), lambda: self._unary(depth)))

    def _unary(self, depth: int) -> Node:
        if (token := self._take("-")) is not None:
            if depth >= MAX_DEPTH:
                raise ExpressionError(f"more than {MAX_DEPTH} levels of nesting", token.column)
            return Unary("-", self._unary(depth + 1))
        return self._primary(depth)

    def _primary(self, depth: int) -> Node:
        token = self._next
        if token.kind == "duration":
            raise ExpressionError(f"'{token.text}' is a duration; allowed: in mean and total", token.column)
        if token.kind == "number":
            self._at += 1
            value = float(token.text)
            if not math.isfinite(value):
                raise ExpressionError(f"number '{token.text}' is too large", token.column)
            return Number(value)
        if self._take("(") is not None:
            node = self.expression(depth + 1)
            self._close()
            return node
        if token.kind != "name" or token.text in {"and", "or", "not"}:
            found = "the end" if token.kind == "end" else f"'{token.text}'"
            raise ExpressionError(f"{found} is unexpected; expected a number, a tag name or '('", token.column)
        self._at += 1
        if token.text in {"true", "false"}:
            return Number(token.text == "true")
        if self._take("(") is not None:
            return self._call(token, depth)
        self.names.add(token.text)
        return Name(token.text)

    def _call(self, function: Token, depth: int) -> Node:
        if function.text in WINDOWS and self._windows_allowed:
            return self._window(function)
        if function.text not in _ARGUMENTS:
            raise ExpressionError(self._no_function(function), function.column)
        least, most = _ARGUMENTS[function.text]
        arguments = [self.expression(depth + 1)]
        while (comma := self._take(",")) is not None:
            if len(arguments) >= most:
                raise ExpressionError(_how_many(function.text), comma.column)
            arguments.append(self.expression(depth + 1))
        if len(arguments) < least:
            raise ExpressionError(_how_many(function.text), self._next.column)
        self._close()
        if function.text == "if":
            return Choice(*arguments)
        return Good(arguments[0]) if function.text == "good" else Call(function.text, tuple(arguments))

    def _window(self, function: Token) -> Node:
        name = self._next
        if name.kind != "name":
            raise ExpressionError(f"{function.text} is of a tag; expected its name", name.column)
        self._at += 1
        durations: list[float] = []
        while self._take(",") is not None:
            durations.append(self._duration())
        most = 2 if function.text == "total" else 1
        if not 1 <= len(durations) <= most:
            allowed = "mean(tag, window)" if most == 1 else "total(tag, window) or total(tag, window, per)"
            raise ExpressionError(f"allowed: {allowed}", self._next.column)
        self._close()
        self.names.add(name.text)
        self.windows.add(name.text)
        return Window(function.text, name.text, *durations)

    def _duration(self) -> float:
        token = self._next
        if token.kind != "duration":
            raise ExpressionError("expected a duration such as 90s, 10min, 8h or 1d", token.column)
        self._at += 1
        unit = next(unit for unit in _UNIT_S if token.text.endswith(unit))
        seconds = float(token.text[: -len(unit)]) * _UNIT_S[unit]
        if not 0.0 < seconds <= MAX_WINDOW_S:
            raise ExpressionError(f"'{token.text}' is out of range; allowed: more than 0, at most 366d", token.column)
        return seconds

    def _no_function(self, function: Token) -> str:
        if function.text in COUNTERS and self._windows_allowed:
            return f"{function.text} must be the whole expression"
        if function.text in WINDOWS | COUNTERS:
            return f"function '{function.text}' is for calculated tags only"
        allowed = sorted([*_ARGUMENTS, *(WINDOWS if self._windows_allowed else ())])
        return f"function '{function.text}' is unknown; allowed: {', '.join(allowed)}"

    def _close(self) -> None:
        if self._take(")") is None:
            token = self._next
            found = "the end" if token.kind == "end" else f"'{token.text}'"
            raise ExpressionError(f"{found} is unexpected; expected ')'", token.column)


def _how_many(function: str) -> str:
    return "if takes a condition and two values" if function == "if" else f"{function} takes one value"
