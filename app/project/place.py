"""Collecting of mistakes: every one is kept, none stops the others from being found."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from app.project.problem import Problem


class Problems:
    """The mistakes found so far."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, file: str, line: int | None, field: str, message: str) -> None:
        """Add one mistake; the same one twice is kept once."""
        problem = Problem(file, line, field, message)
        if problem not in self.found:
            self.found.append(problem)

    def ordered(self) -> list[Problem]:
        """Return them by file and line."""
        return sorted(self.found, key=lambda problem: (problem.file, problem.line or 0))


class Place(Protocol):
    """A table or row of a file: knows where its fields stand."""

    def problem(self, field: str, message: str) -> None:
        """Report a mistake in one of its fields (empty: in the whole)."""

    def describe(self) -> str:
        """Return ``file:line`` to point at it from elsewhere."""


@dataclass(frozen=True, slots=True)
class RowPlace:
    """A row of a table file; ``row`` is counted as a spreadsheet counts (the header is 1)."""

    problems: Problems
    file: str
    row: int

    def problem(self, field: str, message: str) -> None:
        """Report a mistake in a column."""
        self.problems.add(self.file, self.row, field, message)

    def describe(self) -> str:
        """Return ``file:row``."""
        return f"{self.file}:{self.row}"


def suggestion(wrong: str, allowed: Iterable[str]) -> str:
    """Return ``; did you mean 'x'?`` or, where nothing is near, ``; allowed: …`` (the first twelve)."""
    names = list(allowed)
    near = difflib.get_close_matches(wrong, names, n=1, cutoff=0.6)
    if not near:
        folded = {name.casefold(): name for name in names}
        near = [folded[wrong.casefold()]] if wrong.casefold() in folded else []
    if near:
        return f"; did you mean '{near[0]}'?"
    if not names:
        return "; none is defined"
    return f"; allowed: {', '.join(names[:12])}{' …' if len(names) > 12 else ''}"
