"""Reports of the figures as files."""

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from defusedxml import ElementTree
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.model.alarm_kpi import (
    DAY_NS,
    AlarmCount,
    AlarmKpiReport,
    DayFigures,
    FloodSpan,
    PriorityCount,
    ResponseTimes,
    StaleAlarm,
)
from app.model.clock import SECOND_NS
from app.model.plant import Plant
from widgets.alarms.kpi.exporter import KpiExporter
from widgets.wording import Wording

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support")
START_NS = 1_700_000_400 * SECOND_NS
REPORT = AlarmKpiReport(
    START_NS, START_NS + DAY_NS, "", 100, 40, 12, (3,) * 12 + (4,) + (0,) * 131, 25, 0, 8, START_NS,
    floods=(FloodSpan(START_NS, START_NS + DAY_NS // 144, 11, 11),),
    top=(AlarmCount("T1.H", 30), AlarmCount("=cmd()", 5)),
    stale=(StaleAlarm("T2.H", START_NS - DAY_NS, None),),
    days=(DayFigures(START_NS, 40, 1),),
    priorities=tuple(PriorityCount(each, 10, 10) for each in (1, 2, 3, 4)),
    responses=(ResponseTimes(None, 40, 30, 12.5, 60.0), ResponseTimes(1, 10, 10, 5.0, 9.0)),
)  # fmt: skip


@pytest.fixture
def exporter(qtbot: QtBot, plant: Plant, wording: Wording) -> KpiExporter:
    owner = QWidget()
    qtbot.addWidget(owner)
    return KpiExporter(plant, wording, owner)


def cells(path: Path, sheet: int) -> list[list[str]]:
    """Return the cells of a sheet as texts."""
    with zipfile.ZipFile(path) as book:
        names = ["".join(each.itertext()) for each in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
        page = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml"))
        assert not [each for each in page.iter() if each.tag.endswith("}f")], "a formula"
    found = []
    for line in (each for each in page.iter() if each.tag.endswith("}row")):
        texts = ["".join(cell.itertext()) for cell in line]
        kinds = [cell.get("t") for cell in line]
        found.append([names[int(t)] if kind == "s" else t for t, kind in zip(texts, kinds, strict=True)])
    return found


def test_a_workbook_has_numbers_and_every_list(exporter: KpiExporter, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "figures.xlsx"
    with qtbot.waitSignal(exporter.finished) as told:
        exporter.write_xlsx(path, REPORT)
    assert told.args == [f"Written: {path}"]
    figures = {line[0]: line for line in cells(path, 1) if line}
    assert figures["Alarms a day"][2] == "40"
    assert figures["Alarms a day"][3:5] == ["acceptable", "≤ 150, ≤ 300"]
    assert "2023-11-15 06:20 to 2023-11-16 06:20, whole plant: 40 annunciated of 12 alarms" in cells(path, 1)[0][0]
    bins = cells(path, 2)
    assert len(bins) == 1 + 144
    assert bins[1][1] == "3"
    assert float(bins[1][0]) == pytest.approx(
        45_245 + (6 + 20 / 60) / 24
    )  # days since 1899-12-30, on the plant's clock
    assert float(bins[2][0]) - float(bins[1][0]) == pytest.approx(1 / 144)
    assert [line[0] for line in cells(path, 5)] == ["Alarm", "T1.H", "=cmd()"]
    assert cells(path, 5)[1][1] == "level 1 high"
    assert cells(path, 7)[2] == ["1", "10", "10", "5", "9"]
    assert cells(path, 8)[1][:2] == ["Stale", "T2.H"]


def test_a_pdf_has_pages_and_pictures(exporter: KpiExporter, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "figures.pdf"
    with qtbot.waitSignal(exporter.finished) as told:
        exporter.write_pdf(path, REPORT)
    assert told.args == [f"Written: {path}"]
    content = path.read_bytes()
    assert content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b", content)) >= 2
    assert len(re.findall(rb"/Subtype /Image\b", content)) >= 3


@pytest.mark.parametrize("suffix", ["pdf", "xlsx"])
def test_what_cannot_be_written_is_told(exporter: KpiExporter, qtbot: QtBot, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / "nowhere" / f"figures.{suffix}"
    with qtbot.waitSignal(exporter.finished) as told:
        (exporter.write_pdf if suffix == "pdf" else exporter.write_xlsx)(path, REPORT)
    assert told.args is not None
    assert told.args[0].startswith("Not written: ")
    assert "No such file" in told.args[0]
    assert not path.exists()


def test_an_empty_period_is_written_too(exporter: KpiExporter, qtbot: QtBot, tmp_path: Path) -> None:
    empty = replace(AlarmKpiReport(START_NS, START_NS + DAY_NS), bins=(0,) * 144)
    for suffix, write in (("pdf", exporter.write_pdf), ("xlsx", exporter.write_xlsx)):
        with qtbot.waitSignal(exporter.finished) as told:
            write(tmp_path / f"empty.{suffix}", empty)
        assert told.args is not None
        assert told.args[0].startswith("Written: ")
    QCoreApplication.processEvents()
