"""A report on paper: figures with their definitions, charts, lists."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QMarginsF, QSizeF, QUrl
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPdfWriter, QTextDocument

from app.alarms.kpi import Figure, judge, measure
from app.model.alarm_kpi import AlarmKpiReport
from app.model.plant import Plant
from app.project.atomic import replacing
from widgets.alarms.kpi import tables, words
from widgets.theme import font
from widgets.wording import DASH, Wording

_MARGIN_MM: Final = 15
_DPI: Final = 96
_STYLE: Final = """
h1 { font-size: 20px; } h2 { font-size: 15px; margin-top: 16px; }
td, th { padding: 2px 6px; } th { text-align: left; } .dim { font-size: 11px; }
"""


def write_pdf(
    path: Path, report: AlarmKpiReport, pictures: Mapping[str, QImage], plant: Plant, wording: Wording
) -> None:
    """Write a PDF: the new file or the old one, never half of it. Any thread; raises OSError."""
    with replacing(path) as made:
        writer = QPdfWriter(str(made))
        writer.setResolution(_DPI)
        writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        writer.setPageMargins(QMarginsF(*[_MARGIN_MM] * 4), QPageLayout.Unit.Millimeter)
        writer.setTitle(_title(plant, wording))
        writer.setCreator("Haihe Console")
        page = writer.pageLayout().paintRectPixels(_DPI)
        make_document(report, pictures, plant, wording, QSizeF(page.size())).print_(writer)
        del writer  # it ends the file
        if not made.exists() or not made.stat().st_size:
            raise OSError(0, f"{path} cannot be written")


def make_document(
    report: AlarmKpiReport, pictures: Mapping[str, QImage], plant: Plant, wording: Wording, page: QSizeF
) -> QTextDocument:
    """Return a report as a document whose pages are so large (px)."""
    document = QTextDocument()
    document.setDefaultFont(font(12))
    document.setDefaultStyleSheet(_STYLE)
    document.setDocumentMargin(0)
    for name, image in pictures.items():
        document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(f"picture:{name}"), image)
    document.setPageSize(page)
    document.setHtml(_html(report, plant, wording, round(page.width())))
    return document


def _title(plant: Plant, wording: Wording) -> str:
    text = QCoreApplication.translate("AlarmKpi", "Figures of alarm management: {0}")
    return text.format(wording.text(plant.title))


def _html(report: AlarmKpiReport, plant: Plant, wording: Wording, width: int) -> str:
    translate = QCoreApplication.translate

    def picture(name: str) -> str:
        return f'<p><img src="picture:{name}" width="{width}"></p>'

    found = [
        (each.kind, words.alarm_words(each.alarm, plant, wording), each.much, each.when)
        for each in tables.findings(report, wording)
    ]
    parts = [
        f"<h1>{escape(_title(plant, wording))}</h1>",
        f"<p>{escape(words.period_words(report, plant, wording))} ({escape(str(wording.zone))})</p>",
        _figures(report, wording),
        _heading(translate("AlarmKpi", "Annunciated in ten minutes")),
        picture("rates"),
        f"<p class='dim'>{escape(words.explanation(Figure.FLOOD))}</p>",
        _heading(translate("AlarmKpi", "Ten most frequent"), on_new_page=True),
        picture("top"),
        _heading(translate("AlarmKpi", "Priorities")),
        picture("priorities"),
        _table(tables.priority_titles(), tables.priority_rows(report, wording)),
        _heading(translate("AlarmKpi", "Times to acknowledge")),
        _table(tables.response_titles(), tables.response_rows(report, wording)),
        _heading(translate("AlarmKpi", "Alarms worth looking at")),
        _table(tables.finding_titles(), found) if found else f"<p>{DASH}</p>",
    ]
    return "".join(parts)


def _heading(text: str, *, on_new_page: bool = False) -> str:
    style = " style='page-break-before: always'" if on_new_page else ""
    return f"<h2{style}>{escape(text)}</h2>"


def _figures(report: AlarmKpiReport, wording: Wording) -> str:
    translate = QCoreApplication.translate
    titles = (
        translate("AlarmKpi", "Figure"),
        translate("AlarmKpi", "Value"),
        translate("AlarmKpi", "Band"),
        translate("AlarmKpi", "Target"),
        translate("AlarmKpi", "Definition"),
    )
    return _table(
        titles,
        (
            (
                words.title(each),
                words.value_words(each, measure(each, report), report, wording),
                words.band_words(judge(each, report)) or DASH,
                words.target_words(each, wording) or DASH,
                words.definition(each),
            )
            for each in Figure
        ),
    )


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(each)}</th>" for each in titles)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<table border="0" cellspacing="0" width="100%"><tr>{head}</tr>{body}</table>'
