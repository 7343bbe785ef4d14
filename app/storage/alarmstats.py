"""What the figures of alarm management read of the journal: few columns of many rows. The one place of its SQL."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Select, case, select

from app.alarms.kpi import StatRow
from app.model.alarm import AlarmEventKind
from app.model.journal import JournalKind
from app.storage.connect import Link
from app.storage.journalfilter import joined
from app.storage.journaltables import JOURNAL, OBJECT, TRANSITION
from app.storage.values import value_from_text

_PORTION: Final = 5_000


class AlarmStats:
    """Rows of alarms by their place in the time line (``JournalRow.counts_ns``)."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def read(self, from_ns: int, to_ns: int, take: Callable[[Iterable[StatRow]], None]) -> None:
        """Give the rows of a time (ns since the epoch, UTC; ``to_ns`` excluded) in portions, unsorted.

        Raises:
            DatabaseError: the database is away, or needs too long.

        """
        with self._link.read() as connection:
            options = {"stream_results": True, "yield_per": _PORTION}
            for portion in connection.execution_options(**options).execute(_statement(from_ns, to_ns)).partitions():
                take([_row(each) for each in portion])


def _statement(from_ns: int, to_ns: int) -> Select[Any]:
    c, step, about = JOURNAL.c, TRANSITION.c, OBJECT.c
    shelved = case((step.event == AlarmEventKind.SHELVE.value, c.value))
    return (
        select(
            c.id, step.event, about.object, c.time_ns, c.receive_ns, about.priority, step.old, step.new, about.area,
            c.user, shelved,
        )
        .select_from(joined(JOURNAL, words=False))
        .where(about.kind == JournalKind.ALARM.value, c.time_ns >= from_ns, c.time_ns < to_ns)
    )  # fmt: skip


def _row(columns: Sequence[Any]) -> StatRow:
    *plain, shelved = columns
    return StatRow._make([*plain, _seconds(shelved)])


def _seconds(text: str | None) -> float | None:
    value = value_from_text(text)
    return float(value) if isinstance(value, int | float) else None
