"""The page of the figures: what is shown, and that the rows behind each figure are those it was computed of."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.alarms.kpi import LOOK_BACK_NS, Band, Figure, KpiBasis, make_report
from app.model.alarm_kpi import DAY_NS, HOUR_NS, TEN_MINUTES_NS, AlarmKpiReport, AlarmKpiRequest
from app.model.clock import SECOND_NS
from app.model.journal import JournalQuery, JournalRow
from app.model.plant import OperatingPosition, Plant
from app.model.text import LocalText
from app.storage import Database
from tests.unit.storage.rows import row
from widgets.alarms.kpi.behind import rows_behind
from widgets.alarms.kpi.view import AlarmKpiView
from widgets.theme import ThemeManager
from widgets.wording import Wording

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
ZONE = ZoneInfo("Asia/Shanghai")
START_NS = 1_700_000_400 * SECOND_NS
END_NS = START_NS + DAY_NS
SECTION = {"A": "even numbers"}


def happened(seconds: float, number: int, event: str = "ALM", **more: Any) -> JournalRow:
    at_ns = START_NS + round(seconds * SECOND_NS)
    states = {"ALM": ("NORM", "UNACK"), "ACK": ("UNACK", "ACKED"), "RTN": ("UNACK", "RTNUN")}
    old, new = states.get(event, ("NORM", "NORM"))
    fields = {
        "source_ns": at_ns, "receive_ns": at_ns, "priority": number % 4 + 1, "old": old, "new": new,
        "area": "AB"[number % 2], "user": "li" if event == "ACK" else "",
    }  # fmt: skip
    return row(0, event=event, object=f"T{number}.H", **(fields | more))


def day() -> list[JournalRow]:
    """A day: a flood, a chattering alarm, a fleeting one, one that stands since before, one shelved too long."""
    rows = [happened(-3600.0, 50), happened(-3000.0, 50, "ACK")]
    rows += [happened(7200 + 20 * n, n) for n in range(24)]
    rows += [happened(7200 + 20 * n + 90, n, "ACK") for n in range(24)]
    rows += [happened(7200 + 900, 34), happened(7200 + 3000, 35)]  # after the ten minutes, and after the hour of it
    rows += [happened(20_000 + 15 * n, 31) for n in range(5)]
    rows += [happened(30_000, 32), happened(30_004, 32, "RTN")]
    rows += [
        happened(40_000, 33, "SHELVE", new="NORM+SHLVD", value=600, user="li"), happened(50_000, 33, "UNSHELVE"),
    ]  # fmt: skip
    return sorted(rows, key=lambda each: each.source_ns)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database(f"sqlite:///{tmp_path / 'j.db'}") as made:
        made.journal.append(day())
        yield made


@pytest.fixture
def plant(plant: Plant) -> Plant:
    from dataclasses import replace

    return replace(plant, positions={"north": OperatingPosition("north", LocalText("North", "北区"), ("A",))})


def computed(database: Database, plant: Plant, position: str = "") -> AlarmKpiReport:
    rows = database.alarm_stats.read(START_NS - LOOK_BACK_NS, END_NS, lambda _alarm, area: not position or area == "A")
    basis = KpiBasis(
        START_NS, END_NS, START_NS - LOOK_BACK_NS, ZONE, position, definitions=tuple(plant.alarms.values())
    )
    return make_report(rows, basis)


class Desk:
    """The page; what it wants waits until it is answered."""

    def __init__(self, view: AlarmKpiView, report: AlarmKpiReport) -> None:
        self.view, self.report = view, report
        self.wanted: list[AlarmKpiRequest] = []
        self.rows: list[JournalQuery] = []
        view.wanted.connect(self.wanted.append)
        view.rows_wanted.connect(self.rows.append)

    def answer(self) -> None:
        self.view.take(self.wanted[-1], self.report)


@pytest.fixture
def desk(qtbot: QtBot, plant: Plant, themes: ThemeManager, wording: Wording, database: Database) -> Desk:
    view = AlarmKpiView(plant, themes, wording, lambda: END_NS)
    qtbot.addWidget(view)
    made = Desk(view, computed(database, plant))
    view.resize(1280, 640)
    view.show()
    qtbot.waitUntil(lambda: len(made.wanted) == 1)
    return made


def test_it_asks_for_thirty_days_when_it_is_opened(desk: Desk) -> None:
    assert desk.wanted == [AlarmKpiRequest(END_NS - 30 * DAY_NS, END_NS, "")]
    assert desk.view.cards[Figure.MOST].value_text == "—"
    assert not desk.view.cards[Figure.MOST].isEnabled()


def test_every_figure_has_value_band_and_definition(desk: Desk) -> None:
    desk.answer()
    shown = {figure: (card.value_text, card.band) for figure, card in desk.view.cards.items()}
    assert shown[Figure.PER_DAY] == ("32.0", Band.ACCEPTABLE)
    assert shown[Figure.MOST] == ("24", Band.BEYOND)
    assert shown[Figure.FLOOD] == ("0.7\u202f%", Band.ACCEPTABLE)
    assert shown[Figure.CHATTERING] == ("1", Band.BEYOND)
    assert shown[Figure.STALE] == ("1", Band.ACCEPTABLE)
    assert shown[Figure.ACKNOWLEDGED] == ("90 s / 90 s", Band.NONE)
    assert shown[Figure.SHELVED] == ("1", Band.BEYOND)
    for card in desk.view.cards.values():
        assert card.accessibleDescription()
        assert card.accessibleDescription() in card.toolTip().replace("&#x27;", "'")


@pytest.mark.parametrize("position", ["", "north"])
def test_the_rows_behind_a_figure_are_those_it_was_computed_of(database: Database, plant: Plant, position: str) -> None:
    report = computed(database, plant, position)
    found = {figure: database.journal.page(rows_behind(figure, report, plant)).rows for figure in Figure}
    ours = [each for each in day() if not position or each.area == "A"]
    begun = [each for each in ours if each.event == "ALM" and each.source_ns >= START_NS]
    assert [each.event for each in found[Figure.PER_DAY] if each.event == "ALM"] == ["ALM"] * len(begun)
    assert report.annunciated == len(begun)
    assert len(found[Figure.MOST]) == report.most == (12 if position else 24)
    assert len(found[Figure.CROWDED]) == max(report.bins)
    assert len(found[Figure.BUSY_HOURS]) == (13 if position else 25)  # from 8:00 to 9:00; 26 from 8:20 on
    assert len(found[Figure.TOP_TEN]) == sum(each.count for each in report.top)
    assert {each.object for each in found[Figure.STALE]} == {"T50.H"}
    assert [each.event for each in found[Figure.STALE]] == ["ACK", "ALM"]
    assert sum(each.event == "ACK" for each in found[Figure.ACKNOWLEDGED]) == report.response.acknowledged
    urgent = sum(each.annunciated for each in report.priorities if each.priority <= 2)
    assert sum(each.event == "ALM" for each in found[Figure.PRIORITIES]) == urgent
    if not position:
        assert {each.object for each in found[Figure.CHATTERING]} == {"T31.H"}
        assert len(found[Figure.FLOOD]) == report.floods[0].annunciated
        assert [each.event for each in found[Figure.SHELVED]] == ["UNSHELVE", "SHELVE"]
    assert [each.event for each in found[Figure.FLEETING]] == ["RTN", "ALM"]


def test_a_card_asks_for_its_rows_by_mouse_and_by_keys(desk: Desk, plant: Plant) -> None:
    desk.answer()
    card = desk.view.cards[Figure.FLOOD]
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    QTest.keyClick(card, Qt.Key.Key_Return)
    QTest.keyClick(card, Qt.Key.Key_Space)
    assert desk.rows == [rows_behind(Figure.FLOOD, desk.report, plant)] * 3


def test_a_window_of_ten_minutes_is_chosen_by_keys_and_by_mouse(desk: Desk) -> None:
    desk.answer()
    rates = desk.view.rates
    for _ in range(2):
        QTest.keyClick(rates, Qt.Key.Key_PageUp)
    for _ in range(12):
        QTest.keyClick(rates, Qt.Key.Key_Right)
    assert "24 in ten minutes, flood" in desk.view._reading.text()
    QTest.keyClick(rates, Qt.Key.Key_Return)
    from_ns = START_NS + 12 * TEN_MINUTES_NS
    assert (desk.rows[-1].from_ns, desk.rows[-1].to_ns) == (from_ns, from_ns + TEN_MINUTES_NS)
    QTest.mouseClick(rates.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(rates.width() // 2, 60))
    begin_ns = desk.rows[-1].from_ns
    assert begin_ns is not None
    assert abs(begin_ns - (START_NS + END_NS) // 2) < HOUR_NS


def test_an_alarm_of_the_top_ten_is_chosen_by_keys(desk: Desk) -> None:
    desk.answer()
    told: list[str] = []
    desk.view.top.pointed.connect(told.append)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return):
        QTest.keyClick(desk.view.top, key)
    assert desk.rows[-1].objects == (desk.report.top[0].alarm,) == ("T31.H",)
    assert told[0] == "level 31 high  T31.H"
    QTest.mouseMove(desk.view.top.viewport(), QPoint(20, desk.view.top.height() - 12))
    assert told[-1].endswith(desk.report.top[9].alarm)


def test_a_priority_is_chosen_by_keys(desk: Desk) -> None:
    desk.answer()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Return):
        QTest.keyClick(desk.view.priorities, key)
    assert desk.rows[-1].priorities == (2,)


def test_what_is_worth_looking_at_is_listed_and_opens_its_rows(desk: Desk) -> None:
    desk.answer()
    table = desk.view.found
    kinds = [item.text() for n in range(table.rowCount()) if (item := table.item(n, 0)) is not None]
    assert kinds == ["Stale", "Shelved", "Chattering", "Fleeting"]
    table.setCurrentCell(0, 0)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert desk.rows[-1].objects == ("T50.H",)
    assert desk.rows[-1].from_ns == START_NS - HOUR_NS  # it came before the period


def test_times_of_a_priority_open_its_rows(desk: Desk) -> None:
    desk.answer()
    table = desk.view.responses
    assert table.rowCount() == 5
    table.setCurrentCell(1, 0)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert desk.rows[-1].priorities == (1,)
    assert "ACK" in desk.rows[-1].events


def test_a_late_answer_to_an_old_question_is_dropped(desk: Desk) -> None:
    old = desk.wanted[-1]
    desk.view.position.setCurrentIndex(1)
    assert desk.wanted[-1].position == "north"
    desk.view.take(old, desk.report)
    assert desk.view.report is None
    desk.view.fail(old, "too late")
    assert "too late" not in desk.view._state.text()
    desk.view.fail(desk.wanted[-1], "the database is away")
    assert desk.view._state.text() == "the database is away"


def test_an_own_period_is_typed_in_the_plants_zone(desk: Desk) -> None:
    box = desk.view.period
    assert not box.since.isVisible()
    box.choose(START_NS, START_NS + HOUR_NS)
    assert box.since.isVisible()
    assert box.since.text() == "2023-11-15 06:20"
    assert (desk.wanted[-1].from_ns, desk.wanted[-1].to_ns) == (START_NS, START_NS + HOUR_NS)
    asked = len(desk.wanted)
    box.until.setText("2023-11-15 05:00")
    box.until.editingFinished.emit()
    assert len(desk.wanted) == asked
    assert "No such period" in desk.view._state.text()
    box.until.setText("now")
    box.until.editingFinished.emit()
    assert desk.wanted[-1].to_ns == END_NS


def test_a_theme_is_taken_by_the_charts(desk: Desk, themes: ThemeManager) -> None:
    desk.answer()
    themes.apply("dark")
    ground = themes.theme.color("field").rgb()
    for plot in (desk.view.rates, desk.view.top, desk.view.priorities):
        assert plot.backgroundBrush().color().rgb() == ground


@pytest.mark.parametrize("width", [700, 1000, 1280, 1840])
def test_cards_share_the_width_evenly(desk: Desk, width: int, qtbot: QtBot) -> None:
    desk.answer()
    desk.view.resize(width, 640)
    cards = list(desk.view.cards.values())

    def are_even() -> bool:
        fit = all(each.x() + each.width() <= desk.view.width() for each in cards)
        return fit and max(each.width() for each in cards) - min(each.width() for each in cards) <= 1

    qtbot.waitUntil(are_even)


def test_a_page_in_another_language_shows_the_same(
    desk: Desk, qtbot: QtBot, plant: Plant, themes: ThemeManager
) -> None:
    desk.view.position.setCurrentIndex(1)
    desk.view.period.choose(START_NS, START_NS + HOUR_NS)
    desk.answer()
    other = AlarmKpiView(plant, themes, Wording("Asia/Shanghai", "zh_CN"), lambda: END_NS)
    qtbot.addWidget(other)
    asked: list[AlarmKpiRequest] = []
    other.wanted.connect(asked.append)
    other.show_like(desk.view)
    assert asked == []
    assert other.report is desk.report
    assert (other.position.currentData(), other.position.currentText()) == ("north", "北区")
    assert other.period.period() == (START_NS, START_NS + HOUR_NS)
