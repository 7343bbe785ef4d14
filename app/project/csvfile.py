"""Table files: the header checked against what is allowed, rows numbered as a spreadsheet numbers them."""

import csv
import io
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from app.project.place import Problems, RowPlace, suggestion
from app.project.textfile import read_text, relative_name


@dataclass(frozen=True, slots=True)
class TableFile:
    """A parsed table: rows with a value per column that is not empty."""

    rows: list[tuple[RowPlace, dict[str, str]]]
    absent: frozenset[str] = field(default_factory=frozenset)
    """Required columns that the header lacks; already reported."""


def read_table(
    path: Path, folder: Path, problems: Problems, columns: Collection[str], required: Collection[str]
) -> TableFile | None:
    """Read a table; None with a problem reported where it cannot be used at all."""
    text = read_text(path, folder, problems)
    if text is None:
        return None
    name = relative_name(path, folder)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[list[str]] = []
    try:
        records.extend(reader)
    except csv.Error as error:
        problems.add(name, len(records) + 1, "", f"not a valid table: {error}; check the quotation marks")
        return None
    if not records or not any(cell.strip() for cell in records[0]):
        problems.add(name, 1, "", f"the header row is missing; expected columns: {', '.join(required)} …")
        return None
    header = [cell.strip() for cell in records[0]]
    top = RowPlace(problems, name, 1)
    if len(header) == 1 and any(mark in header[0] for mark in ";\t"):
        top.problem("", "columns must be separated by commas; save the table as CSV (comma delimited)")
        return None
    absent = frozenset(column for column in required if column not in header)
    for column in sorted(absent):
        top.problem(column, f"column '{column}' is missing; required columns: {', '.join(required)}")
    used = _used_columns(header, top, columns)
    rows: list[tuple[RowPlace, dict[str, str]]] = []
    for number, record in enumerate(records[1:], start=2):
        cells = [cell.strip() for cell in record]
        if not any(cells):
            continue
        place = RowPlace(problems, name, number)
        if any(cells[len(header) :]):
            place.problem(
                "", f"the row has {len(cells)} cells, the header {len(header)}; quote a cell that holds a comma"
            )
            cells = cells[: len(header)]
        rows.append((place, {used[at]: cell for at, cell in enumerate(cells) if cell and at in used}))
    return TableFile(rows, absent)


def _used_columns(header: list[str], top: RowPlace, columns: Collection[str]) -> dict[int, str]:
    used: dict[int, str] = {}
    for at, column in enumerate(header):
        if not column:
            continue
        if column not in columns:
            top.problem(column, f"column '{column}' is unknown{suggestion(column, columns)}")
        elif column in used.values():
            top.problem(column, f"column '{column}' stands twice; allowed: once")
        else:
            used[at] = column
    return used
