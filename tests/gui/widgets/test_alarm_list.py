"""The alarm list: what it lists, what it counts, whether it can be read; and the journal's words."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.model.alarm import AnnunciationState, Suppression
from app.model.clock import ManualClock
from app.model.journal import JournalKind, JournalRow
from app.model.plant import Plant
from app.model.text import LocalText
from tests.gui.widgets.conftest import alarm_of
from widgets.alarms.book import AlarmBook
from widgets.alarms.journal_model import JournalColumn, JournalModel
from widgets.alarms.list_view import AlarmListPage
from widgets.alarms.model import Column
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
    assert page.table.model().rowCount() == 1
    assert any(label.text() == "1 alarms, 1 unacknowledged" for label in page.findChildren(QLabel))
    button = next(each for each in page.findChildren(QPushButton) if each.text() == "Suppressed 1")
    button.click()
    assert page.table.model().rowCount() == 2
    assert any(label.text() == "1 alarms, 1 unacknowledged" for label in page.findChildren(QLabel))
    button.click()
    assert page.table.model().rowCount() == 1


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
