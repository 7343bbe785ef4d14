"""The age limit of history, against real databases."""

from sqlalchemy import event

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


def test_a_step_is_a_few_statements_and_looks_without_the_lock_of_writers(database: Database) -> None:
    tags = [f"T{n}" for n in range(300)]
    database.history.append([sample(n, tag=tag) for n in range(4) for tag in tags])
    statements: list[str] = []
    event.listen(
        database._link._engine, "before_cursor_execute", lambda *words: statements.append(words[2].partition(" (")[0])
    )
    assert not database.retention.prune(2 * SECOND)
    looks, writes = statements[: statements.index("BEGIN IMMEDIATE")], statements[len(statements) - 2 :]
    assert looks[0] == "BEGIN"
    assert [each.split()[0] for each in (*looks[1:], *writes)] == ["SELECT", "BEGIN", "DELETE"]
    assert {(*times_of(database, tag),) for tag in tags} == {(2, 3)}
    statements.clear()
    assert not database.retention.prune(2 * SECOND)
    assert "BEGIN IMMEDIATE" not in statements


def test_each_round_begins_with_the_first_tag_again(database: Database) -> None:
    tags = [f"T{n}" for n in range(5)]
    database.history.append([sample(n, tag=tag) for n in range(10) for tag in tags])
    assert database.retention.prune(5 * SECOND, most=12)
    assert [len(times_of(database, tag)) for tag in tags] == [5, 5, 8, 10, 10]
    database.history.append([sample(0, tag="T0", id=99)])  # late, behind the step
    while database.retention.prune(5 * SECOND, most=12):
        pass
    assert [times_of(database, tag) for tag in tags] == [[0, 5, 6, 7, 8, 9], *[[5, 6, 7, 8, 9]] * 4]
    assert not database.retention.prune(5 * SECOND, most=12)
    assert times_of(database, "T0") == [5, 6, 7, 8, 9]
