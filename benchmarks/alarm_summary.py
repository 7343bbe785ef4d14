"""The alarm summary with 100,000 active alarms, offscreen: how long until a scroll or another order is painted, and
how long the window does not answer while changes come over the console's own way.

``active_100k_scroll_ms_p99``: scroll to a place not shown before, every fourth time another order as well; from the
order to the end of the painting that follows. ``summary_flood_gap_ms_p99`` and ``…_max``: 50,000 changes as messages of
500 are decoded in a thread, as the link's, and taken by bridge, intake, book, marks and the visible page; the gaps are
those of an event that another thread posts every 10 ms. The machine should have nothing else to do.
"""

import json
import os
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

ALARMS: Final = 100_000
CHANGES: Final = 50_000
_SCROLLS: Final = 200
_MESSAGE: Final = 500
_SIZE: Final = (1836, 968)


def run() -> dict[str, float]:
    """Return the figures."""
    from app.console.main import make_application

    application = make_application()
    with _summary() as (page, intake, bridge, snapshots):
        intake.take(snapshots(0, ALARMS))
        intake.complete()
        while intake.waiting:
            application.processEvents()
        page.model.refresh()
        scrolls = _scroll(application, page)
        gaps = _flood(application, bridge, intake, snapshots)
    return {
        "active_100k_scroll_ms_p99": float(np.percentile(scrolls, 99)),
        "active_100k_scroll_ms_p50": statistics.median(scrolls),
        "summary_flood_gap_ms_p99": float(np.percentile(gaps, 99)),
        "summary_flood_gap_ms_max": max(gaps),
    }


@contextmanager
def _summary() -> Iterator[tuple[Any, Any, Any, Any]]:
    """The page over a book that a bridge fills; the bridge has no engine."""
    from app.console.alarm_intake import AlarmIntake
    from app.console.bridge import EngineBridge
    from app.console.garbage import GarbageRounds
    from app.model.alarm import AlarmDefinition, AlarmKind, AnnunciationState, Priority
    from app.model.alarm_state import AlarmSnapshot
    from app.model.clock import SECOND_NS
    from app.model.plant import Area, Plant
    from app.model.tag import Tag
    from app.model.text import LocalText
    from widgets.alarms.book import AlarmBook
    from widgets.alarms.list_view import AlarmListPage
    from widgets.live.alarms import AlarmTable
    from widgets.theme import ThemeManager
    from widgets.wording import Wording

    areas = {f"A{n}": Area(f"A{n}", LocalText(f"Area {n}")) for n in range(20)}
    tags = {f"T{n}": Tag(f"T{n}", unit="m", area=f"A{n % 20}") for n in range(ALARMS)}
    alarms = {
        f"T{n}.H": AlarmDefinition(
            f"T{n}.H", f"T{n}", AlarmKind.HIGH, Priority(n % 4 + 1), LocalText(f"level {n * 7919 % ALARMS} high"),
            area=f"A{n % 20}", equipment=f"E{n % 2000}", limit=8.0,
        )
        for n in range(ALARMS)
    }  # fmt: skip
    plant = Plant(Path(), "bench", LocalText("Bench"), "Asia/Shanghai", areas=areas, tags=tags, alarms=alarms)
    now_ns = time.time_ns()
    states = AnnunciationState.UNACKNOWLEDGED, AnnunciationState.ACKNOWLEDGED, AnnunciationState.RETURNED

    def snapshots(first: int, count: int, occurrence: int = 0) -> list[AlarmSnapshot]:
        return [
            AlarmSnapshot(
                f"T{n}.H", f"e{n}-{occurrence}", states[(n + occurrence) % 3], True,
                now_ns - (n * 7919 % ALARMS) * SECOND_NS + occurrence * 3600 * SECOND_NS, value=9.0,
            )
            for n in range(first, first + count)
        ]  # fmt: skip

    book, marks = AlarmBook(alarms), AlarmTable(plant)
    intake, bridge = AlarmIntake(book), EngineBridge(lambda: None)
    bridge.alarms_changed.connect(intake.take)
    book.taken.connect(marks.take)
    themes = ThemeManager("light")
    themes.apply()
    page = AlarmListPage(plant, book, themes, Wording("Asia/Shanghai"))
    page.resize(*_SIZE)
    page.show()
    garbage = GarbageRounds(page)
    book.taken.connect(lambda taken: garbage.stayed(len(taken)))
    garbage.begin()
    try:
        yield page, intake, bridge, snapshots
    finally:
        garbage.stop()
        page.close()
        page.deleteLater()


def _scroll(application: Any, page: Any) -> list[float]:
    from PySide6.QtCore import Qt

    from widgets.alarms.cells import Column

    columns = (Column.TIME, Column.TAG, Column.TEXT, Column.AREA, Column.VALUE, Column.MARK)
    bar, places = page.table.verticalScrollBar(), np.random.default_rng(7).integers(0, ALARMS - 40, _SCROLLS)
    found = []
    for number, place in enumerate(places.tolist()):
        begin = time.perf_counter()
        if number % 4 == 3:
            page.table.sortByColumn(columns[number // 4 % len(columns)], Qt.SortOrder(number // 4 % 2))
        bar.setValue(place)
        application.processEvents()
        page.table.viewport().repaint()
        found.append((time.perf_counter() - begin) * 1e3)
    page.table.sortByColumn(Column.MARK, Qt.SortOrder.AscendingOrder)
    return found


def _flood(application: Any, bridge: Any, intake: Any, snapshots: Any) -> list[float]:
    from PySide6.QtCore import QObject, Signal

    from app.link.messages import AlarmsChanged, decode_event, encode_event

    class Clicks(QObject):
        posted = Signal(float)

    texts = [
        json.dumps(encode_event(AlarmsChanged(tuple(snapshots(first, _MESSAGE, 1)))))
        for first in range(0, CHANGES, _MESSAGE)
    ]
    clicks, gaps, done = Clicks(), [], threading.Event()
    clicks.posted.connect(lambda posted: gaps.append((time.perf_counter() - posted) * 1e3))

    def link() -> None:
        for text in texts:
            bridge._forward(decode_event(json.loads(text)))
        done.set()

    def click() -> None:
        while not (done.is_set() and over.is_set()):
            clicks.posted.emit(time.perf_counter())
            time.sleep(0.01)

    over = threading.Event()
    threads = [threading.Thread(target=link), threading.Thread(target=click)]
    for thread in threads:
        thread.start()
    while not done.is_set() or intake.waiting:
        application.processEvents()
        time.sleep(0.0005)
    over.set()
    for thread in threads:
        thread.join()
    application.processEvents()
    return gaps
