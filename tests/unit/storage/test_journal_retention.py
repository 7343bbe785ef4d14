"""The age limit of the journal: what it removes, what it keeps, what it says; nobody else removes anything."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import event, text

from app.model.alarm import AnnunciationState
from app.model.errors import DatabaseError
from app.model.journal import JournalKind, JournalQuery, JournalRow
from app.storage import Database
from tests.unit.storage.rows import row, snapshot

DAY = 86_400 * 10**9
NOW = 20 * DAY


@pytest.fixture
def either(either_url: str) -> Iterator[Database]:
    with Database(either_url) as opened:
        yield opened


def at(day: float, occurrence: str) -> JournalRow:
    ns = round(day * DAY)
    return row(ns, receive_ns=ns, object="A.H", text="high", correlation=occurrence)


def left(database: Database) -> list[float]:
    rows = database.journal.page(JournalQuery(kinds=(JournalKind.ALARM,), limit=500)).rows
    return [each.source_ns / DAY for each in reversed(rows)]


def records(database: Database) -> list[JournalRow]:
    return list(database.journal.page(JournalQuery(events=("retention",))).rows)[::-1]


def test_whole_days_go_in_steps_and_each_step_says_what_went(either: Database) -> None:
    either.journal.append([at(n / 10, f"e{n}") for n in range(100)])
    steps = 1
    while either.journal_retention.prune(round(4.5 * DAY), NOW, most=15):
        steps += 1
    assert steps == 3
    assert left(either) == [n / 10 for n in range(40, 100)]
    said = records(either)
    assert [each.value for each in said] == [15, 15, 10]
    assert (said[0].old, said[-1].new) == ("1970-01-01T00:00:00Z", "1970-01-04T21:36:00Z")
    assert "15 rows from 1970-01-01" in said[0].text
    assert "15 行" in said[0].text_zh
    assert not either.journal_retention.prune(round(4.9 * DAY), NOW)
    assert len(records(either)) == 3


@pytest.mark.parametrize("state", [AnnunciationState.UNACKNOWLEDGED, AnnunciationState.RETURNED])
def test_rows_of_an_occurrence_that_waits_stay_until_it_is_over(either: Database, state: AnnunciationState) -> None:
    either.record([at(0.1, "event7"), at(0.2, "e0"), at(0.3, "event7"), at(9, "e1")], [snapshot(7, state)])
    assert not either.journal_retention.prune(5 * DAY, NOW)
    assert left(either) == [0.1, 0.3, 9]
    either.alarm_states.save([replace(snapshot(7), state=AnnunciationState.NORMAL, active=False)])
    assert not either.journal_retention.prune(5 * DAY, NOW)
    assert left(either) == [9]
    assert [each.value for each in records(either)] == [1, 2]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM journal WHERE id = 1", "UPDATE journal SET value = '1'", "DELETE FROM journal_object",
        "UPDATE journal_object SET text = 'x'", "UPDATE journal_transition SET event = 'x'",
        "UPDATE journal_text SET text = 'x'", "DELETE FROM journal_text",
    ],
)  # fmt: skip
def test_nothing_else_changes_or_removes_rows(either: Database, statement: str) -> None:
    either.journal.append([row(1, comment="见")])
    with pytest.raises(DatabaseError, match="append-only"), either._link.write() as connection:
        connection.execute(text(statement))
    assert [each.comment for each in either.journal.page(JournalQuery()).rows] == ["见"]


@pytest.mark.parametrize("correlation", ["event7", "e0"])
def test_the_database_keeps_to_the_limit_that_it_was_told(either: Database, correlation: str) -> None:
    """Of rows beyond it, and of an occurrence that waits, none goes though retention itself were wrong."""
    either.record([at(6, "e0"), at(0, "event7")], [snapshot(7)])

    def remove() -> None:
        with either._link.write() as connection:
            connection.execute(text(f"INSERT INTO journal_retention VALUES ({5 * DAY})"))
            connection.execute(text("DELETE FROM journal WHERE correlation = :c"), {"c": correlation})

    with pytest.raises(DatabaseError, match="append-only"):
        remove()
    assert left(either) == [0, 6]


def test_a_step_looks_without_the_lock_of_writers(database: Database) -> None:
    database.journal.append([at(n, f"e{n}") for n in range(3)])
    statements: list[str] = []
    event.listen(database._link._engine, "before_cursor_execute", lambda *words: statements.append(words[2]))
    assert not database.journal_retention.prune(0, NOW)
    assert not any(each.startswith("BEGIN IMMEDIATE") for each in statements)
