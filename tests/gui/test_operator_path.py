"""The first whole path: real plant and engine processes, the real window, and an operator who uses both."""

import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.console.bridge import LinkState
from app.console.console import Console, find_engine
from app.console.login import LoginDialog
from app.engine.access import ACCOUNTS_S
from app.model import status as st
from app.model.alarm import Suppression
from app.model.errors import HaiheError
from app.model.journal import JournalKind
from app.model.sample import Sample
from tests.gui.site import PASSWORD, USER, Operator, Works
from widgets.alarms.filtering import AlarmList
from widgets.alarms.journal_model import JournalColumn
from widgets.alarms.journal_view import JournalView
from widgets.alarms.list_view import AlarmListPage
from widgets.alarms.shelving import ShelveDialog

pytestmark = [pytest.mark.system, pytest.mark.gui, pytest.mark.qt_log_ignore("propagateSizeHints")]

RACK, PUMP = "LZ.UF.R03", "LZ.HL.P04"
TURBIDITY, COMBINED = f"{RACK}.PTURB", "LZ.UF.PERM.TURB"
ALARM = f"{TURBIDITY}.H"


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Works]:
    with pytest.MonkeyPatch.context() as patch:
        works = Works(tmp_path_factory.mktemp("works"), patch.setenv)
        try:
            works.start_engine()
            yield works
        finally:
            works.close()


@pytest.fixture
def console(qtbot: QtBot, works: Works) -> Iterator[Console]:
    console = works.open_console()
    window = console.start()
    window.resize(1920, 1080)
    try:
        qtbot.waitUntil(lambda: console.context.bridge.state is LinkState.CONNECTED, timeout=15_000)
        yield console
    finally:
        assert console.window is not None
        last = console.window  # another language has another window
        last.close()
        console.stop()
        last.dispose()


@pytest.fixture
def operator(qtbot: QtBot, console: Console, tmp_path: Path) -> Operator:
    assert console.window is not None
    return Operator(qtbot, console.window, tmp_path)


def value(console: Console, tag: str) -> Sample:
    sample = console.context.hub.sample(tag)
    assert sample is not None
    return sample


def good(console: Console, tag: str) -> bool:
    sample = console.context.hub.sample(tag)
    return sample is not None and sample.is_good


def test_from_the_first_picture_to_the_journal(
    qtbot: QtBot, works: Works, console: Console, operator: Operator
) -> None:
    window, book = operator.window, console.context.book

    # The UF hall, by its link on the overview.
    operator.point(display="uf-hall")
    assert operator.mimic().display is not None
    assert window.place is not None
    assert window.place.display == "uf-hall"
    qtbot.waitUntil(lambda: good(console, TURBIDITY) and good(console, COMBINED), timeout=15_000)
    before, digits = value(console, COMBINED), operator.painted(COMBINED)
    usual = before.number or 0.0
    assert 0 < usual < 0.1
    qtbot.waitUntil(lambda: operator.shows("4 of 4 PLCs"), timeout=10_000)

    # Fibres break: the turbidity rises in the picture, then the alarm comes.
    works.disturb("fibre", RACK)
    qtbot.waitUntil(lambda: (value(console, COMBINED).number or 0) > usual + 0.002, timeout=15_000)
    qtbot.waitUntil(lambda: operator.painted(COMBINED) != digits, timeout=3000)
    assert value(console, COMBINED).source_ns > before.source_ns
    qtbot.waitUntil(lambda: operator.shows(TURBIDITY, inside=window.banner), timeout=30_000)
    qtbot.waitUntil(lambda: book.get(ALARM) is not None, timeout=15_000)
    assert operator.shows("limit", inside=window.banner)
    assert not operator.button("Acknowledge", window.banner).isEnabled()
    operator.picture("1-alarm")

    # Nobody acknowledges without a name; a wrong password is no name.
    dialog = operator.log_in(USER, "not-the-password")
    qtbot.waitUntil(lambda: operator.shows("wrong user name or password", inside=dialog), timeout=10_000)
    operator.picture("2-login-refused", dialog)
    operator.press("Cancel", dialog)
    operator.log_in(USER, PASSWORD)
    qtbot.waitUntil(lambda: operator.shows(f"{USER} · operator", inside=window.header), timeout=10_000)

    acknowledge(qtbot, operator, console)
    shelve(qtbot, operator, console)
    start_pump(qtbot, operator, console)
    read_journal(qtbot, operator)


def read_journal(qtbot: QtBot, operator: Operator) -> None:
    """Find all of it in the journal."""
    window = operator.window
    wanted = {
        "alarm": ("Alarm", ALARM),
        "acknowledged": ("Acknowledged", ALARM, USER, "fibre suspected"),
        "shelved": ("Shelved", ALARM, USER, "turbidity meter being cleaned"),
        "unshelved": ("Unshelved", ALARM, USER),
        "login": ("Log in", USER),
        "login refused": ("Access", "Login failed", USER),
        "selected": ("Select", f"{PUMP}.START", USER),
        "operated": ("Execute", f"{PUMP}.START", USER),
        "result": ("Result", f"{PUMP}.START", "success", "confirmed by the feedback", USER),
    }
    operator.click(window.rail.buttons["journal"])
    page = window.workspaces.currentWidget()
    assert isinstance(page, JournalView)
    qtbot.waitUntil(lambda: page.model.rowCount() > 0, timeout=10_000)
    with qtbot.waitSignal(page.model.rowsInserted, timeout=10_000):
        operator.press("Refresh", page)
    operator.picture("6-journal")
    rows = [" | ".join(row).casefold() for row in operator.cells(page.table)]
    missing = [
        name for name, parts in wanted.items() if not any(all(part.casefold() in row for part in parts) for row in rows)
    ]
    assert not missing, "\n".join(rows)


def acknowledge(qtbot: QtBot, operator: Operator, console: Console) -> None:
    """Acknowledge the alarm in the list, with a comment."""
    window, book = operator.window, console.context.book
    operator.click(window.rail.buttons["alarms"])
    page = window.workspaces.currentWidget()
    assert isinstance(page, AlarmListPage)
    found = [number for number, row in enumerate(page.visible_rows()) if row.snapshot.id == ALARM]
    assert found, operator.cells(page.table)
    spot = page.table.visualRect(page.table.model().index(found[0], 3)).center()
    operator.click(page.table.viewport(), spot)
    assert [row.snapshot.id for row in page.selected_rows()] == [ALARM]
    comment = next(one for one in page.findChildren(QLineEdit) if one.placeholderText().startswith("Comment"))
    operator.type_into(comment, "fibre suspected")
    operator.picture("3-alarm-list")
    operator.press("Acknowledge selected", page)

    def acknowledged() -> bool:
        row = book.get(ALARM)
        return row is not None and not row.snapshot.unacknowledged

    qtbot.waitUntil(acknowledged, timeout=5000)
    qtbot.waitUntil(lambda: any(USER in cell for row in operator.cells(page.table) for cell in row), timeout=3000)


def shelve(qtbot: QtBot, operator: Operator, console: Console) -> None:
    """Shelve the acknowledged alarm with a reason, find it in its list, and end that."""
    window, book = operator.window, console.context.book
    page = window.workspaces.currentWidget()
    assert isinstance(page, AlarmListPage)

    def suppression() -> frozenset[Suppression]:
        row = book.get(ALARM)
        return row.snapshot.suppression if row is not None else frozenset()

    operator.press("Shelve…", page)
    dialog = page.findChild(ShelveDialog)
    assert dialog is not None
    operator.type_into(dialog.reason, "turbidity meter being cleaned")
    operator.press("Shelve", dialog)
    qtbot.waitUntil(lambda: Suppression.SHELVED in suppression(), timeout=10_000)
    qtbot.waitUntil(lambda: not shiboken6.isValid(dialog) or not dialog.isVisible(), timeout=5000)
    operator.press("Shelved 1", page)
    [row] = page.visible_rows()
    assert row.snapshot.shelved is not None
    assert (row.snapshot.shelved.user, row.snapshot.shelved.reason) == (USER, "turbidity meter being cleaned")
    operator.picture("3b-shelved")
    page.table.selectRow(0)
    operator.press("Unshelve", page)
    qtbot.waitUntil(lambda: not suppression(), timeout=10_000)
    page.show_list(AlarmList.ACTIVE)


def start_pump(qtbot: QtBot, operator: Operator, console: Console) -> None:
    """Start a stopped pump from its faceplate: select, read the checks, execute, see it run."""
    window = operator.window
    operator.click(window.header.finder)
    QTest.keyClicks(window.header.finder, "high-lift")
    QTest.keyClick(window.header.finder, Qt.Key.Key_Return)
    assert window.place is not None
    assert window.place.display == "high-lift"
    qtbot.waitUntil(lambda: good(console, f"{PUMP}.ST"), timeout=10_000)
    assert value(console, f"{PUMP}.ST").number == 0
    operator.point(equipment=PUMP)
    plate = window.faceplate
    assert plate is not None
    assert plate.equipment.name == PUMP
    qtbot.waitUntil(lambda: operator.shows("Stopped · remote", inside=plate), timeout=5000)
    operator.press("Start", plate.commands)
    qtbot.waitUntil(lambda: operator.shows("selected,", "✓", inside=plate.commands), timeout=5000)
    assert not operator.shows("✗", inside=plate.commands)
    assert value(console, f"{PUMP}.ST").number == 0, "selecting sends nothing"
    operator.picture("4-checks")
    operator.press("Execute", plate.commands)
    qtbot.waitUntil(lambda: operator.shows("Running · remote", inside=plate), timeout=20_000)
    qtbot.waitUntil(lambda: operator.shows("Start: done", inside=plate.commands), timeout=10_000)
    assert value(console, f"{PUMP}.ST").number == 2
    operator.picture("5-running")


def test_a_killed_engine_is_seen_at_once_and_replaced(
    qtbot: QtBot, works: Works, console: Console, operator: Operator
) -> None:
    hub, supervisor = console.context.hub, console.supervisor
    assert supervisor is not None
    wait_until_good(qtbot, operator, console)
    digits = operator.painted(COMBINED)

    # The engine that was found running; the console is kept from replacing it until stale values were seen.
    supervisor.stop()
    first = kill_engine(works)
    qtbot.waitUntil(lambda: not hub.alive, timeout=3000)
    stale = value(console, COMBINED)
    assert st.is_stale(stale.status)
    assert stale.value is not None, "the last value stays readable"
    qtbot.waitUntil(lambda: operator.painted(COMBINED) != digits, timeout=1000)
    qtbot.waitUntil(lambda: operator.shows("Engine lost", inside=operator.window.header), timeout=1000)
    assert operator.shows("Alarms are not known", inside=operator.window.banner)
    assert not operator.shows(RACK, inside=operator.window.banner), "no lesser alarm stands in for a hidden one"
    assert not operator.button("Acknowledge", operator.window.banner).isEnabled()
    operator.picture("1-stale")
    supervisor.start()
    wait_until_good(qtbot, operator, console, after_ns=stale.source_ns)
    assert supervisor.owns_engine

    # The console's own child: it is replaced with no one's help.
    with qtbot.waitSignal(console.context.bridge.state_changed, timeout=3000):
        second = kill_engine(works)
    assert console.context.bridge.state is LinkState.LOST
    wait_until_good(qtbot, operator, console, after_ns=time.time_ns())
    assert operator.shows("engine restarted 1×", inside=operator.window.header)
    assert len({first, second, running_engine(works)}) == 3
    operator.picture("2-recovered")


def wait_until_good(qtbot: QtBot, operator: Operator, console: Console, after_ns: int = 0) -> None:
    """Wait until link, alarms and values are those of a running engine."""
    qtbot.waitUntil(lambda: console.context.bridge.state is LinkState.CONNECTED, timeout=15_000)
    qtbot.waitUntil(lambda: operator.shows("4 of 4 PLCs", inside=operator.window.header), timeout=15_000)
    qtbot.waitUntil(lambda: good(console, COMBINED) and value(console, COMBINED).source_ns > after_ns, timeout=15_000)
    qtbot.waitUntil(lambda: console.context.book.known, timeout=3000)


def running_engine(works: Works) -> int:
    """Return the process id of the engine."""
    engine = find_engine(works.plant.id)
    assert engine is not None
    return engine.pid


def kill_engine(works: Works) -> int:
    """Kill the engine; return its process id."""
    pid = running_engine(works)
    os.kill(pid, signal.SIGKILL)
    return pid


def test_a_session_that_the_engine_ends_is_shown_and_asked_for_anew(
    qtbot: QtBot, works: Works, console: Console, operator: Operator
) -> None:
    operator.log_in(USER, PASSWORD)
    qtbot.waitUntil(lambda: operator.shows(USER, "Log out", inside=operator.window.header), timeout=5_000)
    try:
        works.change_user("disable")
        window = operator.window
        qtbot.waitUntil(
            lambda: any(each.isVisible() for each in window.findChildren(LoginDialog)),
            timeout=round(ACCOUNTS_S * 1000) + 5_000,
        )
        [dialog] = [each for each in operator.window.findChildren(LoginDialog) if each.isVisible()]
        assert dialog.reason == "You were logged out: the account was changed"
        assert not operator.shows(USER, inside=operator.window.header)
        assert not console.context.session.may_operate
    finally:
        works.change_user("enable")
    operator.type_into(dialog.password, PASSWORD)
    QTest.keyClick(dialog.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: console.context.session.may_operate, timeout=5_000)
    assert operator.shows(USER, "Log out", inside=operator.window.header)


def test_a_chinese_desk_reads_the_journal_of_all_this_in_chinese(
    qtbot: QtBot, works: Works, console: Console, operator: Operator, tmp_path: Path
) -> None:
    refused: list[HaiheError] = []
    console.context.bridge.call(lambda client: client.select(f"{PUMP}.START"), lambda _: None, refused.append, console)
    qtbot.waitUntil(lambda: len(refused) == 1, timeout=5000)
    dialog = operator.log_in(USER, "not-the-password")
    qtbot.waitUntil(lambda: operator.shows("wrong user name or password", inside=dialog), timeout=10_000)
    operator.press("Cancel", dialog)
    operator.log_in(USER, PASSWORD)
    qtbot.waitUntil(lambda: console.context.session.may_operate, timeout=10_000)
    operator.press("Log out", operator.window.header)
    qtbot.waitUntil(lambda: not console.context.session.may_operate, timeout=10_000)

    console.change_language("zh_CN")
    assert console.window is not None
    reader = Operator(qtbot, console.window, tmp_path)
    reader.click(console.window.rail.buttons["journal"])
    page = console.window.workspaces.currentWidget()
    assert isinstance(page, JournalView)
    wanted = {"start", "state", "refused", "login-failed", "login", "logout"}

    def all_read() -> bool:
        page.model.fetchMore(QModelIndex())
        return not page.model.canFetchMore(QModelIndex()) and wanted <= {row.event for row in page.model.rows}

    qtbot.waitUntil(all_read, timeout=15_000)
    reader.picture("journal-zh")
    names = {*works.plant.tags, *works.plant.alarms, *works.plant.commands}
    terms = [
        *(tag.unit for tag in works.plant.tags.values()),
        *(one.title.zh for one in works.plant.connections.values()),
    ]
    known = {word for term in terms for word in re.findall("[A-Za-z]+", term)}
    written = {"ACK", "COMMENT", "SHELVE", "UNSHELVE", "add"}
    for row in page.model.rows:
        shown = [c for c in JournalColumn if c is not JournalColumn.USER]  # names of people and machines
        if row.event in written:  # what a user typed
            shown.remove(JournalColumn.COMMENT)
        if row.kind is JournalKind.ACCESS:
            shown.remove(JournalColumn.OBJECT)
        said = " | ".join(page.model.text(row, column) for column in shown)
        for name in sorted(names, key=len, reverse=True):
            said = said.replace(name, "")
        assert set(re.findall("[A-Za-z]+", said)) <= known, said
