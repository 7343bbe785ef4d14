"""Watches for floods of alarms, and tells journal and desks where one begins and ends."""

from collections.abc import Callable, Iterable
from typing import Final

from app.alarms.flood import WINDOW_NS, FloodDetector, annunciates
from app.engine.database import DatabaseWorker
from app.engine.records import Records
from app.model.alarm import AlarmEventKind, AnnunciationState
from app.model.alarm_state import AlarmTransition
from app.model.clock import Clock
from app.model.flood import FloodState
from app.model.journal import JournalKind, JournalPage, JournalQuery, JournalRow
from app.model.text import LocalText

FLOOD: Final = "flood"
"""Object and event of its journal rows; ``new`` is start or end."""
ENOUGH: Final = 200
"""So many alarms of the run before tell whether there is a flood."""
_TOLD: Final = {AnnunciationState.UNACKNOWLEDGED.value, AnnunciationState.ACKNOWLEDGED.value}


class FloodWatch:
    """Belongs to the event loop."""

    def __init__(self, records: Records, announce: Callable[[FloodState], None], clock: Clock) -> None:
        self._detector = FloodDetector()
        self._records = records
        self._announce = announce
        self._clock = clock

    @property
    def next_due_ns(self) -> int | None:
        """When ``take`` must be called next, though nothing happens; None while there is no flood."""
        return self._detector.next_due_ns

    async def restore(self, database: DatabaseWorker) -> None:
        """Go on where the run before ended, as far as the journal knows.

        Raises:
            DatabaseError: it cannot be read now.

        """
        since_ns = self._clock.now_ns() - WINDOW_NS
        comes = tuple(kind.value for kind in AlarmEventKind if kind.begins_occurrence)
        asked = JournalQuery(from_ns=since_ns, kinds=(JournalKind.ALARM,), events=comes, limit=ENOUGH)
        page: JournalPage = await database.call(lambda stored: stored.journal.page(asked))
        floods = JournalQuery(kinds=(JournalKind.SYSTEM,), events=(FLOOD,), limit=1)
        last: JournalPage = await database.call(lambda stored: stored.journal.page(floods))
        began = next((row.source_ns for row in last.rows if row.new == "start"), None)
        self._detector.restore((row.receive_ns for row in page.rows if row.new in _TOLD), began)

    def state(self) -> FloodState:
        """Return whether there is a flood now."""
        return self._detector.state(self._clock.now_ns())

    def take(self, transitions: Iterable[AlarmTransition]) -> None:
        """Count what annunciates."""
        changed = self._detector.take(sum(map(annunciates, transitions)), self._clock.now_ns())
        if changed is None:
            return
        self._records.journal(_row(changed, self._clock.now_ns()))
        self._announce(changed)


def _row(state: FloodState, now_ns: int) -> JournalRow:
    at_ns = state.since_ns if state.active else state.ended_ns or now_ns
    if state.active:
        text = LocalText(f"Alarm flood: {state.count} alarms in 10 min", f"报警泛滥：10 分钟内 {state.count} 条报警")
    else:
        text = LocalText(
            f"Alarm flood is over: {state.count} alarms in 10 min", f"报警泛滥结束：10 分钟内 {state.count} 条报警"
        )
    return JournalRow(
        0, JournalKind.SYSTEM, FLOOD, FLOOD, at_ns, at_ns, now_ns, new="start" if state.active else "end",
        value=state.count, text=text.en, text_zh=text.zh,
    )  # fmt: skip
