"""The words of an expression."""

import re
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<duration>\d+(?:\.\d+)?(?:s|min|h|d)(?![A-Za-z0-9_.]))"
    r"|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*)"
    r"|(?P<operator><=|>=|==|!=|[-+*/<>(),])"
    r"|(?P<end>$))",
    re.ASCII,
)


class ExpressionError(ValueError):
    """An expression does not follow the grammar; ``column`` is 1-based."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(f"{message} (column {column})")
        self.column = column


@dataclass(frozen=True, slots=True)
class Token:
    """A word: its kind (duration, number, name, operator, end), text, and 1-based column."""

    kind: str
    text: str
    column: int


def tokens(text: str) -> list[Token]:
    """Return the words of a text, the end last.

    Raises:
        ExpressionError: a character has no place in an expression.

    """
    found: list[Token] = []
    at = 0
    while True:
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            column = at + len(text[at:]) - len(text[at:].lstrip())
            raise ExpressionError(f"'{text[column]}' is not allowed here", column + 1)
        kind = match.lastgroup
        found.append(Token(kind, match[kind], match.start(kind) + 1))
        if kind == "end":
            return found
        at = match.end()
