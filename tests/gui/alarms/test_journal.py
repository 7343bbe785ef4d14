"""The journal page over a real database: pages as the reader scrolls, each row once, newest first."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.model.alarm import AlarmKind
from app.model.clock import SECOND_NS
from app.model.journal import JournalCount, JournalKind, JournalPage, JournalQuery
from app.model.plant import Plant
from app.model.tag import DataType
from app.storage import Database
from tests.gui.alarms.conftest import START_NS
from tests.unit.storage.rows import row
from widgets.alarms.journal_model import JournalColumn, JournalModel
from widgets.alarms.journal_view import JournalView
from widgets.wording import Wording

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
ROWS = 450
PAGE = JournalQuery().limit


class Desk:
    """The page with its database: what it wants waits until ``answer``."""

    def __init__(self, page: JournalView, database: Database) -> None:
        self.page, self.database = page, database
        self.waiting: list[JournalQuery] = []
        page.wanted.connect(self.waiting.append)

    def answer(self) -> list[JournalQuery]:
        """Answer what waits, in order; return it."""
        answered = list(self.waiting)
        self.waiting.clear()
        pages = [(query, self.database.journal.page(query)) for query in answered]
        for query, page in pages:
            self.page.take(query, page)
        return answered

    def whole(self) -> None:
        """Choose the span that shows everything."""
        box = next(one for one in self.page.findChildren(QComboBox) if one.findText("All") >= 0)
        box.setCurrentIndex(box.findText("All"))

    def press(self, text: str) -> None:
        next(one for one in self.page.findChildren(QPushButton) if one.text() == text).click()

    @property
    def objects(self) -> list[str]:
        return [one.object for one in self.page.model.rows]


def newest_first(count: int, first: int = ROWS) -> list[str]:
    return [f"A{n}.H" for n in range(first - 1, first - 1 - count, -1)]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database(f"sqlite:///{tmp_path / 'j.db'}") as made:
        made.journal.append([row(n, source_ns=START_NS + n * SECOND_NS) for n in range(ROWS)])
        yield made


@pytest.fixture
def desk(qtbot: QtBot, plant: Plant, wording: Wording, database: Database) -> Desk:
    page = JournalView(plant, wording)
    qtbot.addWidget(page)
    page.resize(1300, 500)
    page.show()
    made = Desk(page, database)
    made.whole()
    qtbot.waitUntil(lambda: len(made.waiting) == 1)
    return made


def scroll_to_end(qtbot: QtBot, desk: Desk) -> None:
    desk.page.table.scrollToBottom()
    qtbot.waitUntil(lambda: bool(desk.waiting))


def test_scrolling_fetches_each_older_page_once(qtbot: QtBot, desk: Desk) -> None:
    desk.answer()
    assert desk.objects == newest_first(PAGE)
    assert desk.waiting == []  # nobody scrolled
    scroll_to_end(qtbot, desk)
    desk.page.table.scrollToTop()
    desk.page.table.scrollToBottom()
    assert len(desk.waiting) == 1  # the page is on its way: it is not asked for again
    desk.answer()
    assert desk.objects == newest_first(2 * PAGE)
    scroll_to_end(qtbot, desk)
    desk.answer()
    assert desk.objects == newest_first(ROWS)
    assert not desk.page.model.canFetchMore(desk.page.table.rootIndex())


def test_rows_added_meanwhile_do_not_shift_the_pages(qtbot: QtBot, desk: Desk) -> None:
    desk.answer()
    desk.database.journal.append([row(n, source_ns=START_NS + n * SECOND_NS) for n in range(ROWS, ROWS + 30)])
    scroll_to_end(qtbot, desk)
    desk.answer()
    assert desk.objects == newest_first(2 * PAGE)
    desk.press("Refresh")
    desk.answer()
    assert desk.objects == newest_first(PAGE, ROWS + 30)


def test_a_page_that_failed_can_be_asked_for_again(qtbot: QtBot, desk: Desk) -> None:
    desk.answer()
    scroll_to_end(qtbot, desk)
    desk.waiting.clear()
    desk.page.fail("There is no link to the engine")
    desk.page.table.scrollToTop()
    scroll_to_end(qtbot, desk)
    desk.answer()
    assert desk.objects == newest_first(2 * PAGE)


def test_refreshed_twice_every_row_is_there_once(qtbot: QtBot, desk: Desk) -> None:
    desk.press("Refresh")
    desk.press("Refresh")
    assert len(desk.waiting) == 3
    desk.answer()
    assert desk.objects == newest_first(PAGE)


def test_an_older_page_that_comes_after_a_refresh_is_dropped(qtbot: QtBot, desk: Desk) -> None:
    desk.answer()
    scroll_to_end(qtbot, desk)
    desk.press("Refresh")
    assert [query.before_id is None for query in desk.waiting] == [False, True]
    desk.answer()
    assert desk.objects == newest_first(PAGE)


def test_typing_filters_once_it_rests_and_a_late_answer_is_dropped(qtbot: QtBot, desk: Desk) -> None:
    slow = desk.waiting.pop()
    field = next(one for one in desk.page.findChildren(QLineEdit) if "Tag" in one.placeholderText())
    for text in ("A", "A4", "A44", "A44*"):
        field.setText(text)
    with qtbot.waitSignal(desk.page.wanted):
        pass
    assert [query.tag for query in desk.waiting] == ["A44*"]
    desk.page.take(slow, desk.database.journal.page(slow))
    assert desk.objects == []
    desk.answer()
    assert desk.objects == [*newest_first(10), "A44.H"]


def test_a_kind_is_asked_for(qtbot: QtBot, desk: Desk) -> None:
    desk.answer()
    box = next(one for one in desk.page.findChildren(QComboBox) if one.findText("Command") >= 0)
    box.setCurrentIndex(box.findText("Command"))
    qtbot.waitUntil(lambda: bool(desk.waiting))
    assert desk.waiting[0].kinds == (JournalKind.COMMAND,)
    desk.answer()
    assert desk.objects == []


def field(desk: Desk, placeholder: str) -> QLineEdit:
    return next(one for one in desk.page.findChildren(QLineEdit) if placeholder in one.placeholderText())


def test_every_field_narrows(qtbot: QtBot, desk: Desk) -> None:
    desk.answer()
    filters = desk.page.filters
    filters.priority.setCurrentIndex(filters.priority.findText("Priority 2"))
    filters.type.setCurrentIndex(filters.type.findText("High (H)"))
    filters.state.setCurrentIndex(filters.state.findText("Shelved"))
    filters.area.setCurrentIndex(filters.area.findText("Filters"))
    field(desk, "User").setText(" wang ")
    field(desk, "Text").setText("level")
    filters.span.setCurrentIndex(filters.span.findText("From … to …"))
    field(desk, "from").setText("2023-11-15 06:13")
    field(desk, "to").setText("2023-11-15 06:14:10")
    query = filters.query()
    assert (query.priorities, query.alarm_kinds, query.states) == ((2,), (AlarmKind.HIGH,), ("SHLVD",))
    assert (query.area, query.user, query.text) == ("B", "wang", "level")
    assert query.from_ns == START_NS - 20 * SECOND_NS
    assert query.to_ns == START_NS + 50 * SECOND_NS
    field(desk, "to").setText("2023-13-45")
    assert filters.query().to_ns is None
    assert filters.wrong.text() == "No time: 2023-13-45"
    filters.clear()
    assert filters.query().priorities == ()


def test_the_foot_says_how_many_rows_there_are(desk: Desk) -> None:
    counted: list[JournalQuery] = []
    desk.page.count_wanted.connect(counted.append)
    desk.answer()
    assert desk.page.foot.state.text() == "200 rows, more below"
    [query] = counted
    desk.page.take_count(query, JournalCount(450))
    assert desk.page.foot.state.text() == "200 of 450 rows"
    desk.page.take_count(query, JournalCount(1000, exact=False, estimate=123_456))
    assert desk.page.foot.state.text() == "200 of about 120\u202f000 rows"
    desk.page.take_count(replace(query), JournalCount(1))  # of another filter
    assert "about" in desk.page.foot.state.text()


def test_a_search_that_stopped_without_a_row_goes_on_by_itself(desk: Desk) -> None:
    [query] = desk.waiting
    desk.waiting.clear()
    desk.page.take(query, JournalPage((), next_before_id=77, searched_ns=START_NS))
    assert [each.before_id for each in desk.waiting] == [77]
    assert "searched back to 2023-11-15 06:13:20" in desk.page.foot.state.text()


def test_an_incident_is_the_tags_and_the_time_of_the_selected_rows(qtbot: QtBot, desk: Desk) -> None:
    rows = [replace(row(n, source_ns=START_NS + n * SECOND_NS), tag=f"T{n % 2}") for n in range(6)]
    desk.page.take(desk.waiting.pop(), JournalPage(tuple(reversed(rows))))
    assert not desk.page.incident.isEnabled()
    for line in (1, 2, 4):
        index = desk.page.model.index(line, 0)
        flag = QItemSelectionModel.SelectionFlag
        desk.page.table.selectionModel().select(index, flag.Select | flag.Rows)
    with qtbot.waitSignal(desk.page.incident_wanted) as asked:
        desk.page.incident.click()
    tags, first_ns, last_ns = asked.args
    assert set(tags) == {"T0", "T1"}
    assert (first_ns, last_ns) == (START_NS + SECOND_NS, START_NS + 4 * SECOND_NS)


def test_what_looks_like_markup_is_no_markup_in_a_tool_tip(desk: Desk, database: Database) -> None:
    note = replace(row(ROWS, source_ns=START_NS + ROWS * SECOND_NS), kind=JournalKind.NOTE, text="<b>stop</b>")
    database.journal.append([note])
    desk.page.reload()
    desk.answer()
    tip = desk.page.model.index(0, JournalColumn.TEXT).data(Qt.ItemDataRole.ToolTipRole)
    document = QTextDocument()
    document.setHtml(tip)
    assert document.toPlainText() == "<b>stop</b>"


def test_a_substitute_is_shown_as_its_tag_shows_numbers(plant: Plant, wording: Wording) -> None:
    name, tag = next((name, tag) for name, tag in plant.tags.items() if tag.data_type is DataType.FLOAT)
    one = replace(row(1), kind=JournalKind.SUBSTITUTION, event="set", tag=name, old="0.01860000006854534", new="0.02")
    model = JournalModel(plant, wording)
    assert model.text(one, JournalColumn.OLD) == wording.with_unit(tag, 0.01860000006854534)
    assert model.text(replace(one, old=""), JournalColumn.OLD) == ""


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("set", "until 2026-11-28 20:00:00: sensor: fouled"),
        ("expire", "until 2026-11-28 20:00:00: sensor: fouled"),
        ("clear", "would have ended 2026-11-28 20:00:00: sensor: fouled"),
    ],
)
def test_a_substitute_says_until_when_in_the_time_of_the_plant_and_why(plant: Plant, event: str, said: str) -> None:
    one = replace(
        row(1), kind=JournalKind.SUBSTITUTION, event=event, comment="until 2026-11-28T12:00:00Z: sensor: fouled"
    )
    model = JournalModel(plant, Wording("Asia/Shanghai"))
    assert model.text(one, JournalColumn.COMMENT) == said
    assert model.text(replace(one, comment="fouled"), JournalColumn.COMMENT) == "fouled", "a row from before"


def test_the_line_below_the_table_has_all_of_the_chosen_row(desk: Desk, database: Database) -> None:
    comment = "until 2023-11-14T22:13:20Z: " + "transmitter away for calibration, " * 5
    last = replace(row(ROWS, source_ns=START_NS + ROWS * SECOND_NS), kind=JournalKind.SUBSTITUTION, event="set")
    database.journal.append([replace(last, user="anna", desk="Desk 1", comment=comment)])
    desk.page.reload()
    desk.answer()
    detail = desk.page._detail
    assert not detail.isVisible()
    desk.page.table.selectRow(0)
    assert detail.isVisible()
    assert detail.text().startswith("Substitution · Substituted · ")
    assert detail.text().endswith(desk.page.model.text(desk.page.model.rows[0], JournalColumn.COMMENT))
    assert "anna · Desk 1" in detail.text()
    desk.page.reload()
    assert not detail.isVisible()
