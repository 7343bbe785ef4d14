"""The whole window on the demo project, without an engine: every workspace opens, in both languages."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

import resources
from app.console.console import Console
from app.console.workspaces import WORKSPACES
from app.project import load_plant

PROJECT = Path(resources.__path__[0]) / "projects" / "lingzhuang"


@pytest.mark.gui
@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_every_workspace_opens_and_language_changes_at_run_time(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAIHE_STATE", str(tmp_path))
    console = Console(load_plant(PROJECT), tmp_path / "console.ini", theme="light", language="en", supervise=False)
    console.context.themes.apply()
    window = console.open_window()
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
    qtbot.waitUntil(lambda: True)
    console.context.session.changed.emit()
    console.change_language("en")
    last = console.window
    assert last is not None
    last.dispose()
    console.window = None
    assert console.context.hub.subscription_count == 0
