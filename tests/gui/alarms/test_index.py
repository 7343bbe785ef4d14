"""The columns of alarms against plain Python: order, counts, filters and marks are those of the rows."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as some

from app.model.alarm import AlarmDefinition, AlarmKind, AnnunciationState, Priority, Suppression
from app.model.alarm_state import AlarmSnapshot
from app.model.plant import Plant
from app.model.tag import Tag
from app.model.text import LocalText
from widgets.alarms.book import AlarmBook
from widgets.alarms.cells import Column
from widgets.alarms.filtering import AlarmFilter, AlarmList
from widgets.alarms.ordering import ordered
from widgets.alarms.row import AlarmRow
from widgets.live.alarms import AlarmTable

COUNT = 12
SORTED = (Column.TIME, Column.TEXT, Column.TAG, Column.AREA)
MS = 1_000_000
TAGS = {f"T{n}": Tag(f"T{n}", area="ABC"[n % 3]) for n in range(COUNT)}
ALARMS = {
    f"T{n}.H": AlarmDefinition(
        f"T{n}.H", f"T{n}", AlarmKind.HIGH, Priority(n % 4 + 1), LocalText(f"text {n * 5 % COUNT}"), area="ABC"[n % 3],
        equipment=f"E{n % 5}", areas=("A", "B") if n == 7 else (),
    )
    for n in range(COUNT)
}  # fmt: skip
PLANT = Plant(Path(), "p", LocalText("p"), "UTC", tags=TAGS, alarms=ALARMS)
SHOTS = some.builds(
    lambda number, state, suppression, at, event: AlarmSnapshot(
        f"T{number}.H", event, state, True, at * MS, suppression=frozenset(suppression)
    ),
    some.integers(0, COUNT - 1), some.sampled_from(AnnunciationState),
    some.sets(some.sampled_from(Suppression), max_size=2), some.integers(1, 5), some.sampled_from("ab"),
)  # fmt: skip


def wanted(row: AlarmRow) -> tuple[bool, bool, int, int]:
    shot = row.snapshot
    return (row.suppressed, not shot.unacknowledged, int(row.definition.priority), -shot.time_in_ns)


@given(some.lists(some.lists(SHOTS, max_size=6), max_size=8))
@settings(max_examples=150, deadline=None)
def test_whatever_comes_the_columns_say_what_the_rows_do(turns: list[list[AlarmSnapshot]]) -> None:
    book, marks, plain = AlarmBook(ALARMS), AlarmTable(PLANT), dict[str, AlarmSnapshot]()
    for turn in turns:
        book.take(turn)
        marks.take(turn)
        for shot in turn:
            plain[shot.id] = shot
            if shot.state is AnnunciationState.NORMAL and not shot.suppression:
                del plain[shot.id]
        rows = {name: AlarmRow(ALARMS[name], shot) for name, shot in plain.items()}
        assert {row.snapshot.id: row for row in book.rows()} == rows
        assert [wanted(row) for row in book.rows()] == sorted(map(wanted, rows.values()))
        assert len(book) == len(rows)
        shown = [row for row in rows.values() if not row.suppressed]
        for priority, count in book.counts().items():
            mine = [row for row in shown if row.definition.priority is priority]
            assert (count.total, count.unacknowledged) == (len(mine), sum(row.waiting for row in mine))
        index = book.index
        for which, one in ((AlarmFilter(area="A"), "A"), (AlarmFilter(area="B", unacknowledged=True), "B")):
            found = {row.definition.id for row in index.these(np.flatnonzero(which.mask(index)))}
            assert found == {
                row.definition.id
                for row in shown
                if row.definition.concerns(one) and (row.waiting or not which.unacknowledged)
            }
        assert index.suppressed(Suppression.SHELVED) == sum(
            Suppression.SHELVED in row.snapshot.suppression for row in rows.values()
        )
        fresh = AlarmTable(PLANT, plain.values())
        assert (marks.tags, marks.equipment) == (fresh.tags, fresh.equipment)
        assert {name: found for name, found in marks.areas.items() if found} == fresh.areas


@given(
    some.lists(SHOTS, max_size=30),
    some.sampled_from([Column.TIME, Column.TEXT, Column.TAG, Column.AREA]),
    some.booleans(),
)
@settings(max_examples=100, deadline=None)
def test_a_column_orders_and_urgency_decides_between_equals(
    shots: list[AlarmSnapshot], column: Column, descending: bool
) -> None:
    book = AlarmBook(ALARMS)
    book.take(shots)
    index = book.index
    mask = AlarmFilter(AlarmList.ACTIVE).mask(index)
    found = index.these(ordered(index, mask, column, descending=descending))

    def key(row: AlarmRow) -> object:
        definition = row.definition
        return {
            Column.TIME: row.snapshot.time_in_ns, Column.TEXT: definition.text.en, Column.TAG: definition.tag,
            Column.AREA: definition.area,
        }[column]  # fmt: skip

    shown = [row for row in book.rows() if not row.suppressed]  # in the order of urgency
    assert found == sorted(shown, key=key, reverse=descending)  # type: ignore[arg-type]  # all of one type


@given(some.text(max_size=6))
def test_a_text_is_found_anywhere_and_a_star_stands_for_anything(text: str) -> None:
    book = AlarmBook(ALARMS)
    book.take([AlarmSnapshot(name, "e", AnnunciationState.UNACKNOWLEDGED, True, 5) for name in ALARMS])
    index = book.index
    found = {row.definition.id for row in index.these(np.flatnonzero(AlarmFilter(text=text).mask(index)))}
    if "*" not in text:
        part = text.strip().casefold()
        assert found == {name for name, one in ALARMS.items() if part in f"{name} {one.text.en} ".casefold()}
    starred = replace(AlarmFilter(), text="t1*TEXT")
    assert {row.definition.tag for row in index.these(np.flatnonzero(starred.mask(index)))} == {"T1", "T10", "T11"}
