"""Writing of exports, CSV and XLSX: the new file or the old one, never half of it. Any thread; raises OSError."""

import csv
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from app.project.atomic import replacing
from widgets.trend.sampling import ExportRow
from widgets.wording import Wording

HEADER: Final = ("time_ns", "time", "tag", "value", "unit", "status", "minimum", "maximum", "good_percent")
_SHEET_ROWS: Final = 1_000_000
_EXACT: Final = 2**53


def write_table(path: Path, rows: Iterable[ExportRow], wording: Wording, sheet: str) -> int:
    """Write rows, ``.xlsx`` or CSV by the file's name; returns how many. Where it fails, the file is as it was."""
    with replacing(path) as made:
        if path.suffix.lower() == ".xlsx":
            return _write_xlsx(made, rows, wording, sheet)
        return _write_csv(made, rows, wording)


def _write_csv(path: Path, rows: Iterable[ExportRow], wording: Wording) -> int:
    """UTC nanoseconds, the plant's time, tag, value (empty in a gap), unit, status."""
    count = 0
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow([*HEADER[:1], str(wording.zone), *HEADER[2:]])
        for row in rows:
            writer.writerow(["" if cell is None else cell for cell in _cells(row, wording)])
            count += 1
    return count


def _write_xlsx(path: Path, rows: Iterable[ExportRow], wording: Wording, sheet: str) -> int:
    """Write a workbook, a sheet a million rows."""
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError, XlsxWriterException

    options = {"constant_memory": True, "tmpdir": str(path.parent), "strings_to_formulas": False,
               "strings_to_urls": False, "nan_inf_to_errors": True}  # fmt: skip
    book = xlsxwriter.Workbook(str(path), options)
    count = 0
    try:
        page: Any = None
        for row in rows:
            place = count % _SHEET_ROWS
            if page is None or place == 0:
                page = book.add_worksheet(sheet if count == 0 else f"{sheet} {count // _SHEET_ROWS + 1}")
                page.write_row(0, 0, [*HEADER[:1], str(wording.zone), *HEADER[2:]])
            for column, cell in enumerate(_cells(row, wording)):
                if cell is not None:
                    page.write(place + 1, column, _spreadsheet(cell))
            count += 1
        if page is None:
            book.add_worksheet(sheet).write_row(0, 0, [*HEADER[:1], str(wording.zone), *HEADER[2:]])
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
    return count


def _spreadsheet(cell: str | float) -> str | float:
    """Return great whole numbers, such as a time in ns, as text: a spreadsheet's numbers have 15 digits."""
    return str(cell) if isinstance(cell, int) and abs(cell) > _EXACT else cell


def _cells(row: ExportRow, wording: Wording) -> Iterator[str | float | int | None]:
    yield row.at_ns
    yield wording.date_time(row.at_ns, milliseconds=True)
    yield row.tag.name
    yield row.value
    yield row.tag.unit
    yield row.status
    yield row.low
    yield row.high
    yield None if row.good is None else round(row.good, 1)
