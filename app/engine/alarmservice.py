"""Alarms at run time: what ends by itself, connection alarms, persistence before announcement."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from typing import Final

from app.alarms.engine import AlarmEngine
from app.alarms.journal import journal_row
from app.engine.database import DatabaseWorker
from app.engine.floodwatch import FloodWatch
from app.engine.outbox import Outbox
from app.model.alarm import AlarmDefinition
from app.model.alarm_state import AlarmSnapshot, AlarmTransition
from app.model.clock import SECOND_NS, Clock
from app.model.connection import ConnectionState, ConnectionStatus
from app.model.errors import DatabaseError
from app.model.sample import Sample
from app.security.audit import AuditEntry
from app.storage import JournalItem

log = logging.getLogger(__name__)

ANNOUNCE_AFTER_S: Final = 2.0
"""A transition that the database has not taken after this time is announced all the same: the operator comes first."""
PORTION: Final = 500
"""A flood of thousands is stored in steps that are quick: what takes long goes by way of the disk."""
MAX_TICK_S: Final = 1.0
RESTORE_RETRY_S: Final = 2.0
RESTORE_WAIT_S: Final = 10.0


class AlarmService:
    """Owns the alarm engine. Belongs to the event loop."""

    def __init__(
        self,
        engine: AlarmEngine,
        database: DatabaseWorker,
        outbox: Outbox[JournalItem],
        announce: Callable[[AlarmSnapshot], None],
        clock: Clock,
        before_reconsidering: Callable[[], None] = lambda: None,
        flood: FloodWatch | None = None,
    ) -> None:
        """``before_reconsidering``: is called before every alarm is evaluated with what is known already."""
        self._flood = flood
        self._before_reconsidering = before_reconsidering
        self._engine = engine
        self._database = database
        self._announce = announce
        self._clock = clock
        self._outbox = outbox
        self._waiting: deque[tuple[float, Future[None], tuple[AlarmTransition, ...]]] = deque()
        self._changed = asyncio.Event()
        self._restored = False

    async def restore(self) -> list[AlarmSnapshot]:
        """Take over the states of the last run, before the first sample; ``run`` tries it again where this fails.

        Returns those taken over.

        Raises:
            DatabaseError: they cannot be read now.

        """
        await asyncio.to_thread(self._outbox.wait_delivered, RESTORE_WAIT_S)  # states that wait on disk are newer
        snapshots: list[AlarmSnapshot] = await self._database.call(lambda database: database.alarm_states.load())
        self._restored = True
        gone = self._engine.restore(snapshots)
        if gone:
            log.info("%d stored alarm states have no alarm in the project any more", len(gone))
            self._database.submit(lambda database: database.alarm_states.drop(gone))
        self.take(self._engine.silence(snapshots, self._clock.now_ns()))
        return [shot for each in snapshots if (shot := self._engine.snapshot(each.id)) is not None]

    def snapshots(self) -> tuple[AlarmSnapshot, ...]:
        """Return every alarm that is not normal, or is suppressed."""
        return tuple(self._engine.snapshots())

    def snapshot(self, alarm_id: str) -> AlarmSnapshot | None:
        """Return the state of an alarm, also while it is normal; None where there is no such alarm."""
        return self._engine.snapshot(alarm_id)

    def counts(self) -> tuple[int, int]:
        """Return the number of active and of unacknowledged alarms that annunciate."""
        shown = [each for each in self._engine.snapshots() if not each.suppression]
        return sum(each.active for each in shown), sum(each.unacknowledged for each in shown)

    def take(self, transitions: Sequence[AlarmTransition]) -> None:
        """Persist transitions, then announce them; called by ingest."""
        if transitions:
            self._persist(tuple(transitions))
        self._changed.set()

    def connection_changed(self, status: ConnectionStatus) -> None:
        """Follow the state of a connection."""
        lost = status.state is ConnectionState.LOST
        if lost or status.state.is_up:
            self.take(self._engine.connection_changed(status.id, lost, self._clock.now_ns()))

    def redefine(
        self,
        definitions: Iterable[AlarmDefinition],
        read: Callable[[str], Sample | None],
        redefined: Callable[[], None] = lambda: None,
    ) -> None:
        """Take other definitions; alarms that are the same keep their states. ``redefined`` is called in between.

        Raises:
            ExpressionError, ValueError: as ``AlarmEngine``; nothing is changed then.

        """
        self._before_reconsidering()
        now_ns = self._clock.now_ns()
        ended = self._engine.redefine(definitions, read, now_ns)
        redefined()
        self.take([*ended, *self._engine.reconsider(now_ns)])

    async def keep(self, transitions: Sequence[AlarmTransition], audit: Sequence[AuditEntry]) -> None:
        """Take what an operator did, with its audit; returns when both have it, or the database is away."""
        written = asyncio.wrap_future(self._persist(tuple(transitions), audit))
        self._changed.set()
        await asyncio.wait({written}, timeout=ANNOUNCE_AFTER_S)
        self._release()

    async def run(self) -> None:
        """End delays when they are due, and announce what the database was too slow for."""
        late = asyncio.create_task(self._restore_late(), name="alarms-restore")
        try:
            await self._follow()
        finally:
            late.cancel()
            await asyncio.gather(late, return_exceptions=True)

    async def _restore_late(self) -> None:
        """Take over the states of the last run once the database, away at the start, is back."""
        while not self._restored:
            await asyncio.sleep(RESTORE_RETRY_S)
            try:
                restored = await self.restore()
            except DatabaseError as error:
                log.debug("alarm states of the last run cannot be restored yet: %s", error)
                continue
            log.warning("%d alarm states of the last run were restored late", len(restored))
            for snapshot in restored:
                self._announce(snapshot)
            self._before_reconsidering()
            self.take(self._engine.reconsider(self._clock.now_ns()))

    async def _follow(self) -> None:
        while True:
            self._changed.clear()
            self.take(self._engine.tick(self._clock.now_ns()))
            self._changed.clear()
            self._release()
            if self._flood is not None:
                self._flood.take(())
            due = self._engine.next_due_ns
            wait = MAX_TICK_S if due is None else min(MAX_TICK_S, max(0.0, (due - self._clock.now_ns()) / SECOND_NS))
            try:
                async with asyncio.timeout(wait):
                    await self._changed.wait()
            except TimeoutError:
                continue

    def _persist(self, transitions: tuple[AlarmTransition, ...], audit: Sequence[AuditEntry] = ()) -> "Future[None]":
        """Hand on what happened; in portions where it is very much, unless all must be kept together."""
        last = 0 if audit else max(0, len(transitions) - 1) // PORTION * PORTION
        for first in range(0, last, PORTION):
            self._persist_together(transitions[first : first + PORTION])
        return self._persist_together(transitions[last:], audit)

    def _persist_together(
        self, transitions: tuple[AlarmTransition, ...], audit: Sequence[AuditEntry] = ()
    ) -> "Future[None]":
        now_ns = self._clock.now_ns()
        rows = [journal_row(each, now_ns) for each in transitions if each.journalled]
        # The states of what devices judge are told anew by them after a start.
        snapshots = _latest(each for each in transitions if each.snapshot.external is None)
        loop = asyncio.get_running_loop()
        done = self._outbox.offer([JournalItem(rows, snapshots, audit, blind=not self._restored)])
        if self._flood is not None:
            self._flood.take(transitions)
        self._waiting.append((self._clock.monotonic() + ANNOUNCE_AFTER_S, done, transitions))
        done.add_done_callback(lambda _done: _in_loop(loop, self._release))
        return done

    def _release(self) -> None:
        """Announce, in order, what is persisted or overdue."""
        now = self._clock.monotonic()
        while self._waiting and (self._waiting[0][1].done() or now >= self._waiting[0][0]):
            for transition in self._waiting.popleft()[2]:
                self._announce(transition.snapshot)


def _latest(transitions: Iterable[AlarmTransition]) -> list[AlarmSnapshot]:
    return list({each.snapshot.id: each.snapshot for each in transitions}.values())


def _in_loop(loop: asyncio.AbstractEventLoop, callback: Callable[[], None]) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(callback)
