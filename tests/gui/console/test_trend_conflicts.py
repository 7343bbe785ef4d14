"""Two desks that save one trend group: nothing is lost without being asked."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QInputDialog, QPushButton
from pytestqt.qtbot import QtBot

from app.console.trend_groups import TrendGroupFiles
from app.model.clock import SystemClock
from app.model.errors import GroupChanged
from app.model.plant import Plant, TrendGroup
from app.model.tag import Tag
from app.model.text import LocalText
from app.model.user import Role
from app.project.trendfile import read_groups, save_group
from widgets.trend.conflict import ConflictDialog
from widgets.trend.groupbox import GroupBox
from widgets.trend.groups import GroupBook
from widgets.trend.navigation import TimeNavigator
from widgets.trend.pens import PenSet
from widgets.wording import Wording

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support raise")
NIGHT = TrendGroup("night", LocalText("Night"), ("A", "B"), 7200)
THEIRS = replace(NIGHT, tags=("A", "C"))


class Desk:
    """A console's groups, with one trend of them."""

    def __init__(self, qtbot: QtBot, folder: Path, role: Role = Role.ENGINEER) -> None:
        tags = {name: Tag(name) for name in "ABCD"}
        plant = Plant(folder, "small", LocalText("S"), "UTC", tags=tags, trends=read_groups(folder / "trends"))
        self.owner = QObject()
        session: Any = SimpleNamespace(session=SimpleNamespace(role=role))
        self.files = TrendGroupFiles(plant, session, self.owner)
        self.pens = PenSet()
        self.book = GroupBook(plant, self.pens, TimeNavigator(SystemClock()), self.files, self.owner)
        self.box = GroupBox(self.book, Wording("UTC"))
        self.said: list[str] = []
        self.book.said.connect(self.said.append)
        qtbot.addWidget(self.box)
        self.box.show()
        self.book.show("night")

    def asked(self, qtbot: QtBot) -> ConflictDialog:
        qtbot.waitUntil(lambda: bool(self.box.findChildren(ConflictDialog)))
        return self.box.findChildren(ConflictDialog)[-1]

    @property
    def tags(self) -> list[str]:
        return [pen.tag.name for pen in self.pens.pens]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HAIHE_STATE", str(tmp_path / "state"))
    save_group(tmp_path / "plant" / "trends", NIGHT)
    return tmp_path / "plant"


@pytest.fixture
def desk(qtbot: QtBot, folder: Path) -> Iterator[Desk]:
    """One that has the group open, added D, and saves after another desk saved C for B."""
    made = Desk(qtbot, folder)
    made.pens.add(Tag("D"))
    save_group(folder / "trends", THEIRS)
    made.box.save_as("Night")
    yield made
    made.owner.deleteLater()


def on_disk(folder: Path) -> TrendGroup:
    return read_groups(folder / "trends")["night"]


def press(qtbot: QtBot, dialog: ConflictDialog, button: QPushButton) -> None:
    button.click()
    qtbot.waitUntil(lambda: not shiboken6.isValid(dialog))


def test_a_group_that_another_desk_saved_meanwhile_is_not_replaced_without_asking(
    qtbot: QtBot, folder: Path, desk: Desk
) -> None:
    dialog = desk.asked(qtbot)
    assert "Night" in dialog.text()
    assert dialog.informativeText() == "Only in theirs: C\nOnly in yours: B, D"
    press(qtbot, dialog, dialog.cancel)
    assert on_disk(folder) == THEIRS
    assert desk.tags == ["A", "B", "D"]
    assert desk.said == []


def test_it_is_asked_too_where_the_change_was_seen_before_saving(qtbot: QtBot, folder: Path) -> None:
    desk = Desk(qtbot, folder)
    with qtbot.waitSignal(desk.book.changed):
        save_group(folder / "trends", THEIRS)
        qtbot.waitUntil(lambda: desk.files.shared_groups["night"] == THEIRS)
    assert desk.book.is_changed
    desk.box.save_as("Night")
    dialog = desk.asked(qtbot)
    press(qtbot, dialog, dialog.cancel)
    assert on_disk(folder) == THEIRS


def test_replacing_saves_mine_and_asks_again_where_it_is_another_one_by_now(
    qtbot: QtBot, folder: Path, desk: Desk
) -> None:
    dialog = desk.asked(qtbot)
    save_group(folder / "trends", replace(THEIRS, span_s=60))
    press(qtbot, dialog, dialog.replace)
    again = desk.asked(qtbot)
    assert on_disk(folder).span_s == 60
    press(qtbot, again, again.replace)
    qtbot.waitUntil(lambda: desk.said == ["Saved"])
    assert on_disk(folder).tags == ("A", "B", "D")
    desk.pens.add(Tag("C"))
    desk.box.save_as("Night")  # what was saved here is what is open
    qtbot.waitUntil(lambda: on_disk(folder).tags == ("A", "B", "D", "C"))


def test_theirs_is_shown_and_open_then(qtbot: QtBot, folder: Path, desk: Desk) -> None:
    dialog = desk.asked(qtbot)
    press(qtbot, dialog, dialog.theirs)
    assert desk.tags == ["A", "C"]
    assert not desk.book.is_changed
    desk.pens.add(Tag("B"))
    desk.box.save_as("Night")
    qtbot.waitUntil(lambda: on_disk(folder).tags == ("A", "C", "B"))


def test_under_another_name_both_are_kept(
    qtbot: QtBot, folder: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("Late night", True))
    dialog = desk.asked(qtbot)
    press(qtbot, dialog, dialog.rename)
    qtbot.waitUntil(lambda: desk.said == ["Saved"])
    assert {key: one.tags for key, one in read_groups(folder / "trends").items()} == {
        "night": ("A", "C"), "late-night": ("A", "B", "D"),
    }  # fmt: skip


def test_a_new_name_that_another_desk_took_meanwhile_is_asked_about(qtbot: QtBot, folder: Path) -> None:
    desk = Desk(qtbot, folder)
    desk.files._watcher.blockSignals(True)  # it is not seen before saving
    taken = replace(THEIRS, id="day", title=LocalText("Day"))
    save_group(folder / "trends", taken)
    desk.box.save_as("Day")
    dialog = desk.asked(qtbot)
    press(qtbot, dialog, dialog.cancel)
    assert read_groups(folder / "trends")["day"] == taken


def test_an_operator_saves_for_the_desk_whatever_became_of_the_projects(qtbot: QtBot, folder: Path) -> None:
    desk = Desk(qtbot, folder, Role.OPERATOR)
    desk.pens.add(Tag("D"))
    save_group(folder / "trends", THEIRS)
    desk.box.save_as("Night")
    qtbot.waitUntil(lambda: desk.said == ["Saved for this desk"])
    assert on_disk(folder) == THEIRS
    assert desk.book.private == {"night@"}


def test_a_file_that_cannot_be_read_is_no_group_that_was_opened(tmp_path: Path) -> None:
    path = tmp_path / "night.toml"
    path.write_text('title = "Night"\ntags = "abc"\n', encoding="utf-8")
    with pytest.raises(GroupChanged) as caught:
        save_group(tmp_path, NIGHT, opened=NIGHT, over=False)
    assert caught.value.theirs is None
    assert str(path) in str(caught.value)
    path.unlink()
    save_group(tmp_path, NIGHT, opened=THEIRS, over=False)  # removed: nothing can be lost
    save_group(tmp_path, NIGHT, opened=THEIRS, over=False)  # it is what is to be saved
    assert read_groups(tmp_path) == {"night": NIGHT}
