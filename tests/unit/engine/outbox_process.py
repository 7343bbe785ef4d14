"""Child of test_outbox: store rows for ever, and name each one once it is in the database or on disk."""

import sys
from itertools import count
from pathlib import Path

from app.engine.database import DatabaseWorker
from app.engine.stores import Stores
from app.model.history import HistoryRow
from app.model.journal import JournalKind, JournalRow
from app.model.plant import HistorySettings
from app.security import AuditEntry
from app.storage import Database, JournalItem


def main() -> None:
    url, folder = sys.argv[1], Path(sys.argv[2])
    stores = Stores(DatabaseWorker(lambda: Database(url)), lambda: Database(url), folder, HistorySettings())
    stores.start()
    for n in count(1):
        row = JournalRow(0, JournalKind.SYSTEM, "start", "engine", n, n, n)
        journal = stores.journal.offer([JournalItem((row,), (), (AuditEntry(n, "test"),))])
        history = stores.history.offer([HistoryRow("T", n * 10 + k, n * 10 + k, n, n, 1.0, 0) for k in range(10)])
        journal.result(30)
        history.result(30)
        sys.stdout.write(f"{n}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
