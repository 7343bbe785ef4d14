"""The alarm list: order, filters, and that acknowledging never reaches an alarm that is not on the screen."""

from dataclasses import replace
from functools import partial

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from app.model.alarm import AnnunciationState, Suppression
from app.model.plant import Plant
from tests.gui.alarms.conftest import COUNT, shot
from widgets.alarms.book import AlarmBook
from widgets.alarms.cells import Column
from widgets.alarms.list_view import AlarmListPage
from widgets.alarms.model import ROW_ROLE
from widgets.alarms.row import AlarmRow
from widgets.theme import ThemeManager
from widgets.wording import Wording

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support (grabbing|raise)")
UNACK, ACKED, RETURNED, NORMAL = (
    AnnunciationState.UNACKNOWLEDGED, AnnunciationState.ACKNOWLEDGED, AnnunciationState.RETURNED,
    AnnunciationState.NORMAL,
)  # fmt: skip


class Desk:
    """The page with what it asked to acknowledge."""

    def __init__(self, page: AlarmListPage, book: AlarmBook) -> None:
        self.page, self.book = page, book
        self.asked: list[tuple[list[tuple[str, str]], str]] = []
        page.acknowledge.connect(lambda pairs, comment: self.asked.append((pairs, comment)))

    def ids(self) -> list[str]:
        """Return the ids in the order shown."""
        model = self.page.table.model()
        rows = [model.index(number, 0).data(ROW_ROLE) for number in range(model.rowCount())]
        return [row.definition.id for row in rows if isinstance(row, AlarmRow)]

    def press(self, text: str) -> None:
        """Click the button with a text."""
        next(one for one in self.page.findChildren(QPushButton) if one.text() == text).click()

    def filter_text(self, text: str) -> None:
        """Type into the filter."""
        next(one for one in self.page.findChildren(QLineEdit) if "ilter" in one.placeholderText()).setText(text)

    def choose(self, title: str) -> None:
        """Choose an area or an entry of a filter."""
        areas = self.page.areas.findItems(title, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
        if areas:
            self.page.areas.setCurrentItem(areas[0])
            return
        [box] = [one for one in self.page.findChildren(QComboBox) if one.findText(title) >= 0]
        box.setCurrentIndex(box.findText(title))
        box.activated.emit(box.currentIndex())


def gone(menu: QMenu) -> bool:
    """Tell whether a menu has been deleted."""
    return not shiboken6.isValid(menu)


@pytest.fixture
def desk(qtbot: QtBot, plant: Plant, book: AlarmBook, themes: ThemeManager, wording: Wording) -> Desk:
    page = AlarmListPage(plant, book, themes, wording)
    qtbot.addWidget(page)
    page.set_may_acknowledge(True)
    page.resize(1300, 500)
    page.show()
    return Desk(page, book)


def fill(qtbot: QtBot, desk: Desk, *numbers: int) -> None:
    desk.book.replace([shot(number) for number in numbers])
    qtbot.waitUntil(lambda: len(desk.ids()) == len(numbers))


def test_most_urgent_first_and_again_when_states_change(qtbot: QtBot, desk: Desk) -> None:
    desk.book.replace([shot(0, ACKED), shot(1), shot(2), shot(4), shot(5, RETURNED)])
    order = ["T4.H", "T5.H", "T1.H", "T2.H", "T0.H"]  # unacknowledged, by priority, newest first; then the rest
    qtbot.waitUntil(lambda: desk.ids() == order)
    desk.book.apply(shot(4, ACKED))
    qtbot.waitUntil(lambda: desk.ids() == ["T5.H", "T1.H", "T2.H", "T4.H", "T0.H"])
    desk.book.apply(shot(5, NORMAL))
    qtbot.waitUntil(lambda: desk.ids() == ["T1.H", "T2.H", "T4.H", "T0.H"])


def test_sorts_by_time_as_a_number(qtbot: QtBot, desk: Desk) -> None:
    fill(qtbot, desk, 3, 40, 12)
    desk.page.table.sortByColumn(Column.TIME, Qt.SortOrder.DescendingOrder)
    assert desk.ids() == ["T40.H", "T12.H", "T3.H"]


def test_filters_narrow_the_list_and_take_new_alarms_only_where_they_fit(qtbot: QtBot, desk: Desk) -> None:
    fill(qtbot, desk, 0, 1, 2, 3, 4)
    desk.choose("Filters")
    assert sorted(desk.ids()) == ["T1.H", "T3.H"]
    desk.book.apply(shot(5))
    desk.book.apply(shot(6))
    qtbot.waitUntil(lambda: sorted(desk.ids()) == ["T1.H", "T3.H", "T5.H"])
    desk.choose("Priority 2")
    assert sorted(desk.ids()) == ["T1.H", "T5.H"]
    desk.filter_text("LEVEL 5")
    assert desk.ids() == ["T5.H"]
    desk.filter_text("液位1高")
    assert desk.ids() == ["T1.H"]
    desk.press("Unacknowledged only")
    desk.book.apply(shot(1, ACKED))
    qtbot.waitUntil(lambda: desk.ids() == [])


def test_selected_are_acknowledged_by_the_occurrence_that_was_seen(qtbot: QtBot, desk: Desk) -> None:
    desk.book.replace([shot(0), shot(1, ACKED), shot(2, RETURNED)])
    qtbot.waitUntil(lambda: len(desk.ids()) == 3)
    desk.press("Acknowledge selected")
    assert desk.asked == []
    desk.page.table.selectAll()
    desk.press("Acknowledge selected")
    assert [(sorted(pairs), comment) for pairs, comment in desk.asked] == [([("T0.H", "e0"), ("T2.H", "e2")], "")]


def test_a_selected_alarm_that_a_filter_hides_is_not_acknowledged(qtbot: QtBot, desk: Desk) -> None:
    fill(qtbot, desk, 0, 1, 2, 3)
    desk.page.table.selectAll()
    desk.choose("Filters")
    desk.press("Acknowledge selected")
    assert sorted(desk.asked[-1][0]) == [("T1.H", "e1"), ("T3.H", "e3")]
    desk.choose("All areas")
    desk.press("Acknowledge selected")
    assert sorted(desk.asked[-1][0]) == [("T1.H", "e1"), ("T3.H", "e3")]


def test_a_lost_connection_is_listed_in_every_area_that_has_values_of_it(qtbot: QtBot, desk: Desk) -> None:
    desk.book.replace([shot(0), shot(1), replace(shot(2), id="line.COMM")])
    qtbot.waitUntil(lambda: len(desk.ids()) == 3)
    for area, alarm in (("Intake", "T0.H"), ("Filters", "T1.H")):
        desk.choose(area)
        assert sorted(desk.ids()) == [alarm, "line.COMM"]
    model = desk.page.table.model()
    shown = [model.index(row, Column.AREA).data() for row in range(model.rowCount())]
    assert sorted(shown) == ["Filters", "Intake, Filters"]


def test_selection_stays_with_its_alarm_while_others_come_and_go(qtbot: QtBot, desk: Desk) -> None:
    fill(qtbot, desk, 1, 2, 3)
    table = desk.page.table
    table.selectRow(desk.ids().index("T2.H"))
    desk.book.apply(shot(4))
    desk.book.apply(shot(1, NORMAL))
    qtbot.waitUntil(lambda: desk.ids() == ["T4.H", "T2.H", "T3.H"])
    assert [row.definition.id for row in desk.page.selected_rows()] == ["T2.H"]
    desk.book.apply(shot(2, event="again"))
    qtbot.waitUntil(lambda: [row.snapshot.event_id for row in desk.page.selected_rows()] == ["again"])
    desk.press("Acknowledge selected")
    assert desk.asked == [([("T2.H", "again")], "")]


def test_visible_page_acknowledges_what_is_on_screen_and_nothing_else(qtbot: QtBot, desk: Desk) -> None:
    fill(qtbot, desk, *range(COUNT))
    table = desk.page.table
    shown = len(desk.page.visible_rows())
    assert 3 < shown < COUNT
    desk.press("Acknowledge visible page")
    assert [alarm for alarm, _ in desk.asked[-1][0]] == desk.ids()[:shown]

    table.scrollToBottom()
    desk.press("Acknowledge visible page")
    last = [alarm for alarm, _ in desk.asked[-1][0]]
    assert last == desk.ids()[-len(last) :]
    assert len(last) < COUNT - shown

    viewport = table.viewport().rect()
    for number, alarm in enumerate(desk.ids()):
        whole = viewport.contains(table.visualRect(table.model().index(number, Column.TEXT)))
        assert (alarm in last) == whole


def test_visible_page_leaves_out_what_is_filtered_or_suppressed(qtbot: QtBot, desk: Desk) -> None:
    desk.book.replace([shot(0), shot(1), shot(2), shot(4, UNACK, Suppression.DESIGN)])
    qtbot.waitUntil(lambda: len(desk.ids()) >= 3)
    desk.choose("Intake")
    desk.press("Acknowledge visible page")
    assert sorted(desk.asked[-1][0]) == [("T0.H", "e0"), ("T2.H", "e2")]


def test_without_the_right_nothing_is_acknowledged(qtbot: QtBot, desk: Desk) -> None:
    fill(qtbot, desk, 0, 1)
    desk.page.table.selectAll()
    desk.page.set_may_acknowledge(False)
    desk.press("Acknowledge selected")
    desk.press("Acknowledge visible page")
    assert desk.asked == []


def test_the_comment_goes_once(qtbot: QtBot, desk: Desk) -> None:
    fill(qtbot, desk, 0, 1)
    field = next(one for one in desk.page.findChildren(QLineEdit) if "omment" in one.placeholderText())
    field.setText("  seen  ")
    desk.page.table.selectRow(0)
    desk.press("Acknowledge selected")
    desk.press("Acknowledge selected")
    assert [comment for _, comment in desk.asked] == ["seen", ""]


def test_unknown_alarm_and_replaced_state_are_listed(qtbot: QtBot, desk: Desk) -> None:
    desk.book.replace([replace(shot(0), id="plc.COMM"), shot(1)])
    qtbot.waitUntil(lambda: sorted(desk.ids()) == ["T1.H", "plc.COMM"])
    desk.book.replace([shot(2)])
    qtbot.waitUntil(lambda: desk.ids() == ["T2.H"])


def test_the_menu_of_an_alarm_shows_its_trend_and_that_of_a_connection_none(qtbot: QtBot, desk: Desk) -> None:
    table = desk.page.table
    desk.book.replace([shot(1), replace(shot(2), id="line.COMM")])
    qtbot.waitUntil(lambda: sorted(desk.ids()) == ["T1.H", "line.COMM"])
    for name, offered in (("line.COMM", False), ("T1.H", True)):
        at = table.visualRect(table.model().index(desk.ids().index(name), 3)).center()
        table.customContextMenuRequested.emit(at)
        [menu] = [one for one in desk.page.findChildren(QMenu) if one.isVisible()]
        trend = [action for action in menu.actions() if action.text() == "Trend"]
        assert bool(trend) is offered
        if trend:
            with qtbot.waitSignal(desk.page.trend_wanted) as asked:
                trend[0].trigger()
            assert asked.args[0].definition.tag == "T1"
        menu.close()
        qtbot.waitUntil(partial(gone, menu))
