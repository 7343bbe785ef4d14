"""Writing of exports: CSV and XLSX. Runs in any thread; raises OSError."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from widgets.trend.sampling import ExportRow
from widgets.wording import Wording

HEADER: Final = ("time_ns", "time", "tag", "value", "unit", "status", "minimum", "maximum", "good_percent")


def write_csv(path: Path, rows: Iterable[ExportRow], wording: Wording) -> int:
    """Write rows; returns how many. UTC nanoseconds, the plant's time, tag, value (empty in a gap), unit, status."""
    count = 0
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow([*HEADER[:1], str(wording.zone), *HEADER[2:]])
        for row in rows:
            writer.writerow(["" if cell is None else cell for cell in _cells(row, wording)])
            count += 1
    return count


def write_xlsx(path: Path, rows: Iterable[ExportRow], wording: Wording, sheet: str) -> int:
    """Write rows into a workbook, a sheet a million rows; returns how many."""
    import xlsxwriter
    from xlsxwriter.exceptions import XlsxWriterException

    count = 0
    try:
        with xlsxwriter.Workbook(str(path), {"constant_memory": True, "nan_inf_to_errors": True}) as book:
            page = None
            for row in rows:
                place = count % 1_000_000
                if page is None or place == 0:
                    page = book.add_worksheet(sheet if count == 0 else f"{sheet} {count // 1_000_000 + 1}")
                    page.write_row(0, 0, [*HEADER[:1], str(wording.zone), *HEADER[2:]])
                for column, cell in enumerate(_cells(row, wording)):
                    if cell is not None:
                        # As text: a spreadsheet's numbers cannot hold 19 digits.
                        page.write(place + 1, column, str(cell) if column == 0 else cell)
                count += 1
            if page is None:
                book.add_worksheet(sheet).write_row(0, 0, HEADER)
    except XlsxWriterException as error:
        raise OSError(0, str(error)) from error
    return count


def _cells(row: ExportRow, wording: Wording) -> Iterator[str | float | int | None]:
    decimals = row.tag.decimals + 2
    yield row.at_ns
    yield wording.date_time(row.at_ns, milliseconds=True)
    yield row.tag.name
    yield None if row.value is None else round(row.value, decimals)
    yield row.tag.unit
    yield row.status
    for value in (row.low, row.high):
        yield None if value is None else round(value, decimals)
    yield None if row.good is None else round(row.good, 1)
