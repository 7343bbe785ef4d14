"""The faceplate: what it says of values, state and local control, and the guidance while an alarm is active."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from app.model import status as st
from app.model.alarm import AlarmDefinition, AlarmGuidance, AlarmKind, AnnunciationState, Priority
from app.model.alarm_state import AlarmSnapshot
from app.model.clock import SECOND_NS
from app.model.command import CommandResult, Selection
from app.model.equipment import Equipment, EquipmentType, FaceplateRow
from app.model.plant import Plant
from app.model.sample import Sample, Value
from app.model.tag import DataType, Tag
from app.model.text import LocalText
from widgets.alarms.book import AlarmBook
from widgets.faceplate.faceplate import Faceplate
from widgets.faceplate.minitrend import MiniTrend
from widgets.faceplate.port import Failed
from widgets.faceplate.values import LiveLabel
from widgets.theme import ThemeManager
from widgets.wording import Wording

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
STATES = ((0, LocalText("Stopped", "停止")), (2, LocalText("Running", "运行")))
GUIDANCE = AlarmGuidance(LocalText("Worn bearing"), LocalText("Seizure"), LocalText("Change over to pump 2"), 600)


class NoPort:
    """No command is given in these tests."""

    def select(
        self, command: str, value: Value, done: Callable[[Selection], None], failed: Failed, owner: QObject
    ) -> None:
        raise AssertionError(command)

    def operate(self, token: str, done: Callable[[CommandResult], None], failed: Failed, owner: QObject) -> None:
        raise AssertionError(token)

    def cancel(self, token: str) -> None:
        raise AssertionError(token)


class Desk:
    """A faceplate of one pump with the samples it reads and the book of alarms."""

    def __init__(self, qtbot: QtBot) -> None:
        tags = [
            Tag("A.P1.FLOW", LocalText("Pump 1 flow"), unit="m³/h", decimals=1, equipment="A.P1"),
            Tag("A.P1.ST", LocalText("Pump 1 state"), data_type=DataType.ENUM, states=STATES, equipment="A.P1"),
            Tag("A.P1.LR", LocalText("Pump 1 switch"), data_type=DataType.BOOL, equipment="A.P1"),
        ]
        kind = EquipmentType("pump", LocalText("Pump"), "pump", "ST", (2,), (4,), (FaceplateRow("FLOW"),), ("FLOW",))
        members = {"FLOW": "A.P1.FLOW", "ST": "A.P1.ST", "LR": "A.P1.LR"}
        pump = Equipment("A.P1", "pump", "A", LocalText("Pump 1"), members, local_remote="A.P1.LR")
        alarm = AlarmDefinition(
            "A.P1.FLOW.L", "A.P1.FLOW", AlarmKind.LOW, Priority.HIGH, LocalText("Flow low"), "A", "A.P1",
            guidance=GUIDANCE,
        )  # fmt: skip
        self.plant = Plant(
            Path(), "small", LocalText("Small"), "Asia/Shanghai", tags={tag.name: tag for tag in tags},
            types={"pump": kind}, equipment={"A.P1": pump}, alarms={alarm.id: alarm},
        )  # fmt: skip
        self.samples: dict[str, Sample] = {}
        self.closed: list[bool] = []
        self.book = AlarmBook(self.plant.alarms)
        self.themes = ThemeManager("light", self.book)
        for name, value in (("A.P1.FLOW", 812.34), ("A.P1.ST", 2), ("A.P1.LR", True)):
            self.put(name, value)
        self.face = Faceplate(
            self.plant, pump, self.samples.get, self.book, None, NoPort(), self.themes, Wording("Asia/Shanghai"),
            lambda: self.closed.append(True),
        )  # fmt: skip
        qtbot.addWidget(self.face)
        self.face.resize(380, 700)
        self.face.show()

    def put(self, name: str, value: Value, status: int = st.GOOD, at_ns: int = 1_700_000_000 * SECOND_NS) -> None:
        self.samples[name] = Sample(value, status, at_ns, at_ns)

    def words(self) -> list[str]:
        """Return what can be read, after a refresh."""
        self.face.refresh()
        return [label.text() for label in self.face.findChildren(QLabel) if label.isVisible() and label.text()]

    def label(self, text: str) -> QLabel:
        self.face.refresh()
        return next(one for one in self.face.findChildren(QLabel) if one.text() == text)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def low(age_s: float, state: AnnunciationState = AnnunciationState.UNACKNOWLEDGED) -> AlarmSnapshot:
    active = state is not AnnunciationState.RETURNED
    return AlarmSnapshot("A.P1.FLOW.L", "e1", state, active, time.time_ns() - round(age_s * SECOND_NS))


def test_says_value_unit_state_and_switch(desk: Desk) -> None:
    words = desk.words()
    assert {"Pump 1", "Flow", "812.3", "m³/h", "A.P1 · Running · remote"} <= set(words)
    desk.put("A.P1.ST", 0)
    desk.put("A.P1.LR", False)
    assert "A.P1 · Stopped · local" in desk.words()
    desk.put("A.P1.LR", True, st.BAD_NO_COMMUNICATION)
    assert "A.P1 · Stopped · local/remote not known" in desk.words()


@pytest.mark.parametrize(
    ("status", "text", "beside"),
    [
        (st.GOOD, "812.3", "m³/h"),
        (st.UNCERTAIN_SUBSTITUTE, "812.3", "m³/h [S]"),
        (st.UNCERTAIN_NO_COMMUNICATION_LAST_USABLE, "812.3", "47 s"),
        (st.BAD_NO_COMMUNICATION, "812.3", "47 s"),
        (st.BAD_SENSOR_FAILURE, "---", "sensor"),
    ],
)
def test_a_value_that_is_not_good_is_never_shown_as_if_it_were(desk: Desk, status: int, text: str, beside: str) -> None:
    desk.put("A.P1.FLOW", 812.34, status, time.time_ns() - 47 * SECOND_NS)
    shown = desk.label(text)
    assert shown.isEnabled() == (status == st.GOOD)
    assert st.status_name(status) in shown.toolTip()
    assert beside in desk.words()


@pytest.mark.parametrize("status", [st.UNCERTAIN_SUBSTITUTE, st.BAD_NO_COMMUNICATION])
def test_doubt_is_drawn_over_the_digits(desk: Desk, status: int) -> None:
    desk.put("A.P1.FLOW", 812.34, status)
    shown = desk.label("812.3")
    assert isinstance(shown, LiveLabel)
    doubtful = shown.grab().toImage()
    shown.show_sample("812.3", Sample(812.34, st.GOOD, 1, 1))
    shown.setEnabled(False)
    assert shown.grab().toImage() != doubtful


def test_a_tag_never_received_has_no_value(desk: Desk) -> None:
    del desk.samples["A.P1.FLOW"]
    assert desk.label("---").toolTip() == "Never received"


def test_the_state_of_a_lost_pump_is_the_last_one_known(desk: Desk) -> None:
    desk.put("A.P1.ST", 2, st.BAD_NO_COMMUNICATION)
    assert "A.P1 · Running (last known) · remote" in desk.words()


def test_state_and_captions_of_the_trend_say_what_was_not_measured(desk: Desk) -> None:
    trend = desk.face.findChild(MiniTrend)
    assert trend is not None
    measured = trend.grab().toImage()
    desk.put("A.P1.ST", 2, st.UNCERTAIN_SUBSTITUTE)
    desk.put("A.P1.LR", True, st.GOOD_LOCAL_OVERRIDE)
    desk.put("A.P1.FLOW", 812.34, st.GOOD_LOCAL_OVERRIDE)
    assert "A.P1 · Running [S] · remote [F]" in desk.words()
    assert trend.grab().toImage() != measured


def test_guidance_shows_while_the_alarm_is_active(desk: Desk) -> None:
    assert not any("Guidance" in word for word in desk.words())
    desk.book.apply(low(60))
    words = desk.words()
    assert "Guidance: Flow low" in words
    assert "Worn bearing\nSeizure\nChange over to pump 2" in words
    assert any(word.startswith("Respond within 10 min · ") and word.endswith(" left") for word in words)
    desk.book.apply(replace(low(900), event_id="e2"))
    assert any("overdue by 5 min" in word for word in desk.words())
    desk.book.apply(low(900, AnnunciationState.ACKNOWLEDGED))
    assert "Guidance: Flow low" in desk.words()
    desk.book.apply(low(900, AnnunciationState.RETURNED))
    assert not any("Guidance" in word or "Respond" in word for word in desk.words())


def test_close_asks_once(desk: Desk) -> None:
    buttons = desk.face.findChildren(QToolButton)
    next(one for one in buttons if one.accessibleName() == "Close faceplate").click()
    assert desk.closed == [True]
