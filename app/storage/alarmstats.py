"""What the figures of alarm management read of the journal: few numbers of many rows. The one place of its SQL."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Connection, Select, case, select

from app.alarms.kpi import AlarmRows, StatStep
from app.model.alarm import AlarmEventKind
from app.model.journal import JournalKind
from app.storage.connect import Link
from app.storage.journaltables import JOURNAL, OBJECT, TRANSITION
from app.storage.values import value_from_text

_PORTION: Final = 5_000


class AlarmStats:
    """Rows of alarms by their place in the time line (``JournalRow.counts_ns``)."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def begins_ns(self) -> int | None:
        """Return where the oldest row of the journal stands, of whatever kind; None where there is none."""
        c = JOURNAL.c
        with self._link.read() as connection:
            return connection.execute(select(c.time_ns).order_by(c.time_ns, c.id).limit(1)).scalar()

    def read(self, from_ns: int, to_ns: int, concerns: Callable[[str, str], bool]) -> AlarmRows:
        """Return the rows of a time (ns since the epoch, UTC; ``to_ns`` excluded).

        ``concerns`` tells of an alarm and its area whether it is wanted.

        Raises:
            DatabaseError: the database is away, or needs too long.

        """
        with self._link.read() as connection:
            rows = AlarmRows((StatStep(*each) for each in connection.execute(_steps())), concerns)
            options = {"stream_results": True, "yield_per": _PORTION}
            found = connection.execution_options(**options).execute(_rows(from_ns, to_ns))
            for portion in found.partitions():
                rows.add([tuple(each) for each in portion])
            rows.shelved_s.update(_shelvings(connection, from_ns, to_ns))
        return rows


def _steps() -> Select[Any]:
    step, about = TRANSITION.c, OBJECT.c
    columns = (step.id, step.event, about.object, about.area, about.priority, step.old, step.new)
    joined = TRANSITION.join(OBJECT, about.id == step.object_id)
    return select(*columns).select_from(joined).where(about.kind == JournalKind.ALARM.value)


def _rows(from_ns: int, to_ns: int) -> Select[Any]:
    """Select numbers alone: what they mean is in the dictionaries, which are read once."""
    c = JOURNAL.c
    by_user = case((c.user != "", 1), else_=0)
    columns = (c.id, c.transition_id, c.time_ns, c.receive_ns, by_user)
    return select(*columns).where(c.time_ns >= from_ns, c.time_ns < to_ns)


def _shelvings(connection: Connection, from_ns: int, to_ns: int) -> dict[int, float]:
    c = JOURNAL.c
    shelves = select(TRANSITION.c.id).where(TRANSITION.c.event == AlarmEventKind.SHELVE.value)
    wanted = select(c.id, c.value).where(c.transition_id.in_(shelves), c.time_ns >= from_ns, c.time_ns < to_ns)
    values = ((number, value_from_text(text)) for number, text in connection.execute(wanted))
    return {number: float(value) for number, value in values if isinstance(value, int | float)}
