"""A small plant, a source in memory, a hub and a view."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.model.alarm import AlarmDefinition, AlarmKind, AnnunciationState, Priority
from app.model.alarm_state import AlarmSnapshot
from app.model.clock import ManualClock
from app.model.equipment import Equipment, EquipmentType
from app.model.plant import Plant
from app.model.tag import DataType, Limits, Tag
from app.model.text import LocalText
from app.project.displays import parse_display_text
from tests.gui.widgets.memory import MemorySource
from widgets.live import TagHub
from widgets.mimic import MimicView
from widgets.theme import ThemeManager


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def plant() -> Plant:
    tags = [
        Tag("A.FLOW", LocalText("Flow", "流量"), unit="m³/h", high=2000, decimals=0,
            limits=Limits(normal_low=800, normal_high=1200, high=1500)),
        Tag("A.TURB", LocalText("Turbidity"), unit="NTU", high=1, decimals=3, equipment="A.P1"),
        Tag("A.P1.ST", data_type=DataType.ENUM,
            states=((0, LocalText("Stopped", "停止")), (2, LocalText("Running", "运行")))),
        Tag("A.P1.LR", data_type=DataType.BOOL),
    ]  # fmt: skip
    kind = EquipmentType("pump", LocalText("Pump"), "pump", "ST", (2,), (4,))
    pump = Equipment("A.P1", "pump", "A", LocalText("Pump 1"), {"ST": "A.P1.ST"}, local_remote="A.P1.LR")
    alarm = AlarmDefinition("A.TURB.H", "A.TURB", AlarmKind.HIGH, Priority.HIGH, LocalText("high"), "A", "A.P1")
    return Plant(
        Path(), "small", LocalText("Small"), "Asia/Shanghai", tags={tag.name: tag for tag in tags},
        types={"pump": kind}, equipment={"A.P1": pump}, alarms={alarm.id: alarm},
    )  # fmt: skip


@pytest.fixture
def source(plant: Plant, clock: ManualClock) -> MemorySource:
    made = MemorySource(list(plant.tags), clock)
    made.put("A.FLOW", 1000.0)
    made.put("A.TURB", 0.02)
    made.put("A.P1.ST", 2)
    made.put("A.P1.LR", True)
    return made


@pytest.fixture
def hub(qtbot: QtBot, plant: Plant, source: MemorySource, clock: ManualClock) -> TagHub:
    made = TagHub(plant, lambda: source, clock)
    made.tick()
    return made


@pytest.fixture
def themes(qtbot: QtBot) -> ThemeManager:
    return ThemeManager("light")


def show_mimic(qtbot: QtBot, hub: TagHub, themes: ThemeManager, svg: str) -> MimicView:
    """Show a display of 400 by 300 px."""
    made = MimicView(hub, themes)
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.set_display(parse_display_text(svg, Path("t.svg"))[0])
    made.show()
    qtbot.waitExposed(made)
    return made


def alarm_of(clock: ManualClock, *, acknowledged: bool = False) -> AlarmSnapshot:
    state = AnnunciationState.ACKNOWLEDGED if acknowledged else AnnunciationState.UNACKNOWLEDGED
    return AlarmSnapshot("A.TURB.H", "1", state, True, clock.now_ns())
