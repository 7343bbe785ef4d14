"""How a table ends: confirmed, given up, with its window, on a full disk, without the link; never with half a file."""

import resource
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from app.model.clock import SECOND_NS
from app.model.plant import Plant
from app.model.tag import Tag
from tests.gui.trend.historysite import history_site, made
from tests.gui.trend.site import Store
from tests.gui.trend.test_late import make
from tests.unit.storage.endless import make_endless
from widgets.live import TagHub
from widgets.trend.sampling import ExportKind
from widgets.trend.workspace import TrendWorkspace

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
OLD = "what was there"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    found = tmp_path / "out" / "trend.csv"
    found.write_text(OLD)
    return found


def is_untouched(path: Path) -> bool:
    return [each.name for each in path.parent.iterdir()] == [path.name] and path.read_text() == OLD


def is_writing() -> bool:
    return any(thread.name == "trend-export" for thread in threading.enumerate())


def show(trend: TrendWorkspace, store: Store, *, hours: float, name: str = "A.FLOW") -> None:
    """Let the trend export one tag of the hours before its store was made."""
    tag = trend.plant.tags[name]
    trend.exporter._shown = lambda: ([tag], store.start_ns - int(hours * 3600) * SECOND_NS, store.start_ns)


@contextmanager
def endless(
    qtbot: QtBot, plant: Plant, hub: TagHub, folder: Path, **more: Any
) -> Iterator[tuple[TrendWorkspace, Callable[[], int]]]:
    """Give a trend whose history takes for ever, and what tells how many questions the database works on."""
    with history_site(qtbot, make_endless(folder / "endless.db")) as site:
        trend = make(qtbot, plant, hub, pages=site.pages, **more)
        trend.exporter._shown = lambda: ([Tag("T")], 0, 2**62)
        yield trend, lambda: site.server.pool.busy


@pytest.mark.parametrize("answer", ["ok", "cancel", "escape"])
def test_more_than_100_000_raw_samples_are_written_at_a_word_only(
    qtbot: QtBot, plant: Plant, hub: TagHub, store: Store, tmp_path: Path, path: Path, answer: str
) -> None:
    begin = store.start_ns - 5 * 3600 * SECOND_NS
    rows = [(begin + n * SECOND_NS // 10, float(n % 7), 0) for n in range(98_000)]  # and 7,200 of the ring
    with history_site(qtbot, made(tmp_path, {"A.FLOW": rows})) as site:
        trend = make(qtbot, plant, hub, pages=site.pages)
        show(trend, store, hours=6)
        job = trend.exporter.write(path, ExportKind.RAW)
        qtbot.waitUntil(lambda: bool(trend.findChildren(QMessageBox)), timeout=20_000)
        [box] = trend.findChildren(QMessageBox)
        assert "trend.csv" in box.text()
        assert box.text().replace("\u202f", "").split()[1] in {"100999", "101000", "101001"}
        assert is_untouched(path)
        with qtbot.waitSignal(trend.exporter.finished, timeout=60_000) as said:
            if answer == "escape":
                qtbot.keyClick(box, Qt.Key.Key_Escape)  # type: ignore[no-untyped-call]
            else:
                which = QMessageBox.StandardButton.Ok if answer == "ok" else QMessageBox.StandardButton.Cancel
                box.button(which).click()
        assert job is not None
        if answer == "ok":
            assert len(path.read_text("utf-8-sig").splitlines()) == int(said.args[0].split()[0]) + 1 > 100_000
        else:
            assert said.args == ["Export given up; nothing was written"]
            assert is_untouched(path)


def test_escape_gives_up_what_history_still_answers(
    qtbot: QtBot, plant: Plant, hub: TagHub, store: Store, tmp_path: Path, path: Path
) -> None:
    with endless(qtbot, plant, hub, tmp_path) as (trend, busy):
        trend.exporter.write(path, ExportKind.BINNED)
        qtbot.waitUntil(lambda: busy() > 0, timeout=10_000)
        trend.activateWindow()
        qtbot.waitUntil(trend.isActiveWindow)
        with qtbot.waitSignal(trend.exporter.finished, timeout=5000) as said:
            qtbot.keyClick(trend.plot._view, Qt.Key.Key_Escape)  # type: ignore[no-untyped-call]
        assert said.args == ["Export given up; nothing was written"]
        assert trend.tools.note.text() == said.args[0]
        qtbot.waitUntil(lambda: busy() == 0 and not is_writing(), timeout=10_000)
        assert is_untouched(path)


@pytest.mark.parametrize("kind", list(ExportKind))
def test_a_window_that_goes_away_takes_its_table_with_it(
    qtbot: QtBot, plant: Plant, hub: TagHub, store: Store, tmp_path: Path, path: Path, kind: ExportKind
) -> None:
    with endless(qtbot, plant, hub, tmp_path, closes_itself=True) as (trend, busy):
        trend.exporter.write(path, kind)
        qtbot.waitUntil(lambda: busy() > 0, timeout=10_000)
        with qtbot.waitSignal(trend.destroyed):
            trend.deleteLater()
        qtbot.waitUntil(lambda: busy() == 0 and not is_writing(), timeout=10_000)
        assert is_untouched(path)


def test_a_window_that_goes_away_while_it_asks_leaves_nothing(
    qtbot: QtBot, plant: Plant, hub: TagHub, store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("widgets.trend.tables.UNASKED_ROWS", 100)
    trend = make(qtbot, plant, hub, closes_itself=True)
    show(trend, store, hours=1)
    trend.exporter.write(path, ExportKind.RAW)
    qtbot.waitUntil(lambda: bool(trend.findChildren(QMessageBox)), timeout=5000)
    with qtbot.waitSignal(trend.destroyed):
        trend.deleteLater()
    qtbot.waitUntil(lambda: not is_writing(), timeout=5000)
    assert is_untouched(path)


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_full_disk_is_one_message_with_a_remedy_and_the_old_file_stays(
    qtbot: QtBot, trend: TrendWorkspace, store: Store, path: Path, suffix: str
) -> None:
    path = path.rename(path.with_suffix(f".{suffix}"))
    show(trend, store, hours=2)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
    try:
        with qtbot.waitSignal(trend.exporter.finished, timeout=20_000) as said:
            trend.exporter.write(path, ExportKind.RAW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert said.args == [f"Not written: no room left in {path.parent}; free some, or choose another folder"]
    assert is_untouched(path)


def test_a_folder_that_takes_no_file_is_named_with_the_reason(
    qtbot: QtBot, trend: TrendWorkspace, store: Store, path: Path
) -> None:
    show(trend, store, hours=1)
    for folder, reason in ((path.parent / "gone", "No such file or directory"), (path, "Not a directory")):
        with qtbot.waitSignal(trend.exporter.finished, timeout=5000) as said:
            trend.exporter.write(folder / "t.csv", ExportKind.RAW)
        assert said.args == [f"Not written: {folder}: {reason}; choose another folder"]
    assert is_untouched(path)


def test_samples_that_wait_for_the_database_are_told(
    qtbot: QtBot, plant: Plant, hub: TagHub, store: Store, tmp_path: Path, path: Path
) -> None:
    with history_site(qtbot, made(tmp_path, {})) as site:
        trend = make(qtbot, plant, hub, pages=site.pages)
        show(trend, store, hours=1)
        for waiting, told in (
            (0, ""),
            (1234, "; older ones may be missing, for 1\u202f234 samples still wait for the database"),
        ):
            site.server.waiting = waiting
            with qtbot.waitSignal(trend.exporter.finished, timeout=10_000) as said:
                trend.exporter.write(path, ExportKind.BINNED)
            assert said.args == [f"1000 rows written to trend.csv{told}"]


def test_without_the_link_what_the_ring_has_is_written_and_what_it_has_not_is_refused(
    qtbot: QtBot, plant: Plant, hub: TagHub, store: Store, tmp_path: Path, path: Path
) -> None:
    with history_site(qtbot, made(tmp_path, {})) as site:
        trend = make(qtbot, plant, hub, pages=site.pages)
        site.cut(qtbot)
        show(trend, store, hours=6)
        for kind in ExportKind:
            with qtbot.waitSignal(trend.exporter.finished, timeout=10_000) as said:
                trend.exporter.write(path, kind)
            assert said.args == ["Not written: There is no link to the engine; try again when it is back"]
            assert is_untouched(path)
        show(trend, store, hours=0.5)
        with qtbot.waitSignal(trend.exporter.finished, timeout=10_000) as said:
            trend.exporter.write(path, ExportKind.BINNED)
        # It has a few bad samples, behind which history may have more.
        assert said.args[0].startswith("1000 rows written to trend.csv; without samples that came late")
        with qtbot.waitSignal(trend.exporter.finished, timeout=10_000) as said:
            trend.exporter.write(path, ExportKind.RAW)
        assert said.args[0].startswith("1800 rows written to trend.csv; without samples that came late")
        assert len(path.read_text("utf-8-sig").splitlines()) == 1801
