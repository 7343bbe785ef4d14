"""A trend is whole across the seam: ring and history of a real engine beside all that an independent reader saw."""

import csv
import signal
import sqlite3
import threading
import time
from bisect import bisect_right
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.console.bridge import EngineBridge, LinkState
from app.console.history_pages import LinkPages
from app.console.trend_history import LinkHistory
from app.link.endpoint import find_engine
from app.model.clock import SECOND_NS, SystemClock
from app.model.errors import StoreError
from app.model.tag import Tag
from app.project import load_plant
from app.trend import StoreReader
from tests.system.harness import Site, until
from widgets.live import TagHub
from widgets.trend.exporter import TrendExporter
from widgets.trend.feed import TrendFeed
from widgets.trend.pens import PenSet
from widgets.trend.sampling import ExportKind
from widgets.trend.shape import Lines
from widgets.trend.source import HubSource
from widgets.wording import Wording

pytestmark = [pytest.mark.system, pytest.mark.gui]
FAST, SLOW = "LZ.UF.PERM.FLOW", "LZ.RW.INT.LVL"
BAD = 1 << 31


class Recorder:
    """Keeps every sample of the ring, read often by a reader of its own."""

    def __init__(self, path: Path, tags: tuple[str, ...]) -> None:
        self._path = path
        self.seen: dict[str, dict[int, tuple[float, int]]] = {tag: {} for tag in tags}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(0.5):
            try:
                with StoreReader(self._path) as reader:
                    for tag, seen in self.seen.items():
                        found = reader.raw(reader.slot(tag), 0, time.time_ns() + 10**10, 100_000)
                        for at, value, status in zip(found.t_ns, found.value, found.status, strict=True):
                            seen[int(at)] = (float(value), int(status))
            except StoreError:
                continue


@pytest.mark.parametrize("checkpoint", [True, False])
def test_every_extreme_is_plotted_across_a_reboot_and_an_outage_of_the_database(
    qtbot: QtBot, running: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, checkpoint: bool
) -> None:
    for name in ("HAIHE_STATE", "HAIHE_SHM"):
        monkeypatch.setenv(name, running.environment[name])
    plant = load_plant(running.project)
    start_ns = time.time_ns() + SECOND_NS
    recorder = Recorder(running.store, (FAST, SLOW))
    database = running.state / "projects" / "lingzhuang" / "haihe.db"
    try:
        until(lambda: len(recorder.seen[FAST]) > 20, 30, "the reader sees samples")
        with closing(sqlite3.connect(database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            until(lambda: running.json("status")["spool_bytes"] > 100_000, 40, "samples are kept on disk")
            other.rollback()
        until(lambda: running.json("status")["spool_bytes"] == 0, 30, "the spool is empty")
        assert running.engine is not None
        running.engine.end(signal.SIGTERM)
    finally:
        recorder.close()
    rebooted_ns = time.time_ns()
    running.store.unlink()
    if not checkpoint:
        (running.state / "projects" / "lingzhuang" / "trend.checkpoint").unlink()
    running.start_engine()
    after = Recorder(running.store, (FAST, SLOW))
    try:
        until(lambda: sum(at > rebooted_ns for at in after.seen[FAST]) > 20, 30, "the new run has samples")
    finally:
        after.close()
    end_ns = max(after.seen[FAST])
    hub = TagHub(plant, lambda: StoreReader(running.store), SystemClock())
    owner = QObject()
    bridge = EngineBridge(lambda: find_engine(plant.id))
    bridge.start()
    try:
        hub.tick()
        qtbot.waitUntil(lambda: bridge.state is LinkState.CONNECTED, timeout=10_000)
        pens = PenSet()
        for tag in (FAST, SLOW):
            pens.add(plant.tags[tag])
        ring = TrendFeed(pens, HubSource(hub))
        ring.query(start_ns / 1e9, end_ns / 1e9, 200, end_ns)
        alone = pens.pens[0].lines
        assert checkpoint or float(alone.x[0]) * 1e9 > rebooted_ns  # the ring alone has not the time before
        feed = TrendFeed(pens, HubSource(hub), LinkHistory(bridge, Wording("Asia/Shanghai"), owner))
        for columns in (200, 4000):
            with qtbot.waitSignal(feed.waiting_changed, timeout=10_000, check_params_cb=lambda count: count == 0):
                feed.query(start_ns / 1e9, end_ns / 1e9, columns, end_ns)
            assert feed.archive.problem == ""
            for pen in pens.pens:
                raw = {**recorder.seen[pen.tag.name], **after.seen[pen.tag.name]}
                compare(pen.lines, raw, start_ns, end_ns, (end_ns - start_ns) / columns / 1e9, pen.tag.deadband)
        picture = QWidget()
        qtbot.addWidget(picture)
        tags = [pen.tag for pen in pens.pens]
        exporter = TrendExporter(
            picture, HubSource(hub), Wording("Asia/Shanghai"), lambda: (tags, start_ns, end_ns), LinkPages(bridge)
        )
        path = tmp_path / "trend.csv"
        with qtbot.waitSignal(exporter.finished, timeout=20_000) as said:
            exporter.write(path, ExportKind.RAW)
        assert said.args[0].endswith(" rows written to trend.csv")
        for each in tags:
            compare_rows(path, each, {**recorder.seen[each.name], **after.seen[each.name]}, start_ns, end_ns)
    finally:
        bridge.stop()
        hub.stop()
        owner.deleteLater()


def compare_rows(path: Path, tag: Tag, raw: dict[int, tuple[float, int]], start_ns: int, end_ns: int) -> None:
    """Every good sample is in the file, or lies within the dead-band of the one before it there; each stands once."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["tag"] == tag.name]
    times = [int(row["time_ns"]) for row in rows]
    assert times == sorted(set(times))
    missing = []
    for at, (value, status) in sorted(raw.items()):
        if status >= BAD or not start_ns < at < end_ns:
            continue
        place = bisect_right(times, at) - 1
        near = rows[place]["value"] if place >= 0 else ""
        if near == "" or abs(float(near) - value) > tag.deadband + 1e-9:
            missing.append((at, value, near))
    assert missing[1:] == []  # the first one may have begun before the file
    assert len(times) > 5


def compare(
    lines: Lines, raw: dict[int, tuple[float, int]], start_ns: int, end_ns: int, column_s: float, deadband: float
) -> None:
    """Every good sample lies within what is drawn within a column of it (a value holds until the next)."""
    assert (np.diff(lines.x) >= 0).all()
    wanted = [(at / 1e9, v) for at, (v, s) in sorted(raw.items()) if start_ns < at < end_ns and s < BAD]
    assert len(wanted) > 0
    missing = []
    for at, value in wanted:
        first = max(0, int(np.searchsorted(lines.x, at - 1.5 * column_s)) - 1)
        last = int(np.searchsorted(lines.x, at + 1.5 * column_s, side="right"))
        drawn = lines.y[first:last][lines.curve.known()[first:last]]
        if not len(drawn) or not drawn.min() - deadband - 1e-9 <= value <= drawn.max() + deadband + 1e-9:
            missing.append((at, value))
    assert missing == []
