"""One project's database: journal, alarm states, users, audit, history, notes, substitutions."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from itertools import groupby
from types import TracebackType

from sqlalchemy import Connection

from app.model.alarm_state import AlarmSnapshot
from app.model.journal import JournalRow
from app.security import AuditEntry
from app.storage.alarm_states import AlarmStates, save_states
from app.storage.alarmstats import AlarmStats
from app.storage.annotations import Annotations
from app.storage.audit import Audit, append_entries
from app.storage.bound import Bound
from app.storage.connect import Link
from app.storage.history import History
from app.storage.historyquery import HistoryQuery
from app.storage.items import JournalItem
from app.storage.journal import Journal
from app.storage.journalretention import JournalRetention
from app.storage.journalwrite import insert_rows
from app.storage.marks import Mark, Marks, claim
from app.storage.migrate import HEAD, current_revision, upgrade
from app.storage.retention import Retention
from app.storage.substitutions import Substitutions
from app.storage.users import Users


class Database:
    """Synchronous; called by one thread at a time (the engine's worker thread). Other processes may use it too.

    Every method raises DatabaseError when the database is away, full, or damaged; nothing of that call was
    stored then.
    """

    def __init__(self, url: str) -> None:
        """Open a database (it is made, and brought to this program's schema, where needed).

        Raises:
            DatabaseError: with what is wrong and where.

        """
        self._link = Link(url)
        self.name = self._link.name
        """The URL without its password."""
        try:
            with self._link.read() as connection:
                up_to_date = current_revision(connection) == HEAD
            if not up_to_date:
                with self._link.write() as connection:
                    upgrade(connection)
        except BaseException:
            self._link.close()
            raise
        self.journal = Journal(self._link)
        self.alarm_states = AlarmStates(self._link)
        self.alarm_stats = AlarmStats(self._link)
        self.users = Users(self._link)
        self.audit = Audit(self._link)
        self.history = History(self._link)
        self.retention = Retention(self._link, self.history.forget_weeks)
        self.journal_retention = JournalRetention(self._link)
        self.samples = HistoryQuery(self._link)
        self.marks = Marks(self._link)
        self.annotations = Annotations(self._link)
        self.substitutions = Substitutions(self._link)

    def record(
        self,
        rows: Sequence[JournalRow] = (),
        snapshots: Sequence[AlarmSnapshot] = (),
        audit: Sequence[AuditEntry] = (),
    ) -> None:
        """Store journal rows, alarm states and audit entries in one transaction: all of them, or none.

        What this stored may be shown: it is on disk.

        Raises:
            RowsRefused: one of them cannot be stored, now or later.
            DatabaseError: the database is away.

        """
        with self._link.write() as connection:
            _record(connection, [JournalItem(rows, snapshots, audit)])

    def store(self, items: Sequence[JournalItem], mark: Mark) -> None:
        """Store the items up to a mark that are not stored yet, and the mark, as ``record`` does."""
        with self._link.write() as connection:
            left = claim(connection, mark, len(items))
            _record(connection, items[len(items) - left :])

    def bounded(self, bound: Bound) -> AbstractContextManager[None]:
        """Hold what is read in a ``with`` block to a bound of time; it raises DatabaseError beyond."""
        return self._link.bounded(bound)

    def close(self) -> None:
        """Close the database; call in the thread that used it."""
        self._link.close()

    def __enter__(self) -> "Database":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def _record(connection: Connection, items: Sequence[JournalItem]) -> None:
    append_entries(connection, [entry for item in items for entry in item.audit])
    insert_rows(connection, [row for item in items for row in item.rows])
    for blind, some in groupby(items, key=lambda item: item.blind):
        save_states(connection, [snapshot for item in some for snapshot in item.snapshots], blind=blind)
