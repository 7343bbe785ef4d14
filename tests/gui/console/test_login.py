"""The login dialog over a real link: refused with a reason it stays, accepted it closes."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from app.console.bridge import EngineBridge, LinkState
from app.console.login import LoginDialog
from app.console.session import SessionHolder
from app.model.user import Role
from tests.gui.console.linkserver import PASSWORD, LinkThread, link_thread

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # offscreen has no window manager to tell


@pytest.fixture
def link() -> Iterator[LinkThread]:
    with link_thread() as made:
        made.open()
        yield made


@pytest.fixture
def session(qtbot: QtBot, link: LinkThread) -> Iterator[SessionHolder]:
    bridge = EngineBridge(link.find)
    holder = SessionHolder(bridge, "desk 2")
    holder.setParent(bridge)
    with qtbot.waitSignal(bridge.state_changed, check_params_cb=lambda state: state is LinkState.CONNECTED):
        bridge.start()
    yield holder
    bridge.stop()


def dialog_of(qtbot: QtBot, session: SessionHolder, user: str = "") -> LoginDialog:
    dialog = LoginDialog(session, user)
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


def fill(dialog: LoginDialog, user: str, password: str) -> None:
    dialog.user.clear()
    QTest.keyClicks(dialog.user, user)
    QTest.keyClicks(dialog.password, password)


def who(session: SessionHolder) -> tuple[str, Role] | None:
    return (session.session.user, session.session.role) if session.session else None


def test_wrong_password_says_why_and_keeps_the_dialog(qtbot: QtBot, session: SessionHolder, link: LinkThread) -> None:
    dialog = dialog_of(qtbot, session)
    fill(dialog, "wang", "wrong")
    QTest.keyClick(dialog.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.reason == "user or password is wrong")
    assert dialog.isVisible()
    assert dialog.password.text() == ""
    assert who(session) is None
    assert not session.may_operate

    QTest.keyClicks(dialog.password, PASSWORD)
    with qtbot.waitSignal(dialog.accepted):
        dialog.submit.click()
    assert not dialog.isVisible()
    assert [user for user, _, _ in link.logins] == ["wang", "wang"]


def test_right_password_logs_in_at_this_desk(qtbot: QtBot, session: SessionHolder, link: LinkThread) -> None:
    dialog = dialog_of(qtbot, session, "wang")
    QTest.keyClicks(dialog.password, PASSWORD)
    with qtbot.waitSignals([session.changed, dialog.accepted]):
        QTest.keyClick(dialog.password, Qt.Key.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert who(session) == ("wang", Role.OPERATOR)
    assert session.why_not == ""
    assert link.logins == [("wang", PASSWORD, "desk 2")]
    session.logout()
    assert who(session) is None
    assert link.logouts.wait(5)


@pytest.mark.parametrize(("user", "password"), [("", ""), ("wang", ""), ("", PASSWORD), ("   ", PASSWORD)])
def test_empty_fields_are_never_sent(
    qtbot: QtBot, session: SessionHolder, link: LinkThread, user: str, password: str
) -> None:
    dialog = dialog_of(qtbot, session)
    fill(dialog, user, password)
    dialog.submit.click()
    QTest.keyClick(dialog.password, Qt.Key.Key_Return)
    assert dialog.isVisible()
    fill(dialog, "wang", "" if password else PASSWORD)
    with qtbot.waitSignal(dialog.accepted):
        dialog.submit.click()
    assert link.logins == [("wang", PASSWORD, "desk 2")]


def test_return_pressed_twice_asks_once(qtbot: QtBot, session: SessionHolder, link: LinkThread) -> None:
    dialog = dialog_of(qtbot, session)
    fill(dialog, "wang", PASSWORD)
    with qtbot.waitSignal(dialog.accepted):
        QTest.keyClick(dialog.password, Qt.Key.Key_Return)
        QTest.keyClick(dialog.password, Qt.Key.Key_Return)
    assert len(link.logins) == 1


def test_a_lost_link_ends_the_session_and_says_so(qtbot: QtBot, session: SessionHolder, link: LinkThread) -> None:
    dialog = dialog_of(qtbot, session, "wang")
    QTest.keyClicks(dialog.password, PASSWORD)
    with qtbot.waitSignal(dialog.accepted):
        dialog.submit.click()
    with qtbot.waitSignal(session.changed):
        link.close()
    assert who(session) is None
    assert "no link" in session.why_not
    late = dialog_of(qtbot, session, "wang")
    QTest.keyClicks(late.password, PASSWORD)
    late.submit.click()
    qtbot.waitUntil(lambda: "no link" in late.reason)
    assert late.isVisible()
    assert late.submit.isEnabled() or not late.password.text()
