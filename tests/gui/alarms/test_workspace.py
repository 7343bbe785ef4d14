"""The alarm workspace: lists, groups, areas, views, and what is asked by key, button and dialog."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.model.alarm import AnnunciationState, Priority, Suppression
from app.model.alarm_action import AlarmAction
from app.model.alarm_state import AlarmSnapshot, OutOfService, Shelved
from app.model.clock import SECOND_NS, ManualClock
from app.model.flood import FloodState
from app.model.plant import Plant
from tests.gui.alarms.conftest import COUNT, START_NS, shot
from widgets.alarms.actions import AlarmAsk, longest_shelving_s
from widgets.alarms.book import AlarmBook
from widgets.alarms.cells import Column
from widgets.alarms.filtering import AlarmFilter, AlarmList
from widgets.alarms.grouping import AlarmGroup
from widgets.alarms.list_view import AlarmListPage
from widgets.alarms.outofservice import OutOfServiceDialog
from widgets.alarms.savedviews import AlarmView, dump, load
from widgets.alarms.shelving import ShelveDialog, times_up_to
from widgets.theme import ThemeManager
from widgets.wording import Wording

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support (grabbing|raise)")
UNACK, ACKED, NORMAL = AnnunciationState.UNACKNOWLEDGED, AnnunciationState.ACKNOWLEDGED, AnnunciationState.NORMAL
LATCHED = AnnunciationState.LATCHED_ACKNOWLEDGED


class Desk:
    """The page, and what it asked."""

    def __init__(self, page: AlarmListPage, book: AlarmBook, clock: ManualClock) -> None:
        self.page, self.book, self.clock = page, book, clock
        self.asked: list[AlarmAsk] = []
        self.acknowledged: list[list[tuple[str, str]]] = []
        page.asked.connect(lambda ask, _answered: self.asked.append(ask))
        page.acknowledge.connect(lambda pairs, _comment: self.acknowledged.append(pairs))

    def put(self, snapshots: list[AlarmSnapshot]) -> None:
        """Let these be all alarms, and show them at once."""
        self.book.replace(snapshots)
        self.page.model.refresh()

    def lines(self) -> list[str]:
        """Return ids, and places of headings in brackets."""
        model, found = self.page.model, []
        for line in range(model.rowCount()):
            row, group = model.row(line), model.heading(line)
            found.append(row.definition.id if row else f"[{group.place if group else ''}]")
        return found

    def group(self, line: int) -> AlarmGroup:
        group = self.page.model.heading(line)
        assert group is not None
        return group

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.page.table.setFocus()
        QTest.keyClick(self.page.table, key, modifier)

    def select(self, alarm: str) -> None:
        self.page.table.selectRow(self.lines().index(alarm))


@pytest.fixture
def desk(qtbot: QtBot, plant: Plant, book: AlarmBook, themes: ThemeManager, wording: Wording) -> Desk:
    clock = ManualClock()
    clock.ns = START_NS + 3600 * SECOND_NS
    page = AlarmListPage(plant, book, themes, wording, clock)
    qtbot.addWidget(page)
    page.set_may_acknowledge(True)
    page.resize(1300, 640)
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    return Desk(page, book, clock)


def shelved(number: int, left_s: int, *, once: bool = False) -> AlarmSnapshot:
    until = START_NS + (3600 + left_s) * SECOND_NS
    how = Shelved(until, once, "being cleaned", "wang", "desk-1", START_NS)
    return replace(shot(number, UNACK, Suppression.SHELVED), shelved=how)


def test_each_list_has_its_alarms_with_reason_and_time_left(desk: Desk) -> None:
    out = OutOfService("MOC-7", "pump removed", "li", "desk-1", "zhang", START_NS)
    desk.put(
        [shot(0), shelved(1, 1500), shot(2, NORMAL, Suppression.DESIGN), shot(4, NORMAL, Suppression.COMMUNICATION),
         replace(shot(3, NORMAL, Suppression.OUT_OF_SERVICE), service=out)]
    )  # fmt: skip
    page, table = desk.page, desk.page.table
    said = {which: button.text() for which, button in page.lists.buttons.items()}
    assert said == {
        AlarmList.ACTIVE: "Active 1", AlarmList.SHELVED: "Shelved 1", AlarmList.OUT_OF_SERVICE: "Out of service 1",
        AlarmList.SUPPRESSED: "Suppressed 2",
    }  # fmt: skip
    page.lists.buttons[AlarmList.SHELVED].click()
    assert desk.lines() == ["T1.H"]
    row = page.model.row(0)
    assert row is not None
    assert page.model.text(row, Column.LEFT) == "25 min"
    assert page.model.text(row, Column.REASON) == "being cleaned · wang · desk-1"
    assert not table.isColumnHidden(Column.LEFT)
    desk.clock.ns += 600 * SECOND_NS
    assert page.model.text(row, Column.LEFT) == "15 min"
    page.lists.buttons[AlarmList.OUT_OF_SERVICE].click()
    row = page.model.row(0)
    assert row is not None
    assert page.model.text(row, Column.REASON) == "MOC-7 · pump removed · li · zhang"
    page.lists.buttons[AlarmList.SUPPRESSED].click()
    assert sorted(desk.lines()) == ["T2.H", "T4.H"]
    page.lists.buttons[AlarmList.ACTIVE].click()
    assert desk.lines() == ["T0.H"]
    assert table.isColumnHidden(Column.LEFT)


def test_shelving_wants_a_reason_and_no_more_time_than_each_alarm_allows(desk: Desk, plant: Plant) -> None:
    desk.put([shot(0), shot(1)])  # priority 1: 15 min; priority 2: 8 h
    desk.page.table.selectAll()
    desk.key(Qt.Key.Key_S)
    dialog = desk.page.findChild(ShelveDialog)
    assert dialog is not None
    assert [dialog.time.itemData(n) for n in range(dialog.time.count())] == [300, 900, -1]
    assert not dialog.agree.isEnabled()
    dialog.reason.setText("  ")
    assert not dialog.agree.isEnabled()
    dialog.reason.setText("transmitter being cleaned")
    dialog.agree.click()
    pairs = (("T0.H", "e0"), ("T1.H", "e1"))
    assert desk.asked == [AlarmAsk(AlarmAction.SHELVE, pairs, "transmitter being cleaned", 900)]
    dialog.answer(["T0.H: priority 1 is shelved by a supervisor"])
    assert dialog.isVisible()
    assert "supervisor" in dialog.why.text()
    dialog.time.setCurrentIndex(2)
    dialog.agree.click()
    assert desk.asked[-1].action is AlarmAction.SHELVE_ONCE
    dialog.answer([])
    assert not dialog.isVisible()
    assert times_up_to(8 * 3600) == [300, 900, 1800, 3600, 7200, 14400, 28800]
    rows = [row for row in desk.book.rows() if row.definition.priority is not Priority.CRITICAL]
    assert longest_shelving_s(rows) == 28800


def test_removal_from_service_of_priority_1_wants_a_second_person(desk: Desk) -> None:
    desk.put([shot(0), shot(1)])
    for alarm, two in (("T1.H", False), ("T0.H", True)):
        desk.select(alarm)
        desk.key(Qt.Key.Key_O)
        dialog = desk.page.findChildren(OutOfServiceDialog)[-1]
        dialog.permit.setText("MOC-7")
        assert not dialog.agree.isEnabled()
        dialog.reason.setText("pump removed")
        assert dialog.agree.isEnabled() is not two
        dialog.approver.setText("zhang")
        dialog.password.setText("secret-of-zhang")
        dialog.agree.click()
        assert dialog.password.text() == ""
        dialog.answer([])
    asked = desk.asked[-1]
    assert (asked.action, asked.pairs) == (AlarmAction.REMOVE_FROM_SERVICE, (("T0.H", "e0"),))
    assert (asked.permit, asked.approver, asked.approver_password) == ("MOC-7", "zhang", "secret-of-zhang")
    assert "secret" not in repr(asked)


def test_actions_are_offered_only_for_what_they_fit(desk: Desk) -> None:
    desk.put([shot(0), shot(1, LATCHED)])
    desk.select("T1.H")
    buttons = desk.page.actions_bar.buttons
    assert buttons[AlarmAction.RESET].isEnabled()
    assert not buttons[AlarmAction.ACKNOWLEDGE].isEnabled()
    desk.key(Qt.Key.Key_R)
    assert desk.asked == [AlarmAsk(AlarmAction.RESET, (("T1.H", "e1"),))]
    desk.select("T0.H")
    assert not buttons[AlarmAction.RESET].isEnabled()
    desk.key(Qt.Key.Key_R)
    assert len(desk.asked) == 1
    desk.key(Qt.Key.Key_A)
    assert desk.acknowledged == [[("T0.H", "e0")]]
    desk.page.set_may_acknowledge(False, "Log in to operate")
    desk.key(Qt.Key.Key_A)
    desk.key(Qt.Key.Key_S)
    assert desk.page.findChild(ShelveDialog) is None
    assert len(desk.acknowledged) == 1
    assert buttons[AlarmAction.SHELVE].toolTip() == "Log in to operate"


def test_a_comment_is_typed_and_added(desk: Desk) -> None:
    desk.put([shot(0)])
    desk.select("T0.H")
    desk.key(Qt.Key.Key_C)
    assert isinstance(desk.page.focusWidget(), QLineEdit)
    desk.page.actions_bar.comment.setText("seen on site")
    desk.page.actions_bar.buttons[AlarmAction.COMMENT].click()
    assert desk.asked == [AlarmAsk(AlarmAction.COMMENT, (("T0.H", "e0"),), "seen on site")]


def test_a_flood_groups_until_it_ends_unless_the_operator_decided(desk: Desk) -> None:
    desk.put([shot(n) for n in range(COUNT)])
    page = desk.page
    page.show_flood(FloodState(True, START_NS, 60))
    assert page.flood.isVisible()
    assert desk.lines() == ["[A]", "[B]"]
    assert desk.group(0).counts == {Priority.CRITICAL: 15, Priority.MEDIUM: 15}
    page.show_flood(FloodState(False, START_NS, 2, START_NS + 1))
    assert not page.flood.isVisible()
    assert len(desk.lines()) == COUNT
    page.show_flood(FloodState(True, START_NS, 60))
    page.flood.toggle.click()
    assert len(desk.lines()) == COUNT
    page.filters.grouped.click()
    page.show_flood(FloodState(False, START_NS, 2, START_NS + 1))
    assert desk.lines() == ["[A]", "[B]"], "the operator grouped it"


def test_a_heading_opens_by_key_and_never_stands_for_what_it_hides(desk: Desk) -> None:
    desk.put([shot(0, ACKED), shot(1), shot(2), shot(3), shot(4)])
    desk.page.filters.grouped.click()
    assert desk.lines() == ["[A]", "[B]"]
    desk.page.table.selectAll()
    desk.key(Qt.Key.Key_A)
    desk.key(Qt.Key.Key_A, Qt.KeyboardModifier.ShiftModifier)
    assert desk.acknowledged == []
    group = desk.group(0)
    assert (group.total, group.unacknowledged, group.priority) == (3, 2, Priority.CRITICAL)
    desk.page.table.selectRow(1)
    desk.key(Qt.Key.Key_Right)
    assert desk.lines() == ["[A]", "[B]", "T1.H", "T3.H"]
    desk.key(Qt.Key.Key_Left)
    assert desk.lines() == ["[A]", "[B]"]
    desk.key(Qt.Key.Key_Return)
    desk.page.table.selectAll()
    desk.key(Qt.Key.Key_A)
    assert [sorted(pairs) for pairs in desk.acknowledged] == [[("T1.H", "e1"), ("T3.H", "e3")]]


def test_a_heading_has_the_mark_of_what_waits(desk: Desk) -> None:
    desk.put([shot(0, ACKED), shot(2)])
    desk.page.filters.grouped.click()
    assert desk.group(0).priority is Priority.MEDIUM, "priority 1 was acknowledged"


def test_areas_count_and_narrow(qtbot: QtBot, desk: Desk) -> None:
    desk.put([shot(0), shot(1, ACKED), shot(2), shot(3), replace(shot(4), id="line.COMM")])
    qtbot.waitUntil(lambda: desk.page.areas.counts() == {"A": (3, 3), "B": (3, 2)})
    tree = desk.page.areas
    tree.setCurrentItem(tree.findItems("Filters", Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)[0])
    assert sorted(desk.lines()) == ["T1.H", "T3.H", "line.COMM"]
    desk.page.filters.whole.click()
    assert len(desk.lines()) == 5
    current = tree.currentItem()
    assert current is not None
    assert current.text(0) == "All areas"


def test_views_keep_list_filter_order_and_grouping(desk: Desk) -> None:
    kept: list[str] = []
    desk.page.views_changed.connect(kept.append)
    desk.put([shot(n) for n in range(8)])
    wanted = AlarmView(AlarmFilter(text="level", priorities=(2,), area="B"), Column.TIME, True, False)
    desk.page.show_view(wanted)
    assert desk.lines() == ["T5.H", "T1.H"]
    desk.page.views.save_as("mine")
    desk.page.show_view(AlarmView())
    assert len(desk.lines()) == 8
    desk.page.keep_views(kept[-1])
    box = desk.page.views.choice
    box.setCurrentIndex(box.findText("mine"))
    box.activated.emit(box.currentIndex())
    assert desk.lines() == ["T5.H", "T1.H"]
    assert desk.page.filters.text.text() == "level"
    desk.page.views.drop.click()
    assert load(kept[-1]) == {}


@pytest.mark.parametrize("text", ["", "nonsense", "[]", '{"a": 1}', '{"a": {"filter": {"which": "none"}}}'])
def test_what_is_no_view_is_left_out(text: str) -> None:
    assert load(text) == {}
    assert load(dump({"a": AlarmView()})) == {"a": AlarmView()}


def test_the_same_slot_with_another_alarm_is_not_selected(qtbot: QtBot, desk: Desk) -> None:
    desk.put([shot(0), shot(1)])
    desk.select("T1.H")
    desk.book.take([shot(1, NORMAL), shot(5)])  # T5 takes the room of T1 before anything is painted
    assert [row.definition.id for row in desk.page.selected_rows()] == []
    qtbot.waitUntil(lambda: desk.lines() == ["T0.H", "T5.H"])
    assert desk.page.selected_rows() == []


def test_nothing_moves_while_a_button_is_down(qtbot: QtBot, desk: Desk) -> None:
    desk.put([shot(1)])
    table = desk.page.table
    at = table.visualRect(desk.page.model.index(0, Column.TEXT)).center()
    QTest.mousePress(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    desk.book.apply(shot(0))
    qtbot.wait(80)
    assert desk.lines() == ["T1.H"]
    QTest.mouseRelease(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert desk.lines() == ["T0.H", "T1.H"]
    assert [row.definition.id for row in desk.page.selected_rows()] == ["T1.H"]


def test_the_view_stays_with_the_alarm_at_its_top(qtbot: QtBot, desk: Desk) -> None:
    desk.put([shot(n, ACKED) for n in range(COUNT)])
    bar = desk.page.table.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() >= 20)
    bar.setValue(20)
    top = desk.lines()[20]
    desk.book.take([shot(0), shot(1), shot(2)])
    qtbot.waitUntil(lambda: desk.lines()[0] == "T0.H")
    assert desk.lines()[bar.value()] == top
    bar.setValue(0)
    desk.book.take([shot(4)])
    qtbot.waitUntil(lambda: desk.lines()[0] == "T4.H")
    assert bar.value() == 0, "the first line is where the newest come"


def test_guidance_counts_down_and_places_are_a_key_away(desk: Desk) -> None:
    desk.put([shot(0)])
    desk.select("T0.H")
    went: list[tuple[str, str]] = []
    desk.page.display_wanted.connect(lambda row: went.append(("display", row.definition.id)))
    desk.page.trend_wanted.connect(lambda row: went.append(("trend", row.definition.id)))
    desk.page.opened.connect(lambda row: went.append(("open", row.definition.id)))
    for key in (Qt.Key.Key_D, Qt.Key.Key_T, Qt.Key.Key_F, Qt.Key.Key_Return):
        desk.key(key)
    assert went == [("display", "T0.H"), ("trend", "T0.H"), ("open", "T0.H")]
    assert not desk.page.guidance.faceplate.isEnabled(), "it belongs to no equipment"
