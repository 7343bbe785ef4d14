"""A real store for trends, and what tests read of a workspace over it."""

import time
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QPushButton

from app.model import status as st
from app.model.clock import SECOND_NS
from app.trend import DEFAULT, SlotSpec, StoreReader, StoreWriter
from widgets.trend.legend import LegendColumn
from widgets.trend.pens import MAX_PENS
from widgets.trend.workspace import TrendWorkspace

GAP_S = (600, 660)
"""Age (s) between which A.FLOW is bad."""
NOW, AT_RULER = LegendColumn.NOW, LegendColumn.RULER_A
MINIMUM, MAXIMUM, MEAN, GOOD = LegendColumn.MINIMUM, LegendColumn.MAXIMUM, LegendColumn.MEAN, LegendColumn.GOOD


class Store:
    """A store with two hours of a sine at 1 Hz, and a writer that goes on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.names = ["A.FLOW", "A.ST", *(f"X{n}" for n in range(MAX_PENS))]
        now = time.time_ns()
        self.writer = StoreWriter(path, [SlotSpec(name, DEFAULT) for name in self.names], now_ns=now)
        age = np.arange(7200, 0, -1)
        values = 100.0 + 10.0 * np.sin(age / 300.0)
        bad = (age <= GAP_S[1]) & (age > GAP_S[0])
        status = np.where(bad, st.BAD_NO_COMMUNICATION, 0).astype(np.uint32)
        t = now - age.astype(np.int64) * SECOND_NS
        assert self.writer.append_batch(np.zeros(len(t), np.uint32), t, values, status, now) == 0
        self.writer.append(1, now - 3600 * SECOND_NS, 0, 0, now)
        self.writer.append(1, now - 60 * SECOND_NS, 2, 0, now)
        self.writer.heartbeat(now)
        self.start_ns = now
        self.reader = StoreReader(path)

    def append(self, value: float) -> int:
        """Append a sample of A.FLOW now; return its time."""
        now = time.time_ns()
        assert self.writer.append(0, now, value, 0, now)
        self.writer.heartbeat(now)
        return now

    def close(self) -> None:
        self.reader.close()
        self.writer.close()


def live(trend: TrendWorkspace) -> QPushButton:
    return next(one for one in trend.findChildren(QPushButton) if one.text() == "Live")


def press(trend: TrendWorkspace, text: str) -> None:
    next(one for one in trend.findChildren(QPushButton) if one.text() == text).click()


def cell(trend: TrendWorkspace, tag: str, column: int) -> str:
    row = [pen.tag.name for pen in trend.pens.pens].index(tag)
    item = trend.legend.table.item(row, column)
    return item.text() if item is not None else ""


def drag_back(trend: TrendWorkspace, seconds: float) -> None:
    """Move the range as dragging the plot does."""
    trend.plot._plot.getViewBox().translateBy(x=-seconds, y=0.0)
