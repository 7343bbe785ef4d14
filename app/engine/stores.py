"""Where the engine keeps things: the threads on the database, and the outboxes before them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from app.engine.database import DatabaseWorker
from app.engine.deliveries import HistoryDelivery, JournalDelivery
from app.engine.outbox import Outbox
from app.engine.queries import QueryPool
from app.model.history import HistoryRow
from app.model.plant import HistorySettings
from app.model.text import LocalText
from app.storage import JournalItem, Spool

_MIB: Final = 2**20
_JOURNAL_SPOOL: Final = 256 * _MIB


class Stores:
    """Journal and history each have a connection, so that neither waits for the other."""

    def __init__(
        self, database: DatabaseWorker, open_database: Callable[[], Any], folder: Path, settings: HistorySettings
    ) -> None:
        self._database = database
        self._history_database = DatabaseWorker(open_database, "haihe-history-db")
        self.queries = QueryPool(open_database)
        """Reads history and pages of the journal: a long one delays no record, no command and no other client."""
        self.journal: Outbox[JournalItem] = Outbox(
            database,
            JournalDelivery(folder / "journal-refused.jsonl"),
            lambda run: Spool(folder / "journal", _JOURNAL_SPOOL, durable=True, run=run),
            name="haihe-journal",
            weigh=lambda items: sum(max(1, len(each.rows)) for each in items),
        )
        self.history: Outbox[HistoryRow] = Outbox(
            self._history_database,
            HistoryDelivery(folder / "history-refused.jsonl"),
            lambda run: Spool(folder / "history", settings.spool_mib * _MIB, durable=False, run=run),
            name="haihe-history",
            batch=5000,
        )

    @property
    def problem(self) -> LocalText:
        """Why nothing can be stored now; empty while the database works."""
        return self.journal.problem or self.history.problem

    @property
    def spool_bytes(self) -> int:
        """Bytes that wait on disk."""
        return self.journal.spool_bytes + self.history.spool_bytes

    @property
    def dropped(self) -> int:
        """Rows lost since start."""
        return self.journal.dropped + self.history.dropped

    @property
    def refused(self) -> int:
        """Rows set aside since start."""
        return self.journal.refused + self.history.refused

    async def prune_history(self, before_ns: int) -> bool:
        """Remove one step of the samples before a time; tells whether there may be more. Raises DatabaseError."""
        more: bool = await self._history_database.call(lambda database: database.retention.prune(before_ns))
        return more

    async def prune_journal(self, before_ns: int, now_ns: int) -> bool:
        """Remove one step of the journal's rows before a time, as ``prune_history`` does of samples."""
        more: bool = await self._history_database.call(
            lambda database: database.journal_retention.prune(before_ns, now_ns)
        )
        return more

    def start(self) -> None:
        """Start every thread."""
        for each in (self._database, self._history_database, self.queries, self.journal, self.history):
            each.start()

    def close(self) -> None:
        """Store or spool what waits, then end every thread. Blocks."""
        for each in (self.journal, self.history, self._database, self._history_database, self.queries):
            each.close()
