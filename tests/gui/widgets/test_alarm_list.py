"""The alarm list: what it lists, what it counts, whether it can be read; and the journal's words."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.console.translation import load_translator
from app.model import status as st
from app.model.alarm import AnnunciationState, Suppression
from app.model.clock import ManualClock
from app.model.command import RefusalReason
from app.model.journal import ENGINE, JournalKind, JournalRow, SessionEnd
from app.model.plant import Plant
from app.model.text import LocalText
from tests.gui.widgets.conftest import alarm_of
from widgets.alarms.book import AlarmBook
from widgets.alarms.cells import Column
from widgets.alarms.journal_model import JournalColumn, JournalModel
from widgets.alarms.list_view import AlarmListPage
from widgets.alarms.words import code_words
from widgets.theme import ThemeManager
from widgets.wording import Wording

pytestmark = [pytest.mark.gui, pytest.mark.qt_log_ignore("propagateSizeHints")]


@pytest.fixture
def plant(plant: Plant) -> Plant:
    known = plant.alarms["A.TURB.H"]
    low = replace(known, id="A.FLOW.L", tag="A.FLOW", text=LocalText("Flow through the first pump is far too low"))
    return replace(plant, alarms={known.id: known, low.id: low})


@pytest.fixture
def book(plant: Plant, clock: ManualClock) -> AlarmBook:
    made = AlarmBook(plant.alarms)
    suppressed = replace(
        alarm_of(clock), id="A.FLOW.L", state=AnnunciationState.NORMAL, suppression=frozenset({Suppression.DESIGN})
    )
    made.replace([alarm_of(clock), suppressed])
    return made


@pytest.fixture
def page(qtbot: QtBot, plant: Plant, book: AlarmBook, themes: ThemeManager) -> AlarmListPage:
    made = AlarmListPage(plant, book, themes, Wording("Asia/Shanghai"))
    qtbot.addWidget(made)
    made.resize(1280, 600)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_what_design_suppresses_is_listed_only_on_request(page: AlarmListPage, book: AlarmBook) -> None:
    def listed() -> list[str]:
        rows = [page.model.row(line) for line in range(page.model.rowCount())]
        return [row.definition.id for row in rows if row is not None]

    def press(text: str) -> None:
        next(each for each in page.findChildren(QPushButton) if each.text() == text).click()

    assert listed() == ["A.TURB.H"]
    assert any(label.text() == "1 alarms, 1 unacknowledged" for label in page.findChildren(QLabel))
    press("Suppressed 1")
    assert listed() == ["A.FLOW.L"]
    assert any(label.text() == "1 alarms, 1 unacknowledged" for label in page.findChildren(QLabel))
    press("Active 1")
    assert listed() == ["A.TURB.H"]


@pytest.mark.parametrize(
    ("status", "shown"),
    [(st.GOOD, "0.110 NTU"), (st.UNCERTAIN_SUBSTITUTE, "0.110 NTU [S]"), (st.GOOD_LOCAL_OVERRIDE, "0.110 NTU [F]")],
)
def test_the_value_of_an_alarm_says_that_it_was_not_measured(
    qtbot: QtBot, page: AlarmListPage, book: AlarmBook, clock: ManualClock, plant: Plant, status: int, shown: str
) -> None:
    book.replace([replace(alarm_of(clock), value=0.11, status=status)])
    qtbot.waitUntil(lambda: page.table.model().index(0, Column.VALUE).data() == shown)
    row = JournalRow(1, JournalKind.ALARM, "ALM", "A.TURB.H", 1, 1, 1, tag="A.TURB", value=0.11, status=status)
    assert JournalModel(plant, Wording("Asia/Shanghai")).text(row, JournalColumn.NEW) == shown


def test_no_cell_is_cut_and_the_area_gives_way_first(qtbot: QtBot, page: AlarmListPage) -> None:
    table = page.table

    def fits() -> bool:
        shown = [c for c in range(table.model().columnCount()) if not table.isColumnHidden(c)]
        return all(table.columnWidth(c) >= table.sizeHintForColumn(c) for c in shown)

    qtbot.waitUntil(fits)
    page.resize(900, 600)
    qtbot.waitUntil(lambda: table.isColumnHidden(Column.AREA))
    assert fits()
    page.resize(1600, 600)
    qtbot.waitUntil(lambda: not table.isColumnHidden(Column.AREA))
    assert fits()


def test_the_journal_says_states_in_words(qtbot: QtBot, plant: Plant) -> None:
    model = JournalModel(plant, Wording("Asia/Shanghai"))
    row = JournalRow(1, JournalKind.ALARM, "ALM", "A.TURB.H", 1, 1, 1, old="NORM", new="NORM+DSUPR")
    assert model.text(row, JournalColumn.OLD) == "Normal"
    assert model.text(row, JournalColumn.NEW) == "Suppressed by design"
    lost = JournalRow(2, JournalKind.CONNECTION, "state", "uf", 1, 1, 1, old="connected", new="lost")
    assert model.text(lost, JournalColumn.NEW) == "Lost"
    done = JournalRow(3, JournalKind.COMMAND, "result", "A.P1.START", 1, 1, 1, new="success")
    assert model.text(done, JournalColumn.NEW) == "Success"
    setpoint = replace(done, event="select", old="NORM", new="7.5")
    assert model.text(setpoint, JournalColumn.OLD) == "NORM"
    assert code_words("UNACK+SHLVD") == "Shelved"
    assert code_words("something else") == "something else"


@pytest.fixture
def chinese(qtbot: QtBot, plant: Plant) -> Iterator[JournalModel]:
    translator = load_translator("zh_CN")
    assert translator is not None
    QCoreApplication.installTranslator(translator)
    yield JournalModel(plant, Wording("Asia/Shanghai", "zh_CN"))
    QCoreApplication.removeTranslator(translator)


def test_no_code_of_the_journal_is_left_in_latin_letters(chinese: JournalModel) -> None:
    ends = [JournalRow(0, JournalKind.ACCESS, "logout", "", 1, 1, 1, comment=end.value) for end in SessionEnd]
    refusals = [JournalRow(0, JournalKind.COMMAND, "refused", "", 1, 1, 1, new=code.value) for code in RefusalReason]
    engine = [
        JournalRow(0, JournalKind.SYSTEM, event, ENGINE, 1, 1, 1, new="0.1", value=7, text="engine 0.1, process 7")
        for event in ("start", "stop")
    ]
    failed = JournalRow(0, JournalKind.ACCESS, "login-failed", "", 1, 1, 1, comment="wrong", comment_zh="错误")
    lost = JournalRow(0, JournalKind.CONNECTION, "state", "", 1, 1, 1, new="lost", comment="off", comment_zh="断开")
    for row in (*ends, *refusals, *engine, failed, lost):
        said = " ".join(chinese.text(row, column) for column in JournalColumn)
        assert not re.search("[A-Za-z]", said), said
    assert chinese.text(engine[0], JournalColumn.TEXT) == "版本 0.1，进程 7"
    assert chinese.text(failed, JournalColumn.COMMENT) == "错误"
    assert chinese.text(replace(failed, comment_zh=""), JournalColumn.COMMENT) == "wrong", "a row from before"
    assert all(chinese.text(row, JournalColumn.COMMENT) for row in ends[1:])
