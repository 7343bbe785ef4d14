"""The expression of a calculated tag: the language of conditions, and means, totals and counters over time."""

from dataclasses import dataclass, field
from enum import StrEnum

from app.model.expressions.nodes import Node, Outcome, Scope
from app.model.expressions.parser import Parser


class Counter(StrEnum):
    """What a counter counts while or whenever its condition is true."""

    HOURS = "hours"
    STARTS = "starts"


@dataclass(frozen=True)
class Calculation:
    """A parsed calculation. Immutable; parsing and evaluation are pure and may run in any thread.

    Attributes:
        names: full names of all tags used. windows: those of them that are used over a window.
        counter: what is counted while the expression is true; None where the expression is the value itself.

    """

    text: str
    names: frozenset[str]
    windows: frozenset[str]
    counter: Counter | None
    _root: Node = field(repr=False, compare=False)

    @classmethod
    def parse(cls, text: str) -> "Calculation":
        """Parse the expression of a calculated tag.

        Raises:
            ExpressionError: with the column, and what was expected there.

        """
        parser = Parser(text, windows=True)
        counted = parser.counter()
        function, root = counted if counted is not None else (None, parser.whole())
        counter = None if function is None else Counter(function)
        return cls(text, frozenset(parser.names), frozenset(parser.windows), counter, root)

    def evaluate(self, scope: Scope) -> Outcome:
        """Return the value, or whether the counter's condition is true; raises nothing of its own."""
        return self._root.run(scope)

    def __str__(self) -> str:
        return str(self._root) if self.counter is None else f"{self.counter.value}({self._root})"
