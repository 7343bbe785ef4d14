"""From a figure to its rows in the journal, and back, in the real window."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from app.console.console import Console
from app.console.places import Place
from app.model.journal import JournalKind, JournalQuery
from widgets.alarms.journal_given import narrowed
from widgets.alarms.journal_view import JournalView
from widgets.alarms.kpi.view import AlarmKpiView

pytestmark = [pytest.mark.gui, pytest.mark.qt_log_ignore("propagateSizeHints", "does not support")]
QUERY = JournalQuery(
    1_700_000_000_000_000_000, 1_700_000_600_000_000_000, (JournalKind.ALARM,), objects=("A.H", "B.H"), events=("ALM",)
)


def test_without_a_link_the_page_says_so(console: Console, qtbot: QtBot) -> None:
    window = console.window
    assert window is not None
    window.rail.buttons["kpi"].click()
    page = window.workspaces.currentWidget()
    assert isinstance(page, AlarmKpiView)
    qtbot.waitUntil(lambda: "no link" in page._state.text())
    assert page.position.count() == 3  # the whole plant, and two positions of the demo


def test_rows_behind_a_figure_are_shown_by_the_journal_until_they_are_dropped(console: Console) -> None:
    window = console.window
    assert window is not None
    window.navigator.go("kpi")
    page = window.workspaces.currentWidget()
    assert isinstance(page, AlarmKpiView)
    window.navigator.go("journal")
    journal = window.workspaces.currentWidget()
    assert isinstance(journal, JournalView)
    asked: list[JournalQuery] = []
    journal.wanted.connect(asked.append)
    kinds = next(each for each in journal.findChildren(QComboBox) if each.findText("All kinds") >= 0)
    kinds.setCurrentIndex(2)
    window.navigator.go("kpi")
    page.rows_wanted.emit(QUERY)
    assert window.place == Place("journal")
    assert asked[-1] == JournalQuery(
        QUERY.from_ns, QUERY.to_ns, (JournalKind.ALARM,), objects=("A.H", "B.H"), events=("ALM",)
    )
    assert journal.given.isVisible()
    assert kinds.currentIndex() == 0
    journal.given.drop()
    assert not journal.given.isVisible()
    assert (asked[-1].objects, asked[-1].events, asked[-1].to_ns) == ((), (), None)
    window.navigator.back()
    assert window.place == Place("kpi")


@pytest.mark.parametrize(
    ("given", "chosen", "asked"), [((), (3,), (3,)), ((1, 2), (2, 3), (2,)), ((1, 2), (), (1, 2)), ((1,), (4,), (1,))]
)
def test_the_fields_narrow_what_was_asked_for(
    given: tuple[int, ...], chosen: tuple[int, ...], asked: tuple[int, ...]
) -> None:
    found = narrowed(replace(QUERY, priorities=given), JournalQuery(from_ns=1, text="high", priorities=chosen))
    assert found == replace(QUERY, priorities=asked, text="high")
