"""A report as a workbook: numbers as numbers, times in the plant's zone, each list a sheet."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QCoreApplication

from app.alarms.kpi import TARGETS, Figure, judge, measure
from app.model.alarm_kpi import TEN_MINUTES_NS, AlarmKpiReport
from app.model.plant import Plant
from app.project.atomic import replacing
from widgets.alarms.kpi import tables, words
from widgets.wording import Wording

_WIDTHS: Final = (30, 44, 18, 18, 18, 60)
Cell = str | float | int | datetime | None


def write_workbook(path: Path, report: AlarmKpiReport, plant: Plant, wording: Wording) -> None:
    """Write a workbook: the new file or the old one, never half of it. Any thread; raises OSError."""
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError, XlsxWriterException

    options = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    with replacing(path) as made:
        book = xlsxwriter.Workbook(str(made), options)
        try:
            _Sheets(book, report, plant, wording).write()
            book.close()
        except FileCreateError as error:
            cause = error.args[0] if error.args else error
            raise cause if isinstance(cause, OSError) else OSError(0, str(error)) from error
        except XlsxWriterException as error:
            raise OSError(0, str(error)) from error


class _Sheets:
    def __init__(self, book: Any, report: AlarmKpiReport, plant: Plant, wording: Wording) -> None:
        self._book, self._report, self._plant, self._wording = book, report, plant, wording
        self._bold = book.add_format({"bold": True})
        self._time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})

    def write(self) -> None:
        """Write every sheet."""
        translate, report = QCoreApplication.translate, self._report
        heading = words.period_words(report, self._plant, self._wording)
        self._sheet(translate("AlarmKpi", "Figures"), self._figure_titles(), self._figures(), heading)
        self._sheet(
            translate("AlarmKpi", "Ten minutes"), (self._zone(), translate("AlarmKpi", "Annunciated")), self._bins()
        )
        self._sheet(
            translate("AlarmKpi", "Days"),
            (self._zone(), translate("AlarmKpi", "Annunciated"), translate("AlarmKpi", "Stale")),
            ((self._moment(each.from_ns), each.annunciated, each.stale) for each in report.days),
        )
        self._sheet(
            translate("AlarmKpi", "Floods"),
            (
                translate("AlarmKpi", "From"),
                translate("AlarmKpi", "To"),
                translate("AlarmKpi", "Annunciated"),
                translate("AlarmKpi", "Most in 10 min"),
            ),
            (
                (self._moment(each.from_ns), self._moment(each.to_ns), each.annunciated, each.peak)
                for each in report.floods
            ),
        )
        self._sheet(
            translate("AlarmKpi", "Top ten"),
            (
                translate("AlarmKpi", "Alarm"),
                translate("AlarmKpi", "Text"),
                translate("AlarmKpi", "Annunciated"),
                translate("AlarmKpi", "Share"),
            ),
            ((each.alarm, self._text(each.alarm), each.count, each.count / report.annunciated) for each in report.top),
        )
        self._sheet(
            translate("AlarmKpi", "Priorities"),
            (
                translate("AlarmKpi", "Priority"),
                translate("AlarmKpi", "Configured"),
                translate("AlarmKpi", "Annunciated"),
            ),
            ((each.priority, each.configured, each.annunciated) for each in report.priorities),
        )
        self._sheet(
            translate("AlarmKpi", "Acknowledged"),
            (
                translate("AlarmKpi", "Priority"),
                translate("AlarmKpi", "Required"),
                translate("AlarmKpi", "Acknowledged"),
                translate("AlarmKpi", "Median (s)"),
                translate("AlarmKpi", "95 % within (s)"),
            ),
            (
                (
                    each.priority if each.priority is not None else translate("AlarmKpi", "All"),
                    each.required,
                    each.acknowledged,
                    each.median_s,
                    each.p95_s,
                )
                for each in report.responses
            ),
        )
        self._sheet(
            translate("AlarmKpi", "Bad actors"),
            (*tables.finding_titles()[:2], translate("AlarmKpi", "Text"), *tables.finding_titles()[2:]),
            (
                (each.kind, each.alarm, self._text(each.alarm), each.much, each.when)
                for each in tables.findings(report, self._wording)
            ),
        )

    def _sheet(self, name: str, titles: Sequence[str], rows: Iterable[Sequence[Cell]], heading: str = "") -> None:
        page = self._book.add_worksheet(name)
        first = 0
        if heading:
            page.write_string(0, 0, heading, self._bold)
            first = 2
        for column, title in enumerate(titles):
            page.set_column(column, column, _WIDTHS[min(column, len(_WIDTHS) - 1)])
            page.write_string(first, column, title, self._bold)
        page.freeze_panes(first + 1, 0)
        for place, row in enumerate(rows, first + 1):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    page.write_datetime(place, column, cell, self._time)
                elif cell is not None:
                    page.write(place, column, cell)

    def _figure_titles(self) -> tuple[str, ...]:
        translate = QCoreApplication.translate
        return (
            translate("AlarmKpi", "Figure"),
            translate("AlarmKpi", "Definition"),
            translate("AlarmKpi", "Value"),
            translate("AlarmKpi", "Band"),
            translate("AlarmKpi", "Target"),
            translate("AlarmKpi", "Explanation"),
        )

    def _figures(self) -> Iterable[Sequence[Cell]]:
        for each in Figure:
            target = words.target_words(each, self._wording) if each in TARGETS else ""
            yield (
                words.title(each),
                words.definition(each),
                measure(each, self._report),
                words.band_words(judge(each, self._report)),
                target,
                words.explanation(each),
            )

    def _bins(self) -> Iterable[Sequence[Cell]]:
        for place, count in enumerate(self._report.bins):
            yield self._moment(self._report.from_ns + place * TEN_MINUTES_NS), count

    def _moment(self, ns: int) -> datetime:
        return self._wording.moment(ns).replace(tzinfo=None)  # a spreadsheet knows no zones

    def _zone(self) -> str:
        return str(self._wording.zone)

    def _text(self, alarm: str) -> str:
        known = self._plant.alarms.get(alarm)
        return self._wording.text(known.text) if known is not None else ""
