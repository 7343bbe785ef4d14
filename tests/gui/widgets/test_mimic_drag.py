"""A display's values and equipment go to a trend: dragged, or by menu; a press alone opens nothing."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.model.plant import Plant
from app.project.displays import parse_display_text
from tests.gui.dragging import begin
from tests.gui.widgets.conftest import show_mimic
from widgets.drag import dragged_tags
from widgets.live import TagHub
from widgets.mimic import MimicView
from widgets.mimic.press import tags_of
from widgets.theme import ThemeManager

pytestmark = [pytest.mark.gui, pytest.mark.qt_log_ignore("propagateSizeHints", "does not support")]

SVG = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:h="urn:haihe:display:1" viewBox="0 0 400 300" h:title="T">
<text h:value="A.FLOW" x="20" y="60" font-size="30"/>
<rect h:symbol="pump" h:equipment="A.P1" x="300" y="20" width="40" height="40"/>
<rect class="fill-panel" h:link="overview" x="20" y="200" width="100" height="60"/></svg>"""
VALUE, PUMP, LINK, NOTHING = QPoint(40, 50), QPoint(320, 40), QPoint(60, 230), QPoint(200, 150)
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def view(qtbot: QtBot, hub: TagHub, themes: ThemeManager) -> MimicView:
    return show_mimic(qtbot, hub, themes, SVG)


@pytest.fixture
def heard(view: MimicView) -> list[object]:
    found: list[object] = []
    for signal in (view.equipment_selected, view.link_activated, view.trends_requested):
        signal.connect(found.append)
    return found


@pytest.mark.parametrize(("at", "tags"), [(VALUE, ["A.FLOW"]), (PUMP, ["A.P1.ST"])])
def test_a_value_and_an_equipment_can_be_dragged_and_that_opens_nothing(
    view: MimicView, heard: list[object], at: QPoint, tags: list[str]
) -> None:
    data = begin(view, at)
    assert data is not None
    assert dragged_tags(data) == tags
    QTest.mouseRelease(view, LEFT, NONE, at)
    assert heard == []


@pytest.mark.parametrize("at", [LINK, NOTHING])
def test_what_has_no_course_is_not_dragged(view: MimicView, heard: list[object], at: QPoint) -> None:
    assert begin(view, at) is None
    QTest.mouseRelease(view, LEFT, NONE, at)
    assert heard == []


def test_a_press_opens_nothing_until_it_is_let_go_in_the_same_place(view: MimicView, heard: list[object]) -> None:
    QTest.mousePress(view, LEFT, NONE, PUMP)
    assert heard == []
    QTest.mouseRelease(view, LEFT, NONE, LINK)
    assert heard == []
    QTest.mousePress(view, LEFT, NONE, PUMP)
    QTest.mouseRelease(view, LEFT, NONE, PUMP + QPoint(3, 2))
    assert heard == ["A.P1"]


def test_a_display_laid_out_anew_while_the_button_is_down_loses_no_click(view: MimicView, heard: list[object]) -> None:
    QTest.mousePress(view, LEFT, NONE, PUMP)
    view.set_language("zh_CN")
    QTest.mouseRelease(view, LEFT, NONE, PUMP)
    assert heard == ["A.P1"]


def test_the_menu_key_offers_the_trend_of_what_has_the_focus(view: MimicView, heard: list[object]) -> None:
    QTest.keyClick(view, Qt.Key.Key_Tab)
    middle = view.rect().center()
    QApplication.sendEvent(view, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, middle, view.mapToGlobal(middle)))
    menu = view.findChild(QMenu)
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions()] == ["Trend of A.P1.ST", "Open A.P1"]
    menu.actions()[0].trigger()
    assert heard == [["A.P1.ST"]]
    menu.close()


FRAMED = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:h="urn:haihe:display:1" viewBox="0 0 400 300" h:title="T">
<text h:value="A.FLOW" x="20" y="60" font-size="30"/>
<rect class="fill-panel" h:equipment="A.P1" x="200" y="100" width="180" height="150"/>
<text h:value="A.TURB" x="230" y="180" font-size="20"/>
<rect class="fill-panel" h:link="overview" x="20" y="200" width="100" height="60"/></svg>"""


def test_keys_reach_the_trend_of_an_equipment_of_each_value_in_it_and_of_a_lone_value(
    view: MimicView, heard: list[object]
) -> None:
    view.set_display(parse_display_text(FRAMED, Path("t.svg"))[0])
    for each in ("A.P1", "overview", "A.FLOW"):
        QTest.keyClick(view, Qt.Key.Key_Tab)
        focused = view.pointing.focused
        assert focused is not None
        assert each in {focused.equipment, focused.display, focused.tag}
        QTest.keyClick(view, Qt.Key.Key_T)
        if each == "A.P1":
            middle = view.rect().center()
            asked = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, middle, view.mapToGlobal(middle))
            QApplication.sendEvent(view, asked)
            menu = view.findChild(QMenu)
            assert isinstance(menu, QMenu)
            assert [one.text() for one in menu.actions()] == ["Trend of A.P1.ST", "Trend of A.TURB", "Open A.P1"]
            menu.actions()[1].trigger()
            menu.close()
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert heard == [["A.P1.ST"], ["A.TURB"], ["A.FLOW"], ["A.FLOW"]], "a link has no trend"
    assert view.pointing.at(VALUE) is None, "a click on a lone value opens nothing"


def test_a_symbol_stands_for_what_its_faceplate_draws_and_a_value_for_itself(plant: Plant) -> None:
    pump = replace(plant.equipment["A.P1"], members={"ST": "A.P1.ST", "TURB": "A.TURB", "X": "A.FLOW"})
    kind = replace(plant.types["pump"], trend=("TURB", "GONE"))
    drawn = replace(plant, equipment={"A.P1": pump}, types={"pump": kind})
    assert tags_of(drawn, "A.P1.ST", "A.P1") == ["A.TURB", "A.P1.ST"]
    assert tags_of(drawn, "", "A.P1") == ["A.TURB", "A.P1.ST"]
    assert tags_of(drawn, "A.FLOW", "A.P1") == ["A.FLOW"]
    assert tags_of(drawn, "A.FLOW", "") == ["A.FLOW"]
    assert tags_of(drawn, "", "A.GONE") == []
