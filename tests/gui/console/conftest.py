"""A console on the demo project without an engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

import resources
from app.console.console import Console
from app.project import load_plant


@pytest.fixture
def console(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Console]:
    """Return a console with its window open; the last one is disposed of, and leaves no subscription."""
    monkeypatch.setenv("HAIHE_STATE", str(tmp_path))
    plant = load_plant(Path(resources.__path__[0]) / "projects" / "lingzhuang")
    made = Console(plant, tmp_path / "console.ini", theme="light", language="en", supervise=False)
    made.context.themes.apply()
    made.open_window()
    yield made
    if made.window is not None:
        made.window.dispose()
        made.window = None
    made.stop()  # or its language stays for the next test
    assert made.context.hub.subscription_count == 0
