"""Several processes, and one that dies in the middle of writing."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.model.journal import JournalQuery
from app.model.user import Role
from app.security import AuditEntry, UserRecord
from app.storage import Database
from tests.unit.storage.rows import row

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("batches", [1, 37, 90])
def test_kill_9_loses_nothing_that_was_acknowledged(url: str, batches: int) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.unit.storage.writer_process", url], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        assert child.stdout is not None
        seen = [int(child.stdout.readline()) for _ in range(batches)]
    finally:
        child.kill()
        rest, _ = child.communicate()
    # A last line may have been cut in the middle; only whole ones count as acknowledged.
    acknowledged = seen + [int(line) for line in rest.splitlines(keepends=True) if line.endswith("\n")]
    with Database(url) as database:
        stored = [each.source_ns for each in database.journal.page(JournalQuery(limit=5000)).rows][::-1]
        states = {each.id: int(each.comment) for each in database.alarm_states.load()}
        report = database.audit.verify()
    assert acknowledged == list(range(1, len(acknowledged) + 1))
    assert stored == list(range(1, len(stored) + 1))
    assert len(acknowledged) <= len(stored) <= len(acknowledged) + 1
    assert states == {f"A{n % 20}.H": n for n in stored[-20:]}
    assert (report.records, report.broken_seq) == (len(stored), None)


def test_a_second_process_adds_a_user_and_an_audit_entry_meanwhile(url: str) -> None:
    code = (
        "import sys\n"
        "from app.storage import Database\n"
        "from app.security import AuditEntry, UserRecord\n"
        "from app.model.user import Role\n"
        "with Database(sys.argv[1]) as database:\n"
        "    database.users.add(UserRecord('li', Role.OPERATOR, 'hash'))\n"
        "    for n in range(50):\n"
        "        database.audit.append([AuditEntry(n, 'other')])\n"
    )
    with Database(url) as database:
        child = subprocess.Popen([sys.executable, "-c", code, url], cwd=ROOT)
        written = 0
        while child.poll() is None:
            database.record([row(written)], audit=[AuditEntry(written, "own")])
            written += 1
        assert child.returncode == 0
        assert database.users.find("li") == UserRecord("li", Role.OPERATOR, "hash")
        report = database.audit.verify()
        assert (report.records, report.broken_seq) == (written + 50, None)


def test_two_processes_may_make_the_database_at_once(url: str) -> None:
    code = "import sys\nfrom app.storage import Database\nDatabase(sys.argv[1]).close()"
    children = [subprocess.Popen([sys.executable, "-c", code, url], cwd=ROOT) for _ in range(3)]
    assert [child.wait(60) for child in children] == [0, 0, 0]
