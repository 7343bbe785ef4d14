"""Whatever database and disk do: each row is stored once and in its order, or counted as dropped and told."""

import json
import logging
import tempfile
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.engine.carrier import SLOW_S, Carrier
from app.engine.deliveries import HistoryDelivery
from app.engine.keeper import LAST_RETRY_S, Keeper
from app.engine.parcels import Waiting
from app.model.errors import DatabaseError
from app.model.history import HistoryRow
from app.storage import Mark, Spool

_BATCH = 7


class FakeDatabase:
    """History and marks as app.storage keeps them (there against real databases), in the order of storing."""

    def __init__(self) -> None:
        self.history = self.marks = self
        self.order: list[int] = []
        self._marks: dict[str, int] = {}

    def append(self, rows: Sequence[HistoryRow], mark: Mark) -> None:
        left = max(0, mark.number - self._marks.get(mark.run, 0))
        new = [row.id for row in rows[max(0, len(rows) - left) :]]
        assert not set(new) & set(self.order), "stored twice"
        self.order += new
        self._marks[mark.run] = max(mark.number, self._marks.get(mark.run, 0))

    def forget(self, runs: Sequence[str]) -> None:
        for run in runs:
            self._marks.pop(run, None)


class Disk(Spool):
    """Refuses and gives nothing while it is broken; knows what it dropped because its limit was passed."""

    broken = False
    kept: ClassVar[dict[Path, set[int]]] = {}
    lost: ClassVar[set[int]] = set()

    def append(self, number: int, count: int, payload: bytes) -> None:
        if Disk.broken:
            raise OSError(28, "No space left on device")
        before = {each.path for each in self._segments}
        super().append(number, count, payload)
        Disk.kept.setdefault(self._segments[-1].path, set()).update(row[2] for row in json.loads(payload))
        for path in before - {each.path for each in self._segments}:
            Disk.lost |= Disk.kept[path]

    def read(self) -> Any:
        if Disk.broken and self.items:
            raise OSError(24, "Too many open files")
        return super().read()


class Worker:
    """Holds work until the test says what comes of it: a database that hangs until then."""

    def __init__(self, database: FakeDatabase) -> None:
        self.database = database
        self.work: deque[tuple[Callable[[Any], None], Future[None]]] = deque()

    def submit(self, work: Callable[[Any], None]) -> "Future[None]":
        future: Future[None] = Future()
        self.work.append((work, future))
        return future

    def answer(self, outcome: str) -> None:
        """``stored``, ``failed``: nothing was stored, ``lost``: stored, and the answer was lost."""
        work, future = self.work.popleft()
        try:
            if outcome == "failed":
                raise DatabaseError("away")
            work(self.database)
            if outcome == "lost":
                raise DatabaseError("the connection broke while it committed")
        except DatabaseError as error:
            future.set_exception(error)
        else:
            future.set_result(None)


class Messages(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


class Road(RuleBasedStateMachine):
    """An engine that is stopped, killed and started, on one folder and one database."""

    capacity, spool_bytes = 10_000, 2**20
    runs = 0

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="haihe-road-")
        self.now = 100.0
        self.rows = 0
        self.offered: dict[int, Future[None]] = {}
        self.forgotten: set[int] = set()
        """Rows that were only in memory when the engine ended: they may be stored or not."""
        self.dropped = 0
        self.messages = Messages()
        Disk.broken, Disk.kept, Disk.lost = False, {}, set()
        self.database = FakeDatabase()
        self.worker = Worker(self.database)

    @initialize()
    def start(self) -> None:
        logging.getLogger("app").addHandler(self.messages)
        self.waiting: Waiting[HistoryRow] = Waiting(self.capacity)
        Road.runs += 1
        run = f"{Road.runs:032x}"
        delivery = HistoryDelivery(Path(self.folder.name) / "aside")
        self.keeper = Keeper(self.open, delivery, name="box", run=run)
        self.carrier = Carrier(self.waiting, self.worker, delivery, self.keeper, name="box", batch=_BATCH)
        self.step()

    def open(self, run: str) -> Spool:
        folder = Path(self.folder.name) / "spool"
        if Disk.broken and not folder.exists():
            raise OSError(28, "No space left on device")
        return Disk(folder, self.spool_bytes, durable=False, segment_bytes=600, run=run)

    def step(self) -> None:
        self.carrier.step(self.now)

    @rule(parcels=st.lists(st.integers(1, 4), min_size=1, max_size=6))
    def offer(self, parcels: list[int]) -> None:
        for count in parcels:
            rows = [HistoryRow("T", n, n, n, n, float(n), 0) for n in range(self.rows, self.rows + count)]
            self.rows += count
            done = self.waiting.put(rows)
            self.offered |= dict.fromkeys((row.id for row in rows), done)
            self.step()

    @rule(seconds=st.sampled_from([0.1, SLOW_S, LAST_RETRY_S]))
    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.step()

    @precondition(lambda self: self.worker.work)
    @rule(outcome=st.sampled_from(["stored", "failed", "lost"]))
    def answer(self, outcome: str) -> None:
        self.worker.answer(outcome)
        self.step()

    @precondition(lambda self: self.carrier.pending)
    @rule()
    def break_or_mend_the_disk(self) -> None:
        Disk.broken = not Disk.broken

    @rule(answers=st.lists(st.sampled_from(["stored", "failed", "lost"]), max_size=2), killed=st.booleans())
    def start_again(self, answers: list[str], killed: bool) -> None:
        """Stop the engine in order, or kill it; then start another."""
        if killed:
            self.keeper.close()
        else:
            self.stop(answers)
        self.leave()

    def stop(self, answers: list[str]) -> None:
        self.carrier.retry()
        for outcome in answers:
            self.carrier.step(self.now, closing=True)
            if self.carrier.end(self.now, patient=True):
                return
            if self.worker.work:
                self.answer(outcome)
        self.carrier.end(self.now, patient=False)

    def leave(self) -> None:
        """What the worker had begun may still be stored, before the next engine asks."""
        self.forgotten |= {n for n, done in self.offered.items() if not done.done() or done.cancelled()}
        self.dropped += self.carrier.dropped
        while self.worker.work:
            self.worker.answer("lost")
        self.start()

    @invariant()
    def nothing_is_refused_and_memory_is_bounded(self) -> None:
        if hasattr(self, "carrier"):
            assert not (Path(self.folder.name) / "aside").exists()
            assert self.waiting.items <= self.capacity + 2 * _BATCH

    @invariant()
    def the_thread_never_spins(self) -> None:
        if hasattr(self, "carrier"):
            self.step()
            wait_s = self.carrier.wait_s(self.now)
            assert wait_s is None or wait_s > 0.0 or not self.carrier.pending

    def teardown(self) -> None:
        try:
            if hasattr(self, "carrier"):
                self.settle()
                self.check()
        finally:
            logging.getLogger("app").removeHandler(self.messages)
            self.keeper.close()
            self.folder.cleanup()

    def settle(self) -> None:
        Disk.broken = False
        self.offer([1])
        for _ in range(1000):
            self.now += LAST_RETRY_S
            self.step()
            if not self.worker.work:
                break
            self.answer("stored")
        assert (self.carrier.pending, self.carrier.problem.en, self.keeper.size) == (0, "", 0)
        assert not self.carrier.behind

    def check(self) -> None:
        missing = set(self.offered) - set(self.database.order) - self.forgotten
        dropped = {n for n, done in self.offered.items() if done.cancelled()} | Disk.lost
        assert missing <= dropped
        assert len(missing) <= self.dropped + self.carrier.dropped
        assert all(done.done() for n, done in self.offered.items() if n not in self.forgotten)
        assert not missing or any("dropped" in line for line in self.messages.lines)
        assert self.database.order == sorted(self.database.order)


class NarrowRoad(Road):
    """So little room in memory and on disk that rows are dropped."""

    capacity, spool_bytes = 12, 1800


class WideRoad(Road):
    """Room for everything: nothing may be dropped."""

    def check(self) -> None:
        super().check()
        assert set(self.offered) - self.forgotten <= set(self.database.order)


WideRoad.TestCase.settings = NarrowRoad.TestCase.settings = settings(max_examples=100, stateful_step_count=30)
TestWideRoad = WideRoad.TestCase
TestNarrowRoad = NarrowRoad.TestCase


def test_what_was_dropped_between_does_not_hide_that_a_batch_is_stored() -> None:
    """Its answer was lost, and while nobody knew that, the oldest that waited behind it were dropped."""
    road = NarrowRoad()
    road.start()
    Disk.broken = True
    road.offer([3])
    road.offer([6, 3, 4])
    road.answer("lost")
    assert road.carrier.dropped == 6
    road.teardown()
    assert road.database.order[:4] == [0, 1, 2, 9]
