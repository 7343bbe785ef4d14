"""The age limit of history, against real databases."""

from app.model.journal import JournalQuery
from app.storage import Database
from tests.unit.storage.samples import sample

END = 2**62
SECOND = 1_000_000_000


def times_of(database: Database, tag: str) -> list[int]:
    return sorted(row.time_ns // SECOND for row in database.samples.page(tag, -END, END).rows)


def test_old_rows_go_in_steps_and_nothing_else(database: Database) -> None:
    database.history.append([sample(n, tag=tag) for n in range(100) for tag in ("A", "B")])
    steps = 1
    while database.retention.prune(60 * SECOND, most=25):
        steps += 1
    assert steps >= 4
    assert times_of(database, "A") == times_of(database, "B") == list(range(60, 100))
    assert not database.retention.prune(60 * SECOND)


def test_rows_of_one_time_go_together(database: Database) -> None:
    database.history.append([sample(n // 10, float(n), id=n) for n in range(100)])
    while database.retention.prune(5 * SECOND, most=7):
        pass
    assert times_of(database, "T") == [n // 10 for n in range(50, 100)]
    assert database.journal.page(JournalQuery()).rows == ()


def test_rows_from_before_the_epoch_go_as_the_others_do(database: Database) -> None:
    database.history.append([sample(n, tag=tag) for n in range(-20, 20) for tag in ("A", "B")])
    while database.retention.prune(-5 * SECOND, most=7):
        pass
    assert times_of(database, "A") == times_of(database, "B") == list(range(-5, 20))
    while database.retention.prune(3 * SECOND, most=7):
        pass
    assert times_of(database, "A") == times_of(database, "B") == list(range(3, 20))
