"""The mimic: what each quality looks like, what can be pointed at, what is repainted."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.model import status as st
from app.model.clock import ManualClock
from app.model.plant import Plant
from app.project.displays import parse_display_text
from tests.gui.widgets.conftest import alarm_of, show_mimic
from tests.gui.widgets.memory import MemorySource
from widgets.live import TagHub
from widgets.mimic import MimicView
from widgets.theme import ThemeManager

pytestmark = pytest.mark.gui

SVG = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:h="urn:haihe:display:1" viewBox="0 0 400 300" h:title="T">
<text h:value="A.FLOW" x="20" y="60" font-size="30"/>
<text h:value="A.TURB" x="20" y="120" font-size="30" h:applies="A.P1.ST == 2"/>
<rect h:symbol="pump" h:equipment="A.P1" x="300" y="20" width="40" height="40"/>
<rect class="fill-panel" h:link="overview" x="20" y="200" width="100" height="60"/>
<rect h:bar="A.FLOW" x="200" y="100" width="20" height="150"/>
<rect h:symbol="rocket" x="250" y="200" width="80" height="40"/>
<text x="20" y="20" font-size="16" h:zh="流量">Flow</text></svg>"""


@pytest.fixture
def view(qtbot: QtBot, hub: TagHub, themes: ThemeManager) -> MimicView:
    return show_mimic(qtbot, hub, themes, SVG)


def image(view: MimicView) -> QImage:
    return view.grab().toImage()


def has(view: MimicView, name: str, box: tuple[int, int, int, int]) -> bool:
    picture, wanted = image(view), view._themes.color(name).rgb()
    x, y, width, height = box
    return any(QColor(picture.pixel(i, j)).rgb() == wanted for i in range(x, x + width) for j in range(y, y + height))


FLOW = (15, 30, 150, 40)
TURB = (15, 90, 180, 40)


def test_a_good_value_is_drawn_in_the_colour_of_values(view: MimicView) -> None:
    assert has(view, "value", FLOW)
    assert not has(view, "stale", (15, 30, 75, 35))


@pytest.mark.parametrize("status", [st.BAD_NO_COMMUNICATION, st.UNCERTAIN_LAST_USABLE])
def test_a_stale_value_is_hatched_and_keeps_its_number(
    view: MimicView, hub: TagHub, source: MemorySource, status: int
) -> None:
    before = image(view)
    source.put("A.FLOW", 1000.0, status, age_s=30)
    hub.tick()
    assert not has(view, "value", FLOW)
    assert has(view, "stale", (15, 30, 75, 40))
    assert image(view) != before


@pytest.mark.parametrize("status", [st.UNCERTAIN_SUBSTITUTE, st.GOOD_LOCAL_OVERRIDE])
def test_a_value_that_was_not_measured_has_a_letter_in_a_box(
    view: MimicView, hub: TagHub, source: MemorySource, status: int
) -> None:
    assert not has(view, "field", FLOW)
    source.put("A.FLOW", 1000.0, status)
    hub.tick()
    assert has(view, "field", FLOW)
    assert has(view, "value", FLOW)


RIGHT_SVG = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:h="urn:haihe:display:1" viewBox="0 0 400 300" h:title="T">
<text h:value="A.FLOW" x="200" y="60" font-size="30" text-anchor="end"/>
<text h:value="A.FLOW" x="200" y="120" font-size="30" text-anchor="end" h:unit="off"/></svg>"""


@pytest.mark.parametrize("status", [st.GOOD, st.UNCERTAIN_SUBSTITUTE, st.BAD_NO_COMMUNICATION, st.BAD_SENSOR_FAILURE])
@pytest.mark.parametrize("age_s", [5, 7200])
def test_a_right_aligned_value_ends_at_its_anchor_whatever_its_quality(
    view: MimicView, hub: TagHub, source: MemorySource, status: int, age_s: int
) -> None:
    view.set_display(parse_display_text(RIGHT_SVG, Path("t.svg"))[0])
    source.put("A.FLOW", 1000.0, status, age_s=age_s)
    hub.tick()
    picture, canvas = image(view), view._themes.color("canvas").rgb()
    painted = [x for x in range(400) for y in range(20, 140) if picture.pixel(x, y) != canvas]
    assert 190 <= max(painted) <= 202


def test_a_value_whose_state_was_never_known_is_unknown_not_irrelevant(
    view: MimicView, hub: TagHub, source: MemorySource
) -> None:
    source.put("A.P1.ST", None, st.BAD_NO_COMMUNICATION)
    source.put("A.TURB", None, st.BAD_NO_COMMUNICATION)
    hub.tick()
    assert has(view, "ink", TURB)
    source.put("A.P1.ST", 0)
    hub.tick()
    assert not has(view, "ink", TURB)


def test_a_bad_value_shows_no_number(view: MimicView, hub: TagHub, source: MemorySource) -> None:
    source.put("A.FLOW", 1000.0, st.BAD_SENSOR_FAILURE)
    hub.tick()
    first = image(view)
    source.put("A.FLOW", 555.0, st.BAD_SENSOR_FAILURE)
    hub.tick()
    assert not has(view, "value", FLOW)
    assert has(view, "ink", FLOW)
    assert image(view) == first


def test_an_alarm_adds_its_mark_and_never_a_red_number(view: MimicView, hub: TagHub, clock: ManualClock) -> None:
    assert not has(view, "priority2", TURB)
    hub.set_alarms([alarm_of(clock, acknowledged=True)])
    assert has(view, "priority2", TURB)
    assert has(view, "ink", TURB)
    assert not has(view, "value", (15, 90, 80, 35))


def test_only_an_unacknowledged_mark_blinks(view: MimicView, hub: TagHub, clock: ManualClock) -> None:
    def phases() -> set[bool]:
        seen = set()
        for _ in range(10):
            hub.tick()
            seen.add(has(view, "priority2", TURB))
        return seen

    hub.set_alarms([alarm_of(clock)])
    assert phases() == {True, False}
    hub.set_alarms([alarm_of(clock, acknowledged=True)])
    assert phases() == {True}


def test_what_does_not_apply_is_a_dash(view: MimicView, hub: TagHub, source: MemorySource) -> None:
    assert has(view, "value", TURB)
    source.put("A.P1.ST", 0)
    hub.tick()
    assert not has(view, "value", TURB)


def test_state_is_a_fill_light_or_dark(view: MimicView, hub: TagHub, source: MemorySource) -> None:
    box = (304, 30, 8, 20)
    assert has(view, "running", box)
    source.put("A.P1.ST", 0)
    hub.tick()
    assert has(view, "stopped", box)
    assert not has(view, "running", box)


def test_pointing_selects_and_opens(qtbot: QtBot, view: MimicView) -> None:
    with qtbot.waitSignal(view.equipment_selected) as selected:
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(320, 40))
    assert selected.args == ["A.P1"]
    with qtbot.waitSignal(view.link_activated) as opened:
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(60, 230))
    assert opened.args == ["overview"]
    assert view.pointing.at(QPoint(390, 290)) is None
    assert view.tag_at(QPoint(40, 50)) == "A.FLOW"
    with qtbot.waitSignal(view.trends_requested) as wanted:
        QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(40, 50))
    assert wanted.args == [["A.FLOW"]]


def test_the_keyboard_reaches_everything(qtbot: QtBot, view: MimicView) -> None:
    QTest.keyClick(view, Qt.Key.Key_Tab)
    with qtbot.waitSignal(view.equipment_selected):
        QTest.keyClick(view, Qt.Key.Key_Return)
    QTest.keyClick(view, Qt.Key.Key_Tab)
    with qtbot.waitSignal(view.link_activated):
        QTest.keyClick(view, Qt.Key.Key_Return)


def test_an_unknown_symbol_is_a_visible_placeholder(view: MimicView) -> None:
    assert has(view, "placeholder", (250, 200, 80, 40))


def test_language_and_theme_change_at_run_time(view: MimicView, themes: ThemeManager) -> None:
    english = image(view)
    view.set_language("zh_CN")
    assert image(view) != english
    themes.apply("dark")
    assert QColor(image(view).pixel(395, 295)) == themes.color("canvas")
    themes.apply("light")


def test_only_what_changed_is_repainted(qtbot: QtBot, view: MimicView, hub: TagHub, source: MemorySource) -> None:
    assert view.scene is not None
    source.put("A.TURB", 0.03)
    hub._read(source)
    items = view.scene.refresh_tags({"A.TURB"})
    assert len(items) == 1
    assert items[0].rect.height() < 60


def test_a_closed_view_leaves_no_subscription(view: MimicView, hub: TagHub, plant: Plant) -> None:
    assert hub.subscription_count == 1
    view.close_display()
    assert hub.subscription_count == 0


def test_no_alarm_is_said_only_while_the_alarms_are_known(
    view: MimicView, hub: TagHub, source: MemorySource, clock: ManualClock
) -> None:
    svg = SVG.replace("</svg>", '<g h:alarms="A" transform="translate(180 60)"/></svg>')
    view.set_display(parse_display_text(svg, Path("t.svg"))[0])
    words = QRect(175, 40, 100, 25)
    unknown = image(view).copy(words)
    hub.set_alarms([])
    assert image(view).copy(words) != unknown
    clock.advance(3)
    hub.tick()
    assert image(view).copy(words) == unknown


def test_a_course_opened_before_there_is_a_store_is_drawn_soon_after(
    view: MimicView, hub: TagHub, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    svg = (
        RIGHT_SVG.split("<text")[0]
        + '<rect h:spark="A.FLOW" h:span="24h" x="20" y="20" width="200" height="60"/></svg>'
    )
    with monkeypatch.context() as patch:
        patch.setattr(hub, "window", lambda *_: None)
        view.set_display(parse_display_text(svg, Path("t.svg"))[0])
        assert not has(view, "spark", (20, 20, 200, 60))
    clock.advance(3)
    hub.tick()
    assert has(view, "spark", (20, 20, 200, 60))


DRAWN = {
    "bar": '<rect h:bar="A.FLOW" x="200" y="100" width="20" height="150"/>',
    "lying bar": '<rect h:bar="A.FLOW" x="200" y="100" width="150" height="20"/>',
    "fill": '<rect h:fill="A.FLOW" x="200" y="100" width="90" height="90"/>',
    "progress": '<rect h:progress="A.FLOW" x="200" y="100" width="90" height="6"/>',
    "flow": '<path h:flow="A.FLOW" d="M 20 50 H 300 V 90" stroke-width="8"/>',
    "spark": '<rect h:spark="A.FLOW" h:span="1h" x="200" y="100" width="90" height="40"/>',
    "symbol": '<rect h:symbol="pump" h:equipment="A.P1" x="200" y="100" width="40" height="40"/>',
}


@pytest.mark.parametrize("what", DRAWN)
def test_all_that_is_drawn_of_a_value_says_that_it_was_not_measured(
    view: MimicView, hub: TagHub, source: MemorySource, what: str
) -> None:
    head, _, _ = SVG.partition("<text")
    view.set_display(parse_display_text(f"{head}{DRAWN[what]}</svg>", Path("t.svg"))[0])
    pictures = []
    for status in (st.GOOD, st.GOOD_LOCAL_OVERRIDE, st.UNCERTAIN_SUBSTITUTE, st.UNCERTAIN_LAST_USABLE):
        source.put("A.FLOW", 1000.0, status)
        source.put("A.P1.ST", 2, status)
        hub.tick()
        pictures.append(image(view))
    assert all(one != other for one in pictures for other in pictures if one is not other)
    source.put("A.FLOW", 1000.0)
    source.put("A.P1.ST", 2)
    hub.tick()
    assert image(view) == pictures[0]


@pytest.mark.parametrize("what", ["bar", "fill", "progress", "flow", "spark"])
def test_what_is_not_drawn_for_a_bad_value_says_why(
    view: MimicView, hub: TagHub, source: MemorySource, what: str
) -> None:
    head, _, _ = SVG.partition("<text")
    view.set_display(parse_display_text(f"{head}{DRAWN[what]}</svg>", Path("t.svg"))[0])
    pictures = []
    for status in (st.BAD_OUT_OF_RANGE, st.BAD_DEVICE_FAILURE):
        source.put("A.FLOW", 1000.0, status)
        hub.tick()
        pictures.append(image(view))
    assert pictures[0] != pictures[1]


@pytest.mark.parametrize("what", DRAWN)
def test_nothing_that_is_drawn_of_a_lost_value_looks_as_if_it_were_known(
    view: MimicView, hub: TagHub, source: MemorySource, what: str
) -> None:
    head, _, _ = SVG.partition("<text")
    view.set_display(parse_display_text(f"{head}{DRAWN[what]}</svg>", Path("t.svg"))[0])
    pictures = []
    for status in (st.GOOD, st.BAD_NO_COMMUNICATION):
        source.put("A.FLOW", 1000.0, status)
        source.put("A.P1.ST", 2, status)
        hub.tick()
        pictures.append(image(view))
    assert pictures[0] != pictures[1]
