"""Giving a substitute: what the menu of a value offers, and what the dialog takes."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.model import status as st
from app.model.sample import Sample, Value
from app.model.tag import DataType, Tag
from app.model.text import LocalText
from widgets.alarms.book import AlarmBook
from widgets.faceplate.substitution import SubstituteDialog, add_substitution_actions
from widgets.faceplate.values import ValueRows
from widgets.quality import STANDS_STILL
from widgets.theme import ThemeManager
from widgets.wording import Wording

pytestmark = [pytest.mark.gui, pytest.mark.qt_log_ignore("This plugin does not support")]

FLOW = Tag("A.FLOW", LocalText("Flow"), unit="m³/h", low=0.0, high=50.0)
COUNT = Tag("A.COUNT", data_type=DataType.INT)
STATE = Tag("A.ST", data_type=DataType.ENUM, states=((0, LocalText("off")), (2, LocalText("on"))))
RUNS = Tag("A.RUN", data_type=DataType.BOOL)
TEXT = Tag("A.TEXT", data_type=DataType.STRING)


class Port:
    """What the console knows, as a test says it."""

    def __init__(self, why_not: str = "", *, may: bool = True, active: bool = False) -> None:
        self.why_not = why_not
        self._may, self._active = may, active
        self.ended: list[str] = []

    def may(self, tag: Tag) -> bool:
        return self._may

    def is_active(self, tag: Tag) -> bool:
        return self._active

    def told(self, tag: Tag) -> str:
        return "Substituted by anna" if self._active else ""

    def substitute(
        self, tag: Tag, value: Value, reason: str, duration_s: float, done: Callable[[], None],
        failed: Callable[[str], None],
    ) -> None:  # fmt: skip
        raise AssertionError("the dialog asks")

    def end(self, tag: Tag, failed: Callable[[str], None]) -> None:
        self.ended.append(tag.name)


def _offered(qtbot: QtBot, tag: Tag, port: Port, wanted: Callable[[str], None] = lambda _: None) -> QMenu:
    menu = QMenu()
    qtbot.addWidget(menu)
    add_substitution_actions(menu, tag, port, wanted)
    return menu


def test_a_value_offers_a_substitute_and_a_substituted_one_its_end(qtbot: QtBot) -> None:
    wanted: list[str] = []
    menu = _offered(qtbot, FLOW, Port(), wanted.append)
    assert [action.text() for action in menu.actions()] == ["Substitute…"]
    menu.actions()[0].trigger()
    assert wanted == ["A.FLOW"]
    port = Port(active=True)
    menu = _offered(qtbot, FLOW, port)
    assert [action.text() for action in menu.actions()] == ["New substitute…", "End substitute"]
    menu.actions()[1].trigger()
    assert port.ended == ["A.FLOW"]


@pytest.mark.parametrize("port", [Port("Log in to operate", active=True), Port(may=False, active=True)])
def test_what_may_not_be_done_is_there_and_disabled(qtbot: QtBot, port: Port) -> None:
    menu = _offered(qtbot, FLOW, port)
    assert [action.isEnabled() for action in menu.actions()] == [False, False]


def test_a_text_has_no_substitute(qtbot: QtBot) -> None:
    assert _offered(qtbot, TEXT, Port()).actions() == []


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def _dialog(parent: QWidget, tag: Tag) -> SubstituteDialog:
    return SubstituteDialog(tag, Sample(12.0, st.GOOD, 1, 1), "", Wording("UTC"), parent)


def test_value_and_reason_are_needed_and_both_are_sent_once(qtbot: QtBot, parent: QWidget) -> None:
    dialog = _dialog(parent, FLOW)
    assert not dialog.agree.isEnabled()
    dialog.number.setText("20,5")
    assert not dialog.agree.isEnabled()
    dialog.reason.setText("  sensor fouled ")
    assert dialog.agree.isEnabled()
    with qtbot.waitSignal(dialog.wanted) as sent:
        dialog.agree.click()
    assert sent.args == [20.5, "sensor fouled", 7200.0]
    assert not dialog.agree.isEnabled()
    dialog.refuse("the engine says no")
    assert dialog.why.text() == "the engine says no"
    assert dialog.agree.isEnabled()


def test_every_line_of_what_is_known_and_refused_can_be_read(qtbot: QtBot, parent: QWidget) -> None:
    told = "Substituted by anna (Desk 1) until tomorrow\nReason: " + "the transmitter is away " * 8 + "\nDevice: 12"
    dialog = SubstituteDialog(FLOW, Sample(20.0, st.UNCERTAIN_SUBSTITUTE, 1, 1), told, Wording("UTC"), parent)
    dialog.show()
    qtbot.waitExposed(dialog)
    dialog.refuse("the engine says no, " * 12)
    QApplication.sendPostedEvents()
    texts = [label for label in dialog.findChildren(QLabel) if label.wordWrap()]
    assert len(texts) == 3
    assert all(label.height() >= label.heightForWidth(label.width()) for label in texts)


@pytest.mark.parametrize("text", ["50.1", "-1", "x", "nan", "1e9"])
def test_what_the_tag_cannot_have_is_not_sent(parent: QWidget, text: str) -> None:
    dialog = _dialog(parent, FLOW)
    dialog.reason.setText("why")
    dialog.number.setText(text)
    assert not dialog.agree.isEnabled()
    assert dialog.why.text()


def test_values_have_the_type_of_their_tag(parent: QWidget) -> None:
    count = _dialog(parent, COUNT)
    count.number.setText("7")
    assert count.value() == 7
    assert isinstance(count.value(), int)
    count.number.setText("7.5")
    assert count.value() is None
    state = _dialog(parent, STATE)
    state.state.setCurrentIndex(1)
    assert (state.value(), state.state.currentText()) == (2, "2  on")
    runs = _dialog(parent, RUNS)
    runs.state.setCurrentIndex(1)
    assert runs.value() is True


def test_a_row_says_that_its_value_was_not_measured(qtbot: QtBot) -> None:
    samples = {
        "A.FLOW": Sample(20.0, st.UNCERTAIN_SUBSTITUTE, 1, 1),
        "A.COUNT": Sample(3, st.GOOD_LOCAL_OVERRIDE, 1, 1),
        "A.RUN": Sample(True, st.GOOD, 1, 1),
        "A.ST": Sample(2, st.UNCERTAIN_LAST_USABLE, 1, 1),
    }
    tags = [("Flow", FLOW), ("Count", COUNT), ("Runs", RUNS), ("State", STATE)]
    rows = ValueRows(
        tags, samples.get, AlarmBook({}), ThemeManager(), Wording("UTC"),
        Port(active=True),
    )  # fmt: skip
    qtbot.addWidget(rows)
    beside = [unit.text() for *_, unit in rows._lines]
    assert beside[:3] == ["m³/h [S]", "[F]", ""]
    assert beside[3].endswith(f"d [{STANDS_STILL}]")  # its age before it
    tips = [value.toolTip() for _, _, value, _ in rows._lines]
    assert "UncertainSubstituteValue" in tips[0]
    assert "Substituted by anna" in tips[0]
    assert "not measured" in tips[1]
    assert "measured" not in tips[2]
    assert "Stands still" in tips[3]
