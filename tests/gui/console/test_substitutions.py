"""Substitutes and simulated connections are seen in every window, and listed on the system page."""

import pytest
from pytestqt.qtbot import QtBot

from app.console.console import Console
from app.console.substitutionlist import SubstitutionList
from app.console.window import MainWindow
from app.model import status as st
from app.model.connection import ConnectionState, ConnectionStatus
from app.model.sample import Sample
from app.model.substitution import ActiveSubstitution, Substitution
from app.model.user import Role, Session

pytestmark = [pytest.mark.gui, pytest.mark.qt_log_ignore("propagateSizeHints")]

TAG = "LZ.HL.OUT.PRES"
ACTIVE = ActiveSubstitution(
    Substitution(TAG, 0.41, "sensor fouled", "anna", "desk 1", 1, 2), Sample(0.38, st.GOOD, 1, 1)
)


@pytest.fixture
def window(console: Console) -> MainWindow:
    made = console.window
    assert made is not None
    made.show()
    return made


def test_nothing_is_said_while_everything_is_measured(window: MainWindow) -> None:
    assert not window.header.flags.isVisible()


def test_every_window_says_how_many_values_are_substituted(console: Console, window: MainWindow) -> None:
    console.context.substitutions._take([ACTIVE])
    assert window.header.flags.isVisible()
    assert window.header.flags.text() == "S substituted: 1"
    assert TAG in window.header.flags.toolTip()
    console.context.substitutions._take([])
    assert not window.header.flags.isVisible()


def test_a_simulated_connection_is_named_and_no_plc(console: Console, window: MainWindow) -> None:
    states = {
        "uf": ConnectionStatus("uf", ConnectionState.SIMULATED, 1),
        "cl": ConnectionStatus("cl", ConnectionState.CONNECTED, 1),
    }
    window.show_connections(states, 0)
    assert window.header.flags.isVisible()
    assert window.header.flags.text() == "≈ SIMULATED: 1"
    assert console.context.wording.text(console.context.plant.connections["uf"].title) in window.header.flags.toolTip()


def test_the_system_page_lists_who_substituted_what_and_why(qtbot: QtBot, console: Console, window: MainWindow) -> None:
    window.navigator.go("system")
    listed = window.findChild(SubstitutionList)
    assert isinstance(listed, SubstitutionList)
    assert not listed.isVisible()
    console.context.substitutions._take([ACTIVE])
    assert listed.isVisible()
    texts = [item.text() for column in range(7) if (item := listed.table.item(0, column)) is not None]
    assert texts[:4] == [TAG, "0.410 MPa", "0.380 MPa", "anna · desk 1"]
    assert texts[6] == "sensor fouled"
    listed.table.selectRow(0)
    assert not listed.end.isEnabled()
    console.context.session.session = Session("s", "anna", Role.OPERATOR, "desk 1", 0, 2**62)
    assert console.context.substitutions.may(console.context.plant.tags[TAG])
    assert not console.context.substitutions.may(console.context.plant.tags["LZ.HL.P01.ST"])


def test_the_faceplate_is_told_who_until_when_and_what_the_device_says(console: Console) -> None:
    tag = console.context.plant.tags[TAG]
    assert console.context.substitutions.told(tag) == ""
    console.context.substitutions._take([ACTIVE])
    told = console.context.substitutions.told(tag)
    assert "anna (desk 1)" in told
    assert "Reason: sensor fouled" in told
    assert "Device: 0.380 MPa" in told


def test_a_narrow_window_has_room_for_it(qtbot: QtBot, console: Console, window: MainWindow) -> None:
    console.context.substitutions._take([ACTIVE])
    states = {name: ConnectionStatus(name, ConnectionState.SIMULATED, 1) for name in console.context.plant.connections}
    window.show_connections(states, 0)
    window.resize(1024, 640)
    flags = window.header.flags
    qtbot.waitUntil(lambda: flags.text() == "≈ SIMULATED   S 1")
    qtbot.waitUntil(lambda: flags.width() >= flags.sizeHint().width())
    qtbot.waitUntil(lambda: flags.x() > window.header.finder.geometry().right())
    window.resize(1600, 900)
    qtbot.waitUntil(lambda: flags.text() == "≈ SIMULATED: 4   S substituted: 1")
