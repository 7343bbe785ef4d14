"""Redraw of a trend beside pyqtgraph's best path on data of the same kind, offscreen raster.

Peer: a plot of 1600 x 900 with eight PlotDataItems, peak down-sampling and clipping set AFTER they are added (given to
``plot()`` pyqtgraph drops them silently); setData and a full repaint. Ours: windows read from the store, curves set,
statistics and rulers of the legend written; a plot of 1600 x 900 and a legend of eight lines below it shown whole.
Every frame is of a window that was not shown before, one column later, so that nothing made for one serves for another
by chance. What does not change, such as the names of the legend, may be kept. Medians; each ratio from one run.
"""

import multiprocessing
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

PENS: Final = 8
SIZE: Final = (1600, 900)
LIVE_S: Final = 20.0
DAY_S: Final = 86_400
_CHUNK: Final = 1_000_000
_FRAMES: Final = 25
_PEER_FRAMES: Final = 9


def run() -> dict[str, float]:
    """Return the figures."""
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication(["benchmark"])
    figures: dict[str, float] = {}
    with _store(1_000_000) as (path, end_ns):
        ours, wide = _ours(path, end_ns, 1), _ours(path, end_ns, 2)
        data = [_walk(1_000_000, pen) for pen in range(PENS)]
        figures["redraw_ms_8x1m"] = ours
        figures["redraw_w2_ms_8x1m"] = wide
        figures["redraw_speedup_vs_pyqtgraph_peak_8x1m"] = _peer(data, 1) / ours
        figures["redraw_w2_speedup_vs_pyqtgraph_peak_8x1m"] = _peer(data, 2) / wide
        del data
    figures["redraw_growth_8x33m_vs_8x100k"] = _growth(100_000, 33_000_000)
    figures["scroll_live_cpu_share"] = _live()
    application.processEvents()
    return figures


def _walk(count: int, seed: int, start: float = 0.0) -> NDArray[np.float64]:
    generator = np.random.default_rng(seed)
    return start + np.cumsum(generator.normal(0.0, 0.05, count)) + generator.normal(0.0, 0.2, count)


@contextmanager
def _folder() -> Iterator[Path]:
    base = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(dir=base) as folder:
        yield Path(folder)


@contextmanager
def _store(count: int) -> Iterator[tuple[Path, int]]:
    """A store with so many samples a pen, one a second, the last one now."""
    from app.trend import DEFAULT, SlotSpec, StoreWriter

    with _folder() as folder:
        path, end_ns = folder / "t.trend", time.time_ns()
        writer = StoreWriter(path, [SlotSpec(f"P{pen}", DEFAULT) for pen in range(PENS)], now_ns=end_ns)
        for pen in range(PENS):
            level = 0.0
            for first in range(0, count, _CHUNK):
                size = min(_CHUNK, count - first)
                values = _walk(size, pen * 100 + first // _CHUNK, level)
                level = float(values[-1])
                t = end_ns - np.arange(count - first, count - first - size, -1, dtype=np.int64) * 1_000_000_000
                slots, status = np.full(size, pen, np.uint32), np.zeros(size, np.uint32)
                writer.append_batch(slots, t, values, status, end_ns)
        writer.heartbeat(end_ns)
        try:
            yield path, end_ns - count * 1_000_000_000
        finally:
            writer.close()


@contextmanager
def _workspace(path: Path) -> Iterator[Any]:
    from app.model.clock import SystemClock
    from app.model.plant import Plant
    from app.model.tag import Tag
    from app.model.text import LocalText
    from app.trend import StoreReader
    from widgets.live import TagHub
    from widgets.theme import ThemeManager
    from widgets.trend.source import HubSource
    from widgets.trend.workspace import TrendWorkspace
    from widgets.wording import Wording

    tags = {f"P{pen}": Tag(f"P{pen}", LocalText(f"Pen {pen}"), unit="m", decimals=2) for pen in range(PENS)}
    plant = Plant(Path(), "bench", LocalText("Bench"), "Asia/Shanghai", tags=tags)
    hub = TagHub(plant, lambda: StoreReader(path), SystemClock())
    hub.tick()
    subscription = hub.subscribe(tags, lambda _: None)
    themes = ThemeManager("light")
    themes.apply()
    trend = TrendWorkspace(plant, HubSource(hub), hub.sample, themes, Wording("Asia/Shanghai"))
    trend.pens.replace(list(tags.values()))
    trend.resize(SIZE[0] + 24, SIZE[1] + 390)
    trend.show()
    trend.picture.setSizes([SIZE[1], 290])
    try:
        yield trend, hub
    finally:
        subscription.close()
        trend.close()
        trend.deleteLater()
        hub.stop()


def _ours(path: Path, start_ns: int, width: int) -> float:
    """Return the median of a frame (ms)."""
    with _frames(path, start_ns, width) as (trend, redraw):
        return _medians([(trend, redraw)], _FRAMES)[0]


def _growth(few: int, many: int) -> float:
    """Return how many times as long a frame of many samples a pen takes; in turns, on a machine as busy for both."""
    with _store(few) as short, _store(many) as long, _frames(*short, 1) as one, _frames(*long, 1) as other:
        before, after = _medians([one, other], 2 * _FRAMES)
        return after / before


@contextmanager
def _frames(path: Path, start_ns: int, width: int) -> Iterator[tuple[Any, Callable[[], None]]]:
    """Give a trend and what shows the next window of the whole length in it, none twice."""
    with _workspace(path) as (trend, _):
        start, end = start_ns / 1e9, time.time()
        for pen in trend.pens.pens:
            trend.pens.set_style(pen, pen.style, width)
        trend.navigator.show_range(start, end)
        trend.query()
        trend.pens.fit()
        trend.plot.rulers.set(0, start + (end - start) * 0.3)
        trend.plot.rulers.set(1, start + (end - start) * 0.7)
        frame = iter(range(10_000))

        def redraw() -> None:
            shift = (end - start) / SIZE[0] * next(frame)
            trend.plot.show_range(start + shift, end + shift)
            trend.query()

        yield trend, redraw


def _peer(data: list[NDArray[np.float64]], width: int) -> float:
    """Return the median of a frame of pyqtgraph (ms)."""
    import pyqtgraph as pg

    view = pg.PlotWidget()
    view.resize(*SIZE)
    x = np.arange(len(data[0]), dtype=float)
    items = [view.plot(x, y, pen=pg.mkPen("k", width=width)) for y in data]
    view.getPlotItem().setDownsampling(auto=True, mode="peak")
    view.getPlotItem().setClipToView(True)
    view.show()

    def redraw() -> None:
        for item, y in zip(items, data, strict=True):
            item.setData(x, y)

    took = _medians([(view, redraw)], _PEER_FRAMES)[0]
    view.close()
    return took


def _medians(turns: list[tuple[Any, Callable[[], None]]], frames: int) -> list[float]:
    """Return the median of a frame (ms) of each widget and of what changes it; they take turns."""
    from PySide6.QtWidgets import QAbstractScrollArea, QApplication

    # Every plot and table is painted whole, by the way that a frame on the screen takes.
    views = [
        [*widget.findChildren(QAbstractScrollArea), *([widget] if isinstance(widget, QAbstractScrollArea) else [])]
        for widget, _ in turns
    ]
    times: list[list[float]] = [[] for _ in turns]
    for number in range(frames + 2):
        for (_, redraw), own, took in zip(turns, views, times, strict=True):
            QApplication.processEvents()
            begin = time.perf_counter()
            redraw()
            for view in own:
                view.viewport().update()
            QApplication.processEvents()
            if number >= 2:
                took.append((time.perf_counter() - begin) * 1e3)
    return [statistics.median(took) for took in times]


def _live() -> float:
    """Return the share of one core that a live trend of a day takes while eight pens change ten times a second."""
    from PySide6.QtCore import QEventLoop, QTimer

    with _folder() as folder:
        path = folder / "t.trend"
        context = multiprocessing.get_context("spawn")
        ready, stop = context.Event(), context.Event()
        writer = context.Process(target=_write, args=(str(path), ready, stop))
        writer.start()
        try:
            if not ready.wait(60):
                raise RuntimeError("the writer of the benchmark did not start")
            with _workspace(path) as (trend, hub):
                hub.start()
                trend.navigator.show_span(float(DAY_S))
                loop = QEventLoop()
                QTimer.singleShot(1500, loop.quit)
                loop.exec()
                begin, used = time.perf_counter(), time.process_time()
                QTimer.singleShot(round(LIVE_S * 1000), loop.quit)
                loop.exec()
                return (time.process_time() - used) / (time.perf_counter() - begin)
        finally:
            stop.set()
            writer.join(20)


def _write(path: str, ready: Any, stop: Any) -> None:
    """Write a day at one sample a second, then go on at ten."""
    from app.trend import DEFAULT, SlotSpec, StoreWriter

    now = time.time_ns()
    with StoreWriter(Path(path), [SlotSpec(f"P{pen}", DEFAULT) for pen in range(PENS)], now_ns=now) as writer:
        t = now - np.arange(DAY_S, 0, -1, dtype=np.int64) * 1_000_000_000
        for pen in range(PENS):
            slots, status = np.full(DAY_S, pen, np.uint32), np.zeros(DAY_S, np.uint32)
            writer.append_batch(slots, t, 50.0 + _walk(DAY_S, pen), status, now)
        ready.set()
        slots, status = np.arange(PENS, dtype=np.uint32), np.zeros(PENS, np.uint32)
        generator = np.random.default_rng(1)
        while not stop.wait(0.1):
            now = time.time_ns()
            writer.append_batch(slots, np.full(PENS, now, np.int64), generator.normal(50.0, 5.0, PENS), status, now)
            writer.heartbeat(now)
