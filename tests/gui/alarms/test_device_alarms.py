"""Alarms that a device judges, in the list: words, what can be asked of the device, and when the horn sounds."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from app.model.alarm import AlarmDefinition, AlarmKind, AnnunciationState, Priority, Suppression
from app.model.alarm_action import AlarmAction
from app.model.alarm_state import AlarmSnapshot, ExternalState
from app.model.plant import Plant
from app.model.text import LocalText
from tests.gui.alarms.conftest import shot
from widgets.alarms.actions import AlarmAsk
from widgets.alarms.book import AlarmBook
from widgets.alarms.cells import Column
from widgets.alarms.list_view import AlarmListPage
from widgets.alarms.model import AlarmModel
from widgets.alarms.shelving import ShelveDialog
from widgets.alarms.words import snapshot_words
from widgets.live.alarms import AlarmTable
from widgets.theme import ThemeManager
from widgets.wording import Wording

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support (grabbing|raise)")
FULL = AlarmDefinition(
    "plc/i=1", "Tank1", AlarmKind.CONDITION, Priority.CRITICAL, LocalText("full", "满"), area="A", connection="plc"
)
STATE = ExternalState(FULL, can_shelve=True)


def device(**more: object) -> AlarmSnapshot:
    made = AlarmSnapshot("plc/i=1", "0a", AnnunciationState.UNACKNOWLEDGED, True, 5, external=STATE)
    return replace(made, **more)  # type: ignore[arg-type]


@pytest.fixture
def page(qtbot: QtBot, plant: Plant, book: AlarmBook, themes: ThemeManager, wording: Wording) -> AlarmListPage:
    page = AlarmListPage(plant, book, themes, wording)
    qtbot.addWidget(page)
    page.set_may_acknowledge(True)
    page.resize(1300, 500)
    page.show()
    return page


@pytest.mark.parametrize(
    ("snapshot", "words"),
    [
        (device(), "Unacknowledged"),
        (
            device(state=AnnunciationState.ACKNOWLEDGED, external=replace(STATE, to_confirm=True)),
            "Acknowledged, to be confirmed",
        ),
        (
            device(state=AnnunciationState.ACKNOWLEDGED, active=False, external=replace(STATE, to_confirm=True)),
            "Returned, to be confirmed",
        ),
        (device(state=AnnunciationState.ACKNOWLEDGED, active=False), "Returned"),
        (device(suppression=frozenset({Suppression.SHELVED})), "Shelved"),
        (device(external=replace(STATE, known=False)), "Not known now (last: Unacknowledged)"),
    ],
)
def test_states_in_words(qtbot: QtBot, snapshot: AlarmSnapshot, words: str) -> None:
    assert snapshot_words(snapshot) == words


def test_it_is_shown_by_its_own_definition(plant: Plant, book: AlarmBook, wording: Wording) -> None:
    book.replace([device()])
    model = AlarmModel(plant, book, wording)
    (row,) = book.rows()
    assert [model.text(row, column) for column in (Column.TAG, Column.TEXT, Column.AREA)] == ["Tank1", "full", "Intake"]
    assert book.counts()[Priority.CRITICAL].unacknowledged == 1
    assert AlarmTable(plant, [device()]).areas["A"][Priority.CRITICAL].unacknowledged


def test_the_horn_sounds_for_occurrences_not_for_comments(qtbot: QtBot, book: AlarmBook) -> None:
    raised: list[str] = []
    book.raised.connect(lambda row: raised.append(row.snapshot.event_id))
    book.apply(device())
    book.apply(device(event_id="0b", comment="seen"))
    book.apply(device(event_id="0c", external=replace(STATE, known=False)))
    assert raised == ["0a"]
    book.apply(device(event_id="0d", count=2))
    book.apply(device(event_id="0e", count=2, state=AnnunciationState.ACKNOWLEDGED))
    book.apply(device(event_id="0f", count=2))
    assert raised == ["0a", "0d", "0f"]


def test_the_horn_does_not_sound_again_for_an_earlier_occurrence(qtbot: QtBot, book: AlarmBook) -> None:
    raised: list[str] = []
    book.raised.connect(lambda row: raised.append(row.snapshot.id))
    book.apply(device())
    book.apply(device(id="plc/i=1#i=7", external=replace(STATE, trunk="plc/i=1")))
    assert raised == ["plc/i=1"]
    book.replace([device(id="plc/i=2#i=7", external=replace(STATE, trunk="plc/i=2"))])
    assert raised == ["plc/i=1", "plc/i=2#i=7"]


def menu_of(page: AlarmListPage, number: int) -> QMenu:
    index = page.table.model().index(number, Column.TEXT)
    page.table.selectRow(number)
    page.table.customContextMenuRequested.emit(page.table.visualRect(index).center())
    found = [one for one in page.findChildren(QMenu) if one.isVisible()]
    return found[-1]


def entries(menu: QMenu) -> dict[str, bool]:
    return {action.text(): action.isEnabled() for action in menu.actions() if action.text()}


def press(menu: QMenu, text: str) -> None:
    next(action for action in menu.actions() if action.text() == text).trigger()
    menu.hide()


def test_what_can_be_asked_of_the_device(qtbot: QtBot, page: AlarmListPage, book: AlarmBook) -> None:
    asked: list[AlarmAsk] = []
    page.asked.connect(lambda ask, _answered: asked.append(ask))
    book.replace([device(state=AnnunciationState.ACKNOWLEDGED, external=replace(STATE, to_confirm=True))])
    qtbot.waitUntil(lambda: page.table.model().rowCount() == 1)
    comment = next(one for one in page.findChildren(QLineEdit) if "omment" in one.placeholderText())
    menu = menu_of(page, 0)
    assert entries(menu) == {
        "Display": True, "Acknowledge": False, "Confirm": True, "Add the comment typed below": False, "Shelve…": True,
        "Out of service…": False,
    }  # fmt: skip
    comment.setText(" valve closed ")
    press(menu, "Confirm")
    assert asked == [AlarmAsk(AlarmAction.CONFIRM, (("plc/i=1", "0a"),), "valve closed")]
    assert comment.text() == ""
    press(menu_of(page, 0), "Shelve…")
    dialog = page.findChild(ShelveDialog)
    assert dialog is not None
    dialog.reason.setText("being cleaned")
    dialog.time.setCurrentIndex(dialog.time.findData(900))
    dialog.agree.click()
    assert asked[-1] == AlarmAsk(AlarmAction.SHELVE, (("plc/i=1", "0a"),), "being cleaned", 900)
    dialog.answer([])


def test_our_own_alarms_are_neither_confirmed_nor_reset_without_need(
    qtbot: QtBot, page: AlarmListPage, book: AlarmBook
) -> None:
    book.replace([shot(1)])
    qtbot.waitUntil(lambda: page.table.model().rowCount() == 1)
    menu = menu_of(page, 0)
    assert entries(menu) == {
        "Display": True, "Trend": True, "Acknowledge": True, "Add the comment typed below": False, "Shelve…": True,
        "Out of service…": True,
    }  # fmt: skip
    menu.hide()


def test_nobody_logged_in_asks_nothing(qtbot: QtBot, page: AlarmListPage, book: AlarmBook) -> None:
    page.set_may_acknowledge(False)
    book.replace([device()])
    qtbot.waitUntil(lambda: page.table.model().rowCount() == 1)
    menu = menu_of(page, 0)
    assert [text for text, enabled in entries(menu).items() if enabled] == ["Display"]
    menu.hide()
