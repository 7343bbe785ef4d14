"""Writing of tables row by row: the new file or the old one, never half of it. Any thread; raises OSError."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, TypeAlias

from app.project.atomic import replacing

Cell: TypeAlias = str | float | int | None
Add: TypeAlias = Callable[[Iterable[Sequence[Cell]]], None]

SHEET_ROWS: Final = 1_000_000
"""Rows of a sheet (a spreadsheet has 1,048,576); those beyond go into further ones."""
_EXACT: Final = 2**53


@contextmanager
def opened_table(path: Path, header: Sequence[str], sheet: str) -> Iterator[Add]:
    """Give what adds rows to a table, ``.xlsx`` or CSV by the file's name; it is there when the block ends well.

    ``sheet`` names the sheets of a workbook. The end of a block with a workbook of millions of rows takes a while.
    """
    with replacing(path) as made:
        writing = _workbook if path.suffix.lower() == ".xlsx" else _csv
        with writing(made, header, sheet) as add:
            yield add


def harmless(cell: Cell) -> Cell:
    """Keep a spreadsheet that opens a CSV from taking a text for a formula."""
    if not isinstance(cell, str) or cell[:1] not in {"=", "+", "-", "@", "\t", "\r"}:
        return cell
    try:
        float(cell.split(" ", maxsplit=1)[0])
    except ValueError:
        return f"'{cell}"
    return cell


@contextmanager
def _csv(path: Path, header: Sequence[str], _sheet: str) -> Iterator[Add]:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(header)

        def add(rows: Iterable[Sequence[Cell]]) -> None:
            writer.writerows(["" if cell is None else harmless(cell) for cell in row] for row in rows)

        yield add


@contextmanager
def _workbook(path: Path, header: Sequence[str], sheet: str) -> Iterator[Add]:
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError, XlsxWriterException

    options = {"constant_memory": True, "tmpdir": str(path.parent), "strings_to_formulas": False,
               "strings_to_urls": False, "nan_inf_to_errors": True}  # fmt: skip
    book = xlsxwriter.Workbook(str(path), options)
    pages = _Sheets(book, header, sheet)
    try:
        yield pages.add
        pages.finish()
        book.close()
    except FileCreateError as error:
        cause = error.args[0] if error.args else error
        raise cause if isinstance(cause, OSError) else OSError(0, str(error)) from error
    except XlsxWriterException as error:
        raise OSError(0, str(error)) from error
    finally:
        if not book.fileclosed:
            for each in book.worksheets():
                with suppress(OSError):
                    each.row_data_fh.close()  # or it stays open until it is collected


class _Sheets:
    """Rows over as many sheets as they need."""

    def __init__(self, book: Any, header: Sequence[str], name: str) -> None:
        self._book, self._header, self._name = book, header, name
        self._page: Any = None
        self._count = 0

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        for row in rows:
            place = self._count % SHEET_ROWS
            if place == 0:
                self._begin()
            for column, cell in enumerate(row):
                if cell is not None and cell != "":
                    self._page.write(place + 1, column, _spreadsheet(cell))
            self._count += 1

    def finish(self) -> None:
        """Make the sheet of a table without rows."""
        if self._page is None:
            self._begin()

    def _begin(self) -> None:
        number = self._count // SHEET_ROWS + 1
        self._page = self._book.add_worksheet(self._name if number == 1 else f"{self._name} {number}")
        self._page.write_row(0, 0, self._header)


def _spreadsheet(cell: str | float) -> str | float:
    """Return great whole numbers, such as a time in ns, as text: a spreadsheet's numbers have 15 digits."""
    return str(cell) if isinstance(cell, int) and abs(cell) > _EXACT else cell
