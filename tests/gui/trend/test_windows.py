"""Further trend windows of the console, and tags of a faceplate that are dragged onto one."""

import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QPoint, QTimer
from pytestqt.qtbot import QtBot

from app.console.bridge import EngineBridge
from app.console.pages import trends
from app.console.pages.trends import TrendWindows
from app.console.session import SessionHolder
from app.console.settings import ConsoleSettings
from app.model.plant import Plant
from app.model.user import Role
from app.project.trendfile import save_group
from tests.gui.dragging import drag
from tests.gui.trend.site import NOW, Store, cell
from widgets.alarms.book import AlarmBook
from widgets.faceplate.values import ValueRows
from widgets.live import TagHub
from widgets.theme import ThemeManager
from widgets.trend.workspace import TrendWorkspace
from widgets.wording import Wording

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support raise")


@pytest.fixture
def context(qtbot: QtBot, plant: Plant, hub: TagHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("HAIHE_STATE", str(tmp_path / "state"))
    for group in plant.trends.values():
        save_group(tmp_path / "trends", group)
    bridge = EngineBridge(lambda: None)
    return SimpleNamespace(
        plant=replace(plant, folder=tmp_path), hub=hub, bridge=bridge, session=SessionHolder(bridge, "desk"),
        themes=ThemeManager("light", hub), wording=Wording("Asia/Shanghai"),
        settings=ConsoleSettings(tmp_path / "console.ini"),
    )  # fmt: skip


@pytest.fixture
def windows(context: Any) -> TrendWindows:
    return TrendWindows(context)


def first_of(qtbot: QtBot, windows: TrendWindows) -> TrendWorkspace:
    page = windows.make()
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    qtbot.waitExposed(page)
    return page


def test_a_second_window_opens_like_the_first_follows_live_and_leaves_nothing(
    qtbot: QtBot, windows: TrendWindows, hub: TagHub, store: Store
) -> None:
    page = first_of(qtbot, windows)
    page.add_tag("X3")
    page.pens.set_visible(page.pens.pens[1], visible=False)
    page.show_span(600)
    threads = set(threading.enumerate())
    page.window_wanted.emit()
    [second] = windows.windows
    qtbot.waitExposed(second)
    assert [(p.tag.name, p.color, p.visible) for p in second.pens.pens] == [
        (p.tag.name, p.color, p.visible) for p in page.pens.pens
    ]
    assert second.navigator.view.live
    assert second.navigator.view.span_s == 600
    before = second.navigator.view.end_s
    store.append(55.5)
    hub.tick()
    qtbot.waitUntil(lambda: cell(second, "A.FLOW", NOW).startswith("55.50"))
    qtbot.waitUntil(lambda: second.plot.span[1] > before)

    timers = second.findChildren(QTimer)
    assert any(timer.isActive() for timer in timers)
    second.close()
    qtbot.waitUntil(lambda: not shiboken6.isValid(second))
    assert not any(shiboken6.isValid(timer) for timer in timers)
    assert windows.windows == []
    qtbot.waitUntil(lambda: set(threading.enumerate()) <= threads)
    assert page.navigator.view.live

    page.window_wanted.emit()
    [third] = windows.windows
    windows.release(page)
    qtbot.waitUntil(lambda: not shiboken6.isValid(third))
    assert windows.windows == []
    assert hub.subscription_count == 0


def test_after_a_login_every_window_says_where_its_group_would_be_saved(qtbot: QtBot, context: Any) -> None:
    page = trends.make(context, context.bridge)
    qtbot.addWidget(page.widget)
    first = page.widget
    assert isinstance(first, TrendWorkspace)
    first.window_wanted.emit()
    _, second = page.kept()
    before = second.group_box.save.toolTip()
    assert "for this desk" in before
    context.session.session = SimpleNamespace(role=Role.ENGINEER)
    page.session_changed()
    assert [one.group_box.save.toolTip() for one in (first, second)] == ["Save into the project, for all desks"] * 2
    context.session.session = None
    page.session_changed()
    assert second.group_box.save.toolTip() == before
    page.release()


def test_the_border_above_the_legend_stays_where_it_was_put(qtbot: QtBot, windows: TrendWindows) -> None:
    page = first_of(qtbot, windows)
    before = page.picture.sizes()
    page.picture.moveSplitter(before[0] - 120, 1)  # as a drag of its handle does
    moved = page.picture.sizes()[1]
    assert moved > before[1] + 100
    page.add_tag("X3")
    page.resize(1200, 699)
    assert abs(page.picture.sizes()[1] - moved) <= 2
    windows.release(page)
    again = first_of(qtbot, windows)
    assert abs(again.picture.sizes()[1] - moved) <= 2
    windows.release(again)


def test_a_row_of_a_faceplate_dropped_on_a_trend_becomes_a_pen(
    qtbot: QtBot, windows: TrendWindows, plant: Plant, hub: TagHub
) -> None:
    page = first_of(qtbot, windows)
    tags = [("Two", plant.tags["X2"]), ("Five", plant.tags["X5"])]
    rows = ValueRows(tags, hub.sample, AlarmBook({}), ThemeManager("light", hub), Wording("UTC"))
    qtbot.addWidget(rows)
    rows.resize(300, 80)
    rows.show()
    qtbot.waitExposed(rows)
    names = [pen.tag.name for pen in page.pens.pens]
    y = next(y for y in range(rows.height()) if rows.tag_at(y) == "X5")
    assert drag(rows, QPoint(20, y), page.plot) == ["X5"]
    assert [pen.tag.name for pen in page.pens.pens] == [*names, "X5"]
    windows.release(page)
