"""What the link tells of alarms reaches the book in portions, whole, and in the end as it is."""

from pytestqt.qtbot import QtBot

from app.console.alarm_intake import PORTION, AlarmIntake
from app.model.alarm import AnnunciationState
from app.model.alarm_state import AlarmSnapshot
from widgets.alarms.book import AlarmBook

COUNT = 3 * PORTION + 5
UNACK, ACKED, NORMAL = AnnunciationState.UNACKNOWLEDGED, AnnunciationState.ACKNOWLEDGED, AnnunciationState.NORMAL


def shot(number: int, state: AnnunciationState = UNACK) -> AlarmSnapshot:
    return AlarmSnapshot(f"T{number}.H", f"e{number}", state, state is not NORMAL, 5 + number)


def test_a_flood_is_taken_in_portions_and_the_newest_state_counts(qtbot: QtBot) -> None:
    book = AlarmBook({})
    intake = AlarmIntake(book)
    portions: list[int] = []
    book.taken.connect(lambda snapshots: portions.append(len(snapshots)))
    intake.take([shot(number) for number in range(COUNT)])
    intake.take([shot(number, ACKED) for number in range(COUNT)])
    assert len(book) == 0
    qtbot.waitUntil(lambda: not intake.waiting)
    assert portions == [PORTION] * 3 + [5]
    assert {row.snapshot.state for row in book.rows()} == {ACKED}


def test_what_the_engine_no_longer_names_is_gone_once_it_has_told_all(qtbot: QtBot) -> None:
    book = AlarmBook({})
    intake = AlarmIntake(book)
    book.replace([shot(1), shot(2), shot(3)])
    intake.forget()
    known: list[bool] = []
    book.changed.connect(lambda: known.append(book.known))
    intake.begin()
    intake.take([shot(1)])
    intake.take([shot(4)])  # came while it told the others: it is in no list of theirs
    intake.take([shot(2, NORMAL)])
    qtbot.waitUntil(lambda: book.get("T4.H") is not None)
    intake.complete()
    assert known == [False, False, True]
    assert sorted(row.snapshot.id for row in book.rows()) == ["T1.H", "T4.H"]


def test_a_link_that_broke_leaves_nothing_waiting(qtbot: QtBot) -> None:
    book = AlarmBook({})
    intake = AlarmIntake(book)
    intake.begin()
    intake.take([shot(number) for number in range(COUNT)])
    intake.forget()
    assert intake.waiting == 0
    intake.begin()
    intake.complete()
    assert book.known
    assert len(book) == 0
