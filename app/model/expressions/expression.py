"""The expression language of interlocks, suppression and display conditions: parsed, never executed as code."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from app.model.expressions.nodes import Node, Outcome, Windowed
from app.model.expressions.parser import Parser
from app.model.sample import Sample

Lookup: TypeAlias = Callable[[str], Sample | None]
"""Gives the sample of a tag, or None where there is no such tag."""


@dataclass(frozen=True, slots=True)
class _Present:
    """A scope without a past."""

    sample: Lookup

    def window(self, name: str, seconds: float) -> Windowed | None:
        return None


class Expression:
    """A parsed expression. Immutable; ``str()`` gives its canonical text with every parenthesis."""

    __slots__ = ("_root", "names", "text")

    def __init__(self, text: str, root: Node, names: frozenset[str]) -> None:
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
        parser = Parser(text)
        return cls(text, parser.whole(), frozenset(parser.names))

    def evaluate(self, lookup: Lookup) -> Outcome:
        """Evaluate with the samples that ``lookup`` gives; raises nothing of its own."""
        return self._root.run(_Present(lookup))

    def __str__(self) -> str:
        return str(self._root)

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))
