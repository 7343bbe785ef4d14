"""The age limit of the journal: old rows go in small steps, and the journal says which."""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, delete, insert, select, tuple_

from app.model.journal import ENGINE, JournalKind, JournalRow
from app.storage.connect import Link
from app.storage.journaltables import JOURNAL, RETENTION
from app.storage.journalwrite import insert_rows
from app.storage.schema import ALARM_STATE

STEP_ROWS: Final = 2_000
_SECOND_NS: Final = 10**9
_DAY_NS: Final = 86_400 * _SECOND_NS


class JournalRetention:
    """Removes rows of whole days; none of an occurrence that the alarm states still hold, however old it is.

    The database itself lets nobody else remove rows, and only what is older than the limit given (migration 0008).
    """

    def __init__(self, link: Link) -> None:
        self._link = link

    def prune(self, before_ns: int, now_ns: int, most: int = STEP_ROWS) -> bool:
        """Remove the oldest rows of days (UTC) that end before a time (ns): one step; tells whether there may be more.

        A row about it is added in the same transaction.

        Raises:
            DatabaseError: nothing was removed.

        """
        before_ns -= before_ns % _DAY_NS
        c = JOURNAL.c
        old = _goes(before_ns)
        some = select(c.time_ns, c.id).where(old).order_by(c.time_ns, c.id).limit(most)
        with self._link.read() as connection:  # looked for without the lock of writers
            found = connection.execute(some).all()
        if not found:
            return False
        first, last = found[0], found[-1]
        with self._link.write() as connection:
            connection.execute(insert(RETENTION).values(before_ns=before_ns))
            gone = connection.execute(delete(JOURNAL).where(old, tuple_(c.time_ns, c.id) <= tuple_(*last))).rowcount
            connection.execute(delete(RETENTION))
            if gone:
                insert_rows(connection, [_record(gone, first.time_ns, last.time_ns, now_ns)])
        return len(found) == most


def _goes(before_ns: int) -> ColumnElement[bool]:
    held = select(ALARM_STATE.c.event_id).where(ALARM_STATE.c.event_id != "")
    return and_(JOURNAL.c.time_ns < before_ns, JOURNAL.c.correlation.not_in(held))


def _record(rows: int, first_ns: int, last_ns: int, now_ns: int) -> JournalRow:
    first, last = _utc(first_ns), _utc(last_ns)
    said: dict[str, Any] = {
        "old": first, "new": last, "value": rows,
        "text": f"{rows} rows from {first} to {last} removed: older than the journal is kept",
        "text_zh": f"已删除 {first} 至 {last} 的 {rows} 行：超过日志保留期限",
    }  # fmt: skip
    return JournalRow(0, JournalKind.SYSTEM, "retention", ENGINE, now_ns, now_ns, now_ns, **said)


def _utc(ns: int) -> str:
    return f"{datetime.fromtimestamp(ns // _SECOND_NS, UTC):%Y-%m-%dT%H:%M:%SZ}"
