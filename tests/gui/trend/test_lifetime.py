"""Trend windows come and go: timers end with them, and menus that close while their window does harm nothing."""

import subprocess
import sys
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt, QTimer
from pytestqt.qtbot import QtBot

from widgets.live import TagHub
from widgets.trend.workspace import TrendWorkspace

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
ROUNDS = 60


def test_a_closed_window_has_no_timer_left(qtbot: QtBot, trend: TrendWorkspace, hub: TagHub) -> None:
    first = trend
    second = TrendWorkspace(first.plant, first.source, hub.sample, first.themes, first.wording)
    second.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    second.show_like(first)
    second.show()
    qtbot.waitExposed(second)
    assert [pen.tag.name for pen in second.pens.pens] == [pen.tag.name for pen in first.pens.pens]
    timers = second.findChildren(QTimer)
    assert any(timer.isActive() for timer in timers)
    second.close()
    assert not second.watch._follow_timer.isActive()
    qtbot.waitUntil(lambda: not shiboken6.isValid(second))
    assert not any(shiboken6.isValid(timer) for timer in timers)
    first.query()
    assert first.watch._follow_timer.isActive()


def test_menus_that_close_with_their_window_do_not_crash(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-m", "tests.gui.trend.menu_stress", str(tmp_path), str(ROUNDS)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert f"{ROUNDS} rounds" in done.stdout
