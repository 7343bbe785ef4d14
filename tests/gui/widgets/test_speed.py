"""The cost of a display's live values grows with their number, not with its square."""

import time
from pathlib import Path

import pytest
from PySide6.QtGui import QPainter, QPixmap, QRegion
from pytestqt.qtbot import QtBot

from app.model.clock import ManualClock
from app.model.plant import Plant
from app.model.tag import Tag
from app.model.text import LocalText
from app.project.displays import parse_display_text
from tests.gui.widgets.memory import MemorySource
from widgets.live import TagHub
from widgets.mimic import MimicView
from widgets.theme import ThemeManager

pytestmark = pytest.mark.gui

COLUMNS = 50
FEW, MANY = 1250, 5000


def seconds(qtbot: QtBot, themes: ThemeManager, count: int) -> float:
    """Return the least processor time of an update and paint in which every value changed."""
    names = [f"A.V{number}" for number in range(count)]
    tags = {name: Tag(name, unit="kPa", decimals=2) for name in names}
    clock = ManualClock()
    plant = Plant(Path(), "many", LocalText("Many"), "UTC", tags=tags)
    source = MemorySource(names, clock)
    for index, name in enumerate(names):
        source.put(name, index % 97 + 0.25)
    hub = TagHub(plant, lambda: source, clock)
    hub.tick()
    body = "".join(
        f'<text h:value="{name}" x="{4 + 40 * (i % COLUMNS)}" y="{12 + 12 * (i // COLUMNS)}" font-size="11"/>'
        for i, name in enumerate(names)
    )
    head = '<svg xmlns:h="urn:haihe:display:1" viewBox="0 0 2000 1200" h:title="Many">'
    display, problems = parse_display_text(head + body + "</svg>", Path("many.svg"))
    assert problems == []
    view = MimicView(hub, themes)
    qtbot.addWidget(view)
    view.resize(2000, 1200)
    view.set_display(display)
    scene = view.scene
    assert scene is not None
    picture = QPixmap(2000, 1200)
    taken = []
    for turn in range(5):
        for index, name in enumerate(names):
            source.put(name, (index * 7 + turn * 13) % 97 + 0.5)
        start = time.process_time()
        hub.tick()
        scene.refresh_tags(set(names))
        with QPainter(picture) as painter:
            scene.paint(painter, QRegion(0, 0, 2000, 1200))
        taken.append(time.process_time() - start)
    view.close_display()
    return min(taken)


def test_four_times_the_values_cost_no_more_than_eight_times_as_much(qtbot: QtBot, themes: ThemeManager) -> None:
    few, many = (seconds(qtbot, themes, count) for count in (FEW, MANY))
    print(f"update and paint when all changed: {FEW} values {few * 1e3:.1f} ms, {MANY} values {many * 1e3:.1f} ms")
    assert many < 8 * few
