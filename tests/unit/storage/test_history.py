"""History against a real file."""

import math
import sqlite3
from pathlib import Path

import pytest

from app.model import status as st
from app.model.errors import RowsRefused
from app.model.history import BACK_FILLED, LATE, HistoryCursor, HistoryRow
from app.storage import Database, bulk
from app.storage.bulk import GROUP
from app.storage.marks import Mark
from tests.unit.storage.samples import WHOLE_NUMBERS, WRITTEN_TIMES, sample

END = 2**62
SECOND = 1_000_000_000


def rows_of(database: Database, tag: str = "T") -> list[HistoryRow]:
    return list(database.samples.page(tag, -END, END).rows)


def test_rows_come_back_as_they_were(database: Database) -> None:
    rows = [
        sample(1, 1.5), sample(2, "on", tag="S"), sample(3, float("inf"), status=st.BAD, flags=LATE | BACK_FILLED),
        sample(4, 7.0, source_ns=5, receive_ns=99),
    ]  # fmt: skip
    database.history.append(rows)
    assert rows_of(database) == [rows[0], rows[2], rows[3]]
    assert rows_of(database, "S") == [rows[1]]
    assert rows_of(database, "none") == []
    database.history.append([sample(5, math.nan, tag="N")])
    assert rows_of(database, "N")[0].value is None


def test_whole_numbers_keep_every_digit_and_count_in_envelopes(database: Database) -> None:
    database.history.append([sample(n, value, status=st.BAD * (n == 2)) for n, value in enumerate(WHOLE_NUMBERS)])
    assert [row.value for row in rows_of(database)] == list(WHOLE_NUMBERS)
    [column] = database.samples.envelope("T", 0, 10 * SECOND, 1).columns
    assert (column.minimum, column.maximum) == (-(2.0**63), 2.0**64)
    after = database.samples.envelope("T", -SECOND, SECOND // 2, 1).after
    assert after is not None
    assert after.value == 2**53 + 1
    database.history.append([sample(1, "9007199254740993", tag="S")])
    assert rows_of(database, "S")[0].value == "9007199254740993"


@pytest.mark.parametrize("newest_first", [True, False])
def test_pages_skip_no_row_of_equal_time(database: Database, newest_first: bool) -> None:
    rows = [sample(n // 7, float(n), id=n) for n in range(50)]
    database.history.append(rows)
    seen: list[HistoryRow] = []
    after: HistoryCursor | None = None
    while True:
        page = database.samples.page("T", 0, 8 * SECOND, 3, after, newest_first=newest_first)
        seen += page.rows
        after = page.next
        if after is None:
            break
    assert seen == (rows[::-1] if newest_first else rows)
    assert [row.value for row in database.samples.page("T", SECOND, 2 * SECOND).rows] == [
        float(n) for n in range(7, 14)
    ]


def test_another_tool_reads_names_times_and_quality(database: Database, tmp_path: Path) -> None:
    database.history.append(
        [sample(1_764_000_000, 0.5, status=st.BAD, flags=BACK_FILLED, time_ns=1_764_000_000_123_456_789)]
    )
    other = sqlite3.connect(tmp_path / "haihe.db")
    other.row_factory = sqlite3.Row
    [row] = other.execute("SELECT * FROM history_samples").fetchall()
    other.close()
    assert (row["tag"], row["time"], row["value"]) == ("T", "2025-11-24T16:00:00.123456Z", 0.5)
    assert (row["quality"], row["late"], row["back_filled"]) == ("bad", 0, 1)
    assert row["source_ns"] == 1_764_000_000_000_000_000


def test_another_tool_reads_times_from_before_the_epoch_too(database: Database, tmp_path: Path) -> None:
    database.history.append([sample(0, time_ns=at) for at in WRITTEN_TIMES])
    other = sqlite3.connect(tmp_path / "haihe.db")
    assert dict(other.execute("SELECT time_ns, time FROM history_samples")) == WRITTEN_TIMES
    other.close()


def test_a_row_that_cannot_be_stored_is_refused_as_such(database: Database) -> None:
    database.history.append([sample(1)])
    for wrong in (sample(2, tag="X", status=2**70), sample(2, "\ud800", tag="X"), sample(1)):
        with pytest.raises(RowsRefused):
            database.history.append([sample(9), wrong])
        assert rows_of(database) == [sample(1)]
    database.history.append([sample(2, tag="X")])
    assert rows_of(database, "X") == [sample(2, tag="X")]


def test_a_batch_of_many_tags_and_inserts_comes_back_and_is_stored_whole_or_not_at_all(database: Database) -> None:
    tags = [f"T{n}" for n in range(1100)]
    values = (1.5, "on", None, 2**53 + 1, True)
    rows = [sample(-n % 7, id=n, tag=tags[n * 7 % 1100])._replace(value=values[n % 5]) for n in range(2345)]
    database.history.append(rows[:1234])
    for place in (0, GROUP, len(rows) - 1234):
        wrong = [*rows[1234:]]
        wrong.insert(place, rows[1000])
        with pytest.raises(RowsRefused):
            database.history.append(wrong)
    database.history.append(rows[1234:])
    for tag in tags:
        mine = sorted((row for row in rows if row.tag == tag), key=lambda row: (row.time_ns, row.id))
        assert rows_of(database, tag) == mine


def test_rows_go_by_tag_and_those_of_one_tag_in_their_order() -> None:
    rows = [sample(at, id=number, tag=tag) for number, (tag, at) in enumerate([("B", 2), ("A", 3), ("B", 1), ("A", 3)])]
    found = bulk.in_columns({"A": 1, "B": 2}, rows)
    assert [(columns[0], columns[1] // SECOND, columns[2]) for columns in found] == [
        (1, 3, 1), (1, 3, 3), (2, 2, 0), (2, 1, 2),
    ]  # fmt: skip


def test_a_mark_is_stored_with_its_rows_or_not_at_all(database: Database) -> None:
    database.history.append([sample(1)], Mark("run", 7))
    with pytest.raises(RowsRefused):
        database.history.append([sample(2), sample(2)], Mark("run", 9))
    assert (database.marks.get("run"), database.marks.get("other")) == (7, 0)
    database.marks.save(Mark("run", 8))
    database.marks.forget(["none"])
    assert database.marks.get("run") == 8
    database.marks.forget(["run"])
    assert database.marks.get("run") == 0


def test_what_is_stored_up_to_a_mark_is_left_out(database: Database) -> None:
    rows = [sample(n) for n in range(20)]
    database.history.append(rows[:3], Mark("run", 3))
    database.history.append(rows[:5], Mark("run", 5))
    database.history.append(rows[1:4], Mark("run", 4))
    database.history.append(rows[:5], Mark("run", 5))
    assert (rows_of(database), database.marks.get("run")) == (rows[:5], 5)
    database.history.append(rows[18:], Mark("run", 20))  # those between were dropped
    database.history.append(rows[6:7], Mark("other", 1))
    database.marks.save(Mark("run", 7))
    assert (rows_of(database), database.marks.get("run")) == ([*rows[:5], rows[6], *rows[18:]], 20)


def test_an_envelope_has_every_extreme_of_its_columns(database: Database) -> None:
    values = [math.sin(n * n) * 50 for n in range(1000)]
    rows = [
        sample(n // 2, value, id=n, status=st.BAD if n % 97 == 0 else 0, flags=LATE if n % 5 else BACK_FILLED)
        for n, value in enumerate(values)
    ]
    database.history.append([*rows, sample(3, "text", tag="S"), sample(3, 1.0, tag="OTHER")])
    envelope = database.samples.envelope("T", 5 * SECOND, 450 * SECOND, 37)
    expected = []
    for index in range(37):
        start = 5 * SECOND + index * envelope.width_ns
        inside = [row for row in rows if start <= row.time_ns < min(start + envelope.width_ns, 450 * SECOND)]
        usable = [row.value for row in inside if row.status < st.BAD]
        ends = (inside[0].time_ns, inside[0].value, inside[-1].time_ns, inside[-1].value)
        worst = max(row.status for row in inside)
        found = (inside[-1].status, LATE | BACK_FILLED, None, None)
        expected.append((index, len(inside), min(usable), max(usable), *ends, worst, *found))  # type: ignore[type-var]
    assert [tuple(each) for each in envelope.columns] == expected
    assert (envelope.before, envelope.after) == (rows[9], rows[900])
    assert database.samples.envelope("none", 0, 10, 10).columns == ()
    [text] = database.samples.envelope("S", 0, 10 * SECOND, 10).columns
    assert (text.number, text.samples, text.minimum, text.first, text.last_ns) == (3, 1, None, None, 3 * SECOND)


def test_an_envelope_holds_each_value_until_the_next_sample(database: Database) -> None:
    values = [(1, 4.0, 0), (3, 6.0, 0), (7, 9.0, st.BAD), (12, 2.0, 0), (31, math.nan, 0)]
    database.history.append([sample(at, value, status=status) for at, value, status in values])
    envelope = database.samples.envelope("T", 0, 40 * SECOND, 4, weighted=True)
    found = [(each.number, each.area, each.good_ns) for each in envelope.columns]
    assert found == [(0, 2 * 4.0 + 4 * 6.0, 6 * SECOND), (1, 19 * 2.0, 19 * SECOND), (3, None, 0)]
    assert (envelope.before, envelope.after) == (None, None)
