"""Trend groups in files: the desk's own, the project's, and none by halves."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QFileSystemWatcher, QObject
from pytestqt.qtbot import QtBot

from app.console import trend_groups
from app.console.trend_groups import TrendGroupFiles
from app.model.plant import Plant, TrendGroup
from app.model.text import LocalText
from app.model.user import Role
from app.project.trendfile import read_groups, save_group

GROUP = TrendGroup("night", LocalText("Night", "夜间"), ("A.FLOW", "A.LVL"), 7200)

BROKEN = (b"title = ", b"", b"\xff\xfe", b'title = "x"', b'title = "x"\ntags = "abc"',
          b'title = "x"\ntags = ["a"]\npens = 3',
          b'title = "x"\ntags = ["a"]\nspan_s = 1e400', b'title = "x"\ntags = ["a"]\nspan_s = "an hour"',
          b'title = "x"\ntags = ["a"]\n[pens.a]\nwidth = 99')  # fmt: skip


@pytest.fixture
def owner(qtbot: QtBot) -> QObject:
    return QObject()


def files(
    tmp_path: Path, role: Role, owner: QObject, monkeypatch: pytest.MonkeyPatch, look_ms: int = trend_groups.LOOK_MS
) -> TrendGroupFiles:
    monkeypatch.setenv("HAIHE_STATE", str(tmp_path / "state"))
    session: Any = SimpleNamespace(session=SimpleNamespace(role=role))
    return TrendGroupFiles(Plant(tmp_path / "plant", "small", LocalText("S"), "UTC"), session, owner, look_ms=look_ms)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ENGINEER])
def test_an_engineer_saves_into_the_project_and_everyone_else_for_the_desk(
    qtbot: QtBot, tmp_path: Path, owner: QObject, monkeypatch: pytest.MonkeyPatch, role: Role
) -> None:
    store = files(tmp_path, role, owner, monkeypatch)
    saved: list[TrendGroup] = []
    store.save(GROUP, saved.append, pytest.fail)
    qtbot.waitUntil(lambda: saved == [GROUP])
    shared = role is Role.ENGINEER
    assert store.shared is shared
    qtbot.waitUntil(lambda: store.private_groups == ({} if shared else {"night": GROUP}))
    qtbot.waitUntil(lambda: store.shared_groups == ({"night": GROUP} if shared else {}))
    assert read_groups(tmp_path / "plant" / "trends") == ({"night": GROUP} if shared else {})


def test_a_group_that_cannot_be_written_says_why(
    qtbot: QtBot, tmp_path: Path, owner: QObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = files(tmp_path, Role.ENGINEER, owner, monkeypatch)
    (tmp_path / "plant").write_text("a file where the folder should be")
    why: list[str] = []
    store.save(GROUP, lambda _: pytest.fail("saved"), why.append)
    qtbot.waitUntil(lambda: len(why) == 1)
    assert "night.toml" in why[0]


def test_comments_stay_and_broken_files_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "night.toml"
    path.write_text('# for the night shift\ntitle = "Old"\ntags = ["A.FLOW"]\n', encoding="utf-8")
    for number, broken in enumerate(BROKEN):
        (tmp_path / f"broken{number}.toml").write_bytes(broken)
    (tmp_path / "folder.toml").mkdir()
    save_group(tmp_path, GROUP)
    assert path.read_text(encoding="utf-8").startswith("# for the night shift")
    assert read_groups(tmp_path) == {"night": GROUP}
    assert not list(tmp_path.glob(".*.tmp"))


def test_what_another_console_saves_is_read(
    qtbot: QtBot, tmp_path: Path, owner: QObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "plant" / "trends"
    save_group(folder, TrendGroup("day", LocalText("Day"), ("A.FLOW",)))
    here = files(tmp_path, Role.ENGINEER, owner, monkeypatch)
    qtbot.waitUntil(lambda: list(here.shared_groups) == ["day"])
    with qtbot.waitSignal(here.changed):
        save_group(folder, GROUP)
    assert here.shared_groups["night"] == GROUP
    with qtbot.waitSignal(here.changed):
        save_group(folder, replace(GROUP, span_s=60))
    assert here.shared_groups["night"].span_s == 60
    with qtbot.waitSignal(here.changed):
        (folder / "day.toml").unlink()
    assert list(here.shared_groups) == ["night"]


def test_a_folder_that_another_console_makes_is_watched_from_then_on(
    qtbot: QtBot, tmp_path: Path, owner: QObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "plant").mkdir()
    here = files(tmp_path, Role.OPERATOR, owner, monkeypatch)
    qtbot.waitUntil(lambda: str(tmp_path / "plant") in here._watcher.directories())
    folder = tmp_path / "plant" / "trends"
    with qtbot.waitSignal(here.changed):
        save_group(folder, GROUP)
    assert here.shared_groups == {"night": GROUP}
    with qtbot.waitSignal(here.changed):
        save_group(folder, replace(GROUP, span_s=60))
    assert here.shared_groups["night"].span_s == 60


def test_files_are_not_read_in_the_gui_thread(
    qtbot: QtBot, tmp_path: Path, owner: QObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []

    def watched(folder: Path) -> dict[str, TrendGroup]:
        threads.append(threading.current_thread())
        return read_groups(folder)

    monkeypatch.setattr(trend_groups, "read_groups", watched)
    store = files(tmp_path, Role.OPERATOR, owner, monkeypatch)
    store.save(GROUP, lambda _: None, pytest.fail)
    qtbot.waitUntil(lambda: "night" in store.private_groups)
    assert threading.main_thread() not in threads


class Deaf(QFileSystemWatcher):
    """Hears nothing, as on a folder that another machine writes to."""

    def addPaths(self, files: Sequence[str]) -> list[str]:  # noqa: N802 - Qt's name
        """Tell that none can be watched."""
        return list(files)


@pytest.fixture
def far(qtbot: QtBot, tmp_path: Path, owner: QObject, monkeypatch: pytest.MonkeyPatch) -> TrendGroupFiles:
    """Return groups of a shared folder; when it is looked at is up to the test."""
    monkeypatch.setattr(trend_groups, "QFileSystemWatcher", Deaf)
    monkeypatch.setattr(trend_groups, "_SETTLE_MS", 2**30)
    save_group(tmp_path / "plant" / "trends", GROUP)
    made = files(tmp_path, Role.OPERATOR, owner, monkeypatch, look_ms=2**30)
    qtbot.waitUntil(lambda: made.shared_groups == {"night": GROUP})
    return made


def test_a_look_finds_what_another_machine_saved_changed_and_removed(
    qtbot: QtBot, tmp_path: Path, far: TrendGroupFiles
) -> None:
    folder = tmp_path / "plant" / "trends"
    save_group(folder, replace(GROUP, id="day"))
    with qtbot.waitSignal(far.changed):
        far.look()
    assert set(far.shared_groups) == {"day", "night"}
    save_group(folder, replace(GROUP, span_s=7201))  # as many bytes as before
    with qtbot.waitSignal(far.changed):
        far.look()
    assert far.shared_groups["night"].span_s == 7201
    (folder / "day.toml").unlink()
    with qtbot.waitSignal(far.changed):
        far.look()
    assert set(far.shared_groups) == {"night"}


def test_a_look_that_finds_nothing_new_reads_nothing_and_none_is_begun_beside_one_that_waits(
    qtbot: QtBot, tmp_path: Path, far: TrendGroupFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()
    looks: list[threading.Thread] = []
    reads: list[Path] = []
    known = trend_groups._prints

    def waiting(*folders: Path) -> object:
        looks.append(threading.current_thread())
        assert go.wait(10)
        return known(*folders)

    monkeypatch.setattr(trend_groups, "_prints", waiting)
    monkeypatch.setattr(trend_groups, "read_groups", reads.append)
    far.look()
    far.look()
    qtbot.waitUntil(lambda: len(looks) == 1)
    assert looks[0] is not threading.main_thread()
    go.set()
    qtbot.waitUntil(lambda: not far._looking)
    far.look()
    qtbot.waitUntil(lambda: len(looks) == 2 and not far._looking)
    assert reads == []


def test_it_is_looked_at_again_and_again(
    qtbot: QtBot, tmp_path: Path, owner: QObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trend_groups, "QFileSystemWatcher", Deaf)
    here = files(tmp_path, Role.OPERATOR, owner, monkeypatch, look_ms=1)
    for span_s in (60, 600):
        with qtbot.waitSignal(here.changed):
            save_group(tmp_path / "plant" / "trends", replace(GROUP, span_s=span_s))
        assert here.shared_groups["night"].span_s == span_s
