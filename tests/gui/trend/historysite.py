"""History in a real database behind a real link server, for what a trend asks of it in a thread of its own."""

import itertools
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from app.console.bridge import EngineBridge, LinkState
from app.console.history_pages import LinkPages
from app.engine.historyanswers import HistoryAnswers
from app.engine.queries import QueryPool
from app.link import messages as m
from app.link.server import Handlers, LinkServer, Peer
from app.model import status as st
from app.model.clock import SECOND_NS
from app.model.engine import EngineStatus
from app.model.history import HistoryRow
from app.model.sample import Value
from app.model.tag import DataType, Tag
from app.storage import Database
from app.trend import RetentionClass, SlotSpec, StoreWriter
from tests.gui.console.linkserver import SECRET, LinkThread
from tests.gui.trend.test_figures import walk

Sample = tuple[int, Value, int]
SPAN_S = 20_000
FLOW, COUNT, NOTE = "A.FLOW", "A.COUNT", "A.NOTE"
TAGS = {
    FLOW: Tag(FLOW, unit="m³/h", low=0, high=200, decimals=2),
    COUNT: Tag(COUNT, data_type=DataType.INT),
    NOTE: Tag(NOTE, data_type=DataType.STRING),
}
SMALL = RetentionClass("small", 2000, (200, 100))


class Plain:
    """All that the plant told: history has it, but for what repeats; the ring has the newest, with a hole in it.

    ``late`` came after newer samples: history alone has it.
    """

    def __init__(self, folder: Path) -> None:
        self.end_ns = now_ns()
        self.start_ns = self.end_ns - SPAN_S * SECOND_NS
        flow: list[Sample] = [*walk(7, self.start_ns, self.end_ns, 2.0)]
        hole = [n for n, (at, _, _) in enumerate(flow) if 3000 < (self.end_ns - at) / SECOND_NS < 4500]
        flow[hole[0]] = (flow[hole[0]][0], flow[hole[0]][1], st.BAD_NO_COMMUNICATION)
        late: list[Sample] = [(self.end_ns - n * 50 * SECOND_NS - 7, -5.0 - n, 0) for n in range(1, 9)]
        every_s = range(SPAN_S, 0, -10)
        count: list[Sample] = [(self.end_ns - n * SECOND_NS, 2**60 + 1 + (n // 30) * 3, 0) for n in every_s]
        note: list[Sample] = [(self.end_ns - n * 100 * SECOND_NS, f"batch {n}", 0) for n in range(20, 0, -1)]
        changes = [count[0], *(b for a, b in itertools.pairwise(count) if a[1] != b[1])]
        known = [one for one in changes if one[0] < count[1000][0]] + count[1000:]  # the ring has repeats too
        self.samples = {FLOW: sorted(flow + late), COUNT: known, NOTE: note}
        self.url = made(folder, {FLOW: flow + late, COUNT: changes, NOTE: note})
        self.store = folder / "joined.trend"
        self.writer = StoreWriter(self.store, [SlotSpec(name, SMALL) for name in TAGS], now_ns=self.end_ns)
        in_ring = [one for n, one in enumerate(flow) if n > 2000 and not hole[0] < n <= hole[-1]]
        for slot, samples in enumerate((in_ring, count[1000:], note[10:])):
            for at, value, status in samples:
                assert self.writer.append(slot, at, value, status, at)
        self.writer.heartbeat(self.end_ns)

    def inside(self, name: str, start_ns: int, end_ns: int) -> list[Sample]:
        return [one for one in self.samples[name] if start_ns <= one[0] < end_ns]


class HistoryThread(LinkThread):
    """Answers what is asked of history, by the engine's own threads."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.waiting = 0
        """Samples that are said to wait for the database."""
        self.pool = QueryPool(lambda: Database(url))
        self.pool.start()

    def end(self) -> None:
        """Close, and end the threads."""
        super().end()
        self.pool.close()

    async def _open(self) -> str:
        handlers, answers = Handlers(), HistoryAnswers(self.pool)
        handlers.on(m.HISTORY, answers.envelope)
        handlers.on(m.HISTORY_COUNT, answers.count)
        handlers.on(m.RAW, answers.page)
        handlers.on(m.STATUS, self._status)
        self._server = LinkServer(handlers, SECRET)
        return await self._server.start()

    async def _status(self, _peer: Peer, _request: m.Nothing) -> EngineStatus:
        known: dict[str, Any] = {field.name: 0 for field in fields(EngineStatus)}
        texts = dict.fromkeys(("version", "project_id", "store_path", "database"), "x")
        known |= {**texts, "database_error": "", "database_error_zh": "", "loop_lag_ms": 0.0, "sample_rate": 0.0}
        known |= {
            "errors": (),
            "connections": (),
            "shortfalls": (),
            "history_pending": self.waiting,
            "spool_bytes": self.waiting,
        }
        return EngineStatus(**known)


class HistorySite:
    """The server, and the console's side of it."""

    def __init__(self, url: str) -> None:
        self.server = HistoryThread(url)
        self.bridge = EngineBridge(self.server.find)
        self.pages = LinkPages(self.bridge)

    def cut(self, qtbot: QtBot) -> None:
        """Take the link away."""
        self.server.close()
        qtbot.waitUntil(lambda: self.bridge.state is LinkState.LOST, timeout=5000)


@contextmanager
def history_site(qtbot: QtBot, url: str) -> Iterator[HistorySite]:
    """Run both until the block ends."""
    site = HistorySite(url)
    try:
        site.server.open()
        site.bridge.start()
        qtbot.waitUntil(lambda: site.bridge.state is LinkState.CONNECTED, timeout=10_000)
        yield site
    finally:
        site.bridge.stop()
        site.server.end()


def made(folder: Path, rows: dict[str, Sequence[Sample]]) -> str:
    """Make a database with samples of tags; returns its URL."""
    url = f"sqlite:///{folder / 'history.db'}"
    with Database(url) as database:
        for name, samples in rows.items():
            found = [HistoryRow(name, at, n, at, at, value, status) for n, (at, value, status) in enumerate(samples)]
            database.history.append(found)
    return url


def now_ns() -> int:
    """Return the time, to the second: what a test asks for then lies between samples or on one, always the same."""
    return time.time_ns() // 10**9 * 10**9
