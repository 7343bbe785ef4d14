"""Child of test_processes: append rows with their alarm states for ever, and name each batch once it is on disk."""

import sys
from itertools import count

from app.security import AuditEntry
from app.storage import Database
from tests.unit.storage.rows import row, snapshot


def main() -> None:
    database = Database(sys.argv[1])
    for n in count(1):
        database.record([row(n)], [snapshot(n % 20, comment=str(n))], [AuditEntry(n, "ack", new=str(n))])
        sys.stdout.write(f"{n}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
