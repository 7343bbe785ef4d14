"""Writing of exports, CSV and XLSX: the new file or the old one, never half of it. Any thread; raises OSError."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from app.export import Cell, opened_table
from widgets.trend.sampling import ExportRow
from widgets.wording import Wording

HEADER: Final = ("time_ns", "time", "tag", "value", "unit", "status", "minimum", "maximum", "good_percent")


def write_table(path: Path, rows: Iterable[ExportRow], wording: Wording, sheet: str) -> int:
    """Write rows, ``.xlsx`` or CSV by the file's name; returns how many. Where it fails, the file is as it was.

    UTC nanoseconds, the plant's time, tag, value (empty in a gap), unit, status.
    """
    count = 0

    def counted() -> Iterator[tuple[Cell, ...]]:
        nonlocal count
        for row in rows:
            yield tuple(_cells(row, wording))
            count += 1

    with opened_table(path, [*HEADER[:1], str(wording.zone), *HEADER[2:]], sheet) as add:
        add(counted())
    return count


def _cells(row: ExportRow, wording: Wording) -> Iterator[Cell]:
    yield row.at_ns
    yield wording.date_time(row.at_ns, milliseconds=True)
    yield row.tag.name
    yield row.value
    yield row.tag.unit
    yield row.status
    yield row.low
    yield row.high
    yield None if row.good is None else round(row.good, 1)
