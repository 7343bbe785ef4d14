"""The whole window on the demo project, without an engine: every workspace opens, in both languages."""

import pytest
import shiboken6
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot

from app.console.console import Console
from app.console.window import MainWindow
from app.console.workspaces import WORKSPACES
from tests.gui.dragging import begin, drop, hold
from widgets.drag import dragged_tags
from widgets.mimic import MimicView
from widgets.trend.workspace import TrendWorkspace


def window_of(console: Console) -> MainWindow:
    assert console.window is not None
    return console.window


def trends(window: MainWindow) -> TrendWorkspace:
    return window.findChildren(TrendWorkspace)[0]


@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_another_language_leaves_the_trends_as_they_are(qtbot: QtBot, console: Console) -> None:
    window = window_of(console)
    window.navigator.go("trends")
    old = trends(window)
    group = list(old.groups.groups)[2]
    old.groups.show(group)
    assert old.add_tag("LZ.UF.PERM.TURB")
    old.navigator.pan(-2.0)
    old.window_wanted.emit()
    window.navigator.go("alarms")
    pens, view = [pen.tag.name for pen in old.pens.pens], old.navigator.view
    console.change_language("zh_CN")
    assert console.window is not None
    assert console.window is not window
    assert console.window.place == window.place
    further = [one for one in QApplication.topLevelWidgets() if isinstance(one, TrendWorkspace) and one.isVisible()]
    assert len(further) == 1
    for trend in (trends(console.window), *further):
        assert [pen.tag.name for pen in trend.pens.pens] == pens
        assert trend.navigator.view == view
        assert trend.groups.key == group
        assert trend.group_box.state.text() == "已更改，未保存"
    console.window.dispose()
    console.window = None
    qtbot.waitUntil(lambda: not shiboken6.isValid(further[0]))


def words_of_qt() -> list[str]:
    """Return what the buttons of a dialog of Qt's own say."""
    kind = QDialogButtonBox.StandardButton
    box = QDialogButtonBox(kind.Ok | kind.Cancel)
    return [box.button(one).text().replace("&", "") for one in (kind.Ok, kind.Cancel)]


@pytest.mark.gui
@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_every_workspace_opens_and_language_changes_at_run_time(qtbot: QtBot, console: Console) -> None:
    window = window_of(console)
    for name in WORKSPACES:
        window.navigator.go(name)
    window.navigator.open_equipment("LZ.UF.R03")
    console.context.themes.apply("dark")
    console.change_language("zh_CN")
    fresh = console.window
    assert fresh is not None
    assert fresh is not window
    assert fresh.faceplate is not None
    assert fresh.rail.buttons["trends"].text() == "趋势"
    assert words_of_qt() == ["确定", "取消"]
    qtbot.waitUntil(lambda: True)
    console.context.session.changed.emit()
    console.change_language("en")
    assert words_of_qt() == ["OK", "Cancel"]


@pytest.mark.gui
@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_what_is_dragged_from_a_display_can_be_dropped_on_trends_or_held_there_to_open_it(
    qtbot: QtBot, console: Console
) -> None:
    window = window_of(console)
    window.resize(1600, 1000)
    window.navigator.open_display("uf-hall")
    mimic = next(one for one in window.findChildren(MimicView) if one.isVisible())
    qtbot.waitUntil(lambda: mimic.scene is not None)
    places = (QPoint(x, y) for y in range(0, mimic.height(), 5) for x in range(0, mimic.width(), 5))
    at = next(place for place in places if len(mimic.tags_at(place)) == 1)
    data = begin(mimic, at)
    assert data is not None
    [tag] = dragged_tags(data)
    rail, other = window.rail, window.rail.buttons["journal"]
    assert not hold(data, rail, other.geometry().center())
    assert hold(data, rail, rail.buttons["trends"].geometry().center())
    with qtbot.waitSignal(window.navigator.moved) as moved:
        pass
    assert moved.args[0].workspace == "trends"
    trend = window.findChild(TrendWorkspace)
    assert isinstance(trend, TrendWorkspace)
    assert tag not in [pen.tag.name for pen in trend.pens.pens]
    drop(data, rail, rail.buttons["trends"].geometry().center())
    assert tag in [pen.tag.name for pen in trend.pens.pens]
