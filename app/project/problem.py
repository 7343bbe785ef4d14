"""A mistake found in a project: where it is, and what is allowed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake.

    Attributes:
        file: path relative to the project folder.
        line: line or row number in the file, 1-based as an editor or spreadsheet counts; None for the whole file.
        field: column, key or attribute; empty where it is the line as a whole.
        message: what is wrong, and what is allowed.

    """

    file: str
    line: int | None
    field: str
    message: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.field}: {self.message}" if self.field else f"{place}: {self.message}"
