"""What the panel below the list says of an alarm."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.model.alarm import AlarmGuidance
from app.model.plant import Plant
from app.model.text import LocalText
from tests.gui.alarms.conftest import shot
from widgets.alarms.guidance import GuidancePanel
from widgets.alarms.row import AlarmRow
from widgets.theme import ThemeManager
from widgets.wording import Wording


@pytest.mark.parametrize(
    ("guidance", "said"),
    [
        (AlarmGuidance(), "No guidance was written for this alarm."),
        (AlarmGuidance(confirmation=LocalText("Look at the particle count")), "To be sure: Look at the particle count"),
        (
            AlarmGuidance(cause=LocalText("Broken fibre"), confirmation=LocalText("Look at the particle count")),
            "Cause: Broken fibre\nTo be sure: Look at the particle count",
        ),
    ],
)
def test_it_says_how_to_be_sure(
    qtbot: QtBot, plant: Plant, themes: ThemeManager, wording: Wording, guidance: AlarmGuidance, said: str
) -> None:
    panel = GuidancePanel(plant, themes, wording)
    qtbot.addWidget(panel)
    panel.show_row(AlarmRow(replace(plant.alarms["T0.H"], guidance=guidance), shot(0)))
    assert said in [label.text() for label in panel.findChildren(QLabel)]
